// Chance for made-up people: the same on every machine, which std::distributions are not. Thread: a value; one owner.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace people {

class Draw {
 public:
  // The seed is mixed first: streams of neighbouring seeds would else be one stream, a step apart, and their districts
  // would share households.
  explicit Draw(std::uint64_t seed) : state_(mixed(seed)) {}

  std::uint64_t bits() { return mixed(state_ += 0x9e3779b97f4a7c15ULL); }
  std::size_t below(std::size_t limit) { return static_cast<std::size_t>(bits() % limit); }
  int between(int from, int to) { return from + static_cast<int>(below(static_cast<std::size_t>(to - from + 1))); }
  double share() { return static_cast<double>(bits() >> 11) / 9007199254740992.0; }
  bool chance(double probability) { return share() < probability; }
  template <typename T>
  const T& one_of(const std::vector<T>& list) {
    return list[below(list.size())];
  }

 private:
  static std::uint64_t mixed(std::uint64_t z) {
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
    return z ^ (z >> 31);
  }

  std::uint64_t state_;
};

}  // namespace people
