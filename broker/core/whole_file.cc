#include "broker/core/whole_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>

namespace moot {

namespace {

constexpr std::string_view kTemporary = ".new-";

Status disk(const std::filesystem::path& file, const char* what) {
  return Status(errno == ENOENT ? Code::kMissing : Code::kDisk,
                file.string() + ": cannot be " + what + ": " + std::strerror(errno));
}

Status write_all(int fd, std::string_view bytes, const std::filesystem::path& file) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(fd, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return disk(file, "written");
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
  if (::fsync(fd) != 0) return disk(file, "synced");
  return {};
}

// A temporary beside the file, complete and synced.
Result<std::filesystem::path> write_temporary(const std::filesystem::path& file, std::string_view bytes) {
  static std::atomic<unsigned> count{0};
  const std::filesystem::path temporary =
      file.string() + std::string(kTemporary) + std::to_string(::getpid()) + "-" + std::to_string(count.fetch_add(1));
  const int fd = ::open(temporary.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  if (fd < 0) return disk(temporary, "created");
  const Status written = write_all(fd, bytes, temporary);
  ::close(fd);
  if (!written.ok()) {
    ::unlink(temporary.c_str());
    return written;
  }
  return temporary;
}

// The process that a temporary file is of; 0 when it is no temporary file.
int maker_of(const std::filesystem::path& file) {
  const std::string name = file.filename().string();
  const std::size_t mark = name.rfind(kTemporary);
  return mark == std::string::npos ? 0 : std::atoi(name.c_str() + mark + kTemporary.size());
}

}  // namespace

Result<std::string> read_whole_file(const std::filesystem::path& file) {
  const int fd = ::open(file.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0) return disk(file, "opened");
  std::string bytes;
  char buffer[65536];
  for (;;) {
    const ssize_t got = ::read(fd, buffer, sizeof buffer);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) {
      const Status status = disk(file, "read");
      ::close(fd);
      return status;
    }
    if (got == 0) break;
    bytes.append(buffer, static_cast<std::size_t>(got));
  }
  ::close(fd);
  return bytes;
}

Status write_whole_file(const std::filesystem::path& file, std::string_view bytes) {
  const Result<std::filesystem::path> temporary = write_temporary(file, bytes);
  if (!temporary.ok()) return temporary.status();
  if (::rename(temporary->c_str(), file.c_str()) != 0) {
    const Status status = disk(file, "replaced");
    ::unlink(temporary->c_str());
    return status;
  }
  return sync_folder(file.parent_path());
}

Result<std::filesystem::path> file_to_write(const std::filesystem::path& output) {
  constexpr int kLinksMax = 16;
  std::error_code error;
  std::filesystem::path file = output;
  std::filesystem::file_status there = std::filesystem::symlink_status(file, error);
  for (int links = 0; std::filesystem::is_symlink(there) && links < kLinksMax; ++links) {
    file = file.parent_path() / std::filesystem::read_symlink(file, error);  // of an absolute one, that one
    there = std::filesystem::symlink_status(file, error);
  }
  if (!std::filesystem::exists(there) || std::filesystem::is_regular_file(there)) return file;
  return Status(Code::kUsage, output.string() +
                                  ": is no file that could be written anew; leave out --output, and it "
                                  "goes to standard output");
}

Status create_whole_file(const std::filesystem::path& file, std::string_view bytes) {
  const Result<std::filesystem::path> temporary = write_temporary(file, bytes);
  if (!temporary.ok()) return temporary.status();
  // link refuses an existing name, which rename would replace.
  const bool linked = ::link(temporary->c_str(), file.c_str()) == 0;
  const bool exists = !linked && errno == EEXIST;
  const Status failed = linked || exists ? Status() : disk(file, "created");
  ::unlink(temporary->c_str());
  if (exists) return Status(Code::kExists, file.string() + ": exists");
  MOOT_RETURN_IF_ERROR(failed);
  return sync_folder(file.parent_path());
}

Status make_folder(const std::filesystem::path& folder) {
  if (folder.empty() || std::filesystem::is_directory(folder)) return {};
  const std::filesystem::path above = folder.parent_path();
  if (above != folder) MOOT_RETURN_IF_ERROR(make_folder(above));
  if (::mkdir(folder.c_str(), 0700) != 0 && errno != EEXIST) return disk(folder, "created");
  return sync_folder(above);
}

Status sync_folder(const std::filesystem::path& folder) {
  const std::filesystem::path here = folder.empty() ? std::filesystem::path(".") : folder;
  const int fd = ::open(here.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (fd < 0) return disk(here, "opened");
  const int synced = ::fsync(fd);
  const Status status = synced == 0 ? Status() : disk(here, "synced");
  ::close(fd);
  return status;
}

Status settle_folder(const std::filesystem::path& folder) {
  const std::filesystem::path here = folder.empty() ? std::filesystem::path(".") : folder;
  std::error_code failed;
  for (const auto& file : std::filesystem::directory_iterator(here, failed)) {
    const int maker = maker_of(file.path());
    if (maker > 0 && ::kill(maker, 0) != 0 && errno == ESRCH) ::unlink(file.path().c_str());
  }
  return failed ? Status() : sync_folder(here);
}

}  // namespace moot
