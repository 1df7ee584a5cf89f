// What the disk allows, measured in the same minute as the systems: one small record per fdatasync, and groups of 1,000
// events per fdatasync (the ceiling of any log that commits in groups). Both write over a file that was filled before,
// so that no block has to be allocated.
//
// Thread: one, its owner's.
#pragma once

#include <chrono>
#include <filesystem>

#include "deploy/bench/load.h"

namespace moot::bench {

inline constexpr std::size_t kSegmentEventBytes = 528;  // an event and what a log adds to it
inline constexpr int kSegmentGroup = 1000;

class Disk {
 public:
  // Makes the file in the folder: filled with zeros, synced.
  static Result<Disk> open(const std::filesystem::path& folder);
  Disk(Disk&& other) noexcept;
  Disk& operator=(Disk&&) = delete;
  ~Disk();

  // Records of so many bytes, a fdatasync after each; a time is that of one write with its fdatasync.
  Result<Load::Part> records(std::size_t bytes, std::chrono::nanoseconds time);
  // Groups of 1,000 records of 528 bytes, a fdatasync after each group.
  Result<Load::Part> segment_groups(std::chrono::nanoseconds time);

 private:
  Disk(int fd, std::filesystem::path file) : fd_(fd), file_(std::move(file)) {}
  Result<Load::Part> write_over(std::size_t bytes, std::uint64_t events, std::chrono::nanoseconds time);

  int fd_;
  std::filesystem::path file_;
  std::uint64_t at_ = 0;
};

}  // namespace moot::bench
