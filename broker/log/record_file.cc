#include "broker/log/record_file.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "broker/log/checksum.h"

namespace moot {

namespace {

constexpr std::size_t kBlockBytes = 32 * 1024;
constexpr std::size_t kHeaderBytes = 7;
enum Kind : std::uint8_t { kWhole = 1, kFirst = 2, kMiddle = 3, kLast = 4 };

std::uint64_t from_le(std::string_view bytes) {
  std::uint64_t value = 0;
  for (std::size_t i = bytes.size(); i-- > 0;) value = value << 8 | static_cast<unsigned char>(bytes[i]);
  return value;
}

struct Part {
  Kind kind = kWhole;
  std::string_view data;
};

// The part at the beginning of these bytes, which end with the block or the file; nothing when it is not as written.
std::optional<Part> part_at(std::string_view bytes) {
  if (bytes.size() < kHeaderBytes) return std::nullopt;
  const auto kind = static_cast<std::uint8_t>(bytes[6]);
  const std::size_t length = from_le(bytes.substr(4, 2));
  if (kind < kWhole || kind > kLast || kHeaderBytes + length > bytes.size()) return std::nullopt;
  const std::uint32_t sum = crc32c(bytes.substr(6, 1 + length));
  const std::uint32_t masked = ((sum >> 15) | (sum << 17)) + 0xa282ead8u;
  if (masked != from_le(bytes.substr(0, 4))) return std::nullopt;
  return Part{static_cast<Kind>(kind), bytes.substr(kHeaderBytes, length)};
}

class Walk {
 public:
  explicit Walk(const std::function<void(const WrittenGroup&)>& take) : take_(take) {}

  void take_block(std::string_view block, std::uint64_t at) {
    std::size_t position = 0;
    while (position < block.size()) {
      const std::string_view rest = block.substr(position);
      if (block.size() == kBlockBytes && rest.size() < kHeaderBytes) return;  // what is left over in a whole block
      const std::optional<Part> part = part_at(rest);
      const bool fits = part && (part->kind == kWhole || part->kind == kFirst) != in_group_;
      if (!fits && (!damaged_ || in_group_)) damage(at + position);
      if (!part) {
        ++position;  // somewhere after this something may make sense again
        continue;
      }
      take_part(*part, at + position);
      position += kHeaderBytes + part->data.size();
    }
  }

  RecordFileEnd end(std::uint64_t bytes) {
    if (in_group_) damage(bytes);
    end_.bytes = bytes;
    if (!damaged_) end_.sound = bytes;
    return end_;
  }

 private:
  // The group that was being read is not whole.
  void damage(std::uint64_t at) {
    if (!damaged_) end_.sound = in_group_ ? group_at_ : at;
    if (in_group_ && take_) take_({group_at_, group_, false, damaged_});
    damaged_ = true;
    in_group_ = false;
  }

  void take_part(const Part& part, std::uint64_t at) {
    if (part.kind == kWhole || part.kind == kFirst) {
      group_at_ = at;
      group_.clear();
      in_group_ = true;
    }
    if (!in_group_) return;  // the rest of a group whose beginning is damaged
    group_ += part.data;
    if (part.kind == kFirst || part.kind == kMiddle) return;
    in_group_ = false;
    if (take_) take_({group_at_, group_, true, damaged_});
  }

  const std::function<void(const WrittenGroup&)>& take_;
  RecordFileEnd end_;
  bool damaged_ = false;
  bool in_group_ = false;
  std::uint64_t group_at_ = 0;
  std::string group_;
};

}  // namespace

Result<RecordFileEnd> read_record_file(const std::filesystem::path& file,
                                       const std::function<void(const WrittenGroup&)>& take) {
  const auto failed = [&](Code code) {
    return Status(code, file.string() + ": cannot be read: " + std::strerror(errno));
  };
  const int fd = ::open(file.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0) return failed(errno == ENOENT ? Code::kMissing : Code::kDisk);
  Walk walk(take);
  std::string block(kBlockBytes, '\0');
  std::uint64_t at = 0;
  for (std::size_t filled = kBlockBytes; filled == kBlockBytes; at += filled) {
    filled = 0;
    ssize_t got = 1;
    for (; filled < kBlockBytes && got > 0; filled += static_cast<std::size_t>(std::max<ssize_t>(got, 0)))
      got = ::pread(fd, block.data() + filled, kBlockBytes - filled, static_cast<off_t>(at + filled));
    if (got < 0) {
      const Status status = failed(Code::kDisk);
      ::close(fd);
      return status;
    }
    walk.take_block(std::string_view(block).substr(0, filled), at);
  }
  ::close(fd);
  return walk.end(at);
}

std::optional<GroupNumber> number_of(std::string_view group) {
  if (group.size() < 12) return std::nullopt;
  return GroupNumber{from_le(group.substr(0, 8)), static_cast<std::uint32_t>(from_le(group.substr(8, 4)))};
}

}  // namespace moot
