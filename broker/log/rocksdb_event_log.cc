// The log in RocksDB. Format 1:
//
//   column family "default":  "format"              -> "moot-log 1"
//                             "last/<agency>"       -> offset:be64        the agency's latest event
//   column family "events":   offset:be64           -> crc32c:be32 bytes  one per event, never deleted
//   column family "ids":      key:16 bytes          -> offset:be64 content:16 bytes
//
// Example: the third event, source "/soha/cases" id "H-7", agency "soha":
//   events  00 00 00 00 00 00 00 02 -> a1 b2 c3 d4 <StoredEvent>
//   ids     <event_key("/soha/cases", "H-7")> -> 00 00 00 00 00 00 00 02 <digest>
//   default "last/soha" -> 00 00 00 00 00 00 00 02
//
// A group is one WriteBatch over all three, written with sync: the index can never tell of an event that is not there.
// The write-ahead log is recovered in kTolerateCorruptedTailRecords: a torn tail (never acknowledged) is dropped,
// corruption before it refuses to open, where RocksDB's default would silently drop acknowledged events after it.
#include <rocksdb/db.h>
#include <rocksdb/filter_policy.h>
#include <rocksdb/options.h>
#include <rocksdb/statistics.h>
#include <rocksdb/table.h>
#include <rocksdb/write_batch.h>

#include <map>

#include "broker/log/crc32c.h"
#include "broker/log/event_log.h"

namespace moot {

namespace {

constexpr std::string_view kFormat = "moot-log 1";
constexpr std::string_view kLastPrefix = "last/";

std::string be64(std::uint64_t value) {
  std::string bytes(8, '\0');
  for (int i = 7; i >= 0; --i, value >>= 8) bytes[static_cast<std::size_t>(i)] = static_cast<char>(value & 0xff);
  return bytes;
}

std::uint64_t from_be(std::string_view bytes) {
  std::uint64_t value = 0;
  for (const char c : bytes) value = (value << 8) | static_cast<unsigned char>(c);
  return value;
}

rocksdb::Slice slice(const EventKey& key) { return {reinterpret_cast<const char*>(key.data()), key.size()}; }
rocksdb::Slice slice(std::string_view text) { return {text.data(), text.size()}; }

Status to_status(const rocksdb::Status& status, const std::filesystem::path& folder, std::string_view doing) {
  if (status.ok()) return {};
  const Code code = status.IsCorruption() ? Code::kCorrupt : Code::kDisk;
  return Status(code, folder.string() + ": " + std::string(doing) + ": " + status.ToString());
}

std::string id_value(Offset offset, const Digest& content) {
  return be64(offset.value) + std::string(reinterpret_cast<const char*>(content.data()), content.size());
}

class RocksdbEventLog final : public EventLog {
 public:
  RocksdbEventLog(std::filesystem::path folder, std::shared_ptr<rocksdb::Statistics> statistics)
      : folder_(std::move(folder)), statistics_(std::move(statistics)) {}

  ~RocksdbEventLog() override {
    for (rocksdb::ColumnFamilyHandle* family : families_) MOOT_CHECK(db_->DestroyColumnFamilyHandle(family).ok());
  }

  Status open();
  Result<Offset> append(std::span<const SealedRecord> group) override;
  Result<std::vector<StoredRecord>> read(Offset from, std::size_t records_max, std::size_t bytes_max) const override;
  Offset end_offset() const override { return end_; }
  Result<std::optional<Known>> find(const EventKey& key) const override;
  std::optional<Offset> last_of(std::string_view publisher) const override;
  LogFigures figures() const override;

 private:
  rocksdb::ColumnFamilyHandle* meta() const { return families_[0]; }
  rocksdb::ColumnFamilyHandle* events() const { return families_[1]; }
  rocksdb::ColumnFamilyHandle* ids() const { return families_[2]; }
  Status check_format();
  Status find_end();
  Status load_last();

