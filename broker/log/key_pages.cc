#include "broker/log/key_pages.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

namespace moot {

namespace {

bool read_at(int fd, std::size_t at, std::string& bytes) {
  std::size_t have = 0;
  while (have < bytes.size()) {
    const ssize_t got = ::pread(fd, bytes.data() + have, bytes.size() - have, static_cast<off_t>(at + have));
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return false;
    have += static_cast<std::size_t>(got);
  }
  return true;
}

}  // namespace

KeyPages::File::File(File&& other) noexcept : format(other.format), fd_(std::exchange(other.fd_, -1)) {}

KeyPages::File::~File() {
  if (fd_ >= 0) ::close(fd_);
}

Result<const KeyPages::File*> KeyPages::open(const std::filesystem::path& file) {
  const auto known = files_.find(file.native());
  if (known != files_.end()) return &known->second;
  File opened(::open(file.c_str(), O_RDONLY | O_CLOEXEC));
  if (opened.fd() < 0) {
    const bool there = errno != ENOENT;
    return Status(there ? Code::kDisk : Code::kMissing, file.string() + (there ? ": cannot be read" : ": is missing"));
  }
  struct stat about = {};
  if (::fstat(opened.fd(), &about) != 0) return Status(Code::kDisk, file.string() + ": cannot be read");
  const auto size = static_cast<std::size_t>(about.st_size);
  if (size != kBareKeyFileBytes) {
    if (size != kKeyFileBytes) return Status(Code::kCorrupt, file.string() + ": has the wrong length");
    std::string magic(kKeysMagic.size(), '\0');
    if (!read_at(opened.fd(), 0, magic)) return Status(Code::kDisk, file.string() + ": cannot be read");
    if (magic != kKeysMagic && magic != kKeysMagic2)
      return Status(Code::kCorrupt, file.string() + ": is not a file of keys");
    opened.format = magic == kKeysMagic ? 3 : 2;
  }
  if (files_.size() >= kFilesMax) files_.clear();
  return &files_.emplace(file.native(), std::move(opened)).first->second;
}

Result<KeyPages::Page> KeyPages::read(const std::filesystem::path& file, std::uint64_t page_in_file) {
  const Result<const File*> opened = open(file);
  if (!opened.ok()) return opened.status();
  Page page;
  page.format = (*opened)->format;
  const bool bare = page.format == 1;
  page.bytes.resize(bare ? kPageKeyBytes : kSealedPageBytes);
  const std::size_t at = bare ? page_in_file * kPageKeyBytes : kKeysMagic.size() + page_in_file * kSealedPageBytes;
  if (!read_at((*opened)->fd(), at, page.bytes)) return Status(Code::kDisk, file.string() + ": cannot be read");
  return page;
}

}  // namespace moot
