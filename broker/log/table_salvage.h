// Every entry of one column family that its files still hold, found without RocksDB's list of tables: in the tables
// themselves and in the write-ahead log, also behind what is damaged. For stores whose entries tell by themselves
// whether they are what was written (a checksum, a seal): RocksDB's own checksums are left out where they fail.
//
// Memory: what is in the write-ahead log. Nothing is written. Thread: one owner.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace moot {

struct SalvagedEntry {
  std::string key;
  std::vector<std::string> values;  // of all files that have one, the newest first; any may be damaged
};

class TableSalvage {
 public:
  // `number`: what the family is called in the write-ahead log, 0 for "default".
  TableSalvage(const std::filesystem::path& folder, const std::string& family, std::uint32_t number);
  ~TableSalvage();

  std::optional<SalvagedEntry> next();  // in the order of keys, each once
  // Files that could not be read at all: whose entries they held is not known.
  const std::vector<std::filesystem::path>& unreadable() const { return unreadable_; }

 private:
  class Table;
  void open_tables(const std::filesystem::path& folder, const std::string& family);
  void read_write_ahead(const std::filesystem::path& folder, std::uint32_t number);

  std::vector<std::unique_ptr<Table>> tables_;                   // the newest first
  std::map<std::string, std::vector<std::string>> write_ahead_;  // likewise; what was given out is gone
  std::vector<std::filesystem::path> unreadable_;
};

}  // namespace moot
