#include <boost/json.hpp>
#include <iostream>

#include "consumers/document/phrase.h"
#include "deploy/agency_key_command.h"
#include "deploy/casework.h"
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

// What telling who is who leaves to a person. Nobody's to see but the operator's: with --as or --key it is not looked
// at.
struct PeopleToDecide {
  std::optional<std::size_t> possible_links;  // that wait for somebody to decide them
  std::string problem;                        // with the linkage model that was pinned, or with looking
};

PeopleToDecide look_at_people(const Options& options) {
  if (!options.as.empty() || !options.key.empty()) return {};
  const Result<std::unique_ptr<Casework>> casework = Casework::open(options);
  if (!casework.ok()) return {std::nullopt, casework.status().message()};
  const CaseSet& cases = (*casework)->cases();
  return {cases.possible().size(), (*casework)->casebook().epoch_problem_at(cases.as_at())};
}

void print_status_json(const v1::BrokerStatus& status, const WaitingInput& waiting, const PeopleToDecide& people) {
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
                      {"torn_end", torn_end},
                      {"possible_links", people.possible_links ? json::value(*people.possible_links) : nullptr},
                      {"linkage_problem", text_or_null(people.problem)}};
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

std::string people_words(const PeopleToDecide& people) {
  std::string words;
  if (people.possible_links.value_or(0) > 0)
    words += counted(*people.possible_links, "possible link") + " between people " +
             (*people.possible_links == 1 ? "waits" : "wait") + " for a person: moot inbox list\n";
  if (!people.problem.empty()) words += "Who is who: " + people.problem + "\n";
  return words;
}

}  // namespace

int status_command(const Options& options) {
  v1::Request request;
  request.mutable_status();
  const Result<PartnershipFolder> folder = partnership_of(options);
  if (!folder.ok()) return tell(folder.status());
  const Result<Reach> reach = Reach::open(options, *folder);
  if (!reach.ok()) return tell(reach.status());
  const Result<v1::Reply> reply = reach->ask(request);
  if (!reply.ok()) return tell(reply.status());
  const WaitingInput waiting = look_at_waiting(options, *folder);
  const PeopleToDecide people = look_at_people(options);
  if (options.json) {
    print_status_json(reply->status(), waiting, people);
  } else {
    print_status_words(reply->status());
    std::cout << people_words(people) << waiting_words(waiting);
  }
  return kDone;
}

}  // namespace moot
