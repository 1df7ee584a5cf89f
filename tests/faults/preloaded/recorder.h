// Watches what a process does to the files below one folder, and writes it down (tests/faults/disk_record.h), so that a
// test can build what a disk would hold after a power cut at any record. Loaded in front of the C library by
// LD_PRELOAD; the calls it stands before are in file_calls.cc and name_calls.cc.
//
//   MOOT_DISK_ROOT      the folder, absolute; without it nothing is watched
//   MOOT_DISK_JOURNAL   the journal, which is appended to; several processes may share one
//   MOOT_DISK_PLAN      a fault plan (fault_plan.h), may be absent
//
// Nothing is really synced: a journal and page cache that outlive the process are all that is wanted of the real disk.
// A call that this cannot follow ends the process with a sentence, so that no test passes on what it did not see.
//
// Thread: any; one lock around each call and its record, so that records stand in the order of the calls.
#pragma once

#include <sys/types.h>
#include <sys/uio.h>

#include <atomic>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>

#include "tests/faults/disk_record.h"
#include "tests/faults/preloaded/fault_plan.h"

namespace moot {

[[noreturn]] void give_up(const std::string& sentence);

class Recorder {
 public:
  static constexpr off_t kAtPosition = -1;
  static Recorder& here();

  // Of a path as a call has it; empty when it is not below the root.
  std::string watched_path(int folder, const char* path) const;
  bool watches(int fd) const;

  // As the calls of these names: -1 and errno when they fail.
  int open(const std::string& path, int flags, mode_t mode);
  ssize_t write(int fd, const iovec* parts, int count, off_t offset);
  int size(int fd, off_t size);
  // Room made with fallocate; one that keeps the size changes nothing that counts.
  int room(int fd, int mode, off_t offset, off_t length);
  int sync(int fd);
  void sync_all();
  int rename(const std::string& from, const std::string& to, unsigned flags);
  int link(const std::string& from, const std::string& to);
  int unlink(const std::string& path);
  int make_folder(const std::string& path, mode_t mode);
  int remove_folder(const std::string& path);
  int cut(const std::string& path, off_t size);  // truncate

  void duplicated(int from, int to);
  void closing(int fd);
  // A C stream stands over the descriptor: its writes are not seen, so what it holds is written down at its sync.
  void streamed(int fd);
  // A stream was opened by name.
  void stream_opened(int fd, const std::string& path, bool existed, bool emptied);
  // Bytes came into the file by a call that shows none (sendfile, copy_file_range).
  void filled(int fd, off_t offset, std::size_t length);

 private:
  struct Descriptor {
    std::string path;
    std::uint64_t inode = 0;
    bool folder = false;
    bool stream = false;
    bool always_synced = false;  // O_SYNC, O_DSYNC
  };
  struct Name {
    std::string path;
    std::string other = {};
  };

  Recorder();
  Strike strike(std::string_view kind, const std::string& path);
  void after(const Strike& strike);
  void note(DiskAct act, const Name& name, std::uint64_t inode = 0, std::uint64_t offset = 0, std::uint64_t length = 0,
            std::string_view data = {});
  int name_call(std::string_view kind, DiskAct act, const Name& name, long number, long a, long b, long c, long d,
                long e);
  void keep(int fd, Descriptor descriptor);
  void note_content(int fd, const Descriptor& descriptor, off_t offset, std::size_t length);

  static constexpr int kDescriptorsMax = 1 << 16;
  std::string root_;
  int journal_ = -1;
  std::mutex mutex_;  // guards everything below
  FaultPlan plan_;
  std::unordered_map<int, Descriptor> descriptors_;
  std::unique_ptr<std::atomic<bool>[]> watched_;  // by descriptor; read without the lock
};

}  // namespace moot
