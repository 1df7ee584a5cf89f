// The wall clock of the process, set forward and back by a test: eight bytes in the file MOOT_CLOCK_FILE, microseconds
// added to the real time, looked at anew by every call. Clocks that only measure are left alone.
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

#include <atomic>
#include <cstdint>
#include <cstdlib>

#define STANDS_FOR(name) __asm__(name)

namespace moot {
namespace {

const std::atomic<std::int64_t>* mapped_offset() {
  const char* file = std::getenv("MOOT_CLOCK_FILE");
  if (file == nullptr) return nullptr;
  const long fd = ::syscall(SYS_openat, AT_FDCWD, file, O_RDONLY | O_CLOEXEC, 0);
  if (fd < 0) return nullptr;
  const long at = ::syscall(SYS_mmap, nullptr, sizeof(std::int64_t), PROT_READ, MAP_SHARED, fd, 0L);
  ::syscall(SYS_close, fd);
  return at < 0 && at > -4096 ? nullptr : reinterpret_cast<const std::atomic<std::int64_t>*>(at);
}

int wall_clock(clockid_t clock, timespec* now) {
  static const std::atomic<std::int64_t>* const offset = mapped_offset();
  const int result = static_cast<int>(::syscall(SYS_clock_gettime, clock, now));
  const bool wall = clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE;
  if (result != 0 || offset == nullptr || !wall) return result;
  const std::int64_t us = now->tv_sec * 1'000'000 + now->tv_nsec / 1000 + offset->load();
  now->tv_sec = us / 1'000'000;
  now->tv_nsec = us % 1'000'000 * 1000 + now->tv_nsec % 1000;
  return 0;
}

}  // namespace

extern "C" {

int stand_clock_gettime(clockid_t clock, timespec* now) STANDS_FOR("clock_gettime");
int stand_clock_gettime(clockid_t clock, timespec* now) { return wall_clock(clock, now); }

int stand_gettimeofday(timeval* now, void*) STANDS_FOR("gettimeofday");
int stand_gettimeofday(timeval* now, void*) {
  timespec fine = {};
  const int result = wall_clock(CLOCK_REALTIME, &fine);
  now->tv_sec = fine.tv_sec;
  now->tv_usec = fine.tv_nsec / 1000;
  return result;
}

time_t stand_time(time_t* now) STANDS_FOR("time");
time_t stand_time(time_t* now) {
  timespec fine = {};
  wall_clock(CLOCK_REALTIME, &fine);
  if (now != nullptr) *now = fine.tv_sec;
  return fine.tv_sec;
}

}  // extern "C"
}  // namespace moot
