#include "broker/log/log_database.h"

#include <fcntl.h>
#include <rocksdb/cache.h>
#include <rocksdb/filter_policy.h>
#include <rocksdb/statistics.h>
#include <rocksdb/table.h>
#include <unistd.h>

#include <algorithm>

#include "broker/log/log_sizes.h"
#include "broker/log/not_opened.h"
#include "broker/log/silent_logger.h"
#include "broker/log/table_list.h"
#include "broker/log/write_ahead.h"

namespace moot {

namespace {

constexpr std::string_view kFormat = "moot-log 4";
// Are read as they are, and go on as this one.
constexpr std::string_view kFormatsBefore[] = {"moot-log 2", "moot-log 3"};
constexpr std::size_t kCacheBytes = 32 << 20;
// The filters of the tables are asked only about keys that the index's own filter lets through.
constexpr std::size_t kIdsCacheBytes = 32 << 20;
constexpr std::size_t kFilterPartBytes = 4096;

rocksdb::ColumnFamilyOptions family(const std::shared_ptr<rocksdb::Cache>& cache, std::size_t write_buffer,
                                    std::size_t block_bytes) {
  rocksdb::ColumnFamilyOptions options;
  options.compression = rocksdb::kNoCompression;
  options.write_buffer_size = write_buffer;
  // By themselves tables would be written anew each month, although nothing in them ever changes.
  options.ttl = 0;
  options.periodic_compaction_seconds = 0;
  rocksdb::BlockBasedTableOptions table;
  table.checksum = rocksdb::kXXH3;
  table.block_size = block_bytes;
  table.block_cache = cache;
  table.cache_index_and_filter_blocks = true;
  options.table_factory.reset(rocksdb::NewBlockBasedTableFactory(table));
  return options;
}

// Tables are written outside by one thread and taken in whole. A key that may be known is looked for in each of them:
// their filters are in parts, so that beyond the cache's size a lookup reads one part and not a whole filter.
rocksdb::ColumnFamilyOptions ids_family(const std::shared_ptr<rocksdb::Cache>& cache) {
  rocksdb::ColumnFamilyOptions options = family(cache, 1 << 20, 4096);
  rocksdb::BlockBasedTableOptions table = *options.table_factory->GetOptions<rocksdb::BlockBasedTableOptions>();
  table.filter_policy.reset(rocksdb::NewBloomFilterPolicy(12));
  table.partition_filters = true;
  table.index_type = rocksdb::BlockBasedTableOptions::kTwoLevelIndexSearch;
  table.metadata_block_size = kFilterPartBytes;
  table.cache_index_and_filter_blocks_with_high_priority = true;
  table.metadata_cache_options.top_level_index_pinning = rocksdb::PinningTier::kAll;
  table.data_block_index_type = rocksdb::BlockBasedTableOptions::kDataBlockBinaryAndHash;
  options.table_factory.reset(rocksdb::NewBlockBasedTableFactory(table));
  options.compaction_style = rocksdb::kCompactionStyleUniversal;
  options.level0_file_num_compaction_trigger = 8;
  // Its compactions must not hold up the log's writes.
  options.level0_slowdown_writes_trigger = 1 << 20;
  options.level0_stop_writes_trigger = 1 << 20;
  return options;
}

bool is_one_before(std::string_view format) {
  return std::ranges::find(kFormatsBefore, format) != std::end(kFormatsBefore);
}

Status other_format(const std::filesystem::path& folder, const std::string& format) {
  return Status(Code::kInvalid, folder.string() + ": holds the format \"" + format + "\"; this program reads \"" +
                                    std::string(kFormatsBefore[0]) + "\" to \"" + std::string(kFormat) + "\"");
}

// tmpfs and some network file systems refuse it, and would fail at the first flush.
bool can_write_past_the_page_cache(const std::filesystem::path& folder) {
  std::error_code ignored;  // where the folder cannot be made, opening says so
  std::filesystem::create_directories(folder, ignored);
  const int fd = ::open(folder.c_str(), O_TMPFILE | O_RDWR | O_DIRECT | O_CLOEXEC, 0600);
  if (fd < 0) return false;
  ::close(fd);
  return true;
}

}  // namespace

LogDatabase::LogDatabase(std::filesystem::path folder)
    : folder_(std::move(folder)),
      statistics_(rocksdb::CreateDBStatistics()),
      cache_(rocksdb::NewLRUCache(kCacheBytes)),
      ids_cache_(rocksdb::NewLRUCache(kIdsCacheBytes, -1, false, 0.9)) {}

LogDatabase::~LogDatabase() {
  for (rocksdb::ColumnFamilyHandle* family : families_) MOOT_CHECK(db_->DestroyColumnFamilyHandle(family).ok());
}

Result<std::unique_ptr<LogDatabase>> LogDatabase::open(const std::filesystem::path& folder) {
  std::unique_ptr<LogDatabase> database(new LogDatabase(folder));
  MOOT_RETURN_IF_ERROR(database->open_with(false));
  return database;
}

Result<std::unique_ptr<LogDatabase>> LogDatabase::open_to_read(const std::filesystem::path& folder) {
  std::unique_ptr<LogDatabase> database(new LogDatabase(folder));
  MOOT_RETURN_IF_ERROR(database->open_with(true));
  return database;
}

rocksdb::Options LogDatabase::ids_options() const {
  return rocksdb::Options(rocksdb::DBOptions(), ids_family(ids_cache_));
}

Status LogDatabase::open_with(bool read_only) {
  rocksdb::DBOptions options;
  options.create_if_missing = !read_only;
  options.create_missing_column_families = !read_only;
  options.wal_recovery_mode = rocksdb::WALRecoveryMode::kPointInTimeRecovery;
  options.track_and_verify_wals_in_manifest = true;
  options.paranoid_checks = true;
  options.max_open_files = 512;
  const LogSizes sizes = log_sizes();
  options.max_total_wal_size = sizes.write_ahead;
  options.max_background_jobs = 2;
  options.use_direct_io_for_flush_and_compaction = !read_only && can_write_past_the_page_cache(folder_);
  options.bytes_per_sync = 1 << 20;
  options.statistics = statistics_;
  // RocksDB's own notes would end the process on a full disk: a write fails, and the next meets an assertion.
  options.info_log = silent_logger();
  const Result<TornEnd> torn = torn_end_of_list(folder_);
  if (!torn.ok()) return torn.status();
  if (torn->bytes > 0) {
    disk_ = without_torn_end(*torn);
    options.env = disk_.get();
  }
  const std::vector<rocksdb::ColumnFamilyDescriptor> descriptors = {
      {rocksdb::kDefaultColumnFamilyName, family(cache_, 1 << 20, 4096)},
      {"blocks", family(cache_, sizes.blocks_buffer, 64 << 10)},
      {"heads", family(cache_, sizes.heads_buffer, 16 << 10)},
      {"spans", family(cache_, 1 << 20, 4096)},
      {"ids", ids_family(ids_cache_)}};
  rocksdb::DB* db = nullptr;
  const rocksdb::Status opened =
      read_only ? rocksdb::DB::OpenForReadOnly(options, folder_.string(), descriptors, &families_, &db)
                : rocksdb::DB::Open(options, folder_.string(), descriptors, &families_, &db);
  db_.reset(db);
  if (!opened.ok()) return not_opened(folder_, "the log", opened);
  if (!read_only) MOOT_RETURN_IF_ERROR(let_go_of_torn_files(folder_, *db_));
  return check_format(!read_only);
}

Status LogDatabase::check_format_of(const std::filesystem::path& folder) {
  rocksdb::Options options;
  options.info_log = silent_logger();
  options.wal_recovery_mode = rocksdb::WALRecoveryMode::kPointInTimeRecovery;
  options.track_and_verify_wals_in_manifest = true;  // else RocksDB would stop tracking them, which it may not
  rocksdb::DB* opened = nullptr;
  if (!rocksdb::DB::OpenForReadOnly(options, folder.string(), &opened).ok()) return {};
  const std::unique_ptr<rocksdb::DB> db(opened);
  std::string format;
  const bool told = db->Get(rocksdb::ReadOptions(), "format", &format).ok();
  return told && format != kFormat && !is_one_before(format) ? other_format(folder, format) : Status();
}

rocksdb::Status LogDatabase::write(rocksdb::WriteBatch& group) {
  rocksdb::Status written;
  if (is_of_format_before_) written = group.Put(meta(), "format", slice(kFormat));
  rocksdb::WriteOptions sync;
  sync.sync = true;
  if (written.ok()) written = db_->Write(sync, &group);
  is_of_format_before_ = is_of_format_before_ && !written.ok();
  return written;
}

Status LogDatabase::check_format(bool may_write) {
  std::string format;
  const rocksdb::Status got = db_->Get(rocksdb::ReadOptions(), meta(), "format", &format);
  is_of_format_before_ = got.ok() && is_one_before(format);
  if (got.ok() && (format == kFormat || is_of_format_before_)) return {};
  if (got.ok()) return other_format(folder_, format);
  if (!got.IsNotFound()) return status(got, "the format cannot be read");
  if (!may_write) return Status(Code::kCorrupt, folder_.string() + ": tells no format");
  rocksdb::WriteOptions sync;
  sync.sync = true;
  return status(db_->Put(sync, meta(), "format", slice(kFormat)), "the format cannot be written");
}

Status LogDatabase::status(const rocksdb::Status& status, std::string_view doing) const {
  if (status.ok()) return {};
  const Code code = status.IsCorruption() ? Code::kCorrupt : Code::kDisk;
  return Status(code, folder_.string() + ": " + std::string(doing) + ": " + status.ToString());
}

}  // namespace moot
