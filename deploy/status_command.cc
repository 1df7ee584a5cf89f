#include <boost/json.hpp>
#include <iostream>

#include "consumers/document/phrase.h"
#include "deploy/agency_key_command.h"
#include "deploy/command.h"
#include "deploy/reach.h"
#include "deploy/waiting_input.h"
#include "deploy/words.h"

namespace moot {

namespace {

namespace json = boost::json;

json::value text_or_null(const std::string& text) {
  return text.empty() ? json::value(nullptr) : json::value(json::string(text));
}

void print_status_json(const v1::BrokerStatus& status, const WaitingInput& waiting) {
  json::array agencies;
  for (const v1::BrokerStatus::Agency& row : status.agencies()) {
    agencies.push_back(json::object{{"agency", row.id()},
                                    {"last", text_or_null(row.last_recorded())},
                                    {"lag", row.lag()},
                                    {"refused", row.refused()},
                                    {"unread_since", text_or_null(row.unread_since())},
                                    {"unread_by", text_or_null(row.unread_by())},
                                    {"stored", row.events()},
                                    {"stored_bytes", row.bytes()},
                                    {"sessions", row.sessions()},
                                    {"silent", row.silent()},
                                    {"rhythm_days", row.rhythm_days()},
                                    {"events_today", row.events_today()},
                                    {"bytes_today", row.bytes_today()},
                                    {"events_per_day", row.events_per_day()},
                                    {"bytes_per_day", row.bytes_per_day()},
                                    {"revoked", row.revoked()},
                                    {"key_until", text_or_null(row.key_until())}});
  }
  json::object refused;
  for (const v1::BrokerStatus::Count& row : status.refused()) refused[row.code()] = row.count();
  json::value torn_end = nullptr;
  if (!status.torn_end().empty()) torn_end = json::string(status.torn_end());
  const json::object fsync = {{"p50", status.fsync_us_p50()}, {"p99", status.fsync_us_p99()}};
  const json::object group = {{"p50", status.group_events_p50()}, {"p99", status.group_events_p99()}};
  json::object out = {{"offset", std::to_string(status.end_offset())},
                      {"agencies", std::move(agencies)},
                      {"refused", std::move(refused)},
                      {"disk_bytes", status.disk_bytes()},
                      {"fsync_us", fsync},
                      {"group_events", group},
                      {"started", status.started()},
                      {"connections", status.connections()},
                      {"outbox_messages", status.outbox_messages()},
                      {"audit_entries", status.audit_entries()},
                      {"inbox", status.inbox_items()},
                      {"sessions", status.sessions()},
                      {"torn_end", torn_end}};
  for (auto& [name, value] : waiting_json(waiting)) out[name] = std::move(value);
  std::cout << json::serialize(out) << "\n";
}

void print_status_words(const v1::BrokerStatus& status) {
  std::cout << counted(status.end_offset(), "event") << "; " << status.disk_bytes() << " bytes on disk; "
            << status.inbox_items() << " in the inbox\n";
  if (!status.torn_end().empty()) std::cout << "At the start: " << status.torn_end() << "\n";
  if (status.fsync_us_p50() > 0)
    std::cout << "A sync takes " << status.fsync_us_p50() << " microseconds, the slowest of a hundred "
              << status.fsync_us_p99() << "\n";
  for (const v1::BrokerStatus::Agency& row : status.agencies()) {
    std::cout << row.id() << ": last event " << in_words(row.last_recorded()) << ", " << row.refused()
              << " refused since the broker started\n";
    if (row.silent()) std::cout << row.id() << ": SILENT for longer than the " << row.rhythm_days() << " days agreed\n";
    if (row.lag() > 0)
      std::cout << row.id() << ": its reader \"" << row.unread_by() << "\" has " << counted(row.lag(), "event")
                << " to go, the oldest recorded " << in_words(row.unread_since()) << "\n";
    if (row.events_per_day() > 0)
      std::cout << row.id() << ": " << row.events_today() << " of " << row.events_per_day() << " events today\n";
    if (row.bytes_per_day() > 0)
      std::cout << row.id() << ": " << row.bytes_today() << " of " << row.bytes_per_day() << " bytes today\n";
    if (row.revoked()) std::cout << row.id() << ": has no valid key; it can neither publish nor read\n";
    const std::string warning = expiry_warning(row.id(), row.key_until());
    if (!warning.empty()) std::cout << row.id() << ": " << warning << "\n";
  }
  for (const v1::BrokerStatus::Count& row : status.refused())
    std::cout << "refused for \"" << row.code() << "\" since the broker started: " << row.count() << "\n";
}

}  // namespace

int status_command(const Options& options) {
  v1::Request request;
  request.mutable_status();
  const Result<v1::Reply> reply = ask_broker(options, request);
  if (!reply.ok()) return tell(reply.status());
  // The partnership's definitions have been read just now, to reach its broker.
  const Result<PartnershipFolder> folder = partnership_of(options);
  const WaitingInput waiting = look_at_waiting(options, folder.ok() ? *folder : unnamed_partnership());
  if (options.json) {
    print_status_json(reply->status(), waiting);
  } else {
    print_status_words(reply->status());
    std::cout << waiting_words(waiting);
  }
  return kDone;
}

}  // namespace moot
