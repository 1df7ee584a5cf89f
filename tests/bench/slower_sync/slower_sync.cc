// Loaded in front of the C library by `tests/bench/run --slower-sync MICROSECONDS`: every fsync and fdatasync takes so
// much longer, in the servers, their peers and the bench's own disk alike. The disk of a bench may sync in a tenth of a
// millisecond, an office's small box in several; how a log fares there is another question than how much it computes.
// Not for programs that call the system themselves, as Go's do: of the peers only JetStream, which does not sync.
#include <dlfcn.h>
#include <time.h>

#include <cerrno>
#include <cstdlib>

namespace {

using Sync = int (*)(int);

int slower(const char* name, int fd) {
  static const long us = [] {
    const char* text = std::getenv("MOOT_SLOWER_SYNC_US");
    return text == nullptr ? 0L : std::strtol(text, nullptr, 10);
  }();
  const int result = reinterpret_cast<Sync>(::dlsym(RTLD_NEXT, name))(fd);
  const int error = errno;
  timespec left = {us / 1'000'000, us % 1'000'000 * 1000};
  while (::nanosleep(&left, &left) != 0 && errno == EINTR) {
  }
  errno = error;
  return result;
}

}  // namespace

extern "C" int fsync(int fd) { return slower("fsync", fd); }
extern "C" int fdatasync(int fd) { return slower("fdatasync", fd); }
