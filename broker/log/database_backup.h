// Copies of one RocksDB (the log's, the inbox's) in a folder of their own, made while the database is in use. RocksDB's
// BackupEngine does it: tables stand once, under "shared_checksum", however many copies have them; what else a copy has
// stands under "private/<number>", and "meta/<number>" lists all of its files with their sizes and CRC32C.
//
// A copy holds everything written and synced before add() was called, and perhaps some of what is written meanwhile,
// from the beginning without a hole. It counts as made when its meta file stands, which is the last to be written and
// synced; what an interrupted one left is cleared away by the next. What is in memory only is flushed first: else up to
// 128 MB of write-ahead log would be copied anew each time.
//
// Thread: one owner, but for stop(), which may be called from any. The database's own thread goes on meanwhile.
#pragma once

#include <atomic>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "broker/core/status.h"

namespace rocksdb {
class DB;
}

namespace moot {

struct CopiedFile {
  std::string path;  // below the backup's folder
  std::uint64_t bytes = 0;
  bool operator==(const CopiedFile&) const = default;
};

struct DatabaseCopy {
  std::uint32_t number = 0;
  std::vector<CopiedFile> files;  // without the meta file
  std::uint64_t bytes = 0;
  std::uint64_t new_bytes = 0;  // of files that no copy before it had; known only to who made it
};

class DatabaseBackup {
 public:
  // `copied` is called with how many bytes are copied of how many, by the thread that copies.
  using Copied = std::function<void(std::uint64_t done, std::uint64_t total)>;

  // Makes the folder where there is none. kDisk, kCorrupt.
  static Result<std::unique_ptr<DatabaseBackup>> open(const std::filesystem::path& folder, Copied copied);
  ~DatabaseBackup();

  // Adds a copy. kDisk when the disk refuses it or has too little room, kCorrupt when what is read is damaged,
  // kUnavailable after stop(). The copies there are stay as they are.
  Status add(rocksdb::DB& database);
  const DatabaseCopy& copy() const { return copy_; }  // made by the last add
  void stop();                                        // for good
  // Deletes all other copies.
  Status keep_only(const std::set<std::uint32_t>& numbers);

 private:
  class Engine;
  DatabaseBackup(std::filesystem::path folder, Copied copied);
  Status check_room(rocksdb::DB& database);

  const std::filesystem::path folder_;
  const Copied copied_;
  std::unique_ptr<Engine> engine_;
  DatabaseCopy copy_;
  std::uint64_t to_copy_ = 0;
  std::atomic<std::uint64_t> done_{0};
};

std::filesystem::path meta_file_of_copy(std::uint32_t number);  // below the backup's folder

// Of a copy that is there, without writing to its folder.
Result<DatabaseCopy> find_copy(const std::filesystem::path& folder, std::uint32_t number);
using BytesSoFar = std::function<void(std::uint64_t bytes)>;
// Reads every file whole. kCorrupt names what is not as it was written.
Status verify_copy(const std::filesystem::path& folder, std::uint32_t number, const BytesSoFar& read);
// Writes the copy out as a database, synced; each file is checked as it is read.
Status restore_copy(const std::filesystem::path& folder, std::uint32_t number, const std::filesystem::path& to,
                    const BytesSoFar& read);
// RocksDB's number of the last write that the copy holds.
Result<std::uint64_t> last_write_in_copy(const std::filesystem::path& folder, std::uint32_t number);

}  // namespace moot
