// A digest of what an agenda says of one case on its day: within one process only, to tell whether it says it again.
// Thread: a value.
#pragma once

#include <cstdint>
#include <functional>
#include <string_view>

namespace moot {

class DayDigest {
 public:
  void add(std::uint64_t number) { value_ = (value_ ^ number) * 0x9e3779b97f4a7c15ULL + (value_ >> 29); }
  void add(std::string_view text) { add(std::hash<std::string_view>()(text)); }
  std::uint64_t value() const { return value_; }

 private:
  std::uint64_t value_ = 0;
};

}  // namespace moot
