#include "broker/log/table_salvage.h"

#include <rocksdb/sst_file_reader.h>
#include <rocksdb/table_properties.h>
#include <rocksdb/write_batch.h>

#include <algorithm>

#include "broker/log/big_endian.h"
#include "broker/log/log_database.h"
#include "broker/log/record_file.h"

namespace moot {

namespace {

namespace fs = std::filesystem;

std::vector<fs::path> files_newest_first(const fs::path& folder, const std::string& extension) {
  std::vector<fs::path> files;
  std::error_code failed;
  for (const auto& entry : fs::directory_iterator(folder, failed))
    if (entry.path().extension() == extension) files.push_back(entry.path());
  std::sort(files.rbegin(), files.rend());  // numbers of equal length
  return files;
}

class Puts final : public rocksdb::WriteBatch::Handler {
 public:
  Puts(std::uint32_t family, std::map<std::string, std::vector<std::string>>& into) : family_(family), into_(into) {}

  rocksdb::Status PutCF(std::uint32_t family, const rocksdb::Slice& key, const rocksdb::Slice& value) override {
    if (family != family_) return {};
    std::vector<std::string>& values = into_[key.ToString()];
    values.insert(values.begin(), value.ToString());
    return {};
  }
  rocksdb::Status DeleteCF(std::uint32_t, const rocksdb::Slice&) override { return {}; }

 private:
  const std::uint32_t family_;
  std::map<std::string, std::vector<std::string>>& into_;
};

}  // namespace

// One table, in order. Where a checksum of RocksDB's fails it goes on without them; where nothing can be made of a part
// it looks for the next that can be read.
class TableSalvage::Table {
 public:
  explicit Table(const fs::path& file) : reader_(rocksdb::Options()) { opened_ = reader_.Open(file.string()).ok(); }

  bool opened() const { return opened_; }
  std::string family() const { return reader_.GetTableProperties()->column_family_name; }
  void start() {
    begin(true);
    entry_->SeekToFirst();
    settle("");
  }
  bool valid() const { return entry_ != nullptr && entry_->Valid(); }
  std::string key() const { return entry_->key().ToString(); }
  std::string value() const { return entry_->value().ToString(); }
  void next() {
    const std::string last = key();
    entry_->Next();
    settle(last);
  }

 private:
  void begin(bool checked) {
    rocksdb::ReadOptions options;
    options.verify_checksums = checked;
    options.fill_cache = false;
    checked_ = checked;
    entry_.reset(reader_.NewIterator(options));
  }

  // `last`: the key before the place that cannot be read.
  void settle(const std::string& last) {
    if (entry_->Valid() || entry_->status().ok()) return;
    if (checked_) {
      begin(false);
      entry_->Seek(last + '\0');
    }
    // Keys of eight bytes only: elsewhere nobody knows how far to go.
    const std::uint64_t from = last.size() == 8 ? from_be(last) : 0;
    for (int bits = 0; !entry_->Valid() && !entry_->status().ok() && bits < 40; ++bits)
      entry_->Seek(be64(from + (std::uint64_t{1} << bits)));
  }

  rocksdb::SstFileReader reader_;
  bool opened_ = false;
  bool checked_ = true;
  std::unique_ptr<rocksdb::Iterator> entry_;
};

TableSalvage::TableSalvage(const fs::path& folder, const std::string& family, std::uint32_t number) {
  open_tables(folder, family);
  read_write_ahead(folder, number);
}

TableSalvage::~TableSalvage() = default;

void TableSalvage::open_tables(const fs::path& folder, const std::string& family) {
  for (const fs::path& file : files_newest_first(folder, ".sst")) {
    auto table = std::make_unique<Table>(file);
    if (!table->opened()) {
      unreadable_.push_back(file);
    } else if (table->family() == family) {
      table->start();
      tables_.push_back(std::move(table));
    }
  }
}

void TableSalvage::read_write_ahead(const fs::path& folder, std::uint32_t number) {
  std::vector<fs::path> files = files_newest_first(folder, ".log");
  std::reverse(files.begin(), files.end());
  Puts puts(number, write_ahead_);
  for (const fs::path& file : files) {
    const Result<RecordFileEnd> end = read_record_file(file, [&](const WrittenGroup& group) {
      if (group.whole) (void)rocksdb::WriteBatch(std::string(group.bytes)).Iterate(&puts);
    });
    if (!end.ok()) unreadable_.push_back(file);
  }
}

std::optional<SalvagedEntry> TableSalvage::next() {
  std::optional<std::string> first;
  if (!write_ahead_.empty()) first = write_ahead_.begin()->first;
  for (const auto& table : tables_)
    if (table->valid() && (!first || table->key() < *first)) first = table->key();
  if (!first) return std::nullopt;
  SalvagedEntry entry{*first, {}};
  if (!write_ahead_.empty() && write_ahead_.begin()->first == *first) {
    entry.values = std::move(write_ahead_.begin()->second);
    write_ahead_.erase(write_ahead_.begin());
  }
  for (const auto& table : tables_) {
    if (!table->valid() || table->key() != *first) continue;
    entry.values.push_back(table->value());
    table->next();
  }
  return entry;
}

}  // namespace moot
