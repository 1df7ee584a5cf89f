// Publishes the files that an agency puts into a folder, each when it has arrived whole (adapters/arrivals.h), and then
// sets it aside (adapters/set_aside.h).
//
// A file stays where it is until everything in it is acknowledged. So whatever is killed, at any moment, loses nothing:
// the file is there and is read again, and the broker knows what it has already. An absent broker is waited for; the
// folder itself is the queue meanwhile. A file that grows or is replaced while it is read is left for the next time.
// Links are not followed. The lock of FOLDER/.moot-watch.lock makes one watch at a time, whichever process it is in;
// others wait, and take over when it ends.
//
// Memory: as of one file's reader, whatever its size. Thread: one, in run().
#pragma once

#include <chrono>
#include <filesystem>
#include <functional>
#include <map>
#include <string>

#include "adapters/arrivals.h"
#include "adapters/file_publisher.h"
#include "adapters/given_mapping.h"
#include "adapters/set_aside.h"
#include "broker/wire/key_file.h"

namespace moot {

struct FolderWatchOptions {
  std::filesystem::path folder;
  FileFormat format = FileFormat::kAuto;
  GivenMapping mapping;
  std::string mapping_file;  // what the inbox is told of the mapping: where it is
  bool backfill = false;
  Limits limits;
  std::chrono::milliseconds settle{3000};
  std::chrono::seconds keep{7 * 24 * 3600};  // in done/ and partly/
  std::chrono::milliseconds patience{5000};  // with an absent broker, each time
  std::function<Result<KeyFile>()> key;      // the agency's, asked for before each file
  std::function<bool()> stop;
  // One line for whoever runs it, never a personal value; `well`: that all is as it should be.
  std::function<void(bool well, const std::string&)> log;
};

class FolderWatch {
 public:
  explicit FolderWatch(FolderWatchOptions options);
  ~FolderWatch();

  // Until a stop is asked for.
  void run();

 private:
  bool holds_lock();
  bool take_lock();
  void look();
  void take(const std::string& name);
  FileTotals publish(int fd, const std::string& name, std::string& report);
  bool refuse_unread(const std::string& name);
  bool set_aside(const std::string& name, std::uint64_t inode, const FileTotals& totals, const std::string& report);
  void tell(const std::string& line, bool well = false);
  void tell_of(const std::string& name, const std::string& line);

  const FolderWatchOptions options_;
  Arrivals arrivals_;
  const SetAside aside_;
  // Files that were published and could not be moved, as on a full disk: only the moving is tried again.
  struct Unmoved {
    std::uint64_t inode = 0;
    std::int64_t size = 0, changed_ns = 0;
    FileTotals totals;
    std::string report;
  };
  std::map<std::string, Unmoved> unmoved_;
  int lock_ = -1;
  std::string told_;                            // the last line: it is not said again and again
  std::map<std::string, std::string> told_of_;  // likewise of each file that waits
  std::chrono::steady_clock::time_point cleaned_{};
};

}  // namespace moot
