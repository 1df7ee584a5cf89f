#include <boost/json.hpp>
#include <iostream>

#include "broker/core/calendar.h"
#include "deploy/command.h"
#include "deploy/reach.h"

namespace moot {

namespace {

namespace json = boost::json;

// Asks the broker one thing; `print` gets the reply.
template <typename Print>
int ask_and_print(const Options& options, const v1::Request& request, const Print& print) {
  const Result<PartnershipFolder> folder = partnership_of(options);
  if (!folder.ok()) return tell(folder.status());
  const Result<Reach> reach = Reach::open(options, *folder);
  if (!reach.ok()) return tell(reach.status());
  const Result<v1::Reply> reply = reach->ask(request);
  if (!reply.ok()) return tell(reply.status());
  print(*reply);
  return kDone;
}

std::string when(const std::string& rfc3339) {
  const Result<Instant> instant = parse_rfc3339(rfc3339);
  return instant.ok() ? to_local_words(*instant) : "nothing yet";
}

bool reserved(const std::string& agency) { return agency == kOperator || agency == "casebook"; }

}  // namespace

int agency_add_command(const Options& options, const std::string& id, const std::string& name) {
  v1::Request request;
  request.mutable_agency_add()->set_id(id);
  request.mutable_agency_add()->set_name(name);
  return ask_and_print(options, request, [&](const v1::Reply& reply) {
    const std::string& file = reply.agency_added().key_file();
    if (options.json)
      std::cout << json::serialize(json::object{{"agency", id}, {"name", name}, {"key_file", file}}) << "\n";
    else
      std::cout << name << " (" << id << ") is added. Its key file, to be given to it by hand: " << file << "\n";
  });
}

int agency_list_command(const Options& options) {
  v1::Request request;
  request.mutable_agency_list();
  return ask_and_print(options, request, [&](const v1::Reply& reply) {
    json::array rows;
    for (const v1::Agencies::Row& row : reply.agencies().rows()) {
      if (reserved(row.id())) continue;
      rows.push_back(json::object{{"agency", row.id()}, {"name", row.name()}, {"public_key", row.public_key()}});
      if (!options.json) std::cout << row.id() << "  " << row.name() << "\n";
    }
    if (options.json) std::cout << json::serialize(json::object{{"agencies", std::move(rows)}}) << "\n";
  });
}

int inbox_list_command(const Options& options) {
  v1::Request request;
  request.mutable_inbox_list();
  return ask_and_print(options, request, [&](const v1::Reply& reply) {
    json::array items;
    for (const v1::InboxItem& item : reply.inbox_items().items()) {
      const std::string code(code_name(static_cast<Code>(item.code())));
      if (options.json) {
        items.push_back(json::object{{"item", item.item()},
                                     {"kind", item.kind()},
                                     {"since", item.since()},
                                     {"agency", item.agency()},
                                     {"code", code},
                                     {"reason", item.reason()},
                                     {"file", item.file()},
                                     {"row", item.row()},
                                     {"column", item.column()}});
        continue;
      }
      std::cout << item.item() << "  " << item.agency() << "  " << item.file();
      if (item.row() > 0) std::cout << ", row " << item.row();
      std::cout << ": " << item.reason() << " (" << code << ", since " << when(item.since()) << ")\n";
    }
    if (options.json)
      std::cout << json::serialize(json::object{{"items", std::move(items)}}) << "\n";
    else if (reply.inbox_items().items_size() == 0)
      std::cout << "Nothing waits.\n";
  });
}

namespace {

void print_status_json(const v1::BrokerStatus& status) {
  json::array agencies;
  for (const v1::BrokerStatus::Agency& row : status.agencies()) {
    json::value last = nullptr;
    if (!row.last_recorded().empty()) last = json::string(row.last_recorded());
    agencies.push_back(
        json::object{{"agency", row.id()}, {"last", last}, {"lag", row.lag()}, {"refused", row.refused()}});
  }
  json::object refused;
  for (const v1::BrokerStatus::Count& row : status.refused()) refused[row.code()] = row.count();
  std::cout << json::serialize(json::object{
                   {"offset", std::to_string(status.end_offset())},
                   {"agencies", std::move(agencies)},
                   {"refused", std::move(refused)},
                   {"disk_bytes", status.disk_bytes()},
                   {"fsync_us", json::object{{"p50", status.fsync_us_p50()}, {"p99", status.fsync_us_p99()}}},
                   {"inbox", status.inbox_items()},
                   {"sessions", status.sessions()}})
            << "\n";
}

void print_status_words(const v1::BrokerStatus& status) {
  std::cout << status.end_offset() << " events; " << status.disk_bytes() << " bytes on disk; " << status.inbox_items()
            << " in the inbox; a sync takes " << status.fsync_us_p50() << " microseconds, the slowest of a hundred "
            << status.fsync_us_p99() << "\n";
  for (const v1::BrokerStatus::Agency& row : status.agencies())
    std::cout << row.id() << ": last event " << when(row.last_recorded()) << ", " << row.refused()
              << " refused since the broker started\n";
  for (const v1::BrokerStatus::Count& row : status.refused())
    std::cout << "refused for \"" << row.code() << "\" since the broker started: " << row.count() << "\n";
}

}  // namespace

int status_command(const Options& options) {
  v1::Request request;
  request.mutable_status();
  return ask_and_print(options, request, [&](const v1::Reply& reply) {
    if (options.json)
      print_status_json(reply.status());
    else
      print_status_words(reply.status());
  });
}

}  // namespace moot
