#include "adapters/set_aside.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cstdio>

#include <cstring>
#include <ctime>
#include <utility>

#include "broker/core/whole_file.h"

namespace moot {

namespace {

constexpr int kNamesTried = 100'000;
constexpr const char* kReportEnding = ".report.txt";

std::string folder_of(Disposal disposal) {
  if (disposal == Disposal::kDone) return "done";
  return disposal == Disposal::kPartly ? "partly" : "refused";
}

constexpr std::size_t kNameBytesMax = 255;   // of a folder's entry
constexpr std::size_t kEndingBytesMax = 20;  // longer than that it is no ending
constexpr std::size_t kReportBytes = 60;     // for the report's ending and, while it is written, one more

// "calls.csv", "calls-2.csv", …; shorter, where so many bytes more than the name would not leave room for it.
std::string numbered(const std::string& name, int number, std::size_t more) {
  const std::size_t dot = name.rfind('.');
  const bool has_ending = dot != std::string::npos && dot > 0 && name.size() - dot <= kEndingBytesMax;
  const std::string ending =
      (number == 1 ? "" : "-" + std::to_string(number)) + (has_ending ? name.substr(dot) : std::string());
  std::string stem = has_ending ? name.substr(0, dot) : name;
  if (stem.size() + ending.size() + more <= kNameBytesMax) return stem + ending;
  std::size_t end = kNameBytesMax - more - ending.size();
  while (end > 1 && (static_cast<unsigned char>(stem[end]) & 0xc0U) == 0x80U) --end;  // not in a character
  return stem.substr(0, end) + ending;
}

std::uint64_t inode_of(const std::filesystem::path& file) {
  struct stat about = {};
  return ::lstat(file.c_str(), &about) == 0 ? about.st_ino : 0;
}

Status cannot(const std::filesystem::path& file, const char* what) {
  return Status(Code::kDisk, file.string() + ": cannot be " + what + ": " + std::strerror(errno));
}

// A folder that is one, held open: whoever may write beside it could put a link in its place, to have files moved, or
// removed, elsewhere.
class HeldFolder {
 public:
  static Result<HeldFolder> open(const std::filesystem::path& folder) {
    const int fd = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (fd < 0) return cannot(folder, "used: it is to be a folder, not a link to one");
    return HeldFolder(fd);
  }
  HeldFolder(HeldFolder&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  HeldFolder& operator=(HeldFolder&&) = delete;
  ~HeldFolder() {
    if (fd_ >= 0) ::close(fd_);
  }
  std::filesystem::path path() const { return "/proc/self/fd/" + std::to_string(fd_); }

 private:
  explicit HeldFolder(int fd) : fd_(fd) {}
  int fd_;
};

}  // namespace

Status SetAside::prepare() const {
  for (const Disposal disposal : {Disposal::kDone, Disposal::kPartly, Disposal::kRefused})
    MOOT_RETURN_IF_ERROR(make_folder(folder_ / folder_of(disposal)));
  for (const Disposal disposal : {Disposal::kDone, Disposal::kPartly, Disposal::kRefused})
    if (const auto held = HeldFolder::open(folder_ / folder_of(disposal)); !held.ok()) return held.status();
  return {};
}

Result<std::filesystem::path> SetAside::move(const std::string& name, std::uint64_t inode, Disposal disposal,
                                             const std::string& report) const {
  const std::filesystem::path from = folder_ / name;
  // Made again where somebody has tidied it away meanwhile: else its file would be read for ever and never moved.
  MOOT_RETURN_IF_ERROR(make_folder(folder_ / folder_of(disposal)));
  const Result<HeldFolder> held = HeldFolder::open(folder_ / folder_of(disposal));
  if (!held.ok()) return held.status();
  const std::filesystem::path to_folder = held->path();
  if (inode_of(from) != inode) return Status(Code::kConflict, name + ": is another file now");
  for (int number = 1; number <= kNamesTried; ++number) {
    const std::filesystem::path to = to_folder / numbered(name, number, report.empty() ? 0 : kReportBytes);
    if (inode_of(to) != 0) continue;
    // One that stands without its file is what a crash has left of this very step.
    // Its sentence names the folder as whoever runs this knows it, and is the same each time.
    if (!report.empty() && !write_whole_file(to.string() + kReportEnding, report).ok())
      return Status(Code::kDisk, (folder_ / folder_of(disposal)).string() + ": the report on " + name +
                                     " cannot be written there, so that it waits: is the disk full?");
    if (::renameat2(AT_FDCWD, from.c_str(), AT_FDCWD, to.c_str(), RENAME_NOREPLACE) != 0) {
      if (errno == EEXIST) continue;
      return cannot(from, "moved");
    }
    if (inode_of(to) != inode) {  // it was replaced at the last moment: that one has not been read
      ::renameat2(AT_FDCWD, to.c_str(), AT_FDCWD, from.c_str(), RENAME_NOREPLACE);
      return Status(Code::kConflict, name + ": is another file now");
    }
    MOOT_RETURN_IF_ERROR(sync_folder(to_folder));
    MOOT_RETURN_IF_ERROR(sync_folder(folder_));
    return folder_ / folder_of(disposal) / to.filename();
  }
  return Status(Code::kDisk, name + ": there are too many files of that name in " + folder_of(disposal));
}

std::size_t SetAside::clean_up(std::chrono::seconds older_than) const {
  std::size_t removed = 0;
  const std::time_t now = std::time(nullptr);
  for (const Disposal disposal : {Disposal::kDone, Disposal::kPartly}) {
    std::error_code error;
    const Result<HeldFolder> held = HeldFolder::open(folder_ / folder_of(disposal));
    if (!held.ok()) continue;
    for (const auto& entry : std::filesystem::directory_iterator(held->path() / "", error)) {
      struct stat about = {};
      if (::lstat(entry.path().c_str(), &about) != 0 || !S_ISREG(about.st_mode)) continue;
      // Moving a file sets the time of its last change of status; its content's time is the agency's.
      if (now - about.st_ctim.tv_sec < older_than.count()) continue;
      if (::unlink(entry.path().c_str()) == 0 && !entry.path().string().ends_with(kReportEnding)) ++removed;
    }
  }
  return removed;
}

}  // namespace moot
