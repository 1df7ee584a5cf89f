// What is wrong with a field of an event, as every rule tells it: the field, then the rule. Never its value.
// Thread: a pure function.
#pragma once

#include <string>
#include <string_view>

#include "broker/core/status.h"

namespace moot {

inline Status invalid(std::string_view field, std::string_view rule) {
  return Status(Code::kInvalid, std::string(field) + " " + std::string(rule));
}

}  // namespace moot
