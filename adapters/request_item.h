// What one record of a request's body came to: an event, or why it is none. Thread: values, usable anywhere.
#pragma once

#include <string>
#include <variant>

#include "broker/core/status.h"
#include "proto/bus.pb.h"
#include "proto/event.pb.h"

namespace moot {

using RequestItem = std::variant<v1::Event, v1::RefusedInput>;

inline v1::RefusedInput refused_item(const Status& why, std::string_view input = {}, std::string_view format = {}) {
  v1::RefusedInput refused;
  refused.set_code(static_cast<std::uint32_t>(why.code()));
  refused.set_reason(why.message());
  refused.set_input(std::string(input));
  refused.set_format(std::string(format));
  return refused;
}

}  // namespace moot
