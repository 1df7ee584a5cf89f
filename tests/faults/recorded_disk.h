// What a disk would hold if the power failed while a recorded process was at work, by strict POSIX rules: a file's
// bytes and size are there once that file was synced, a name, a rename or a removal once its folder was synced. Of what
// was not synced, anything may be there: that is what a seed chooses.
//
// Built from what the folder held before (a copy, left as it is) and the journal of the preloaded library
// (tests/faults/preloaded/recorder.h). Played forward record by record; at any record survivors can be built.
//
// Throws std::runtime_error on a journal that does not fit. Thread: one, the test's.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "tests/faults/disk_record.h"

namespace moot {

// What became of the unsynced.
enum class Survival {
  kNothing,     // all of it is gone
  kEverything,  // all of it is there
  kPrefix,      // of each file the first writes, the last of these torn at a sector; of each folder the first changes
  kScattered,   // of each file any sectors of any writes, with zeroes or old bytes between; folders as above
};
constexpr int kSurvivals = 4;
const char* word_of(Survival survival);

struct Operation {
  DiskAct act;
  std::string path;   // of the record; below the root: "/data/log/000004.log"
  std::string other;  // likewise; of a fault the rule
  std::uint64_t inode = 0;
  std::size_t end = 0;  // where in the journal the record ends: after so many bytes it had happened
};

struct SurvivorFigures {
  std::uint64_t lost_bytes = 0;      // written, not synced, not there
  std::uint64_t kept_bytes = 0;      // written, not synced, there
  std::uint64_t torn_writes = 0;     // of which a part is there
  std::uint64_t lost_log_bytes = 0;  // the same of files in a folder called "log"
  std::uint64_t kept_log_bytes = 0;
  std::uint64_t lost_names = 0;  // changes of folders
  std::uint64_t kept_names = 0;
};

class RecordedDisk {
 public:
  // `before`: a copy of the folder when the recording began. `root`: where the recorded process had it.
  RecordedDisk(const std::filesystem::path& before, std::filesystem::path root, const std::filesystem::path& journal);
  ~RecordedDisk();

  const std::vector<Operation>& operations() const { return operations_; }
  // So that the first `count` operations have happened. Never back.
  void play_to(std::size_t count);
  // Writes what survives into `into`, which is made.
  SurvivorFigures survive(const std::filesystem::path& into, Survival survival, unsigned seed) const;

 private:
  struct File;
  struct Folder;
  struct Node;
  using NodeRef = std::shared_ptr<Node>;
  struct Change;
  struct Builder;

  void read(const std::filesystem::path& journal);
  NodeRef load(const std::filesystem::path& path) const;
  void apply(const Operation& operation, const DiskRecord& record, std::string_view data);
  void change_names(const Operation& operation, std::uint64_t inode);
  void write(const NodeRef& node, const DiskRecord& record, std::string_view data) const;
  static void sync(Node& node);
  static void sync_below(Node& node);
  Node& folder_of(const std::string& path) const;
  NodeRef find(const std::string& path) const;
  std::string below_root(std::string_view path) const;

  const std::filesystem::path root_;
  std::string journal_;
  std::vector<Operation> operations_;
  std::size_t played_ = 0;
  NodeRef top_;
  std::map<std::uint64_t, NodeRef> by_inode_;
};

}  // namespace moot
