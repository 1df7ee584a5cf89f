#include "broker/access/roles.h"

#include <algorithm>
#include <array>

#include "broker/access/registry.h"
#include "broker/core/event_rules.h"

namespace moot {

namespace {

template <typename... Rights>
constexpr std::uint8_t all(Rights... rights) {
  return static_cast<std::uint8_t>((0 | ... | static_cast<int>(rights)));
}

struct Role {
  std::string_view name;
  std::uint8_t rights;
};

constexpr std::array<Role, 6> kRoles = {{
    {"publisher", all(Right::kPublish)},
    {"practitioner", all(Right::kPublish, Right::kRead)},
    {"chair", all(Right::kPublish, Right::kRead)},
    {"admin", all(Right::kAdminister)},
    {"auditor", all(Right::kAudit)},
    {"data-protection-officer", all(Right::kRead, Right::kAudit, Right::kErase)},
}};

const Role* find_role(std::string_view name) {
  const auto found = std::find_if(kRoles.begin(), kRoles.end(), [&](const Role& role) { return role.name == name; });
  return found == kRoles.end() ? nullptr : &*found;
}

}  // namespace

Caller caller_of(const Member& member) {
  Caller caller;
  caller.name = member.id.value();
  caller.agency = member.member_of.value_or(member.id);
  if (member.member_of) {
    for (const std::string& name : member.roles)
      if (const Role* role = find_role(name)) caller.rights |= role->rights;
  } else if (caller.name == kOperator) {
    caller.rights = all(Right::kPublish, Right::kRead, Right::kAdminister, Right::kAudit, Right::kErase);
  } else if (caller.name == kCasebook) {
    caller.rights = all(Right::kRead);
  } else {
    caller.rights = all(Right::kPublish, Right::kRead);
  }
  return caller;
}

Status may(const Caller& caller, Right right, std::string_view what) {
  if (caller.has(right)) return {};
  const std::string who = caller.is_person() ? "\"" + caller.name + "\" of agency \"" + caller.agency.value() + "\""
                                             : "agency \"" + caller.name + "\"";
  return Status(Code::kNotAllowed, who + " may not " + std::string(what));
}

Status check_roles(std::string_view agency, const std::vector<std::string>& roles) {
  if (roles.empty()) return Status(Code::kInvalid, "a person needs at least one role");
  for (const std::string& name : roles) {
    const Role* role = find_role(name);
    if (role == nullptr) {
      std::string names;
      for (const Role& known : kRoles) names += (names.empty() ? "" : ", ") + std::string(known.name);
      return Status(Code::kInvalid, (is_code(name) ? "\"" + name + "\"" : "that") + " is no role; there are " + names);
    }
    if (agency == kCasebook) return Status(Code::kNotAllowed, "the casebook has no people");
    const bool over_all = (role->rights & all(Right::kAdminister, Right::kAudit, Right::kErase)) != 0;
    if (agency == kOperator && !over_all)
      return Status(Code::kNotAllowed, "the operator's people are admin, auditor or data-protection-officer");
    if (agency != kOperator && over_all)
      return Status(Code::kNotAllowed, "a role over all agencies (admin, auditor, data-protection-officer) is for " +
                                           std::string("people of the operator: --of operator"));
  }
  return {};
}

}  // namespace moot
