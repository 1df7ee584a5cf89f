#include "deploy/stop_signal.h"

#include <unistd.h>

#include <atomic>
#include <csignal>

namespace moot {

namespace {

std::atomic<bool> stop_asked{false};
static_assert(std::atomic<bool>::is_always_lock_free);  // the handler may touch nothing else

void on_signal(int) {
  // Ending at once is safe: everything acknowledged is on disk.
  if (stop_asked.exchange(true)) ::_exit(130);
}

}  // namespace

StopSignal::StopSignal() {
  struct sigaction action = {};
  action.sa_handler = on_signal;
  sigemptyset(&action.sa_mask);
  for (const int signal : {SIGINT, SIGTERM}) sigaction(signal, &action, nullptr);
}

bool StopSignal::asked() const { return stop_asked; }

}  // namespace moot
