// The calls on open files that the library stands before, each under all the names the C library has for it. What is
// not below the root goes straight to the kernel.
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#include <cerrno>
#include <cstdarg>
#include <cstddef>

#include "tests/faults/preloaded/recorder.h"

// These names are the C library's, declared there with attributes of its own; so here they go by symbols of our own
// that are exported under its names.
#define STANDS_FOR(name) __asm__(name)

namespace moot {
namespace {

Recorder& recorder() { return Recorder::here(); }

ssize_t write_parts(int fd, const iovec* parts, int count, off_t offset) {
  return recorder().write(fd, parts, count, offset);
}

ssize_t write_one(int fd, const void* bytes, std::size_t size, off_t offset) {
  const iovec part = {const_cast<void*>(bytes), size};
  return write_parts(fd, &part, 1, offset);
}

int duplicate(int fd, int copy) {
  if (copy >= 0 && copy != fd) {
    if (recorder().watches(copy)) recorder().closing(copy);
    if (recorder().watches(fd)) recorder().duplicated(fd, copy);
  }
  return copy;
}

int error_of(int result) { return result == 0 ? 0 : errno; }  // as the posix_ functions return it

}  // namespace

extern "C" {

ssize_t stand_write(int fd, const void* bytes, std::size_t size) STANDS_FOR("write");
ssize_t stand_write(int fd, const void* bytes, std::size_t size) {
  if (recorder().watches(fd)) return write_one(fd, bytes, size, Recorder::kAtPosition);
  return ::syscall(SYS_write, fd, bytes, size);
}

ssize_t stand_pwrite(int fd, const void* bytes, std::size_t size, off_t offset) STANDS_FOR("pwrite");
ssize_t stand_pwrite(int fd, const void* bytes, std::size_t size, off_t offset) {
  if (recorder().watches(fd)) return write_one(fd, bytes, size, offset);
  return ::syscall(SYS_pwrite64, fd, bytes, size, offset);
}

ssize_t stand_pwrite64(int fd, const void* bytes, std::size_t size, off_t offset) STANDS_FOR("pwrite64");
ssize_t stand_pwrite64(int fd, const void* bytes, std::size_t size, off_t offset) {
  return stand_pwrite(fd, bytes, size, offset);
}

ssize_t stand_writev(int fd, const iovec* parts, int count) STANDS_FOR("writev");
ssize_t stand_writev(int fd, const iovec* parts, int count) {
  if (recorder().watches(fd)) return write_parts(fd, parts, count, Recorder::kAtPosition);
  return ::syscall(SYS_writev, fd, parts, count);
}

ssize_t stand_pwritev(int fd, const iovec* parts, int count, off_t offset) STANDS_FOR("pwritev");
ssize_t stand_pwritev(int fd, const iovec* parts, int count, off_t offset) {
  if (recorder().watches(fd)) return write_parts(fd, parts, count, offset);
  return ::syscall(SYS_pwritev, fd, parts, count, offset, 0);
}

ssize_t stand_pwritev64(int fd, const iovec* parts, int count, off_t offset) STANDS_FOR("pwritev64");
ssize_t stand_pwritev64(int fd, const iovec* parts, int count, off_t offset) {
  return stand_pwritev(fd, parts, count, offset);
}

ssize_t stand_pwritev2(int fd, const iovec* parts, int count, off_t offset, int flags) STANDS_FOR("pwritev2");
ssize_t stand_pwritev2(int fd, const iovec* parts, int count, off_t offset, int flags) {
  if (recorder().watches(fd)) give_up("pwritev2 is not followed");
  return ::syscall(SYS_pwritev2, fd, parts, count, offset, 0, flags);
}

int stand_close(int fd) STANDS_FOR("close");
int stand_close(int fd) {
  if (recorder().watches(fd)) recorder().closing(fd);
  return static_cast<int>(::syscall(SYS_close, fd));
}

int stand_dup(int fd) STANDS_FOR("dup");
int stand_dup(int fd) { return duplicate(fd, static_cast<int>(::syscall(SYS_dup, fd))); }

int stand_dup2(int fd, int to) STANDS_FOR("dup2");
int stand_dup2(int fd, int to) {
  if (fd == to) return static_cast<int>(::syscall(SYS_fcntl, fd, F_GETFD)) < 0 ? -1 : fd;
  return duplicate(fd, static_cast<int>(::syscall(SYS_dup3, fd, to, 0)));
}

int stand_dup3(int fd, int to, int flags) STANDS_FOR("dup3");
int stand_dup3(int fd, int to, int flags) {
  return duplicate(fd, static_cast<int>(::syscall(SYS_dup3, fd, to, flags)));
}

int stand_fcntl(int fd, int command, ...) STANDS_FOR("fcntl64");
int stand_fcntl(int fd, int command, ...) {
  va_list arguments;
  va_start(arguments, command);
  const long argument = va_arg(arguments, long);
  va_end(arguments);
  const int result = static_cast<int>(::syscall(SYS_fcntl, fd, command, argument));
  return command == F_DUPFD || command == F_DUPFD_CLOEXEC ? duplicate(fd, result) : result;
}

int stand_fcntl_short(int fd, int command, ...) STANDS_FOR("fcntl");
int stand_fcntl_short(int fd, int command, ...) {
  va_list arguments;
  va_start(arguments, command);
  const long argument = va_arg(arguments, long);
  va_end(arguments);
  return stand_fcntl(fd, command, argument);
}

int stand_ftruncate(int fd, off_t size) STANDS_FOR("ftruncate");
int stand_ftruncate(int fd, off_t size) {
  return recorder().watches(fd) ? recorder().size(fd, size) : static_cast<int>(::syscall(SYS_ftruncate, fd, size));
}

int stand_ftruncate64(int fd, off_t size) STANDS_FOR("ftruncate64");
int stand_ftruncate64(int fd, off_t size) { return stand_ftruncate(fd, size); }

int stand_fallocate(int fd, int mode, off_t offset, off_t length) STANDS_FOR("fallocate");
int stand_fallocate(int fd, int mode, off_t offset, off_t length) {
  if (recorder().watches(fd)) return recorder().room(fd, mode, offset, length);
  return static_cast<int>(::syscall(SYS_fallocate, fd, mode, offset, length));
}

int stand_fallocate64(int fd, int mode, off_t offset, off_t length) STANDS_FOR("fallocate64");
int stand_fallocate64(int fd, int mode, off_t offset, off_t length) {
  return stand_fallocate(fd, mode, offset, length);
}

int stand_posix_fallocate(int fd, off_t offset, off_t length) STANDS_FOR("posix_fallocate");
int stand_posix_fallocate(int fd, off_t offset, off_t length) {
  return error_of(stand_fallocate(fd, 0, offset, length));
}

int stand_posix_fallocate64(int fd, off_t offset, off_t length) STANDS_FOR("posix_fallocate64");
int stand_posix_fallocate64(int fd, off_t offset, off_t length) { return stand_posix_fallocate(fd, offset, length); }

int stand_fsync(int fd) STANDS_FOR("fsync");
int stand_fsync(int fd) {
  return recorder().watches(fd) ? recorder().sync(fd) : static_cast<int>(::syscall(SYS_fsync, fd));
}

int stand_fdatasync(int fd) STANDS_FOR("fdatasync");
int stand_fdatasync(int fd) {
  return recorder().watches(fd) ? recorder().sync(fd) : static_cast<int>(::syscall(SYS_fdatasync, fd));
}

// Starts writing back, and promises nothing.
int stand_sync_file_range(int fd, off_t offset, off_t length, unsigned flags) STANDS_FOR("sync_file_range");
int stand_sync_file_range(int fd, off_t offset, off_t length, unsigned flags) {
  if (recorder().watches(fd)) return 0;
  return static_cast<int>(::syscall(SYS_sync_file_range, fd, offset, length, flags));
}

int stand_syncfs(int fd) STANDS_FOR("syncfs");
int stand_syncfs(int fd) {
  if (!recorder().watches(fd)) return static_cast<int>(::syscall(SYS_syncfs, fd));
  recorder().sync_all();
  return 0;
}

void stand_sync() STANDS_FOR("sync");
void stand_sync() { recorder().sync_all(); }

void* stand_mmap(void* at, std::size_t size, int protection, int flags, int fd, off_t offset) STANDS_FOR("mmap");
void* stand_mmap(void* at, std::size_t size, int protection, int flags, int fd, off_t offset) {
  if ((flags & MAP_SHARED) != 0 && (protection & PROT_WRITE) != 0 && recorder().watches(fd))
    give_up("a shared writable mapping is not followed");
  return reinterpret_cast<void*>(::syscall(SYS_mmap, at, size, protection, flags, fd, offset));
}

void* stand_mmap64(void* at, std::size_t size, int protection, int flags, int fd, off_t offset) STANDS_FOR("mmap64");
void* stand_mmap64(void* at, std::size_t size, int protection, int flags, int fd, off_t offset) {
  return stand_mmap(at, size, protection, flags, fd, offset);
}

ssize_t stand_sendfile(int to, int from, off_t* offset, std::size_t size) STANDS_FOR("sendfile");
ssize_t stand_sendfile(int to, int from, off_t* offset, std::size_t size) {
  const ssize_t sent = ::syscall(SYS_sendfile, to, from, offset, size);
  if (sent > 0 && recorder().watches(to))
    recorder().filled(to, ::lseek(to, 0, SEEK_CUR) - sent, static_cast<std::size_t>(sent));
  return sent;
}

ssize_t stand_sendfile64(int to, int from, off_t* offset, std::size_t size) STANDS_FOR("sendfile64");
ssize_t stand_sendfile64(int to, int from, off_t* offset, std::size_t size) {
  return stand_sendfile(to, from, offset, size);
}

ssize_t stand_copy_file_range(int from, off_t* from_offset, int to, off_t* to_offset, std::size_t size, unsigned flags)
    STANDS_FOR("copy_file_range");
ssize_t stand_copy_file_range(int from, off_t* from_offset, int to, off_t* to_offset, std::size_t size,
                              unsigned flags) {
  const ssize_t copied = ::syscall(SYS_copy_file_range, from, from_offset, to, to_offset, size, flags);
  if (copied > 0 && recorder().watches(to))
    recorder().filled(to, (to_offset == nullptr ? ::lseek(to, 0, SEEK_CUR) : *to_offset) - copied,
                      static_cast<std::size_t>(copied));
  return copied;
}

}  // extern "C"
}  // namespace moot
