// Runs backups, one at a time, each on a thread of its own, so that the bus goes on; remembers how the last ones ended.
//
// The thread gives way to all others (nice, and idle priority at the disk where the scheduler knows it); RocksDB's
// copying threads, which it starts, inherit that. Thread: the bus owns it; one that is being destroyed stops the backup
// and waits for it.
#pragma once

#include <atomic>
#include <cstdint>
#include <map>
#include <memory>
#include <thread>

#include "broker/backup_run.h"
#include "broker/core/status.h"
#include "proto/bus.pb.h"

namespace moot {

class BackupRunner {
 public:
  explicit BackupRunner(const BackupRun::Parts& parts) : parts_(parts) {}
  ~BackupRunner();

  // The number to ask after. kExists while another is being made.
  Result<std::uint64_t> start(const v1::BackupStart& order);
  // kNotFound for one that is not remembered any more.
  Result<v1::BackupState> state(std::uint64_t number);

 private:
  static constexpr std::size_t kRemembered = 16;
  void settle();

  const BackupRun::Parts parts_;
  // Owned by the bus thread.
  std::uint64_t last_number_ = 0;
  std::map<std::uint64_t, v1::BackupState> ended_;
  std::unique_ptr<BackupRun> run_;  // while there is one
  std::thread thread_;
  // Written by the backup's thread before it sets finished_.
  v1::BackupState outcome_;
  std::atomic<bool> finished_{false};
};

}  // namespace moot
