#include "deploy/audit_command.h"

#include <boost/json.hpp>
#include <iostream>

#include "broker/client/connection.h"
#include "broker/core/calendar.h"
#include "deploy/command.h"
#include "deploy/reader_view.h"
#include "deploy/words.h"

namespace moot {

namespace {

namespace json = boost::json;

Status read_time(const char* word, const std::string& text, std::int64_t& us) {
  if (text.empty()) return {};
  const Result<Instant> instant = parse_date_or_instant(text);
  if (!instant.ok()) return Status(Code::kUsage, std::string(word) + ": " + instant.status().message());
  us = instant->us;
  return {};
}

json::object as_json(const v1::AuditEntry& entry) {
  json::array recipients;
  for (const std::string& recipient : entry.recipients()) recipients.push_back(json::string(recipient));
  return {{"number", std::to_string(entry.number())},
          {"at", to_rfc3339(Instant{entry.at_us()})},
          {"actor", entry.actor()},
          {"act", entry.act()},
          {"purpose", entry.purpose()},
          {"what", entry.what()},
          {"as_of", entry.as_of()},
          {"count", entry.count()},
          {"recipients", std::move(recipients)},
          {"outcome", code_name(static_cast<Code>(entry.code()))}};
}

// What the count of an entry counts.
std::string counted_in(const v1::AuditEntry& entry) {
  const std::string& act = entry.act();
  if (act == "read-ended") return " events given";
  if (act == "begun") return " events in the log by then";
  if (act == "refused") return " times";
  if (act == "audit-read") return " entries shown";
  if (act == "agreement-signed") return " clauses";
  return act == "person-export" ? " records" : " people";
}

std::string in_words(const v1::AuditEntry& entry) {
  std::string text = to_local_words(Instant{entry.at_us()}) + "  " + entry.actor() + "  " + entry.act();
  if (!entry.what().empty()) text += "  " + entry.what();
  if (!entry.as_of().empty()) text += " for " + entry.as_of();
  if (entry.count() > 0) text += ", " + std::to_string(entry.count()) + counted_in(entry);
  if (!entry.purpose().empty()) text += ", purpose " + entry.purpose();
  for (int i = 0; i < entry.recipients_size(); ++i) text += (i == 0 ? ", for " : ", ") + entry.recipients(i);
  if (entry.code() != 0) text += " - refused: " + std::string(code_name(static_cast<Code>(entry.code())));
  return text;
}

int list_command(const Options& options, const AuditOrder& order) {
  v1::Request request;
  v1::AuditQuery& query = *request.mutable_audit_query();
  std::int64_t from_us = 0, to_us = 0;
  for (const Status& read : {read_time("--from", order.from, from_us), read_time("--to", order.to, to_us)})
    if (!read.ok()) return tell(read);
  query.set_from_us(from_us);
  query.set_to_us(to_us);
  query.set_actor(order.actor);
  query.set_act(order.act);
  query.set_purpose(order.purpose);
  const Result<PartnershipFolder> folder = partnership_of(options);
  if (!folder.ok()) return tell(folder.status());
  const Result<Reach> reach = Reach::open(options, *folder);
  if (!reach.ok()) return tell(reach.status());
  const Result<KeyFile> key = reach->acting();
  if (!key.ok()) return tell(key.status());
  Connection connection(*key);
  const std::chrono::milliseconds patience(options.timeout_ms());
  const Status opened = connection.open(patience);
  if (!opened.ok()) return tell(opened);
  json::array entries;
  // Counted, then shown: what is added meanwhile is not waited for.
  for (const bool counting : {true, false}) {
    query.set_counting(counting);
    query.set_from_number(0);
    for (bool more = true; more;) {
      const Result<v1::Reply> reply = connection.call(request, patience);
      if (!reply.ok()) return tell(reply.status());
      for (const v1::AuditEntry& entry : reply->audit_entries().entries()) {
        if (options.json)
          entries.push_back(as_json(entry));
        else
          std::cout << in_words(entry) << "\n";
      }
      query.set_from_number(reply->audit_entries().next_number());
      more = reply->audit_entries().more();
    }
  }
  if (options.json) std::cout << json::serialize(json::object{{"entries", std::move(entries)}}) << "\n";
  return kDone;
}

}  // namespace

Status audit_shown(const Reach& reach, const Options& options, const Shown& shown) {
  v1::Request request;
  v1::AuditEntry& entry = *request.mutable_audit_note()->mutable_entry();
  entry.set_act(shown.act);
  entry.set_what(shown.what);
  entry.set_as_of(shown.as_of);
  entry.set_count(shown.count);
  // What is shown was read through the casebook, whatever it was shown as.
  entry.set_purpose(options.purpose.empty() ? kMeetings : options.purpose);
  for (const std::string& recipient : shown.recipients) entry.add_recipients(recipient);
  return reach.ask(request).status();
}

void add_audit_words(CLI::App& app, const Options& options, AuditOrder& order, std::function<int()>& run) {
  CLI::App* audit = app.add_subcommand("audit", "Who read what and what for, and what administrators did");
  audit->require_subcommand(1);
  CLI::App* command = audit->add_subcommand("list", "List the entries of the audit log, the oldest first");
  command->add_option("--from", order.from, "At or after this date or time");
  command->add_option("--to", order.to, "Before this date or time");
  command->add_option("--actor", order.actor, "Of this agency only");
  command->add_option("--act", order.act, "Only this, for example read, document, agency-add, refused");
  command->add_option("--purpose", order.purpose, "Only for this purpose");
  command->callback([&] { run = [&] { return list_command(options, order); }; });
}

}  // namespace moot
