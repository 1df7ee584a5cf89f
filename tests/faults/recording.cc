#include "tests/faults/recording.h"

#include <fcntl.h>
#include <unistd.h>

#include "broker/core/status.h"
#include "tests/end_to_end/installation.h"

namespace moot {

Recording::Recording(std::filesystem::path root, std::filesystem::path files, std::filesystem::path journal)
    : root_(std::filesystem::absolute(root).lexically_normal()),
      files_(std::move(files)),
      journal_(journal.empty() ? files_ / "journal" : std::move(journal)) {
  std::filesystem::create_directories(files_);
  std::filesystem::remove(files_ / "journal");
  std::filesystem::remove(files_ / "plan");
  set_clock(std::chrono::microseconds(0));
}

std::vector<std::string> Recording::command(const std::vector<std::string>& words) const {
  std::vector<std::string> all = {"/usr/bin/env",
                                  std::string("LD_PRELOAD=") + MOOT_FAULTS,
                                  "MOOT_DISK_ROOT=" + root_.string(),
                                  "MOOT_DISK_JOURNAL=" + journal().string(),
                                  "MOOT_DISK_PLAN=" + (files_ / "plan").string(),
                                  "MOOT_CLOCK_FILE=" + (files_ / "clock").string()};
  all.insert(all.end(), words.begin(), words.end());
  return all;
}

std::size_t Recording::journal_bytes() const {
  std::error_code absent;
  const std::uintmax_t size = std::filesystem::file_size(journal(), absent);
  return absent ? 0 : size;
}

void Recording::arm(const std::string& rules) const {
  write_text(files_ / "plan.new", rules);
  std::filesystem::rename(files_ / "plan.new", files_ / "plan");
}

void Recording::set_clock(std::chrono::microseconds ahead) const {
  const std::int64_t us = ahead.count();
  // In place, in one call: the process has it mapped.
  const int fd = ::open((files_ / "clock").c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
  MOOT_CHECK(fd >= 0 && ::pwrite(fd, &us, sizeof us, 0) == static_cast<ssize_t>(sizeof us));
  ::close(fd);
}

}  // namespace moot
