#include <boost/json.hpp>
#include <iostream>

#include "broker/core/calendar.h"
#include "deploy/agency_key_command.h"
#include "deploy/command.h"
#include "deploy/reach.h"
#include "deploy/words.h"

namespace moot {

namespace {

namespace json = boost::json;

void print_status_json(const v1::BrokerStatus& status) {
  json::array agencies;
  for (const v1::BrokerStatus::Agency& row : status.agencies()) {
    json::value last = nullptr;
    if (!row.last_recorded().empty()) last = json::string(row.last_recorded());
    agencies.push_back(
        json::object{{"agency", row.id()},
                     {"last", last},
                     {"lag", row.lag()},
                     {"refused", row.refused()},
                     {"revoked", row.revoked()},
                     {"key_until", row.key_until().empty() ? json::value(nullptr) : json::string(row.key_until())}});
  }
  json::object refused;
  for (const v1::BrokerStatus::Count& row : status.refused()) refused[row.code()] = row.count();
  json::value torn_end = nullptr;
  if (!status.torn_end().empty()) torn_end = json::string(status.torn_end());
  const json::object fsync = {{"p50", status.fsync_us_p50()}, {"p99", status.fsync_us_p99()}};
  std::cout << json::serialize(json::object{{"offset", std::to_string(status.end_offset())},
                                            {"agencies", std::move(agencies)},
                                            {"refused", std::move(refused)},
                                            {"disk_bytes", status.disk_bytes()},
                                            {"fsync_us", fsync},
                                            {"inbox", status.inbox_items()},
                                            {"sessions", status.sessions()},
                                            {"torn_end", torn_end}})
            << "\n";
}

void print_status_words(const v1::BrokerStatus& status) {
  std::cout << status.end_offset() << " events; " << status.disk_bytes() << " bytes on disk; " << status.inbox_items()
            << " in the inbox\n";
  if (!status.torn_end().empty()) std::cout << "At the start: " << status.torn_end() << "\n";
  if (status.fsync_us_p50() > 0)
    std::cout << "A sync takes " << status.fsync_us_p50() << " microseconds, the slowest of a hundred "
              << status.fsync_us_p99() << "\n";
  for (const v1::BrokerStatus::Agency& row : status.agencies()) {
    std::cout << row.id() << ": last event " << in_words(row.last_recorded()) << ", " << row.refused()
              << " refused since the broker started\n";
    if (row.revoked()) std::cout << row.id() << ": has no valid key; it can neither publish nor read\n";
    const std::string warning = expiry_warning(row.id(), row.key_until());
    if (!warning.empty()) std::cout << row.id() << ": " << warning << "\n";
  }
  for (const v1::BrokerStatus::Count& row : status.refused())
    std::cout << "refused for \"" << row.code() << "\" since the broker started: " << row.count() << "\n";
}

}  // namespace

std::string in_words(const std::string& rfc3339) {
  const Result<Instant> instant = parse_rfc3339(rfc3339);
  return instant.ok() ? to_local_words(*instant) : "nothing yet";
}

int status_command(const Options& options) {
  v1::Request request;
  request.mutable_status();
  const Result<v1::Reply> reply = ask_broker(options, request);
  if (!reply.ok()) return tell(reply.status());
  if (options.json) {
    print_status_json(reply->status());
  } else {
    print_status_words(reply->status());
  }
  return kDone;
}

}  // namespace moot
