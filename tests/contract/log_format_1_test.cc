// A log of format 1 becomes one of today's, also when the upgrade is cut off between any two of its steps.
#include "broker/log/log_format_1.h"

#include <gtest/gtest.h>
#include <rocksdb/db.h>
#include <rocksdb/write_batch.h>

#include "broker/log/big_endian.h"
#include "broker/log/event_log.h"
#include "proto/event.pb.h"
#include "tests/contract/temporary_folder.h"

namespace moot {
namespace {

namespace fs = std::filesystem;
constexpr std::uint64_t kOldEvents = 2500;

v1::StoredEvent event_number(std::uint64_t number) {
  v1::StoredEvent event;
  v1::Envelope& envelope = *event.mutable_envelope();
  envelope.set_source("/soha/cases");
  envelope.set_id(std::to_string(number));
  envelope.set_record("record " + std::to_string(number / 2));
  envelope.set_agency(number % 2 == 0 ? "soha" : "police");
  envelope.set_type("uk.csp.contact.received.v1");
  event.set_sealed_personal("sealed " + std::to_string(number));
  event.set_key_number(number);
  return event;
}

Digest content_of(std::uint64_t number) {
  Digest content{};
  content[0] = static_cast<std::uint8_t>(number);
  return content;
}

void write_format_1(const fs::path& folder) {
  rocksdb::DBOptions options;
  options.create_if_missing = options.create_missing_column_families = true;
  std::vector<rocksdb::ColumnFamilyHandle*> families;
  rocksdb::DB* opened = nullptr;
  ASSERT_TRUE(rocksdb::DB::Open(options, folder.string(),
                                {{rocksdb::kDefaultColumnFamilyName, {}}, {"events", {}}, {"ids", {}}}, &families,
                                &opened)
                  .ok());
  const std::unique_ptr<rocksdb::DB> db(opened);
  const auto key = [](const EventKey& bytes) { return std::string(reinterpret_cast<const char*>(bytes.data()), 16); };
  rocksdb::WriteBatch batch;
  ASSERT_TRUE(batch.Put("format", "moot-log 1").ok());
  for (std::uint64_t number = 0; number < kOldEvents; ++number) {
    const v1::Envelope envelope = event_number(number).envelope();
    const Digest content = content_of(number);
    const std::string known = be64(number) + std::string(reinterpret_cast<const char*>(content.data()), 16);
    ASSERT_TRUE(batch.Put(families[1], be64(number), "sum." + event_number(number).SerializeAsString()).ok());
    ASSERT_TRUE(batch.Put(families[2], key(event_key(envelope.source(), envelope.id())), known).ok());
    if (number % 2 != 0) continue;
    ASSERT_TRUE(batch.Put(families[2], key(record_key(envelope.source(), envelope.record())), known).ok());
  }
  ASSERT_TRUE(db->Write(rocksdb::WriteOptions(), &batch).ok());
  for (rocksdb::ColumnFamilyHandle* family : families) ASSERT_TRUE(db->DestroyColumnFamilyHandle(family).ok());
}

void check(const fs::path& folder) {
  const auto opened = open_rocksdb_event_log(folder);
  ASSERT_TRUE(opened.ok()) << opened.status().to_string();
  const EventLog& log = **opened;
  ASSERT_EQ(log.end_offset(), Offset{kOldEvents});
  const auto records = log.read(Offset{0}, kOldEvents, 1 << 30);
  ASSERT_EQ(records->size(), kOldEvents);
  for (std::uint64_t number = 0; number < kOldEvents; ++number) {
    ASSERT_EQ((*records)[number].bytes, event_number(number).SerializeAsString());
    const v1::Envelope envelope = event_number(number).envelope();
    ASSERT_EQ(**log.find(event_key(envelope.source(), envelope.id())), (Known{number, content_of(number)}));
    ASSERT_EQ((*log.find(record_key(envelope.source(), envelope.record())))->value, number / 2 * 2);
  }
  EXPECT_EQ(log.last_of("police"), Offset{kOldEvents - 1});
}

TEST(LogFormat1, IsUpgradedAndTheOldLogKept) {
  const TemporaryFolder folder;
  write_format_1(folder / "log");
  check(folder / "log");
  EXPECT_TRUE(fs::exists(folder / "log.format-1" / "CURRENT"));
  EXPECT_FALSE(fs::exists(folder / "log.upgraded"));
  check(folder / "log");
}

// The states that a kill leaves, made by hand: each must come to the same end.
TEST(LogFormat1, AnUpgradeCutOffAnywhereIsMadeGood) {
  const TemporaryFolder whole;
  write_format_1(whole / "log");
  check(whole / "log");
  const auto copy = [](const fs::path& from, const fs::path& to) { fs::copy(from, to, fs::copy_options::recursive); };
  for (const std::string state : {"copying", "copied", "moved aside", "moved aside and started again"}) {
    SCOPED_TRACE(state);
    const TemporaryFolder folder;
    const bool aside = state.starts_with("moved aside");
    copy(whole / "log.format-1", folder / (aside ? "log.format-1" : "log"));
    if (state == "copying") {
      copy(whole / "log", folder / "log.upgrading");
      fs::remove(folder / "log.upgrading" / "CURRENT");
    } else {
      copy(whole / "log", folder / "log.upgraded");
    }
    if (state == "moved aside and started again") fs::create_directory(folder / "log");
    check(folder / "log");
    EXPECT_FALSE(fs::exists(folder / "log.upgraded"));
    EXPECT_TRUE(fs::exists(folder / "log.format-1"));
  }
}

}  // namespace
}  // namespace moot
