#include "broker/log/watermark.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <optional>
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

struct Mark {
  Offset end;
  int slot;
};

constexpr std::string_view kMagic1 = "mkrW";

// By what is in it: a second slot of today's format, torn by a power cut, may make the file as long as one of format 1.
bool is_format_1(std::string_view bytes) {
  return bytes.starts_with(kMagic1) ||
         (bytes.size() == 2 * kSlot1Bytes && bytes.substr(kSlot1Bytes).starts_with(kMagic1));
}

// The higher of the slots that are whole. Slots of format 1 have 16 bytes: "mkrW", a checksum that is not looked at any
// more, the offset.
std::optional<Mark> mark_in(std::string_view bytes) {
  std::optional<Mark> best;
  const bool format_1 = is_format_1(bytes);
  const std::size_t slot_bytes = format_1 ? kSlot1Bytes : kSlotBytes;
  for (int slot = 0; slot < 2 && bytes.size() >= slot_bytes; ++slot, bytes.remove_prefix(slot_bytes)) {
    const Offset end{from_be(bytes.substr(slot_bytes - 8, 8))};
    const bool whole = format_1 ? bytes.starts_with(kMagic1) : bytes.substr(0, kSlotBytes) == slot_of(end);
    if (whole && (!best || end >= best->end)) best = Mark{end, slot};
  }
  return best;
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

Result<Offset> Watermark::value_in(const std::filesystem::path& file) {
  const Result<std::string> bytes = read_whole_file(file);
  if (!bytes.ok()) return bytes.status();
  if (bytes->empty()) return Status(Code::kMissing, file.string() + ": is empty");
  const std::optional<Mark> mark = mark_in(*bytes);
  if (!mark)
    return Status(Code::kCorrupt, file.string() + ": is not what was written; how far was acknowledged is not known");
  return mark->end;
}

Status Watermark::read() {
  const Result<Offset> there = value_in(file_);
  if (there.status().code() == Code::kMissing) return begin();
  if (!there.ok()) return there.status();
  value_ = *there;
  const Result<std::string> bytes = read_whole_file(file_);
  if (!bytes.ok() || bytes->empty()) return bytes.status();
  next_slot_ = 1 - mark_in(*bytes)->slot;
  return is_format_1(*bytes) ? begin() : Status();
}

// As one file: of a first slot that a power cut tore nothing would be left.
Status Watermark::begin() {
  MOOT_RETURN_IF_ERROR(write_whole_file(file_, slot_of(value_)));
  ::close(fd_);
  fd_ = ::open(file_.c_str(), O_RDWR | O_CLOEXEC);
  next_slot_ = 1;
  return fd_ >= 0 ? Status() : Status(Code::kDisk, file_.string() + ": cannot be opened: " + std::strerror(errno));
}

Status Watermark::raise(Offset end) { return end > value_ ? write(end) : Status(); }

Status Watermark::write(Offset end) {
  const std::string slot = slot_of(end);
  const ssize_t written = ::pwrite(fd_, slot.data(), slot.size(), next_slot_ * static_cast<off_t>(kSlotBytes));
  if (written != static_cast<ssize_t>(slot.size()) || ::fdatasync(fd_) != 0)
    return Status(Code::kDisk, file_.string() + ": cannot be written: " + std::strerror(errno));
  value_ = end;
  next_slot_ = 1 - next_slot_;
  return {};
}

}  // namespace moot
