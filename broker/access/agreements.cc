#include "broker/access/agreements.h"

#include <algorithm>

#include "broker/access/registry.h"
#include "broker/core/event_rules.h"
#include "broker/core/ids.h"
#include "broker/core/seal.h"

namespace moot {

namespace {

template <typename List>
bool names(const List& list, std::string_view value) {
  return std::find(list.begin(), list.end(), value) != list.end();
}

template <typename List>
bool names_or_any(const List& list, std::string_view value) {
  return list.empty() || names(list, value);
}

// What kind of matter an event is about, where its body says; of what is addressed to an agency, which agency.
std::string_view category_of(const v1::Facts& facts) {
  switch (facts.body_case()) {
    case v1::Facts::kIncident:
      return facts.incident().category();
    case v1::Facts::kContact:
      return facts.contact().category();
    case v1::Facts::kReferral:
      return facts.referral().scheme();
    case v1::Facts::kAction:
      return facts.action().owner();
    case v1::Facts::kKnowledge:
      return facts.knowledge().agency();
    default:
      return {};
  }
}

bool covers(const v1::Governance& clause, const v1::Envelope& envelope, const v1::Facts& facts) {
  const bool compartment = envelope.compartment().empty() ? clause.compartments().empty()
                                                          : names(clause.compartments(), envelope.compartment());
  // The operator's own events, the agreements themselves among them, are not every agency's to read.
  const bool provider =
      clause.providers().empty() ? envelope.agency() != kOperator : names(clause.providers(), envelope.agency());
  return compartment && provider && names_or_any(clause.bodies(), body_name(facts)) &&
         names_or_any(clause.categories(), category_of(facts));
}

bool is_for(const v1::Governance& clause, const Recipient& reader) {
  return names(clause.readers(), reader.agency.value()) && names_or_any(clause.purposes(), reader.purpose);
}

Grade grade_named(std::string_view name) {
  if (name == "existence") return Grade::kExistence;
  if (name == "identity") return Grade::kIdentity;
  return name == "content" ? Grade::kContent : Grade::kNone;
}

// The linkage model holds weights and keyed digests of usual values, nothing of anybody: every view of the records
// links them by the same one. What the operator decided of who is who is the casebook's to obey; it names records only.
bool tells_who_is_who(const Recipient& reader, const v1::Envelope& envelope, const v1::Facts& facts) {
  if (envelope.agency() != kOperator) return false;
  if (facts.governance().stage() == v1::Governance::LINKAGE_MODEL_PINNED) return true;
  if (!facts.has_identity()) return false;
  // An agency too, of its own records alone.
  const auto& links = envelope.links();
  return reader.agency.value() == kCasebook ||
         (!links.empty() && std::all_of(links.begin(), links.end(), [&](const v1::Link& link) {
           return agency_of_source(link.source()) == reader.agency.value();
         }));
}

}  // namespace

bool in_force(const Agreements::Agreement& agreement, const v1::Governance& clause, Date day) {
  const std::string today = to_iso(day);  // dates of this form compare as texts
  return clause.starts() <= today && (clause.ends().empty() || today < clause.ends()) &&
         (agreement.ended.empty() || today < agreement.ended);
}

void Agreements::apply(const v1::Envelope& envelope, const v1::Governance& governance) {
  if (envelope.agency() != kOperator) return;  // ingest lets nobody else say it
  if (governance.stage() == v1::Governance::AGREEMENT_SIGNED) {
    auto& clauses = gathering_[{governance.definition(), governance.version()}];
    const bool was_whole = !clauses.empty() && clauses.size() == clauses.begin()->second.clauses();
    if (was_whole || (!clauses.empty() && clauses.begin()->second.clauses() != governance.clauses())) return;
    clauses.emplace(governance.clause(), governance);
    if (clauses.size() == governance.clauses())
      agreements_[governance.definition()] = Agreement{governance.version(), clauses, ""};
  } else if (governance.stage() == v1::Governance::AGREEMENT_ENDED) {
    const auto found = agreements_.find(governance.definition());
    if (found == agreements_.end() || found->second.version != governance.version()) return;
    std::string& ended = found->second.ended;
    ended = ended.empty() ? governance.ends() : std::min(ended, governance.ends());
  }
}

bool Agreements::reads_all(const Recipient& reader) const {
  return reader.agency.value() == kOperator || (reader.agency.value() == kCasebook && agreements_.empty());
}

Grade Agreements::grade_of(const Recipient& reader, const v1::Envelope& envelope, const v1::Facts& facts,
                           Date today) const {
  if (reads_all(reader) || reader.agency.value() == envelope.agency()) return Grade::kContent;
  if (tells_who_is_who(reader, envelope, facts)) return Grade::kContent;
  Grade grade = Grade::kNone;
  for (const auto& [id, agreement] : agreements_)
    for (const auto& [number, clause] : agreement.clauses)
      if (is_for(clause, reader) && in_force(agreement, clause, today) && covers(clause, envelope, facts))
        grade = std::max(grade, grade_named(clause.grade()));
  return grade;
}

std::string Agreements::coverage_of(const Recipient& reader, Date today) const {
  if (reads_all(reader)) return "all";
  std::string clauses;
  for (const auto& [id, agreement] : agreements_)
    for (const auto& [number, clause] : agreement.clauses)
      if (is_for(clause, reader) && in_force(agreement, clause, today))
        clauses += id + "\n" + agreement.version + "\n" + std::to_string(number) + "\n";
  const Digest digest = keyed_digest(Key{}, clauses);
  return to_hex(std::string_view(reinterpret_cast<const char*>(digest.data()), digest.size()));
}

v1::Filter Agreements::looking_ahead(const Recipient& reader, const v1::Filter& filter) const {
  if (reads_all(reader)) return filter;
  v1::Filter ahead;
  ahead.set_offset_to(filter.offset_to());
  return ahead;
}

}  // namespace moot
