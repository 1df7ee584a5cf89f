// A line of progress on a terminal, rewritten in place: what, how much of it, how long still, how many, how fast.
// Silent when standard error is not a terminal that can rewrite a line, and for work that is done at once. Thread: one,
// the caller's.
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
  // Before anything else is printed: clears the line. The next show() writes it again.
  void make_room();

 private:
  const std::string what_;
  const bool on_;
  const std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
  std::chrono::steady_clock::time_point shown_ = start_;
  bool stands_ = false;  // a line of ours
};

// The line itself, cut to the width. `seconds` since the start.
std::string progress_line(const std::string& what, std::uint64_t done, std::uint64_t total, std::uint64_t count,
                          double seconds, std::size_t width);

}  // namespace moot
