// The calls on names that the library stands before: opening, renaming, linking, removing, folders, C streams.
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <cstdarg>
#include <cstdio>
#include <cstring>

#include "tests/faults/preloaded/recorder.h"

#define STANDS_FOR(name) __asm__(name)

namespace moot {

// The C library's own streams, under names that nobody stands before.
extern "C" {
FILE* real_fopen(const char* path, const char* how) STANDS_FOR("_IO_fopen");
FILE* real_fdopen(int fd, const char* how) STANDS_FOR("_IO_fdopen");
int real_fclose(FILE* stream) STANDS_FOR("_IO_fclose");
}

namespace {

Recorder& recorder() { return Recorder::here(); }

int open_at(int folder, const char* path, int flags, mode_t mode) {
  const std::string watched = recorder().watched_path(folder, path);
  if (!watched.empty()) return recorder().open(watched, flags, mode);
  return static_cast<int>(::syscall(SYS_openat, folder, path, flags, mode));
}

// The mode is there only when a file may be made; a wrong one is not looked at otherwise.
mode_t mode_of(int flags, va_list arguments) {
  return (flags & (O_CREAT | O_TMPFILE)) != 0 ? va_arg(arguments, mode_t) : 0;
}

FILE* open_stream(const char* path, const char* how) {
  const std::string watched = recorder().watched_path(AT_FDCWD, path);
  const bool writes = std::strpbrk(how, "wa+") != nullptr;
  if (watched.empty() || !writes) return real_fopen(path, how);
  struct stat before = {};
  const bool existed = ::stat(path, &before) == 0;
  FILE* const stream = real_fopen(path, how);
  if (stream != nullptr) recorder().stream_opened(::fileno(stream), watched, existed, std::strchr(how, 'w') != nullptr);
  return stream;
}

int unlink_at(int folder, const char* path, int flags) {
  const std::string watched = recorder().watched_path(folder, path);
  if (watched.empty()) return static_cast<int>(::syscall(SYS_unlinkat, folder, path, flags));
  return (flags & AT_REMOVEDIR) != 0 ? recorder().remove_folder(watched) : recorder().unlink(watched);
}

int rename_at(int from_folder, const char* from, int to_folder, const char* to, unsigned flags) {
  const std::string old_name = recorder().watched_path(from_folder, from);
  const std::string new_name = recorder().watched_path(to_folder, to);
  if (old_name.empty() && new_name.empty())
    return static_cast<int>(::syscall(SYS_renameat2, from_folder, from, to_folder, to, flags));
  return recorder().rename(old_name, new_name, flags);
}

int link_at(int from_folder, const char* from, int to_folder, const char* to, int flags) {
  const std::string old_name = recorder().watched_path(from_folder, from);
  const std::string new_name = recorder().watched_path(to_folder, to);
  if (old_name.empty() && new_name.empty())
    return static_cast<int>(::syscall(SYS_linkat, from_folder, from, to_folder, to, flags));
  return recorder().link(old_name, new_name);
}

int make_folder_at(int folder, const char* path, mode_t mode) {
  const std::string watched = recorder().watched_path(folder, path);
  if (watched.empty()) return static_cast<int>(::syscall(SYS_mkdirat, folder, path, mode));
  return recorder().make_folder(watched, mode);
}

}  // namespace

extern "C" {

int stand_open(const char* path, int flags, ...) STANDS_FOR("open64");
int stand_open(const char* path, int flags, ...) {
  va_list arguments;
  va_start(arguments, flags);
  const mode_t mode = mode_of(flags, arguments);
  va_end(arguments);
  return open_at(AT_FDCWD, path, flags, mode);
}

int stand_open_short(const char* path, int flags, ...) STANDS_FOR("open");
int stand_open_short(const char* path, int flags, ...) {
  va_list arguments;
  va_start(arguments, flags);
  const mode_t mode = mode_of(flags, arguments);
  va_end(arguments);
  return open_at(AT_FDCWD, path, flags, mode);
}

int stand_openat(int folder, const char* path, int flags, ...) STANDS_FOR("openat64");
int stand_openat(int folder, const char* path, int flags, ...) {
  va_list arguments;
  va_start(arguments, flags);
  const mode_t mode = mode_of(flags, arguments);
  va_end(arguments);
  return open_at(folder, path, flags, mode);
}

int stand_openat_short(int folder, const char* path, int flags, ...) STANDS_FOR("openat");
int stand_openat_short(int folder, const char* path, int flags, ...) {
  va_list arguments;
  va_start(arguments, flags);
  const mode_t mode = mode_of(flags, arguments);
  va_end(arguments);
  return open_at(folder, path, flags, mode);
}

// What a fortified program calls.
int stand_open_2(const char* path, int flags) STANDS_FOR("__open_2");
int stand_open_2(const char* path, int flags) { return open_at(AT_FDCWD, path, flags, 0); }
int stand_open64_2(const char* path, int flags) STANDS_FOR("__open64_2");
int stand_open64_2(const char* path, int flags) { return open_at(AT_FDCWD, path, flags, 0); }
int stand_openat_2(int folder, const char* path, int flags) STANDS_FOR("__openat_2");
int stand_openat_2(int folder, const char* path, int flags) { return open_at(folder, path, flags, 0); }
int stand_openat64_2(int folder, const char* path, int flags) STANDS_FOR("__openat64_2");
int stand_openat64_2(int folder, const char* path, int flags) { return open_at(folder, path, flags, 0); }

int stand_creat(const char* path, mode_t mode) STANDS_FOR("creat");
int stand_creat(const char* path, mode_t mode) { return open_at(AT_FDCWD, path, O_CREAT | O_WRONLY | O_TRUNC, mode); }
int stand_creat64(const char* path, mode_t mode) STANDS_FOR("creat64");
int stand_creat64(const char* path, mode_t mode) { return stand_creat(path, mode); }

FILE* stand_fopen(const char* path, const char* how) STANDS_FOR("fopen");
FILE* stand_fopen(const char* path, const char* how) { return open_stream(path, how); }
FILE* stand_fopen64(const char* path, const char* how) STANDS_FOR("fopen64");
FILE* stand_fopen64(const char* path, const char* how) { return open_stream(path, how); }

FILE* stand_fdopen(int fd, const char* how) STANDS_FOR("fdopen");
FILE* stand_fdopen(int fd, const char* how) {
  if (recorder().watches(fd)) recorder().streamed(fd);
  return real_fdopen(fd, how);
}

int stand_fclose(FILE* stream) STANDS_FOR("fclose");
int stand_fclose(FILE* stream) {
  const int fd = ::fileno(stream);
  if (recorder().watches(fd)) recorder().closing(fd);
  return real_fclose(stream);
}

int stand_truncate(const char* path, off_t size) STANDS_FOR("truncate");
int stand_truncate(const char* path, off_t size) {
  const std::string watched = recorder().watched_path(AT_FDCWD, path);
  return watched.empty() ? static_cast<int>(::syscall(SYS_truncate, path, size)) : recorder().cut(watched, size);
}
int stand_truncate64(const char* path, off_t size) STANDS_FOR("truncate64");
int stand_truncate64(const char* path, off_t size) { return stand_truncate(path, size); }

int stand_rename(const char* from, const char* to) STANDS_FOR("rename");
int stand_rename(const char* from, const char* to) { return rename_at(AT_FDCWD, from, AT_FDCWD, to, 0); }
int stand_renameat(int from_folder, const char* from, int to_folder, const char* to) STANDS_FOR("renameat");
int stand_renameat(int from_folder, const char* from, int to_folder, const char* to) {
  return rename_at(from_folder, from, to_folder, to, 0);
}
int stand_renameat2(int from_folder, const char* from, int to_folder, const char* to, unsigned flags)
    STANDS_FOR("renameat2");
int stand_renameat2(int from_folder, const char* from, int to_folder, const char* to, unsigned flags) {
  return rename_at(from_folder, from, to_folder, to, flags);
}

int stand_link(const char* from, const char* to) STANDS_FOR("link");
int stand_link(const char* from, const char* to) { return link_at(AT_FDCWD, from, AT_FDCWD, to, 0); }
int stand_linkat(int from_folder, const char* from, int to_folder, const char* to, int flags) STANDS_FOR("linkat");
int stand_linkat(int from_folder, const char* from, int to_folder, const char* to, int flags) {
  return link_at(from_folder, from, to_folder, to, flags);
}

int stand_symlink(const char* target, const char* path) STANDS_FOR("symlink");
int stand_symlink(const char* target, const char* path) {
  if (!recorder().watched_path(AT_FDCWD, path).empty()) give_up("a symbolic link is not followed");
  return static_cast<int>(::syscall(SYS_symlinkat, target, AT_FDCWD, path));
}

int stand_unlink(const char* path) STANDS_FOR("unlink");
int stand_unlink(const char* path) { return unlink_at(AT_FDCWD, path, 0); }
int stand_unlinkat(int folder, const char* path, int flags) STANDS_FOR("unlinkat");
int stand_unlinkat(int folder, const char* path, int flags) { return unlink_at(folder, path, flags); }
int stand_rmdir(const char* path) STANDS_FOR("rmdir");
int stand_rmdir(const char* path) { return unlink_at(AT_FDCWD, path, AT_REMOVEDIR); }
int stand_remove(const char* path) STANDS_FOR("remove");
int stand_remove(const char* path) {
  struct stat there = {};
  const bool folder = ::lstat(path, &there) == 0 && S_ISDIR(there.st_mode);
  return unlink_at(AT_FDCWD, path, folder ? AT_REMOVEDIR : 0);
}

int stand_mkdir(const char* path, mode_t mode) STANDS_FOR("mkdir");
int stand_mkdir(const char* path, mode_t mode) { return make_folder_at(AT_FDCWD, path, mode); }
int stand_mkdirat(int folder, const char* path, mode_t mode) STANDS_FOR("mkdirat");
int stand_mkdirat(int folder, const char* path, mode_t mode) { return make_folder_at(folder, path, mode); }

}  // extern "C"
}  // namespace moot
