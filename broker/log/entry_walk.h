// The entries of one column family in order of their keys, also behind those that cannot be read: RocksDB's own
// iterator stops for good at the first damaged place, in whatever file it is, so from there on each entry is asked for
// by its key.
//
// Nothing is written. Thread: one owner.
#pragma once

#include <rocksdb/db.h>

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "broker/core/ids.h"
#include "broker/log/log_database.h"

namespace moot {

class EntryWalk {
 public:
  // The database outlives it.
  EntryWalk(const LogDatabase& database, rocksdb::ColumnFamilyHandle* family);

  // Its value, good until the next call. Quick where keys only grow. NotFound, or why it cannot be read.
  rocksdb::Status read(Offset at, std::string_view& value);
  // The key of the first entry from here on that can be read, past what cannot; nothing when there is none.
  std::optional<Offset> next(Offset from);
  // Has nothing been in the way so far? Then next() left nothing out.
  bool sound() const { return sound_; }

 private:
  bool seek(Offset from);  // false = what is there cannot be read
  std::optional<Offset> here() const;

  const LogDatabase& database_;
  rocksdb::ColumnFamilyHandle* const family_;
  rocksdb::ReadOptions options_;
  std::unique_ptr<rocksdb::Iterator> iterator_;
  std::string value_;
  bool sound_ = true;
};

}  // namespace moot
