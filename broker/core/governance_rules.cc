#include "broker/core/governance_rules.h"

#include <algorithm>

#include "broker/core/invalid_field.h"

namespace moot {
Status check_governance(const v1::Governance& governance) {
  const bool kept_or_erased =
      governance.stage() == v1::Governance::HOLD || governance.stage() == v1::Governance::ERASURE;
  if (kept_or_erased && governance.reason().empty())
    return invalid("governance.reason", "must be a code that says why");
  const bool signed_now = governance.stage() == v1::Governance::AGREEMENT_SIGNED;
  const bool ended = governance.stage() == v1::Governance::AGREEMENT_ENDED;
  if (!signed_now && !ended) return {};
  if (governance.definition().empty()) return invalid("governance.definition", "must be the agreement's id");
  if (governance.version().empty()) return invalid("governance.version", "must be the agreement's version");
  if (ended) return governance.ends().empty() ? invalid("governance.ends", "must be a date") : Status();
  if (governance.clause() == 0 || governance.clause() > governance.clauses())
    return invalid("governance.clause", "must be the number of the clause, from 1 to governance.clauses");
  if (governance.readers().empty()) return invalid("governance.readers", "must name at least one reader");
  if (governance.starts().empty()) return invalid("governance.starts", "must be a date");
  if (!governance.ends().empty() && governance.ends() <= governance.starts())
    return invalid("governance.ends", "must be later than it starts");
  const std::string& grade = governance.grade();
  if (grade != "existence" && grade != "identity" && grade != "content")
    return invalid("governance.grade", "must be existence, identity or content");
  for (const std::string& body : governance.bodies())
    if (v1::Facts::descriptor()->FindFieldByName(body) == nullptr)
      return invalid("governance.bodies", "names \"" + body + "\", which is no body of the language");
  return {};
}

Status check_records_named(const v1::Event& event) {
  const v1::Governance& governance = event.facts().governance();
  const v1::Governance::Stage stage = governance.stage();
  if (stage != v1::Governance::ERASURE && stage != v1::Governance::HOLD && stage != v1::Governance::RELEASE) return {};
  const auto& links = event.envelope().links();
  const auto named =
      std::count_if(links.begin(), links.end(), [](const v1::Link& link) { return link.rel() == "record"; });
  if (named == 0) return invalid("links", "must name at least one record, with the rel \"record\"");
  if (governance.people_size() > 0 && governance.people_size() != named)
    return invalid("governance.people", "must be one for each link to a record, or none");
  return {};
}

}  // namespace moot
