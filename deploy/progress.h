// A line of progress on a terminal, rewritten in place: what, how much of it, how fast, how long still. Silent when
// standard error is not a terminal. Thread: one, the caller's.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>

namespace moot {

class Progress {
 public:
  explicit Progress(std::string what);
  ~Progress();  // clears the line
  Progress(const Progress&) = delete;

  // `done` of `total` steps (bytes, offsets), `count` things so far; total 0 = not known.
  void show(std::uint64_t done, std::uint64_t total, std::uint64_t count);

 private:
  const std::string what_;
  const bool on_;
  const std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
  std::chrono::steady_clock::time_point shown_;
  bool anything_shown_ = false;
};

}  // namespace moot
