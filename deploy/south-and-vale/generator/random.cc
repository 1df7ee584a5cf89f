#include "deploy/south-and-vale/generator/random.h"

namespace south_and_vale {
namespace {

constexpr std::uint64_t kSeed = 20190401;

}  // namespace

// The stream's name is folded into the seed with FNV-1a.
Random::Random(std::string_view stream) : state_(kSeed ^ 0xcbf29ce484222325) {
  for (const char c : stream) state_ = (state_ ^ static_cast<unsigned char>(c)) * 0x100000001b3;
}

std::uint64_t Random::next() {
  state_ += 0x9e3779b97f4a7c15;
  std::uint64_t mixed = state_;
  mixed = (mixed ^ (mixed >> 30)) * 0xbf58476d1ce4e5b9;
  mixed = (mixed ^ (mixed >> 27)) * 0x94d049bb133111eb;
  return mixed ^ (mixed >> 31);
}

// The upper half is reduced; counts are far too small for the remainder to favour anybody noticeably.
int Random::below(int count) { return static_cast<int>((next() >> 32) % static_cast<std::uint64_t>(count)); }

int Random::between(int first, int last) { return first + below(last - first + 1); }

Moment Random::time_of(Moment day, int first_hour, int last_hour) {
  const int hour = between(first_hour, last_hour);
  return at_hour(day, hour, below(60));
}

Moment Random::day_from(Moment first, int days) { return plus_days(first, below(days)); }

bool Random::chance(int percent) { return below(100) < percent; }

}  // namespace south_and_vale
