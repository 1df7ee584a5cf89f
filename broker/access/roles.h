// What a member of the bus may do: agencies by being what they are, their people by the roles that the operator gave
// them.
//
//   who                       publish  read  administer  audit  erase
//   the operator                 x       x       x         x      x
//   the casebook                         x
//   an agency                    x       x
//   publisher                    x                                         of a person, likewise below
//   practitioner, chair          x       x
//   admin                                        x
//   auditor                                                x
//   data-protection-officer              x                 x      x
//
// A person publishes and reads as the agency it belongs to, under its agreements; it is the person that the audit log
// names. Whoever administers sees what waits in the inbox, and not what is in it; erasing asks for that too.
// Pure functions.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "broker/core/ids.h"
#include "broker/core/status.h"

namespace moot {

enum class Right : std::uint8_t { kPublish = 1, kRead = 2, kAdminister = 4, kAudit = 8, kErase = 16 };

struct Member;

// Who speaks in a session.
struct Caller {
  AgencyId agency;   // whose events and agreements
  std::string name;  // the agency's own id, or the person's
  std::uint8_t rights = 0;

  bool has(Right right) const { return (rights & static_cast<std::uint8_t>(right)) != 0; }
  bool is_person() const { return name != agency.value(); }
  // The operator, or an agency, itself.
  bool is_operator() const { return name == kOperator; }
};

Caller caller_of(const Member& member);
// Ok, or kNotAllowed: "… may not add agencies".
Status may(const Caller& caller, Right right, std::string_view what);
// Of a person of this agency. kInvalid for a role that there is not, or none at all. kNotAllowed: the last three are
// over all agencies, and so for the operator's people, and only those; an agency's own would see what no agreement
// gives it.
Status check_roles(std::string_view agency, const std::vector<std::string>& roles);

}  // namespace moot
