#include "tests/bench/segment.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <fstream>

#include "broker/log/checksum.h"

namespace moot::bench {

namespace {

constexpr std::size_t kReadBytes = 1024 * 1024;
constexpr std::size_t kLengthBytes = 4;

}  // namespace

Status write_segment(const std::filesystem::path& file, const Payload& payload, std::uint64_t events) {
  std::ofstream out(file, std::ios::binary);
  std::string event(kEventBytes, '\0');
  for (std::uint64_t number = 0; number < events; ++number) {
    payload.write(0, number, event.data());
    const std::string record = with_checksum(event);
    const auto length = static_cast<std::uint32_t>(record.size());
    out.write(reinterpret_cast<const char*>(&length), kLengthBytes);
    out.write(record.data(), static_cast<std::streamsize>(record.size()));
  }
  out.close();
  return out.fail() ? Status(Code::kDisk, file.string() + ": cannot be written") : Status();
}

Result<std::uint64_t> scan_segment(const std::filesystem::path& file) {
  const int fd = ::open(file.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0) return Status(Code::kDisk, file.string() + ": " + std::strerror(errno));
  std::string buffer(kReadBytes, '\0');
  std::size_t held = 0;
  std::uint64_t events = 0;
  bool whole = true;
  while (whole) {
    const ssize_t read = ::read(fd, buffer.data() + held, buffer.size() - held);
    if (read <= 0) break;
    held += static_cast<std::size_t>(read);
    std::string_view unread(buffer.data(), held), event;
    while (unread.size() >= kLengthBytes) {
      std::uint32_t length = 0;
      std::memcpy(&length, unread.data(), kLengthBytes);
      if (unread.size() < kLengthBytes + length) break;
      whole = whole && checked(unread.substr(kLengthBytes, length), event);
      unread.remove_prefix(kLengthBytes + length);
      ++events;
    }
    held = unread.size();
    std::memmove(buffer.data(), unread.data(), held);
  }
  ::close(fd);
  if (!whole || held > 0) return Status(Code::kCorrupt, file.string() + ": a record is not as it was written");
  return events;
}

}  // namespace moot::bench