  // Constant after open.
  const std::filesystem::path folder_;
  const std::shared_ptr<rocksdb::Statistics> statistics_;
  std::unique_ptr<rocksdb::DB> db_;
  std::vector<rocksdb::ColumnFamilyHandle*> families_;
  // Owned by the log's thread.
  Offset end_;
  std::map<std::string, Offset, std::less<>> last_;
  bool failed_ = false;
};

rocksdb::ColumnFamilyOptions family_options(bool with_filter) {
  rocksdb::ColumnFamilyOptions options;
  // What is sealed does not compress, and an uncompressed file can be searched for what must not be in it.
  options.compression = rocksdb::kNoCompression;
  options.write_buffer_size = 32 << 20;
  rocksdb::BlockBasedTableOptions table;
  table.checksum = rocksdb::kXXH3;
  if (with_filter) table.filter_policy.reset(rocksdb::NewBloomFilterPolicy(10));
  options.table_factory.reset(rocksdb::NewBlockBasedTableFactory(table));
  return options;
}

Status RocksdbEventLog::open() {
  rocksdb::DBOptions options;
  options.create_if_missing = true;
  options.create_missing_column_families = true;
  options.wal_recovery_mode = rocksdb::WALRecoveryMode::kTolerateCorruptedTailRecords;
  options.paranoid_checks = true;
  options.max_open_files = 512;
  options.max_total_wal_size = 128 << 20;
  options.statistics = statistics_;
  const std::vector<rocksdb::ColumnFamilyDescriptor> descriptors = {
      {rocksdb::kDefaultColumnFamilyName, family_options(false)},
      {"events", family_options(false)},
      {"ids", family_options(true)}};
  rocksdb::DB* db = nullptr;
  const rocksdb::Status opened = rocksdb::DB::Open(options, folder_.string(), descriptors, &families_, &db);
  db_.reset(db);
  MOOT_RETURN_IF_ERROR(to_status(opened, folder_, "the log cannot be opened"));
  MOOT_RETURN_IF_ERROR(check_format());
  MOOT_RETURN_IF_ERROR(find_end());
  return load_last();
}

Status RocksdbEventLog::check_format() {
  std::string format;
  const rocksdb::Status got = db_->Get(rocksdb::ReadOptions(), meta(), "format", &format);
  if (got.ok() && format == kFormat) return {};
  if (got.ok())
    return Status(Code::kCorrupt, folder_.string() + ": holds the format \"" + format + "\"; this program reads \"" +
                                      std::string(kFormat) + "\"");
  if (!got.IsNotFound()) return to_status(got, folder_, "the format cannot be read");
  rocksdb::WriteOptions sync;
  sync.sync = true;
  return to_status(db_->Put(sync, meta(), "format", slice(kFormat)), folder_, "the format cannot be written");
}

Status RocksdbEventLog::find_end() {
  const std::unique_ptr<rocksdb::Iterator> last(db_->NewIterator(rocksdb::ReadOptions(), events()));
  last->SeekToLast();
  if (last->Valid()) end_ = Offset{from_be({last->key().data(), last->key().size()}) + 1};
  return to_status(last->status(), folder_, "the last event cannot be found");
}

Status RocksdbEventLog::load_last() {
  const std::unique_ptr<rocksdb::Iterator> entry(db_->NewIterator(rocksdb::ReadOptions(), meta()));
  for (entry->Seek(slice(kLastPrefix)); entry->Valid() && entry->key().starts_with(slice(kLastPrefix)); entry->Next()) {
    const std::string agency(entry->key().data() + kLastPrefix.size(), entry->key().size() - kLastPrefix.size());
    last_[agency] = Offset{from_be({entry->value().data(), entry->value().size()})};
  }
  return to_status(entry->status(), folder_, "the agencies' last events cannot be read");
}

Result<Offset> RocksdbEventLog::append(std::span<const SealedRecord> group) {
  if (failed_) return Status(Code::kDisk, folder_.string() + ": an earlier write failed; nothing more is taken");
  const Offset first = end_;
  rocksdb::WriteBatch batch;
  std::map<std::string, Offset, std::less<>> last;
  Offset offset = first;
  for (const SealedRecord& record : group) {
    const std::string position = be64(offset.value);
    const std::string checksum = be64(crc32c(record.bytes)).substr(4);
    const rocksdb::Slice value[] = {slice(checksum), slice(record.bytes)};
    const rocksdb::Slice key[] = {slice(position)};
    batch.Put(events(), rocksdb::SliceParts(key, 1), rocksdb::SliceParts(value, 2));
    batch.Put(ids(), slice(record.key), id_value(offset, record.content));
    if (record.record_key) batch.Put(ids(), slice(*record.record_key), id_value(offset, record.content));
    last[record.publisher] = offset;
    ++offset.value;
  }
  for (const auto& [agency, position] : last)
    batch.Put(meta(), std::string(kLastPrefix) + agency, be64(position.value));
  rocksdb::WriteOptions sync;
  sync.sync = true;
  const rocksdb::Status written = db_->Write(sync, &batch);
  if (!written.ok()) {
    failed_ = true;  // pages of a failed fsync may be marked clean: only a fresh start knows what is on disk
    return Status(Code::kDisk, folder_.string() + ": the log cannot be written: " + written.ToString());
  }
  end_ = offset;
  for (auto& [agency, position] : last) last_[agency] = position;
  return first;
}

Result<std::vector<StoredRecord>> RocksdbEventLog::read(Offset from, std::size_t records_max,
                                                        std::size_t bytes_max) const {
  std::vector<StoredRecord> records;
  rocksdb::ReadOptions options;
  options.fill_cache = false;
  options.verify_checksums = true;
  const std::unique_ptr<rocksdb::Iterator> entry(db_->NewIterator(options, events()));
  std::size_t bytes = 0;
  Offset expected = from;
  for (entry->Seek(be64(from.value)); entry->Valid() && records.size() < records_max; entry->Next()) {
    const Offset offset{from_be({entry->key().data(), entry->key().size()})};
    const std::string_view value(entry->value().data(), entry->value().size());
    if (!records.empty() && bytes + value.size() > bytes_max) break;
    const bool whole =
        offset == expected && value.size() >= 4 && crc32c(value.substr(4)) == from_be(value.substr(0, 4));
    if (!whole)
      return Status(Code::kCorrupt, folder_.string() + ": the event at offset " + std::to_string(expected.value) +
                                        " is missing or not what was written");
    bytes += value.size();
    records.push_back({offset, std::string(value.substr(4))});
    ++expected.value;
  }
  MOOT_RETURN_IF_ERROR(to_status(entry->status(), folder_, "the log cannot be read"));
  if (records.empty() && from < end_)
    return Status(Code::kCorrupt,
                  folder_.string() + ": the event at offset " + std::to_string(from.value) + " is missing");
  return records;
}

Result<std::optional<Known>> RocksdbEventLog::find(const EventKey& key) const {
  rocksdb::PinnableSlice value;
  const rocksdb::Status got = db_->Get(rocksdb::ReadOptions(), ids(), slice(key), &value);
  if (got.IsNotFound()) return std::optional<Known>();
  MOOT_RETURN_IF_ERROR(to_status(got, folder_, "an id cannot be looked up"));
  Known known;
  if (value.size() != 8 + known.content.size())
    return Status(Code::kCorrupt, folder_.string() + ": an entry of the id index has the wrong length");
  known.offset = Offset{from_be({value.data(), 8})};
  std::copy_n(value.data() + 8, known.content.size(), reinterpret_cast<char*>(known.content.data()));
  return std::optional<Known>(known);
}

std::optional<Offset> RocksdbEventLog::last_of(std::string_view publisher) const {
  const auto found = last_.find(publisher);
  return found == last_.end() ? std::nullopt : std::optional<Offset>(found->second);
}

LogFigures RocksdbEventLog::figures() const {
  LogFigures figures;
  std::error_code ignored;  // a file may go while we look
  for (const auto& entry : std::filesystem::directory_iterator(folder_, ignored)) {
    const std::uintmax_t size = entry.file_size(ignored);
    if (!ignored) figures.disk_bytes += size;
  }
  rocksdb::HistogramData syncs;
  statistics_->histogramData(rocksdb::WAL_FILE_SYNC_MICROS, &syncs);
  figures.fsync_us_p50 = static_cast<std::uint64_t>(syncs.median);
  figures.fsync_us_p99 = static_cast<std::uint64_t>(syncs.percentile99);
  return figures;
}

}  // namespace

Result<std::unique_ptr<EventLog>> open_rocksdb_event_log(const std::filesystem::path& folder) {
  auto log = std::make_unique<RocksdbEventLog>(folder, rocksdb::CreateDBStatistics());
  const Status opened = log->open();
  if (!opened.ok()) return opened;
  return std::unique_ptr<EventLog>(std::move(log));
}

}  // namespace moot
