#include "broker/core/governance_rules.h"

namespace moot {
namespace {

Status invalid(std::string_view field, std::string_view rule) {
  return Status(Code::kInvalid, std::string(field) + " " + std::string(rule));
}

}  // namespace

Status check_governance(const v1::Governance& governance) {
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

}  // namespace moot
