// What one record of a request's body came to: an event, or why it is none. Thread: values, usable anywhere.
#pragma once

#include <string>
#include <variant>

#include "broker/core/status.h"
#include "proto/bus.pb.h"
#include "proto/event.pb.h"

namespace moot {

using RequestItem = std::variant<v1::Event, v1::RefusedInput>;

// Of one body. Records that say something fill a body of 1 MiB before there are so many; each has an answer of its own,
// which is many times as long as the shortest that says nothing.
inline constexpr std::size_t kRequestItemsMax = 20'000;

inline Status too_many_items() {
  return Status(Code::kTooLarge, "the body has more than " + std::to_string(kRequestItemsMax) +
                                     " records; send it in parts, or as a file to /upload");
}

inline v1::RefusedInput refused_item(const Status& why, std::string_view input = {}, std::string_view format = {}) {
  v1::RefusedInput refused;
  refused.set_code(static_cast<std::uint32_t>(why.code()));
  refused.set_reason(why.message());
  refused.set_input(std::string(input));
  refused.set_format(std::string(format));
  return refused;
}

}  // namespace moot
