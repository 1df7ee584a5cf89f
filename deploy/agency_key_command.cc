#include "deploy/agency_key_command.h"

#include <boost/json.hpp>
#include <iostream>

#include "broker/access/registry.h"
#include "broker/core/calendar.h"
#include "deploy/command.h"
#include "deploy/data_tokens.h"
#include "deploy/reach.h"
#include "deploy/words.h"

namespace moot {

namespace {

namespace json = boost::json;

constexpr std::uint64_t kLimitMost = std::uint64_t{1} << 53;
constexpr int kKeyMonths = 24;  // the life of a key, unless --expires says another

bool reserved(const std::string& agency) { return agency == kOperator || agency == kCasebook; }

// The end of the day given, or of today two years on; 0 for the keys that do not expire.
Result<std::int64_t> expiry_us(const AgencyOrder& order) {
  if (order.expires.empty() && reserved(order.id)) return std::int64_t{0};
  if (order.expires.empty())
    return local_midnight(plus_days(plus_months(local_date(SystemClock().now()), kKeyMonths), 1)).us;
  const Result<Date> date = parse_date(order.expires);
  if (!date.ok()) return Status(Code::kUsage, "--expires: expected a date such as 2028-03-02");
  if (local_midnight(plus_days(*date, 1)) <= SystemClock().now())
    return Status(Code::kUsage, "--expires: that day is past");
  return local_midnight(plus_days(*date, 1)).us;
}

std::string last_day(std::int64_t end_us) { return to_words(local_date(Instant{end_us - 1})); }

int add_command(const Options& options, const AgencyOrder& order) {
  const Result<std::int64_t> expires = expiry_us(order);
  if (!expires.ok()) return tell(expires.status());
  v1::Request request;
  request.mutable_agency_add()->set_id(order.id);
  request.mutable_agency_add()->set_name(order.name);
  request.mutable_agency_add()->set_expires_us(*expires);
  request.mutable_agency_add()->set_member_of(order.member_of);
  for (const std::string& role : order.roles) request.mutable_agency_add()->add_roles(role);
  const Result<v1::Reply> reply = ask_broker(options, request);
  if (!reply.ok()) return tell(reply.status());
  const std::string& file = reply->agency_added().key_file();
  if (options.json) {
    std::cout << json::serialize(json::object{{"agency", order.id},
                                              {"name", order.name},
                                              {"key_file", file},
                                              {"expires", to_rfc3339(Instant{*expires})}})
              << "\n";
  } else {
    std::cout << order.name << " (" << order.id << ") is added. Its key file, valid through " << last_day(*expires)
              << ", to be given to it by hand: " << file << "\n";
  }
  return kDone;
}

int rotate_command(const Options& options, const AgencyOrder& order) {
  const Result<std::int64_t> expires = expiry_us(order);
  if (!expires.ok()) return tell(expires.status());
  v1::Request request;
  request.mutable_agency_rotate()->set_id(order.id);
  request.mutable_agency_rotate()->set_expires_us(*expires);
  const Result<v1::Reply> reply = ask_broker(options, request);
  if (!reply.ok()) return tell(reply.status());
  const v1::AgencyAdded& added = reply->agency_added();
  if (options.json) {
    std::cout << json::serialize(
                     json::object{{"agency", order.id}, {"key_file", added.key_file()}, {"old_ends", added.old_ends()}})
              << "\n";
  } else {
    std::cout << order.id << " has a new key, to be given to it by hand: " << added.key_file()
              << "\nThe old one goes on until " << in_words(added.old_ends()) << ", or until `moot agency revoke "
              << order.id << " --old`.\n";
  }
  return kDone;
}

int revoke_command(const Options& options, const AgencyOrder& order) {
  v1::Request request;
  request.mutable_agency_revoke()->set_id(order.id);
  request.mutable_agency_revoke()->set_old_keys_only(order.old_keys_only);
  const Result<v1::Reply> reply = ask_broker(options, request);
  if (!reply.ok()) return tell(reply.status());
  std::size_t tokens = 0;
  if (!order.old_keys_only) {
    // The gateway speaks with the agency's own key, so that it is shut out by now whatever becomes of this.
    const Result<std::size_t> ended =
        revoke_tokens_of(tokens_of(options), *AgencyId::parse(order.id), SystemClock().now());
    if (!ended.ok()) return tell(ended.status().with("the keys are revoked; the HTTP tokens are not"));
    tokens = *ended;
  }
  const std::uint64_t sessions = reply->agency_revoked().sessions();
  if (options.json) {
    std::cout << json::serialize(json::object{{"agency", order.id}, {"sessions", sessions}, {"tokens", tokens}})
              << "\n";
  } else {
    std::cout << order.id << ": " << (order.old_keys_only ? "the old key is" : "its keys are")
              << " refused from now on; " << sessions << " sessions and " << tokens << " HTTP tokens ended.\n";
  }
  return kDone;
}

std::string limit_in_words(std::uint64_t events, std::uint64_t bytes) {
  if (events == 0 && bytes == 0) return "without a daily limit";
  std::string words = "at most ";
  if (events > 0) words += std::to_string(events) + " events";
  if (events > 0 && bytes > 0) words += " and ";
  if (bytes > 0) words += std::to_string(bytes) + " bytes";
  return words + " a day";
}

int limit_command(const Options& options, const AgencyOrder& order) {
  v1::Request request;
  request.mutable_agency_limit()->set_id(order.id);
  request.mutable_agency_limit()->set_events_per_day(order.events_per_day);
  request.mutable_agency_limit()->set_bytes_per_day(order.bytes_per_day);
  const Result<v1::Reply> reply = ask_broker(options, request);
  if (!reply.ok()) return tell(reply.status());
  if (options.json) {
    std::cout << json::serialize(json::object{{"agency", order.id},
                                              {"events_per_day", order.events_per_day},
                                              {"bytes_per_day", order.bytes_per_day}})
              << "\n";
  } else {
    std::cout << order.id << " may publish " << limit_in_words(order.events_per_day, order.bytes_per_day)
              << ", from now on.\n";
  }
  return kDone;
}

std::string key_in_words(const v1::AgencyKey& key) {
  std::string text = "key " + key.public_key().substr(0, 16);
  if (!key.made().empty()) text += ", made " + in_words(key.made());
  if (!key.valid()) return text + ": refused since " + in_words(key.ends().empty() ? key.expires() : key.ends());
  if (!key.ends().empty()) return text + ": replaced, goes on until " + in_words(key.ends());
  return text + (key.expires().empty() ? ": valid without an end" : ": valid until " + in_words(key.expires()));
}

json::value text_or_null(const std::string& text) {
  return text.empty() ? json::value(nullptr) : json::value(json::string(text));
}

json::object row_of(const v1::Agencies::Row& row) {
  json::array keys;
  bool any = false;
  for (const v1::AgencyKey& key : row.keys()) {
    any = any || key.valid();
    keys.push_back(json::object{{"public_key", key.public_key()},
                                {"made", text_or_null(key.made())},
                                {"expires", text_or_null(key.expires())},
                                {"ends", text_or_null(key.ends())},
                                {"valid", key.valid()}});
  }
  return json::object{{"agency", row.id()},
                      {"name", row.name()},
                      {"public_key", row.public_key()},
                      {"member_of", text_or_null(row.member_of())},
                      {"roles", json::array(row.roles().begin(), row.roles().end())},
                      {"revoked", !any},
                      {"events_per_day", row.events_per_day()},
                      {"bytes_per_day", row.bytes_per_day()},
                      {"keys", std::move(keys)}};
}

int list_command(const Options& options) {
  v1::Request request;
  request.mutable_agency_list();
  const Result<v1::Reply> reply = ask_broker(options, request);
  if (!reply.ok()) return tell(reply.status());
  json::array rows;
  for (const v1::Agencies::Row& row : reply->agencies().rows()) {
    if (reserved(row.id())) continue;
    rows.push_back(row_of(row));
    if (options.json) continue;
    std::cout << row.id() << "  " << row.name();
    for (int i = 0; i < row.roles_size(); ++i) std::cout << (i == 0 ? ", " : " and ") << row.roles(i);
    std::cout << (row.member_of().empty() ? "" : " of " + row.member_of()) << "\n";
    if (row.events_per_day() > 0 || row.bytes_per_day() > 0)
      std::cout << "    publishes " << limit_in_words(row.events_per_day(), row.bytes_per_day()) << "\n";
    for (const v1::AgencyKey& key : row.keys()) std::cout << "    " << key_in_words(key) << "\n";
    if (row.keys_size() == 0 || !row.keys().rbegin()->valid()) continue;
    const std::string warning = expiry_warning(row.id(), row.keys().rbegin()->expires());
    if (!warning.empty()) std::cout << "    " << warning << "\n";
  }
  if (options.json) std::cout << json::serialize(json::object{{"agencies", std::move(rows)}}) << "\n";
  return kDone;
}

}  // namespace

std::string expiry_warning(const std::string& agency, const std::string& until) {
  const Result<Instant> end = parse_rfc3339(until);
  if (!end.ok() || end->us - SystemClock().now().us > kKeyWarningUs) return "";
  return "the key EXPIRES at the end of " + last_day(end->us) + "; make another with `moot agency rotate " + agency +
         "`";
}

void add_agency_words(CLI::App& app, const Options& options, AgencyOrder& order, std::function<int()>& run) {
  CLI::App* agency = app.add_subcommand("agency", "The agencies of this data directory and their keys");
  agency->require_subcommand(1);
  const auto add = [&](const char* word, const char* what, int (*command)(const Options&, const AgencyOrder&)) {
    CLI::App* added = agency->add_subcommand(word, what);
    added->add_option("id", order.id, "The agency: 2 to 40 of a to z, 0 to 9 and -")->required();
    added->callback([&options, &order, &run, command] { run = [&, command] { return command(options, order); }; });
    return added;
  };
  constexpr const char* kExpires = "The last day of its key, as 2028-03-02 (default: two years from today)";
  CLI::App* command = add("add", "Add an agency, or let one in again, and make its key file", add_command);
  command->add_option("--name", order.name, "Its name as documents print it")->required();
  command->add_option("--expires", order.expires, kExpires);
  command->add_option("--of", order.member_of, "A person of this agency, not an agency");
  command->add_option(
      "--role", order.roles,
      "What the person may do: publisher, practitioner, chair, admin, auditor, data-protection-officer");
  command = add("rotate", "Make another key; the old one goes on for 30 days, or until it is revoked", rotate_command);
  command->add_option("--expires", order.expires, kExpires);
  command = add("revoke", "Refuse its keys from now on, and end its sessions and HTTP tokens", revoke_command);
  command->add_flag("--old", order.old_keys_only, "Only those that were replaced");
  command = add("limit", "Limit how much it may publish in a day; without a number there is no limit", limit_command);
  command->add_option("--events", order.events_per_day, "So many events")
      ->check(CLI::Range(std::uint64_t{0}, kLimitMost));
  command->add_option("--bytes", order.bytes_per_day, "So many bytes")->check(CLI::Range(std::uint64_t{0}, kLimitMost));
  command = agency->add_subcommand("list", "List the agencies and their keys");
  command->callback([&options, &run] { run = [&options] { return list_command(options); }; });
}

}  // namespace moot
