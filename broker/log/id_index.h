// The index of keys: what the log remembers of each, for ever. Derived: every entry also stands in the head of its
// block, so what the index lacks after a crash is read again from the last heads.
//
//   recent    a table in memory, up to kRunEntries entries
//   frozen    the one before, while a thread of its own writes it out; read as before
//   runs      sorted tables in the column family "ids", taken in whole; RocksDB merges them to a few in the background.
//             A filter in memory says of nearly every new key that they do not hold it (key_filter.h)
//
//   key (16 bytes) -> value:be64 content (16 bytes)
//   "\0"           -> through:be64    the entries of all blocks below this offset are in the runs; in every run
//
// Example: a run of two keys, through offset 2:   00 -> 00 … 02    3f a1 … -> 00 … 00 <content>    c7 09 … -> 00 … 01 …
//
// Memory: about 20 MB for each of the two tables, and of the runs 2 bytes of filter a key, up to a ceiling. When both
// tables are full, put_in_runs waits for the disk: the log cannot outrun its index. Thread: one owner; the thread that
// writes a run reads the frozen table and the filter, which do not change meanwhile, and touches RocksDB.
#pragma once

#include <future>
#include <memory>
#include <optional>

#include "broker/core/ids.h"
#include "broker/core/status.h"
#include "broker/log/event_log.h"
#include "broker/log/key_filter.h"
#include "broker/log/key_table.h"
#include "broker/log/log_database.h"

namespace moot {

class IdIndex {
 public:
  static constexpr std::size_t kRunEntries = 368 * 1024;  // a few more would take twice the memory

  // `run_entries` is smaller only in tests.
  explicit IdIndex(const LogDatabase& database, std::size_t run_entries = kRunEntries);
  ~IdIndex();  // waits for a run being written

  // Every block below this offset is in the runs.
  Result<Offset> through() const;
  // Before the first add: loads the filter of the runs, or makes it anew where its files do not tell of all of them.
  // An index that is only read does without.
  Status open_filter();

  void add(const IndexEntry& entry);
  // To be called between blocks: writes the recent entries out as a run when they are many. `end` is one past the last
  // block whose entries were added. An error is that of this run or of an earlier one.
  Status put_in_runs(Offset end);
  Result<std::optional<Known>> find(const EventKey& key) const;

 private:
  KeyTable empty_table() const;
  Status finish_run();
  Result<KeyFilter> write_run(const KeyTable& table, Offset through) const;
  Status make_filter(Offset through);
  std::string identity() const;

  const LogDatabase& database_;
  const std::size_t run_entries_;
  KeyTable recent_;
  std::unique_ptr<const KeyTable> frozen_;
  std::optional<KeyFilter> filter_;
  std::future<Result<KeyFilter>> writing_;  // valid while there is a frozen table
};

}  // namespace moot
