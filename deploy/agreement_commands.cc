#include <boost/json.hpp>
#include <iostream>
#include <set>

#include "broker/core/instant.h"
#include "deploy/agreement_file.h"
#include "deploy/agreements_on_record.h"
#include "deploy/command.h"
#include "deploy/publish_events.h"
#include "deploy/reach.h"

namespace moot {

namespace {

namespace json = boost::json;

// The first refusal, if any.
Status publish_all(const Options& options, const Reach& reach, const std::vector<v1::Event>& events) {
  const Status published = publish_events(options, reach, events);
  if (published.code() == Code::kConflict)
    return Status(Code::kConflict, "this version was signed with another content; what changes gets a new version");
  return published;
}

Result<Reach> reach_of(const Options& options) {
  const Result<PartnershipFolder> folder = partnership_of(options);
  if (!folder.ok()) return folder.status();
  return Reach::open(options, *folder);
}

Result<Agreements> agreements_now(const Options& options, const Reach& reach) {
  const Result<KeyFile> key = reach.acting();
  if (!key.ok()) return key.status();
  return agreements_by(options, *key, SystemClock().now());
}

// An id that nobody has would open to whoever gets it later.
Status check_ids(const Reach& reach, const std::vector<v1::Event>& clauses) {
  v1::Request request;
  request.mutable_agency_list();
  const Result<v1::Reply> reply = reach.ask(request);
  if (!reply.ok()) return reply.status();
  std::set<std::string> known;
  for (const v1::Agencies::Row& row : reply->agencies().rows()) known.insert(row.id());
  for (const v1::Event& event : clauses) {
    const v1::Governance& clause = event.facts().governance();
    for (const auto* ids : {&clause.readers(), &clause.providers()})
      for (const std::string& id : *ids)
        if (known.count(id) == 0)
          return Status(Code::kUnknownAgency, "clause " + std::to_string(clause.clause()) + " names \"" + id +
                                                  "\", which is no agency here; moot agency list names them");
  }
  return {};
}

json::array list_of(const google::protobuf::RepeatedPtrField<std::string>& texts) {
  return json::array(texts.begin(), texts.end());
}

json::value text_or_null(const std::string& text) { return text.empty() ? json::value() : json::value(text); }

json::object row_of(const std::string& id, const Agreements::Agreement& agreement, Date day) {
  json::array clauses;
  for (const auto& [number, clause] : agreement.clauses)
    clauses.push_back(json::object{{"clause", number},
                                   {"in_force", in_force(agreement, clause, day)},
                                   {"grade", clause.grade()},
                                   {"providers", list_of(clause.providers())},
                                   {"readers", list_of(clause.readers())},
                                   {"purposes", list_of(clause.purposes())},
                                   {"bodies", list_of(clause.bodies())},
                                   {"categories", list_of(clause.categories())},
                                   {"compartments", list_of(clause.compartments())},
                                   {"starts", clause.starts()},
                                   {"ends", text_or_null(clause.ends())},
                                   {"review", text_or_null(clause.review())}});
  return {{"agreement", id},
          {"version", agreement.version},
          {"ended", text_or_null(agreement.ended)},
          {"clauses", std::move(clauses)}};
}

std::string joined(const google::protobuf::RepeatedPtrField<std::string>& texts, const std::string& none) {
  std::string all;
  for (const std::string& text : texts) all += (all.empty() ? "" : ", ") + text;
  return all.empty() ? none : all;
}

std::string day_in_words(const std::string& iso) {
  const Result<Date> date = parse_date(iso);
  return date.ok() ? to_words(*date) : iso;
}

void print_words(const std::string& id, const Agreements::Agreement& agreement, Date day) {
  std::cout << id << ", version " << agreement.version;
  if (!agreement.ended.empty()) std::cout << ", ended on " << day_in_words(agreement.ended);
  std::cout << "\n";
  for (const auto& [number, clause] : agreement.clauses) {
    std::cout << "  " << number << ". " << joined(clause.readers(), "") << " may read " << clause.grade() << " of "
              << joined(clause.providers(), "every agency") << "; for " << joined(clause.purposes(), "any purpose")
              << "; " << joined(clause.bodies(), "everything");
    if (!clause.categories().empty()) std::cout << " about " << joined(clause.categories(), "");
    if (!clause.compartments().empty()) std::cout << ", compartment " << joined(clause.compartments(), "");
    std::cout << "; from " << day_in_words(clause.starts());
    if (!clause.ends().empty()) std::cout << " until before " << day_in_words(clause.ends());
    if (!clause.review().empty()) std::cout << "; to be reviewed by " << day_in_words(clause.review());
    std::cout << (in_force(agreement, clause, day) ? " (in force)" : " (not in force)") << "\n";
  }
}

}  // namespace

int agreement_add_command(const Options& options, const std::filesystem::path& file) {
  const Result<std::vector<v1::Event>> clauses = load_agreement(file);
  if (!clauses.ok()) return tell(clauses.status());
  const Result<Reach> reach = reach_of(options);
  if (!reach.ok()) return tell(reach.status());
  const Status ids = check_ids(*reach, *clauses);
  if (!ids.ok()) return tell(ids);
  const Status signed_now = publish_all(options, *reach, *clauses);
  if (!signed_now.ok()) return tell(signed_now);
  const v1::Governance& first = clauses->front().facts().governance();
  const Result<Agreements> known = agreements_now(options, *reach);
  if (!known.ok()) return tell(known.status());
  const auto there = known->all().find(first.definition());
  if (there == known->all().end() || there->second.version != first.version())
    return tell(Status(Code::kConflict, "version " + first.version() +
                                            " was signed before, and another took its place; " +
                                            "to bring it back give it a new version"));
  if (!there->second.ended.empty())
    return tell(Status(Code::kConflict, "version " + first.version() + " was ended on " +
                                            day_in_words(there->second.ended) +
                                            "; give what is signed now a new version"));
  if (options.json)
    std::cout << json::serialize(json::object{
                     {"agreement", first.definition()}, {"version", first.version()}, {"clauses", clauses->size()}})
              << "\n";
  else
    std::cout << "Agreement " << first.definition() << ", version " << first.version()
              << ", is on record: " << clauses->size() << (clauses->size() == 1 ? " clause\n" : " clauses\n");
  return kDone;
}

int agreement_end_command(const Options& options, const std::string& id, const std::string& on) {
  Date day = local_date(SystemClock().now());
  if (!on.empty()) {
    const Result<Date> given = parse_date(on);
    if (!given.ok()) return tell(Status(Code::kUsage, "--on: " + given.status().message()));
    day = *given;
  }
  const Result<Reach> reach = reach_of(options);
  if (!reach.ok()) return tell(reach.status());
  const Result<Agreements> known = agreements_now(options, *reach);
  if (!known.ok()) return tell(known.status());
  if (known->all().find(id) == known->all().end())
    return tell(Status(Code::kNotFound, "there is no agreement \"" + id + "\"; moot agreement list names them"));
  const Agreements::Agreement& agreement = known->all().at(id);
  if (!agreement.ended.empty() && agreement.ended <= to_iso(day))
    return tell(
        Status(Code::kExists, "agreement \"" + id + "\" is ended already, on " + day_in_words(agreement.ended)));
  const Status ended = publish_all(options, *reach, {agreement_ended(id, agreement.version, day)});
  if (!ended.ok()) return tell(ended);
  if (options.json)
    std::cout << json::serialize(json::object{{"agreement", id}, {"ended", to_iso(day)}}) << "\n";
  else
    std::cout << "Agreement " << id << " opens nothing from " << to_words(day) << " on\n";
  return kDone;
}

int agreement_list_command(const Options& options, const std::string& as_at) {
  if (!options.as.empty() || !options.key.empty())
    return tell(Status(Code::kNotAllowed, "agreements are the operator's to list; leave out --as and --key"));
  Instant instant = SystemClock().now();
  if (!as_at.empty()) {
    const Result<Instant> given = parse_date_or_instant(as_at);
    if (!given.ok()) return tell(Status(Code::kUsage, "--as-at: " + given.status().message()));
    instant = *given;
  }
  const Result<Reach> reach = reach_of(options);
  if (!reach.ok()) return tell(reach.status());
  const Result<KeyFile> key = reach->acting();
  if (!key.ok()) return tell(key.status());
  const Result<Agreements> agreements = agreements_by(options, *key, instant);
  if (!agreements.ok()) return tell(agreements.status());
  const Date day = local_date(instant);
  json::array rows;
  for (const auto& [id, agreement] : agreements->all()) {
    if (options.json)
      rows.push_back(row_of(id, agreement, day));
    else
      print_words(id, agreement, day);
  }
  if (options.json)
    std::cout << json::serialize(json::object{{"as_at", to_rfc3339(instant)}, {"agreements", std::move(rows)}}) << "\n";
  else if (agreements->all().empty())
    std::cout << "No agreement is on record: every agency reads its own events, and documents are made from all.\n";
  return kDone;
}

}  // namespace moot
