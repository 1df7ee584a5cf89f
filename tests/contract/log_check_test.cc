// Looking over a log finds every change that matters, and changes nothing itself.
#include "broker/log/log_check.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <map>
#include <random>

#include "broker/core/whole_file.h"
#include "broker/log/big_endian.h"
#include "broker/log/block.h"
#include "broker/log/checksum.h"
#include "broker/log/event_log.h"
#include "broker/log/log_database.h"
#include "tests/contract/temporary_folder.h"

namespace moot {
namespace {

namespace fs = std::filesystem;
constexpr std::uint64_t kEvents = 3000;

SealedRecord numbered_record(std::uint64_t number) {
  SealedRecord made;
  made.key = event_key("/soha/cases", std::to_string(number));
  made.tags = {.agency = "soha",
               .type = "uk.csp.contact.received.v1",
               .body = "contact",
               .area = "didcot",
               .subject = "",
               .time_us = static_cast<std::int64_t>(number)};
  made.bytes = "event " + std::to_string(number) + std::string(40, 'x');
  return made;
}

// The log's first block, but for one letter of its first event.
Block forged_block() {
  std::vector<SealedRecord> records;
  for (std::uint64_t number = 0; number < kBlockEventsMax; ++number) records.push_back(numbered_record(number));
  records[0].bytes.back() = 'y';
  return make_block(records, Offset{0}, "");
}

// Half of it in tables, half in the write-ahead log.
void write_log(const fs::path& folder, std::uint64_t events = kEvents) {
  std::uint64_t number = 0;
  for (const std::uint64_t end : {events / 2, events}) {
    const auto log = *open_rocksdb_event_log(folder);
    while (number < end) {
      std::vector<SealedRecord> group;
      for (std::uint64_t i = 0; i <= number % 300 && number < end; ++i) group.push_back(numbered_record(number++));
      MOOT_CHECK_OK(log->append(group).status());
    }
  }
}

std::map<fs::path, std::string> bytes_of(const fs::path& folder) {
  std::map<fs::path, std::string> files;
  for (const auto& entry : fs::recursive_directory_iterator(folder))
    if (entry.is_regular_file()) files[entry.path().lexically_relative(folder)] = *read_whole_file(entry.path());
  return files;
}

LogCheck look_over(const fs::path& folder) {
  return check_log(folder, {[](Offset offset, std::string_view bytes, std::optional<SeenRecord>& seen) {
                              seen = SeenRecord{numbered_record(offset.value).key, numbered_record(offset.value).tags};
                              return bytes == numbered_record(offset.value).bytes ? "" : "not what was published";
                            },
                            {}});
}

TEST(LogCheck, FindsNothingInASoundLogAndWritesNothing) {
  const TemporaryFolder folder;
  write_log(folder / "log");
  const auto before = bytes_of(folder.path());
  const LogCheck check = look_over(folder / "log");
  EXPECT_EQ(check.events, kEvents);
  EXPECT_GT(check.blocks, 10u);
  EXPECT_EQ(check.last_head_digest.size(), 32u);
  ASSERT_TRUE(check.findings.empty()) << check.findings.front().what;
  EXPECT_TRUE(bytes_of(folder.path()) == before) << "looking changed something";
}

TEST(LogCheck, FindsEveryFlippedBitThatIsNotHarmless) {
  const TemporaryFolder folder;
  write_log(folder / "log");
  const auto files = bytes_of(folder / "log");
  const std::string digest = look_over(folder / "log").last_head_digest;
  std::mt19937 random(20210304);
  std::map<std::string, int> found, harmless;
  for (int round = 0; round < 150; ++round) {
    const auto& [name, bytes] = *std::next(files.begin(), static_cast<std::ptrdiff_t>(random() % files.size()));
    if (bytes.empty()) continue;
    const TemporaryFolder flipped;
    fs::copy(folder / "log", flipped / "log", fs::copy_options::recursive);
    std::string changed = bytes;
    const std::size_t bit = random() % (bytes.size() * 8);
    changed[bit / 8] = static_cast<char>(changed[bit / 8] ^ (1 << (bit % 8)));
    MOOT_CHECK_OK(write_whole_file(flipped / "log" / name, changed));
    const LogCheck check = look_over(flipped / "log");
    const std::string kind = name.extension().empty() ? name.stem().string().substr(0, 7) : name.extension().string();
    // A shorter log is found by the watermark, which stands elsewhere.
    const bool seen = !check.findings.empty() || check.events < kEvents;
    ++(seen ? found : harmless)[kind];
    if (seen) continue;
    EXPECT_EQ(check.last_head_digest, digest) << name << " bit " << bit;
  }
  EXPECT_GT(found[".sst"], 5);
  EXPECT_GT(found[".log"], 5);
  EXPECT_EQ(harmless[".sst"], 0);
}

// Whoever can write the files can make checksums right again; the chain still shows it.
TEST(LogCheck, FindsABlockThatWasRewrittenWithItsChecksum) {
  const TemporaryFolder folder;
  write_log(folder / "log");
  {
    const auto database = *LogDatabase::open(folder / "log");
    ASSERT_TRUE(database->db().Put(rocksdb::WriteOptions(), database->blocks(), be64(0), forged_block().stored).ok());
  }
  const LogCheck check = look_over(folder / "log");
  ASSERT_FALSE(check.findings.empty());
  EXPECT_EQ(check.findings.front().offset, Offset{0});
  EXPECT_NE(check.findings.front().what.find("head"), std::string::npos) << check.findings.front().what;
}

TEST(LogCheck, FindsAHeadThatWasRewrittenWithItsBlock) {
  const TemporaryFolder folder;
  write_log(folder / "log");
  {
    const auto database = *LogDatabase::open(folder / "log");
    const Block block = forged_block();
    ASSERT_TRUE(database->db().Put(rocksdb::WriteOptions(), database->blocks(), be64(0), block.stored).ok());
    ASSERT_TRUE(database->db().Put(rocksdb::WriteOptions(), database->heads(), be64(0), block.stored_head).ok());
  }
  bool chain = false;
  for (const LogFinding& one : look_over(folder / "log").findings)
    chain = chain || one.what.find("chain") != std::string::npos;
  EXPECT_TRUE(chain);
}

// The chain as logs of formats 2 and 3 have it.
void chain_as_before(const fs::path& folder) {
  const auto database = *LogDatabase::open(folder);
  const std::unique_ptr<rocksdb::Iterator> entry(database->db().NewIterator(rocksdb::ReadOptions(), database->heads()));
  std::string previous;
  for (entry->SeekToFirst(); entry->Valid(); entry->Next()) {
    v1::BlockHead head = *head_of(view(entry->value()));
    std::string block;
    ASSERT_TRUE(database->db().Get(rocksdb::ReadOptions(), database->blocks(), entry->key(), &block).ok());
    head.set_digest(digest_of(block));
    head.set_previous(previous);
    const std::string stored = with_checksum(head.SerializeAsString());
    previous = digest_of(stored);
    ASSERT_TRUE(database->db().Put(rocksdb::WriteOptions(), database->heads(), entry->key(), stored).ok());
  }
  ASSERT_TRUE(
      database->db().Put(rocksdb::WriteOptions(), database->meta(), rocksdb::Slice("format"), "moot-log 3").ok());
}

TEST(LogCheck, FindsNothingInALogThatBeganInAnEarlierFormatAndEverythingThatIsWrongInIt) {
  const TemporaryFolder folder;
  write_log(folder / "log");
  chain_as_before(folder / "log");
  {
    const auto log = *open_rocksdb_event_log(folder / "log");
    MOOT_CHECK_OK(log->append(std::vector{numbered_record(kEvents), numbered_record(kEvents + 1)}).status());
  }
  { ASSERT_EQ((*open_rocksdb_event_log(folder / "log"))->end_offset(), Offset{kEvents + 2}); }
  const LogCheck check = look_over(folder / "log");
  EXPECT_EQ(check.events, kEvents + 2);
  ASSERT_TRUE(check.findings.empty()) << check.findings.front().what;
  {
    const auto database = *LogDatabase::open(folder / "log");
    ASSERT_TRUE(database->db().Put(rocksdb::WriteOptions(), database->blocks(), be64(0), forged_block().stored).ok());
  }
  const LogCheck forged = look_over(folder / "log");
  ASSERT_FALSE(forged.findings.empty());
  EXPECT_EQ(forged.findings.front().offset, Offset{0});
}

class LogCheckOfTheIndex : public testing::Test {
 protected:
  LogCheckOfTheIndex() {
    ::setenv("MOOT_LOG_SIZES", "33554432 8388608 134217728 500", 1);
    write_log(folder_ / "log");
  }
  ~LogCheckOfTheIndex() override { ::unsetenv("MOOT_LOG_SIZES"); }

