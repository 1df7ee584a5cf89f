// The written forms of identifiers, UK ones most of them, and of text, as far as the rules of the language need them.
#pragma once

#include <cstddef>
#include <string_view>

namespace moot {

std::size_t count_characters(std::string_view utf8);  // code points; broken UTF-8 counts its bytes
bool is_lsoa(std::string_view text);                  // Lower-layer Super Output Area: E01 or W01 and six digits
bool is_uprn(std::string_view text);                  // Unique Property Reference Number: 1 to 12 digits
bool is_partial_date(std::string_view text);          // 2021-03-02, 2021-03 or 2021
// W3C Trace Context of version 00: "00-<trace:32 hex>-<span:16 hex>-<flags:2 hex>", in small letters.
bool is_traceparent(std::string_view text);

}  // namespace moot
