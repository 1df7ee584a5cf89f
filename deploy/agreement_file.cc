#include "deploy/agreement_file.h"

#include "broker/core/definition.h"
#include "broker/core/event_rules.h"
#include "broker/core/limits.h"

namespace moot {

namespace {

constexpr const char* kSource = "/operator/agreements";

v1::Event governance_event(const std::string& id, const std::string& agreement, const std::string& type, Date day) {
  v1::Event event;
  v1::Envelope& envelope = *event.mutable_envelope();
  envelope.set_id(id);
  envelope.set_source(kSource);
  envelope.set_subject(agreement);
  envelope.set_type(type);
  *envelope.mutable_time() = to_proto(local_midnight(day));
  envelope.set_time_precision(v1::DAY);
  return event;
}

void copy(const std::vector<std::string>& from, google::protobuf::RepeatedPtrField<std::string>& to) {
  to.Assign(from.begin(), from.end());
}

// What all clauses of a file have in common.
struct Terms {
  std::string id, version, title;
  Date starts;
  std::optional<Date> ends, review;
};

// At the key that the rule is about: "governance.ends must be later than it starts".
void tell_mistake(Definition& row, const std::string& rule) {
  constexpr std::string_view kFacts = "governance.";
  const std::size_t end = rule.find(' ');
  const bool of_clause = rule.starts_with(kFacts) && end != std::string::npos;
  const std::string key = of_clause ? rule.substr(kFacts.size(), end - kFacts.size()) : "";
  row.mistake(of_clause ? key : "grade", of_clause ? rule.substr(end + 1) : rule);
}

v1::Event clause_event(Definition& row, const Terms& terms, std::uint32_t number, std::uint32_t clauses) {
  v1::Event event = governance_event(terms.id + "/" + terms.version + "/" + std::to_string(number), terms.id,
                                     "uk.csp.governance.agreement-signed.v1", terms.starts);
  v1::Governance& clause = *event.mutable_facts()->mutable_governance();
  clause.set_stage(v1::Governance::AGREEMENT_SIGNED);
  clause.set_definition(terms.id);
  clause.set_version(terms.version);
  clause.set_clause(number);
  clause.set_clauses(clauses);
  clause.set_starts(to_iso(terms.starts));
  if (terms.ends) clause.set_ends(to_iso(*terms.ends));
  if (terms.review) clause.set_review(to_iso(*terms.review));
  clause.set_grade(row.text("grade"));
  copy(row.texts("providers"), *clause.mutable_providers());
  copy(row.texts("readers"), *clause.mutable_readers());
  copy(row.texts("purposes"), *clause.mutable_purposes());
  copy(row.texts("bodies"), *clause.mutable_bodies());
  copy(row.texts("categories"), *clause.mutable_categories());
  copy(row.texts("compartments"), *clause.mutable_compartments());
  if (!terms.title.empty()) {
    v1::Text& title = *event.mutable_personal()->add_texts();
    title.set_field("title");
    title.set_text(terms.title);
  }
  const Status valid = validate(event, Limits());
  if (!valid.ok()) tell_mistake(row, valid.message());
  return event;
}

}  // namespace

Result<std::vector<v1::Event>> load_agreement(const std::filesystem::path& file) {
  Result<Definition> root = Definition::load(file);
  if (!root.ok()) return root.status();
  Terms terms;
  terms.id = root->text("id");
  terms.version = root->text("version");
  terms.title = root->text_or("title", "");
  const std::optional<Date> starts = root->date("starts");
  if (starts)
    terms.starts = *starts;
  else
    root->mistake("starts", "is required, a date such as 2021-03-02");
  terms.ends = root->date("ends");
  terms.review = root->date("review");
  std::vector<v1::Event> clauses;
  std::vector<Definition> rows = root->tables("clause");
  for (Definition& row : rows)
    clauses.push_back(clause_event(row, terms, static_cast<std::uint32_t>(clauses.size() + 1),
                                   static_cast<std::uint32_t>(rows.size())));
  if (clauses.empty()) root->mistake("clause", "expected at least one [[clause]]");
  MOOT_RETURN_IF_ERROR(root->finish());
  return clauses;
}

v1::Event agreement_ended(const std::string& id, const std::string& version, Date on) {
  v1::Event event =
      governance_event(id + "/" + version + "/ended/" + to_iso(on), id, "uk.csp.governance.agreement-ended.v1", on);
  v1::Governance& ended = *event.mutable_facts()->mutable_governance();
  ended.set_stage(v1::Governance::AGREEMENT_ENDED);
  ended.set_definition(id);
  ended.set_version(version);
  ended.set_ends(to_iso(on));
  return event;
}

}  // namespace moot
