#include "consumers/linkage/in_parallel.h"

#include <pthread.h>

#include <algorithm>
#include <atomic>
#include <csignal>
#include <cstdlib>
#include <system_error>
#include <thread>
#include <vector>

namespace moot {

std::size_t linkage_threads() {
  constexpr std::size_t kThreadsMax = 64;
  const char* told = std::getenv("MOOT_LINKAGE_THREADS");
  const std::size_t wanted = told == nullptr ? std::thread::hardware_concurrency() : std::strtoul(told, nullptr, 10);
  return std::clamp<std::size_t>(wanted, 1, kThreadsMax);
}

void in_parallel(std::size_t parts, const std::function<void(std::size_t, std::size_t)>& work) {
  const std::size_t threads = std::min(linkage_threads(), parts);
  if (threads <= 1) {
    for (std::size_t part = 0; part < parts; ++part) work(part, 0);
    return;
  }
  std::atomic<std::size_t> next = 0;
  const auto take = [&](std::size_t thread) {
    for (std::size_t part = next++; part < parts; part = next++) work(part, thread);
  };
  const auto take_beside = [&](std::size_t thread) {
    pthread_setname_np(pthread_self(), "linkage");
    sigset_t all;  // signals are the main thread's business
    sigfillset(&all);
    pthread_sigmask(SIG_BLOCK, &all, nullptr);
    take(thread);
  };
  std::vector<std::jthread> others;
  try {
    for (std::size_t thread = 1; thread < threads; ++thread) others.emplace_back(take_beside, thread);
  } catch (const std::system_error&) {  // the system has no more threads for us: those there are do all of it
  }
  take(0);
}

}  // namespace moot
