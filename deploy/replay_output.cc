#include "deploy/replay_output.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <boost/json.hpp>
#include <charconv>
#include <utility>

#include "broker/core/seal.h"
#include "broker/core/whole_file.h"

namespace moot {

namespace {

// More than any event is as a line.
constexpr std::uint64_t kTailBytes = 1024 * 1024;

std::string digest_of(const std::string& order) {
  const Digest digest = keyed_digest(Key{}, order);
  return to_hex({reinterpret_cast<const char*>(digest.data()), digest.size()});
}

// The end of the last whole line of the file, and the offset it names; end 0 where there is none.
struct LastLine {
  std::uint64_t end = 0;
  Offset offset;
};

LastLine last_line_of(const std::filesystem::path& file) {
  std::error_code error;
  const std::uint64_t size = std::filesystem::file_size(file, error);
  if (error || size == 0) return {};
  const std::uint64_t start = size - std::min(size, kTailBytes);
  std::string tail(size - start, '\0');
  std::ifstream in(file, std::ios::binary);
  in.seekg(static_cast<std::streamoff>(start));
  if (!in.read(tail.data(), static_cast<std::streamsize>(tail.size()))) return {};
  const std::size_t end = tail.rfind('\n');
  if (end == std::string::npos || end == 0) return {};
  const std::size_t before = tail.rfind('\n', end - 1);
  if (before == std::string::npos && start > 0) return {};
  const std::size_t begin = before == std::string::npos ? 0 : before + 1;
  boost::system::error_code wrong;
  const boost::json::value line = boost::json::parse(tail.substr(begin, end - begin), wrong);
  const boost::json::value* offset = !wrong && line.is_object() ? line.get_object().if_contains("offset") : nullptr;
  if (offset == nullptr || !offset->is_string()) return {};
  const boost::json::string& digits = offset->get_string();
  LastLine last{start + end + 1, {}};
  const auto read = std::from_chars(digits.data(), digits.data() + digits.size(), last.offset.value);
  return read.ec == std::errc() ? last : LastLine();
}

}  // namespace

ReplayOutput::ReplayOutput(ReplayOutput&& other) noexcept
    : file_(std::move(other.file_)),
      part_(std::move(other.part_)),
      order_file_(std::move(other.order_file_)),
      order_digest_(std::move(other.order_digest_)),
      coverage_(std::move(other.coverage_)),
      next_(other.next_),
      out_(std::move(other.out_)),
      lock_(std::exchange(other.lock_, -1)) {}

ReplayOutput::~ReplayOutput() {
  if (lock_ >= 0) ::close(lock_);
}

Result<ReplayOutput> ReplayOutput::open(const std::filesystem::path& file, const std::string& order) {
  const Result<std::filesystem::path> meant = file_to_write(file);
  if (!meant.ok()) return meant.status();
  ReplayOutput output(*meant);
  output.order_digest_ = digest_of(order);
  MOOT_RETURN_IF_ERROR(output.lock());
  MOOT_RETURN_IF_ERROR(output.take_up());
  if (!output.resumes()) MOOT_RETURN_IF_ERROR(output.begin_again());
  return output;
}

Status ReplayOutput::lock() {
  lock_ = ::open(part_.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (lock_ < 0) return Status(Code::kDisk, part_.string() + ": cannot be written");
  struct stat locked = {}, there = {};
  // One that has just been finished is under its own name by now.
  const bool ours = ::flock(lock_, LOCK_EX | LOCK_NB) == 0 && ::fstat(lock_, &locked) == 0 &&
                    ::stat(part_.c_str(), &there) == 0 && locked.st_ino == there.st_ino;
  return ours ? Status() : Status(Code::kExists, file_.string() + ": another replay writes it just now");
}

Status ReplayOutput::take_up() {
  const Result<std::string> there = read_whole_file(order_file_);
  const std::string start = order_digest_ + " ";
  if (!there.ok() || !there->starts_with(start) || !there->ends_with('\n')) return {};
  const LastLine last = last_line_of(part_);
  if (last.end == 0) return {};
  std::error_code error;
  std::filesystem::resize_file(part_, last.end, error);
  if (error) return Status(Code::kDisk, part_.string() + ": " + error.message());
  out_.open(part_, std::ios::binary | std::ios::app);
  if (!out_) return Status(Code::kDisk, part_.string() + ": cannot be written");
  coverage_ = there->substr(start.size(), there->size() - start.size() - 1);
  next_ = Offset{last.offset.value + 1};
  return {};
}

Status ReplayOutput::begin_again() {
  coverage_.clear();
  next_ = {};
  out_ = std::ofstream();
  std::error_code error;
  std::filesystem::remove(order_file_, error);
  out_.open(part_, std::ios::binary | std::ios::trunc);
  return out_ ? Status() : Status(Code::kDisk, part_.string() + ": cannot be written");
}

Status ReplayOutput::remember(const std::string& coverage) {
  return write_whole_file(order_file_, order_digest_ + " " + coverage + "\n");
}

Status ReplayOutput::finish() {
  out_.close();
  if (!out_ || ::fsync(lock_) != 0) return Status(Code::kDisk, part_.string() + ": cannot be written");
  std::error_code error;
  std::filesystem::rename(part_, file_, error);
  if (error) return Status(Code::kDisk, file_.string() + ": cannot be written");
  std::filesystem::remove(order_file_, error);
  return sync_folder(file_.parent_path());
}

}  // namespace moot
