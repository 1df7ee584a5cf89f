#include "deploy/bench/disk.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace moot::bench {

namespace {

constexpr std::uint64_t kFileBytes = 256 * 1024 * 1024;
constexpr std::size_t kFillBytes = 1024 * 1024;

Status failed(const std::filesystem::path& file) {
  return Status(Code::kDisk, file.string() + ": " + std::strerror(errno));
}

}  // namespace

Result<Disk> Disk::open(const std::filesystem::path& folder) {
  const std::filesystem::path file = folder / "disk";
  const int fd = ::open(file.c_str(), O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  if (fd < 0) return failed(file);
  Disk disk(fd, file);
  const std::string zeros(kFillBytes, '\0');
  for (std::uint64_t at = 0; at < kFileBytes; at += zeros.size())
    if (::pwrite(fd, zeros.data(), zeros.size(), static_cast<off_t>(at)) != static_cast<ssize_t>(zeros.size()))
      return failed(file);
  if (::fsync(fd) != 0) return failed(file);
  return disk;
}

Disk::Disk(Disk&& other) noexcept : fd_(other.fd_), file_(std::move(other.file_)), at_(other.at_) { other.fd_ = -1; }

Disk::~Disk() {
  if (fd_ < 0) return;
  ::close(fd_);
  std::error_code gone;
  std::filesystem::remove(file_, gone);
}

Result<Load::Part> Disk::write_over(std::size_t bytes, std::uint64_t events, std::chrono::nanoseconds time) {
  using Clock = std::chrono::steady_clock;
  std::string record(bytes, 'x');
  Load::Part part;
  const Clock::time_point begin = Clock::now();
  for (Clock::time_point now = begin; now < begin + time;) {
    if (at_ + bytes > kFileBytes) at_ = 0;
    std::memcpy(record.data(), &at_, sizeof at_);
    if (::pwrite(fd_, record.data(), bytes, static_cast<off_t>(at_)) != static_cast<ssize_t>(bytes) ||
        ::fdatasync(fd_) != 0)
      return failed(file_);
    at_ += bytes;
    const Clock::time_point end = Clock::now();
    part.latencies.add((end - now).count());
    part.events += events;
    now = end;
  }
  part.seconds = std::chrono::duration<double>(Clock::now() - begin).count();
  return part;
}

Result<Load::Part> Disk::records(std::size_t bytes, std::chrono::nanoseconds time) {
  return write_over(bytes, 1, time);
}

Result<Load::Part> Disk::segment_groups(std::chrono::nanoseconds time) {
  return write_over(kSegmentEventBytes * kSegmentGroup, kSegmentGroup, time);
}

}  // namespace moot::bench
