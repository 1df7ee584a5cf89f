#include "tests/faults/format_1_log.h"

#include <gtest/gtest.h>
#include <rocksdb/db.h>
#include <rocksdb/write_batch.h>

#include "broker/log/event_log.h"
#include "proto/event.pb.h"

namespace moot {

namespace fs = std::filesystem;

namespace {

std::string be64_of(std::uint64_t value) {
  std::string out;
  for (int shift = 56; shift >= 0; shift -= 8) out += static_cast<char>(value >> shift & 0xff);
  return out;
}

}  // namespace

void make_format_1(const fs::path& folder) {
  const fs::path made = folder.string() + ".old";
  {
    const auto log = open_rocksdb_event_log(folder);
    ASSERT_TRUE(log.ok()) << log.status().message();
    const auto records = (*log)->read(Offset{0}, 1'000'000, std::size_t{1} << 30);
    ASSERT_TRUE(records.ok()) << records.status().message();
    rocksdb::DBOptions options;
    options.create_if_missing = options.create_missing_column_families = true;
    std::vector<rocksdb::ColumnFamilyHandle*> families;
    rocksdb::DB* opened = nullptr;
    ASSERT_TRUE(rocksdb::DB::Open(options, made.string(),
                                  {{rocksdb::kDefaultColumnFamilyName, {}}, {"events", {}}, {"ids", {}}}, &families,
                                  &opened)
                    .ok());
    const std::unique_ptr<rocksdb::DB> db(opened);
    rocksdb::WriteBatch batch;
    ASSERT_TRUE(batch.Put("format", "moot-log 1").ok());
    for (const StoredRecord& record : *records) {
      v1::StoredEvent stored;
      ASSERT_TRUE(stored.ParseFromString(record.bytes));
      const EventKey key = event_key(stored.envelope().source(), stored.envelope().id());
      const auto known = (*log)->find(key);
      ASSERT_TRUE(known.ok() && known->has_value());
      const std::string content(reinterpret_cast<const char*>((*known)->content.data()), (*known)->content.size());
      ASSERT_TRUE(batch.Put(families[1], be64_of(record.offset.value), "sum." + record.bytes).ok());
      ASSERT_TRUE(batch
                      .Put(families[2], {reinterpret_cast<const char*>(key.data()), key.size()},
                           be64_of(record.offset.value) + content)
                      .ok());
    }
    ASSERT_TRUE(db->Write(rocksdb::WriteOptions(), &batch).ok());
    for (rocksdb::ColumnFamilyHandle* family : families) ASSERT_TRUE(db->DestroyColumnFamilyHandle(family).ok());
  }
  fs::remove_all(folder);
  fs::rename(made, folder);
}

}  // namespace moot
