// What publishers do in one measurement. Values; used anywhere.
#pragma once

#include <string>
#include <vector>

namespace moot::bench {

struct Shape {
  std::string name;
  int publishers = 1;
  int in_flight = 1;  // messages of each publisher that are not acknowledged yet
  int events_per_message = 1;
  double events_per_second = 0;  // 0 = as fast as the acks allow; else by the clock, and `in_flight` bounds nothing

  bool frames() const { return events_per_message > 1; }
};

inline constexpr int kPublishersMax = 64;

// The two that stand for throughput.
inline constexpr const char* kSingles = "16x100";
inline constexpr const char* kFrames = "16x4-frames";

inline std::vector<Shape> all_shapes() {
  return {{"1x1", 1, 1, 1, 0},
          {"64x1", 64, 1, 1, 0},
          {kSingles, 16, 100, 1, 0},
          {kFrames, 16, 4, 100, 0},
          {"1000-a-second", 16, 1, 1, 1000}};
}

}  // namespace moot::bench
