// The bytes of one member of a JSON object, as they stand. Numbers keep every digit this way: Boost.JSON 1.81 reads
// some decimals off by the last bit, and writes them back so. Thread: a pure function, usable anywhere.
#pragma once

#include <optional>
#include <string_view>

namespace moot {

// `object` is a JSON object that a parser has taken. Nothing when it has no member of that name, or more than one.
std::optional<std::string_view> raw_member(std::string_view object, std::string_view name);

}  // namespace moot
