#include "broker/log/watermark.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

#include "broker/core/whole_file.h"
#include "broker/log/big_endian.h"
#include "broker/log/checksum.h"

namespace moot {

namespace {

constexpr std::string_view kMagic = "moot mk2";
constexpr std::size_t kSlotBytes = 24;
constexpr std::size_t kSlot1Bytes = 16;

std::string slot_of(Offset end) { return std::string(kMagic) + with_checksum(be64(end.value)); }

// The offset of a slot, or nothing when it is not whole.
bool read_slot(std::string_view slot, Offset& end) {
  if (slot.size() != kSlotBytes) return false;
  end = Offset{from_be(slot.substr(16))};
  return slot == slot_of(end);
}

}  // namespace

Result<Watermark> Watermark::open(const std::filesystem::path& file) {
  const bool there = std::filesystem::exists(file);
  const int fd = ::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (fd < 0) return Status(Code::kDisk, file.string() + ": cannot be opened: " + std::strerror(errno));
  Watermark mark(file, fd);
  if (!there) MOOT_RETURN_IF_ERROR(sync_folder(file.parent_path()));
  MOOT_RETURN_IF_ERROR(mark.read());
  return mark;
}

Watermark::Watermark(Watermark&& other) noexcept
    : file_(std::move(other.file_)),
      fd_(std::exchange(other.fd_, -1)),
      value_(other.value_),
      next_slot_(other.next_slot_) {}

Watermark::~Watermark() {
  if (fd_ >= 0) ::close(fd_);
}

Status Watermark::read() {
  const Result<std::string> bytes = read_whole_file(file_);
  if (!bytes.ok()) return bytes.status();
  if (bytes->empty()) return {};  // a crash before the first mark
  if (bytes->size() == 2 * kSlot1Bytes || bytes->size() == kSlot1Bytes) return read_format_1(*bytes);
  bool any = false;
  for (int slot = 0; slot < 2; ++slot) {
    Offset end;
    const std::size_t at = static_cast<std::size_t>(slot) * kSlotBytes;
    if (bytes->size() < at || !read_slot(std::string_view(*bytes).substr(at, kSlotBytes), end)) continue;
    if (!any || end >= value_) {
      value_ = end;
      next_slot_ = 1 - slot;
    }
    any = true;
  }
  if (any) return {};
  return Status(Code::kCorrupt, file_.string() + ": is not a watermark; how far the log was acknowledged is not known");
}

// Slots of 16 bytes: "mkrW", a checksum that is not looked at any more, the offset. Written anew at once, as one file.
Status Watermark::read_format_1(std::string_view bytes) {
  for (; !bytes.empty(); bytes.remove_prefix(kSlot1Bytes))
    if (bytes.starts_with("mkrW")) value_ = std::max(value_, Offset{from_be(bytes.substr(8, 8))});
  if (value_ == Offset{})
    return Status(Code::kCorrupt,
                  file_.string() + ": is not a watermark; how far the log was acknowledged is not known");
  MOOT_RETURN_IF_ERROR(write_whole_file(file_, slot_of(value_)));
  ::close(fd_);
  fd_ = ::open(file_.c_str(), O_RDWR | O_CLOEXEC);
  next_slot_ = 1;
  return fd_ >= 0 ? Status() : Status(Code::kDisk, file_.string() + ": cannot be opened: " + std::strerror(errno));
}

Status Watermark::raise(Offset end) {
  if (end <= value_) return {};
  const std::string slot = slot_of(end);
  const ssize_t written = ::pwrite(fd_, slot.data(), slot.size(), next_slot_ * static_cast<off_t>(kSlotBytes));
  if (written != static_cast<ssize_t>(slot.size()) || ::fdatasync(fd_) != 0)
    return Status(Code::kDisk, file_.string() + ": cannot be written: " + std::strerror(errno));
  value_ = end;
  next_slot_ = 1 - next_slot_;
  return {};
}

}  // namespace moot
