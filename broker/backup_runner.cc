#include "broker/backup_runner.h"

#include <pthread.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <csignal>

namespace moot {

namespace {

// Of this thread and those it starts. Where it is refused, the backup is only less polite.
void give_way() {
  constexpr int kNice = 10;
  constexpr int kOneThread = 1;            // IOPRIO_WHO_PROCESS
  constexpr int kIdleAtTheDisk = 3 << 13;  // IOPRIO_CLASS_IDLE
  const auto self = static_cast<id_t>(::syscall(SYS_gettid));
  (void)::setpriority(PRIO_PROCESS, self, kNice);
  (void)::syscall(SYS_ioprio_set, kOneThread, 0, kIdleAtTheDisk);
}

v1::BackupState state_of(const Result<BackupDone>& result) {
  v1::BackupState state;
  if (!result.ok()) {
    state.mutable_failure()->set_code(static_cast<std::uint32_t>(result.status().code()));
    state.mutable_failure()->set_reason(result.status().message());
    return state;
  }
  const BackupDone& done = result.value();
  state.set_generation(done.manifest.generation);
  state.set_events(done.manifest.events);
  state.set_recorded(done.manifest.recorded);
  state.set_bytes(done.manifest.bytes());
  state.set_new_bytes(done.new_bytes);
  state.set_note(done.note);
  if (!done.keys) return state;
  state.mutable_keys()->set_generation(done.keys->manifest.generation);
  state.mutable_keys()->set_files(done.keys->manifest.files.size());
  state.mutable_keys()->set_new_files(done.keys->new_files);
  return state;
}

}  // namespace

BackupRunner::~BackupRunner() {
  if (!thread_.joinable()) return;
  run_->stop();
  thread_.join();
}

// Takes note of a backup that has ended.
void BackupRunner::settle() {
  if (!thread_.joinable() || !finished_) return;
  thread_.join();
  run_.reset();
  outcome_.set_number(last_number_);
  ended_[last_number_] = outcome_;
  if (ended_.size() > kRemembered) ended_.erase(ended_.begin());
}

Result<std::uint64_t> BackupRunner::start(const v1::BackupStart& order) {
  settle();
  if (run_) return Status(Code::kExists, "a backup is being made already; try again when it is done");
  BackupOrder wanted{order.to(), order.keys_to(), order.keep() == 0 ? kGenerationsKept : order.keep(),
                     parts_.log->end_offset()};
  run_ = std::make_unique<BackupRun>(parts_, std::move(wanted));
  finished_ = false;
  ++last_number_;
  thread_ = std::thread([this] {
    pthread_setname_np(pthread_self(), "backup");
    sigset_t all;  // signals are the main thread's business
    sigfillset(&all);
    pthread_sigmask(SIG_BLOCK, &all, nullptr);
    give_way();
    try {
      outcome_ = state_of(run_->run());
    } catch (const std::exception& error) {  // of a library, on what it does not expect of the disk
      outcome_ = state_of(Status(Code::kDisk, error.what()));
    }
    finished_ = true;
  });
  return last_number_;
}

Result<v1::BackupState> BackupRunner::state(std::uint64_t number) {
  settle();
  const auto found = ended_.find(number);
  if (found != ended_.end()) return found->second;
  if (!run_ || number != last_number_)
    return Status(Code::kNotFound, "the broker knows of no backup " + std::to_string(number));
  v1::BackupState state;
  state.set_number(number);
  state.set_running(true);
  state.set_done_bytes(run_->done_bytes());
  state.set_total_bytes(run_->total_bytes());
  return state;
}

}  // namespace moot
