#include "deploy/progress.h"

#include <unistd.h>

#include <algorithm>
#include <cstdio>

namespace moot {

namespace {

constexpr std::chrono::milliseconds kEvery{200};
constexpr int kBarCells = 24;

}  // namespace

Progress::Progress(std::string what) : what_(std::move(what)), on_(::isatty(STDERR_FILENO) == 1) {}

Progress::~Progress() {
  if (anything_shown_) std::fprintf(stderr, "\r\033[K");
}

void Progress::show(std::uint64_t done, std::uint64_t total, std::uint64_t count) {
  const auto now = std::chrono::steady_clock::now();
  if (!on_ || now - shown_ < kEvery) return;
  shown_ = now;
  anything_shown_ = true;
  const double seconds = std::max(0.001, std::chrono::duration<double>(now - start_).count());
  std::string line = what_ + "  ";
  if (total > 0) {
    const double share = std::min(1.0, static_cast<double>(done) / static_cast<double>(total));
    const int full = static_cast<int>(share * kBarCells);
    line += "[" + std::string(static_cast<std::size_t>(full), '#') +
            std::string(static_cast<std::size_t>(kBarCells - full), ' ') + "] " +
            std::to_string(static_cast<int>(share * 100)) + "%  ";
    if (share > 0.02) {
      const int left = static_cast<int>(seconds / share - seconds);
      line += std::to_string(left / 60) + " min " + std::to_string(left % 60) + " s left  ";
    }
  }
  line += std::to_string(count) + " (" +
          std::to_string(static_cast<std::uint64_t>(static_cast<double>(count) / seconds)) + " a second)";
  std::fprintf(stderr, "\r\033[K%s", line.c_str());
  std::fflush(stderr);
}

}  // namespace moot
