// Numbers that look like chance and are the same on every machine: splitmix64 with a fixed seed. The distributions are
// written here, since those of the standard library differ from one library to the next.
// C++ does not say in which order the arguments of a call are evaluated: no call draws twice in its arguments.
// Each part of the demonstration draws from a stream of its own, so that a change in one leaves the others alone.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <utility>
#include <vector>

#include "deploy/south-and-vale/generator/calendar.h"

namespace south_and_vale {

class Random {
 public:
  explicit Random(std::string_view stream);

  int below(int count);              // 0 … count - 1
  int between(int first, int last);  // both can come
  bool chance(int percent);
  Moment time_of(Moment day, int first_hour, int last_hour);  // some minute of these hours of the day
  Moment day_from(Moment first, int days);                    // one of so many days

  template <typename List>
  const auto& pick(const List& list) {
    return list[static_cast<std::size_t>(below(static_cast<int>(std::size(list))))];
  }
  template <typename Value>
  void shuffle(std::vector<Value>& values) {
    for (std::size_t i = values.size(); i > 1; --i)
      std::swap(values[i - 1], values[static_cast<std::size_t>(below(static_cast<int>(i)))]);
  }

 private:
  std::uint64_t next();

  std::uint64_t state_;
};

}  // namespace south_and_vale