  // An entry for this key, as the index has them.
  void put(const EventKey& key, std::uint64_t value) {
    const auto database = *LogDatabase::open(folder_ / "log");
    std::string known;
    append_known(known, Known{value, {}});
    const rocksdb::Slice bytes(reinterpret_cast<const char*>(key.data()), key.size());
    ASSERT_TRUE(database->db().Put(rocksdb::WriteOptions(), database->ids(), bytes, known).ok());
  }
  std::vector<LogFinding> findings() const { return look_over(folder_ / "log").findings; }

  const TemporaryFolder folder_;
};

TEST_F(LogCheckOfTheIndex, FindsNothingInASoundOne) {
  const LogCheck check = look_over(folder_ / "log");
  EXPECT_GT(check.keys, 1000u) << "no run was ever made";
  ASSERT_TRUE(check.findings.empty()) << check.findings.front().what;
}

TEST_F(LogCheckOfTheIndex, FindsAKeyThatNoEventHas) {
  put(event_key("/soha/cases", "ghost"), 1);
  ASSERT_EQ(findings().size(), 1u);
  EXPECT_NE(findings()[0].what.find("a key that no event has"), std::string::npos) << findings()[0].what;
}

TEST_F(LogCheckOfTheIndex, FindsAKeyThatTellsOfAnotherEvent) {
  put(numbered_record(7).key, 8);
  ASSERT_EQ(findings().size(), 1u);
  EXPECT_EQ(findings()[0].offset, Offset{0});
  EXPECT_NE(findings()[0].what.find("something else of a key"), std::string::npos) << findings()[0].what;
}

TEST_F(LogCheckOfTheIndex, FindsALostKey) {
  {
    const auto database = *LogDatabase::open(folder_ / "log");
    const EventKey key = numbered_record(7).key;
    const rocksdb::Slice bytes(reinterpret_cast<const char*>(key.data()), key.size());
    ASSERT_TRUE(database->db().Delete(rocksdb::WriteOptions(), database->ids(), bytes).ok());
  }
  ASSERT_EQ(findings().size(), 1u);
  EXPECT_NE(findings()[0].what.find("has lost a key"), std::string::npos) << findings()[0].what;
}

// Checksums and chain are right: only the event itself tells.
TEST(LogCheck, FindsAHeadThatDoesNotTellOfItsEvents) {
  const auto check_with = [](const SealedRecord& stored) {
    const TemporaryFolder folder;
    MOOT_CHECK_OK((*open_rocksdb_event_log(folder / "log"))->append({&stored, 1}).status());
    return look_over(folder / "log").findings;
  };
  EXPECT_TRUE(check_with(numbered_record(0)).empty());
  SealedRecord other_area = numbered_record(0), other_key = numbered_record(0);
  other_area.tags.area = "abingdon";
  other_key.key = event_key("/soha/cases", "another");
  EXPECT_EQ(check_with(other_area).size(), 1u);
  EXPECT_EQ(check_with(other_key).size(), 1u);
}

TEST(LogCheck, FindsASummaryWithAnotherBeginningOrOtherLastEvents) {
  for (const bool beginning : {false, true}) {
    const TemporaryFolder folder;
    write_log(folder / "log");
    {
      const auto database = *LogDatabase::open(folder / "log");
      const std::unique_ptr<rocksdb::Iterator> last(
          database->db().NewIterator(rocksdb::ReadOptions(), database->spans()));
      last->SeekToLast();
      std::string_view bytes;
      v1::Span span;
      ASSERT_TRUE(last->Valid() && checked(view(last->value()), bytes));
      ASSERT_TRUE(span.ParseFromArray(bytes.data(), static_cast<int>(bytes.size())));
      if (beginning)
        span.set_first_offset(span.first_offset() + 1);
      else
        span.mutable_last(0)->set_offset(77);
      ASSERT_TRUE(
          database->db()
              .Put(rocksdb::WriteOptions(), database->spans(), last->key(), with_checksum(span.SerializeAsString()))
              .ok());
    }
    const std::vector<LogFinding> findings = look_over(folder / "log").findings;
    ASSERT_FALSE(findings.empty());
    EXPECT_NE(findings[0].what.find("summary"), std::string::npos) << findings[0].what;
  }
}

// A table of this column family.
fs::path table_of(const fs::path& folder, const std::string& family) {
  for (const auto& [name, bytes] : bytes_of(folder))
    if (name.extension() == ".sst" && bytes.find("name" + family) != std::string::npos) return folder / name;
  return {};
}

TEST(LogCheck, TellsOfEachStretchThatCannotBeReadOnceAndReadsWhatIsBehindIt) {
  const TemporaryFolder folder;
  constexpr std::uint64_t kMany = 4 * kEvents;  // the table has several parts with a checksum of their own then
  write_log(folder / "log", kMany);
  const fs::path table = table_of(folder / "log", "blocks");
  ASSERT_FALSE(table.empty());
  std::string bytes = *read_whole_file(table);
  for (const char* event : {"event 300x", "event 2500x"}) {
    const std::size_t at = bytes.find(event);
    ASSERT_NE(at, std::string::npos);
    bytes[at] ^= 1;
  }
  MOOT_CHECK_OK(write_whole_file(table, bytes));
  const LogCheck check = look_over(folder / "log");
  ASSERT_EQ(check.findings.size(), 2u) << check.findings.back().what;
  EXPECT_LE(check.findings[0].offset->value, 300u);
  EXPECT_LE(check.findings[1].offset->value, 2500u);
  EXPECT_GT(check.findings[1].offset->value, 300u);
  for (const LogFinding& one : check.findings) EXPECT_NE(one.what.find(table.string()), std::string::npos) << one.what;
  EXPECT_TRUE(check.end_known);
  EXPECT_EQ(check.end, Offset{kMany});
  EXPECT_LT(check.events, kMany);
  EXPECT_GT(check.events, kMany / 2) << "what is behind the second was not looked at, or not what is between them";
}

// The last blocks in tables are looked at before the walk; what cannot be read there is not missing either.
TEST(LogCheck, CallsWhatCannotBeReadAtTheEndOfTheTablesNotMissing) {
  const TemporaryFolder folder;
  write_log(folder / "log");
  const fs::path table = table_of(folder / "log", "blocks");
  ASSERT_FALSE(table.empty());
  std::string bytes = *read_whole_file(table);
  const std::size_t at = bytes.find("event 1499x");
  ASSERT_NE(at, std::string::npos);
  bytes[at] ^= 1;
  MOOT_CHECK_OK(write_whole_file(table, bytes));
  const LogCheck check = look_over(folder / "log");
  ASSERT_FALSE(check.findings.empty());
  for (const LogFinding& one : check.findings) EXPECT_EQ(one.what.find("missing"), std::string::npos) << one.what;
}

TEST(LogCheck, LosesNoSightOfTheEventsWhereAHeadCannotBeRead) {
  const TemporaryFolder folder;
  write_log(folder / "log");
  const fs::path table = table_of(folder / "log", "heads");
  ASSERT_FALSE(table.empty());
  std::string bytes = *read_whole_file(table);
  bytes[200] ^= 1;
  MOOT_CHECK_OK(write_whole_file(table, bytes));
  const LogCheck check = look_over(folder / "log");
  ASSERT_EQ(check.findings.size(), 1u) << check.findings.back().what;
  EXPECT_NE(check.findings[0].what.find("beside the events"), std::string::npos) << check.findings[0].what;
  EXPECT_EQ(check.events, kEvents);
  EXPECT_EQ(check.end, Offset{kEvents});
}

TEST(LogCheck, CountsWhatItDoesNotListAndGoesOnToTheEnd) {
  const TemporaryFolder folder;
  write_log(folder / "log");
  const LogCheck check = check_log(
      folder / "log", {[](Offset, std::string_view, std::optional<SeenRecord>&) { return "not to be had"; }, {}});
  ASSERT_EQ(check.findings.size(), 101u);
  EXPECT_EQ(check.findings.back().what, "and " + std::to_string(kEvents - 100) + " more that are not listed here");
  EXPECT_EQ(check.end, Offset{kEvents});
}

TEST(LogCheck, FindsAMissingFileAndALogThatIsNone) {
  const TemporaryFolder folder;
  write_log(folder / "log");
  for (const auto& entry : fs::directory_iterator(folder / "log"))
    if (entry.path().extension() == ".sst") {
      fs::remove(entry.path());
      break;
    }
  EXPECT_FALSE(look_over(folder / "log").findings.empty());
  EXPECT_FALSE(look_over(folder / "nothing").findings.empty());
  EXPECT_FALSE(fs::exists(folder / "nothing"));
}

}  // namespace
}  // namespace moot
