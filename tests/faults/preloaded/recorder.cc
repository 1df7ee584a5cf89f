#include "tests/faults/preloaded/recorder.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <filesystem>
#include <vector>

namespace moot {

namespace {

// The calls themselves go to the kernel, past the functions that this library stands before.
long kernel(long number, long a = 0, long b = 0, long c = 0, long d = 0, long e = 0, long f = 0) {
  return ::syscall(number, a, b, c, d, e, f);
}

long pointer(const void* p) { return reinterpret_cast<long>(p); }

std::string environment(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? "" : value;
}

[[noreturn]] void die_now() {
  for (;;) kernel(SYS_kill, ::getpid(), SIGKILL);
}

}  // namespace

void give_up(const std::string& sentence) {
  const std::string line = "moot_faults: " + sentence + "\n";
  kernel(SYS_write, STDERR_FILENO, pointer(line.data()), static_cast<long>(line.size()));
  std::abort();
}

Recorder& Recorder::here() {
  // Never destroyed: other libraries close their files after main has ended.
  static Recorder* const recorder = new Recorder;
  return *recorder;
}

Recorder::Recorder() : root_(environment("MOOT_DISK_ROOT")), plan_(environment("MOOT_DISK_PLAN")) {
  watched_ = std::make_unique<std::atomic<bool>[]>(kDescriptorsMax);
  if (root_.empty()) return;
  const std::string journal = environment("MOOT_DISK_JOURNAL");
  const long fd =
      kernel(SYS_openat, AT_FDCWD, pointer(journal.c_str()), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  if (fd < 0) give_up("the journal \"" + journal + "\" cannot be opened");
  // Out of the way of what the process is given.
  journal_ = static_cast<int>(kernel(SYS_fcntl, fd, F_DUPFD_CLOEXEC, 500));
  kernel(SYS_close, fd);
  if (journal_ < 0) give_up("the journal's descriptor cannot be moved");
}

std::string Recorder::watched_path(int folder, const char* path) const {
  if (root_.empty() || path == nullptr || *path == '\0') return "";
  std::string whole = path;
  if (whole.front() != '/') {
    char before[4096];
    const std::string of = folder == AT_FDCWD ? "/proc/self/cwd" : "/proc/self/fd/" + std::to_string(folder);
    const ssize_t length = ::readlink(of.c_str(), before, sizeof before);
    if (length <= 0) return "";
    whole = std::string(before, static_cast<std::size_t>(length)) + "/" + whole;
  }
  if (whole.find("/.") != std::string::npos || whole.find("//") != std::string::npos || whole.back() == '/')
    whole = std::filesystem::path(whole).lexically_normal().string();
  if (whole.size() > 1 && whole.back() == '/') whole.pop_back();
  const bool below = whole.starts_with(root_) && (whole.size() == root_.size() || whole[root_.size()] == '/');
  return below ? whole : "";
}

bool Recorder::watches(int fd) const { return fd >= 0 && fd < kDescriptorsMax && watched_[fd]; }

void Recorder::note(DiskAct act, const Name& name, std::uint64_t inode, std::uint64_t offset, std::uint64_t length,
                    std::string_view data) {
  DiskRecord record;
  record.act = act;
  record.name_bytes = static_cast<std::uint32_t>(name.path.size());
  record.other_bytes = static_cast<std::uint32_t>(name.other.size());
  record.inode = inode;
  record.offset = offset;
  record.length = length;
  // One call, so that the records of two processes do not mix.
  const iovec parts[] = {{&record, sizeof record},
                         {const_cast<char*>(name.path.data()), name.path.size()},
                         {const_cast<char*>(name.other.data()), name.other.size()},
                         {const_cast<char*>(data.data()), data.size()}};
  const std::size_t whole = sizeof record + name.path.size() + name.other.size() + data.size();
  if (kernel(SYS_writev, journal_, pointer(parts), 4) != static_cast<long>(whole))
    give_up("the journal cannot be written");
}

Strike Recorder::strike(std::string_view kind, const std::string& path) {
  Strike strike = plan_.strike(kind, path);
  if (strike.slow) {
    const timespec pause = {0, 1'000'000};
    kernel(SYS_nanosleep, pointer(&pause));
  }
  if (!strike.rule.empty()) note(DiskAct::kFault, {path, strike.rule});
  if (strike.kill_before) die_now();
  if (strike.error != 0) errno = strike.error;
  return strike;
}

void Recorder::after(const Strike& strike) {
  if (strike.kill_after) die_now();
}

void Recorder::keep(int fd, Descriptor descriptor) {
  if (fd >= kDescriptorsMax) give_up("too many open files");
  descriptors_[fd] = std::move(descriptor);
  watched_[fd] = true;
}

int Recorder::open(const std::string& path, int flags, mode_t mode) {
  // A file without a name does not survive; giving it one later would be a link from outside the root, which is told.
  if ((flags & O_TMPFILE) == O_TMPFILE)
    return static_cast<int>(kernel(SYS_openat, AT_FDCWD, pointer(path.c_str()), flags & ~O_DIRECT, mode));
  const std::lock_guard lock(mutex_);
  struct stat there = {};
  const bool existed = ::stat(path.c_str(), &there) == 0;
  const bool creates = !existed && (flags & O_CREAT) != 0;
  const bool writes = (flags & O_ACCMODE) != O_RDONLY;
  const Strike struck = creates ? strike("create", path) : existed && writes ? strike("open", path) : Strike();
  if (struck.error != 0) return -1;
  // Past the page cache or not, what is written is on disk only when it is synced.
  const int fd = static_cast<int>(kernel(SYS_openat, AT_FDCWD, pointer(path.c_str()), flags & ~O_DIRECT, mode));
  if (fd < 0) return fd;
  if (::fstat(fd, &there) != 0) give_up("an open file cannot be looked at: " + path);
  Descriptor descriptor;
  descriptor.path = path;
  descriptor.inode = there.st_ino;
  descriptor.folder = S_ISDIR(there.st_mode);
  descriptor.always_synced = (flags & O_DSYNC) != 0;  // O_SYNC holds its bit
  note(creates ? DiskAct::kCreate : DiskAct::kOpen, {path}, there.st_ino);
  if (existed && (flags & O_TRUNC) != 0 && (flags & O_ACCMODE) != O_RDONLY) note(DiskAct::kSize, {path}, there.st_ino);
  keep(fd, std::move(descriptor));
  after(struck);
  return fd;
}

ssize_t Recorder::write(int fd, const iovec* parts, int count, off_t offset) {
  const std::lock_guard lock(mutex_);
  const Descriptor& descriptor = descriptors_.at(fd);
  const Strike struck = strike("write", descriptor.path);
  if (struck.error != 0) return -1;
  std::string bytes;
  for (int i = 0; i < count; ++i) bytes.append(static_cast<const char*>(parts[i].iov_base), parts[i].iov_len);
  if (struck.half) bytes.resize((bytes.size() + 1) / 2);
  const long size = static_cast<long>(bytes.size());
  const ssize_t written = offset == kAtPosition ? kernel(SYS_write, fd, pointer(bytes.data()), size)
                                                : kernel(SYS_pwrite64, fd, pointer(bytes.data()), size, offset);
  if (written > 0) {
    const off_t at = offset == kAtPosition ? kernel(SYS_lseek, fd, 0, SEEK_CUR) - written : offset;
    note(DiskAct::kWrite, {descriptor.path}, descriptor.inode, static_cast<std::uint64_t>(at),
         static_cast<std::uint64_t>(written), std::string_view(bytes).substr(0, static_cast<std::size_t>(written)));
    if (descriptor.always_synced) note(DiskAct::kSync, {descriptor.path}, descriptor.inode);
  }
  after(struck);
  return written;
}

int Recorder::size(int fd, off_t size) {
  const std::lock_guard lock(mutex_);
  const Descriptor& descriptor = descriptors_.at(fd);
  const Strike struck = strike("size", descriptor.path);
  if (struck.error != 0) return -1;
  const int result = static_cast<int>(kernel(SYS_ftruncate, fd, size));
  if (result == 0) note(DiskAct::kSize, {descriptor.path}, descriptor.inode, 0, static_cast<std::uint64_t>(size));
  after(struck);
  return result;
}

int Recorder::room(int fd, int mode, off_t offset, off_t length) {
  const std::lock_guard lock(mutex_);
  const Descriptor& descriptor = descriptors_.at(fd);
  const Strike struck = strike("size", descriptor.path);
  if (struck.error != 0) return -1;
  struct stat before = {};
  ::fstat(fd, &before);
  const bool beyond = offset >= before.st_size;
  if (mode != 0 && mode != FALLOC_FL_KEEP_SIZE && !((mode & FALLOC_FL_KEEP_SIZE) != 0 && beyond))
    give_up("this use of fallocate is not followed: " + descriptor.path);
  const int result = static_cast<int>(kernel(SYS_fallocate, fd, mode, offset, length));
  if (result == 0 && mode == 0 && offset + length > before.st_size)
    note(DiskAct::kSize, {descriptor.path}, descriptor.inode, 0, static_cast<std::uint64_t>(offset + length));
  after(struck);
  return result;
}

int Recorder::cut(const std::string& path, off_t size) {
  const std::lock_guard lock(mutex_);
  struct stat there = {};
  if (::stat(path.c_str(), &there) != 0) return -1;
  const int result = static_cast<int>(kernel(SYS_truncate, pointer(path.c_str()), size));
  if (result != 0) return result;
  note(DiskAct::kOpen, {path}, there.st_ino);
  note(DiskAct::kSize, {path}, there.st_ino, 0, static_cast<std::uint64_t>(size));
  return result;
}

void Recorder::note_content(int fd, const Descriptor& descriptor, off_t offset, std::size_t length) {
  const std::string again = "/proc/self/fd/" + std::to_string(fd);
  const long reader = kernel(SYS_openat, AT_FDCWD, pointer(again.c_str()), O_RDONLY | O_CLOEXEC);
  if (reader < 0) give_up("a file cannot be read back: " + descriptor.path);
  std::vector<char> bytes(length);
  std::size_t got = 0;
  for (long more = 1; got < length && more > 0; got += static_cast<std::size_t>(std::max(more, 0L)))
    more = kernel(SYS_pread64, reader, pointer(bytes.data() + got), static_cast<long>(length - got),
                  offset + static_cast<long>(got));
  kernel(SYS_close, reader);
  note(DiskAct::kWrite, {descriptor.path}, descriptor.inode, static_cast<std::uint64_t>(offset), got,
       std::string_view(bytes.data(), got));
}

int Recorder::sync(int fd) {
  const std::lock_guard lock(mutex_);
  const Descriptor& descriptor = descriptors_.at(fd);
  const Strike struck = strike("sync", descriptor.path);
  if (struck.error != 0) {
    note(DiskAct::kSyncFailed, {descriptor.path}, descriptor.inode);
    return -1;
  }
  if (descriptor.stream) {
    struct stat now = {};
    ::fstat(fd, &now);
    note_content(fd, descriptor, 0, static_cast<std::size_t>(now.st_size));
  }
  note(DiskAct::kSync, {descriptor.path}, descriptor.inode);
  after(struck);
  return 0;
}

void Recorder::sync_all() {
  const std::lock_guard lock(mutex_);
  if (!root_.empty()) note(DiskAct::kSyncAll, {root_});
}

int Recorder::name_call(std::string_view kind, DiskAct act, const Name& name, long number, long a, long b, long c,
                        long d, long e) {
  const std::lock_guard lock(mutex_);
  const Strike struck = strike(kind, name.other.empty() ? name.path : name.other);
  if (struck.error != 0) return -1;
  const int result = static_cast<int>(kernel(number, a, b, c, d, e));
  if (result == 0) note(act, name);
  after(struck);
  return result;
}

int Recorder::rename(const std::string& from, const std::string& to, unsigned flags) {
  if (from.empty() || to.empty()) give_up("a rename into or out of the root is not followed: " + from + to);
  if ((flags & ~1u) != 0) give_up("this use of renameat2 is not followed: " + from);  // 1: RENAME_NOREPLACE
  return name_call("rename", DiskAct::kRename, {from, to}, SYS_renameat2, AT_FDCWD, pointer(from.c_str()), AT_FDCWD,
                   pointer(to.c_str()), static_cast<long>(flags));
}

int Recorder::link(const std::string& from, const std::string& to) {
  if (from.empty() || to.empty()) give_up("a link into or out of the root is not followed: " + from + to);
  return name_call("link", DiskAct::kLink, {from, to}, SYS_linkat, AT_FDCWD, pointer(from.c_str()), AT_FDCWD,
                   pointer(to.c_str()), 0);
}

int Recorder::unlink(const std::string& path) {
  return name_call("unlink", DiskAct::kUnlink, {path}, SYS_unlinkat, AT_FDCWD, pointer(path.c_str()), 0, 0, 0);
}

int Recorder::make_folder(const std::string& path, mode_t mode) {
  return name_call("folder", DiskAct::kMakeFolder, {path}, SYS_mkdirat, AT_FDCWD, pointer(path.c_str()),
                   static_cast<long>(mode), 0, 0);
}

int Recorder::remove_folder(const std::string& path) {
  return name_call("unlink", DiskAct::kRemoveFolder, {path}, SYS_unlinkat, AT_FDCWD, pointer(path.c_str()),
                   AT_REMOVEDIR, 0, 0);
}

void Recorder::duplicated(int from, int to) {
  const std::lock_guard lock(mutex_);
  keep(to, descriptors_.at(from));
}

void Recorder::closing(int fd) {
  const std::lock_guard lock(mutex_);
  descriptors_.erase(fd);
  watched_[fd] = false;
}

void Recorder::streamed(int fd) {
  const std::lock_guard lock(mutex_);
  descriptors_.at(fd).stream = true;
}

void Recorder::stream_opened(int fd, const std::string& path, bool existed, bool emptied) {
  const std::lock_guard lock(mutex_);
  struct stat there = {};
  ::fstat(fd, &there);
  note(existed ? DiskAct::kOpen : DiskAct::kCreate, {path}, there.st_ino);
  if (existed && emptied) note(DiskAct::kSize, {path}, there.st_ino);
  Descriptor descriptor;
  descriptor.path = path;
  descriptor.inode = there.st_ino;
  descriptor.stream = true;
  keep(fd, std::move(descriptor));
}

void Recorder::filled(int fd, off_t offset, std::size_t length) {
  const std::lock_guard lock(mutex_);
  note_content(fd, descriptors_.at(fd), offset, length);
}

}  // namespace moot
