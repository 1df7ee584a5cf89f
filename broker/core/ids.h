// Strong types for what identifies things. Each is a value; none converts to another.
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <string>
#include <string_view>

#include "broker/core/status.h"

namespace moot {

// A position in the log: dense, from 0, in commit order.
struct Offset {
  std::uint64_t value = 0;
  auto operator<=>(const Offset&) const = default;
};

// Who publishes or reads: [a-z0-9-]{2,40}.
class AgencyId {
 public:
  AgencyId() = default;  // nobody
  static bool is_one(std::string_view text);
  static Result<AgencyId> parse(std::string_view text);

  const std::string& value() const { return value_; }
  bool empty() const { return value_.empty(); }
  auto operator<=>(const AgencyId&) const = default;

 private:
  explicit AgencyId(std::string value) : value_(std::move(value)) {}
  std::string value_;
};

// The directory's own administrator. It is an agency id like any other, and reserved.
inline constexpr std::string_view kOperator = "operator";
// The reader that assembles documents. Reserved too: it reads everything and publishes nothing.
inline constexpr std::string_view kCasebook = "casebook";

// The first segment of a source "/<agency>/<system>…"; empty when the source has not that form.
std::string_view agency_of_source(std::string_view source);

// 16 bytes that stand for a `source` and an `id` (or a record's key) in indexes. A digest: not reversible by reading.
using EventKey = std::array<std::uint8_t, 16>;
EventKey event_key(std::string_view source, std::string_view id);
EventKey record_key(std::string_view source, std::string_view record);

}  // namespace moot
