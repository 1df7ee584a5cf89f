#include "deploy/progress.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <string_view>

#include "deploy/log_line.h"

namespace moot {

namespace {

constexpr std::chrono::milliseconds kEvery{200};
constexpr int kBarCells = 24;
constexpr std::size_t kNameCells = 40;
constexpr double kSecondsBeforeForecast = 0.5;  // the first rates say little

bool can_rewrite_lines() {
  const char* terminal = std::getenv("TERM");
  return !logs_json() && ::isatty(STDERR_FILENO) == 1 && (terminal == nullptr || std::string_view(terminal) != "dumb");
}

std::size_t terminal_width() {
  winsize size{};
  constexpr std::size_t kUsual = 80;
  return ::ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 ? size.ws_col : kUsual;
}

std::string time_left(double seconds) {
  const auto whole = static_cast<std::uint64_t>(seconds + 0.5);
  if (whole < 60) return std::to_string(whole) + " s left";
  if (whole < 3600) return std::to_string(whole / 60) + " min " + std::to_string(whole % 60) + " s left";
  return std::to_string(whole / 3600) + " h " + std::to_string(whole / 60 % 60) + " min left";
}

// At most so many columns; what is cut off is marked. Bytes of one character stay together.
std::string cut(std::string text, std::size_t columns) {
  std::size_t seen = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool starts_character = (static_cast<unsigned char>(text[i]) & 0xc0U) != 0x80U;
    if (!starts_character || ++seen <= columns) continue;
    text.resize(i);
    return text;
  }
  return text;
}

}  // namespace

std::string progress_line(const std::string& what, std::uint64_t done, std::uint64_t total, std::uint64_t count,
                          double seconds, std::size_t width) {
  const double elapsed = std::max(0.001, seconds);
  std::string line = cut(what, kNameCells) + "  ";
  if (total > 0) {
    const double share = std::min(1.0, static_cast<double>(done) / static_cast<double>(total));
    const auto full = static_cast<std::size_t>(share * kBarCells);
    line += "[" + std::string(full, '#') + std::string(kBarCells - full, ' ') + "] " +
            std::to_string(static_cast<int>(share * 100)) + "%  ";
    if (share > 0 && elapsed > kSecondsBeforeForecast) line += time_left(elapsed / share - elapsed) + "  ";
  }
  line += std::to_string(count) + " (" +
          std::to_string(static_cast<std::uint64_t>(static_cast<double>(count) / elapsed)) + " a second)";
  return cut(std::move(line), width);
}

Progress::Progress(std::string what) : what_(std::move(what)), on_(can_rewrite_lines()) {}

Progress::~Progress() { make_room(); }

void Progress::make_room() {
  if (!stands_) return;
  std::fprintf(stderr, "\r\033[K");
  std::fflush(stderr);
  stands_ = false;
}

void Progress::show(std::uint64_t done, std::uint64_t total, std::uint64_t count) {
  if (!on_) return;
  const auto now = std::chrono::steady_clock::now();
  if (now - shown_ < kEvery) return;
  shown_ = now;
  stands_ = true;
  const double seconds = std::chrono::duration<double>(now - start_).count();
  // The last column is left free: a line that fills it would take the next one too.
  const std::string line = progress_line(what_, done, total, count, seconds, terminal_width() - 1);
  std::fprintf(stderr, "\r\033[K%s", line.c_str());
  std::fflush(stderr);
}

}  // namespace moot
