// The conformance suite of the seam EventLog: a backend is done when all of this is green.
#include <gtest/gtest.h>
#include <rocksdb/db.h>
#include <rocksdb/sst_file_reader.h>
#include <rocksdb/table_properties.h>

#include <fstream>
#include <functional>
#include <map>
#include <set>

#include "broker/core/whole_file.h"
#include "broker/log/event_log.h"
#include "broker/log/log_database.h"
#include "tests/contract/memory_event_log.h"
#include "tests/contract/temporary_folder.h"

namespace moot {
namespace {

SealedRecord record(const std::string& agency, const std::string& id, const std::string& bytes) {
  SealedRecord made;
  made.key = event_key("/" + agency + "/cases", id);
  made.content.fill(static_cast<std::uint8_t>(bytes.size()));
  made.tags.agency = agency;
  made.bytes = bytes;
  return made;
}

struct Backend {
  std::string name;
  bool durable;
  std::function<std::unique_ptr<EventLog>(const std::filesystem::path&)> open;
};

class EventLogContract : public testing::TestWithParam<Backend> {
 protected:
  void SetUp() override { log_ = GetParam().open(folder_.path()); }
  std::unique_ptr<EventLog> reopened() {
    log_.reset();
    return GetParam().open(folder_.path());
  }
  Offset append(const std::vector<SealedRecord>& group) {
    const Result<Offset> first = log_->append(group);
    MOOT_CHECK_OK(first.status());
    return *first;
  }

  TemporaryFolder folder_;
  std::unique_ptr<EventLog> log_;
};

TEST_P(EventLogContract, AFreshLogIsEmptyAndStartsAtZero) {
  EXPECT_EQ(log_->end_offset(), Offset{0});
  EXPECT_TRUE(log_->read(Offset{0}, 10, 1000)->empty());
  EXPECT_FALSE(log_->find(event_key("/soha/cases", "1"))->has_value());
  EXPECT_FALSE(log_->last_of("soha").has_value());
}

TEST_P(EventLogContract, OffsetsAreDenseInTheOrderOfAppending) {
  EXPECT_EQ(append({record("soha", "1", "a"), record("police", "1", "bb")}), Offset{0});
  EXPECT_EQ(append({record("soha", "2", "ccc")}), Offset{2});
  EXPECT_EQ(log_->end_offset(), Offset{3});
  const auto read = log_->read(Offset{0}, 10, 1000);
  ASSERT_EQ(read->size(), 3u);
  EXPECT_EQ((*read)[0].bytes, "a");
  EXPECT_EQ((*read)[2].bytes, "ccc");
  EXPECT_EQ((*read)[2].offset, Offset{2});
}

TEST_P(EventLogContract, ReadingStopsAtTheLimitsButGivesAtLeastOneRecord) {
  append({record("soha", "1", std::string(100, 'a')), record("soha", "2", std::string(100, 'b')),
          record("soha", "3", std::string(100, 'c'))});
  EXPECT_EQ(log_->read(Offset{0}, 2, 1000)->size(), 2u);
  EXPECT_EQ(log_->read(Offset{0}, 10, 210)->size(), 2u);
  EXPECT_EQ(log_->read(Offset{1}, 10, 1)->size(), 1u);
  EXPECT_EQ(log_->read(Offset{1}, 10, 1)->front().bytes, std::string(100, 'b'));
  EXPECT_TRUE(log_->read(Offset{3}, 10, 1000)->empty());
}

TEST_P(EventLogContract, FindsAnEventByItsKeyWithWhatItSaid) {
  append({record("soha", "1", "a"), record("soha", "2", "bb")});
  const auto known = log_->find(event_key("/soha/cases", "2"));
  ASSERT_TRUE(known->has_value());
  EXPECT_EQ((*known)->value, 1u);
  EXPECT_EQ((*known)->content, record("soha", "2", "bb").content);
  EXPECT_FALSE(log_->find(event_key("/soha/case", "s2"))->has_value()) << "source and id must not run together";
}

TEST_P(EventLogContract, FindsTheOtherKeysThatAnEventBroughtAlong) {
  SealedRecord version = record("soha", "7/1", "a");
  version.more = {{record_key("/soha/cases", "7"), {1, version.content}}, {event_key("/soha/people", "P-1"), {77, {}}}};
  append({record("soha", "1", "z"), version});
  EXPECT_EQ((*log_->find(record_key("/soha/cases", "7")))->value, 1u);
  EXPECT_EQ((*log_->find(event_key("/soha/people", "P-1")))->value, 77u);
  EXPECT_FALSE(log_->find(event_key("/soha/cases", "7"))->has_value()) << "a record's key is not an event's";
}

TEST_P(EventLogContract, RemembersTheLastEventOfEachPublisher) {
  append({record("soha", "1", "a"), record("police", "1", "b"), record("soha", "2", "c")});
  append({record("police", "2", "d")});
  EXPECT_EQ(log_->last_of("soha"), Offset{2});
  EXPECT_EQ(log_->last_of("police"), Offset{3});
}

TEST_P(EventLogContract, BytesOfAnyValueComeBackAsTheyWere) {
  std::string all;
  for (int i = 0; i < 70'000; ++i) all += static_cast<char>(i * 7);
  append({record("soha", "1", all), record("soha", "2", "")});
  const auto read = log_->read(Offset{0}, 10, 1'000'000);
  EXPECT_EQ((*read)[0].bytes, all);
  EXPECT_EQ((*read)[1].bytes, "");
}

TEST_P(EventLogContract, EverythingIsThereAfterOpeningAgain) {
  if (!GetParam().durable) GTEST_SKIP() << "memory forgets";
  for (int i = 0; i < 300; ++i) append({record("soha", std::to_string(i), "bytes " + std::to_string(i))});
  log_ = reopened();
  EXPECT_EQ(log_->end_offset(), Offset{300});
  EXPECT_EQ(log_->read(Offset{299}, 1, 100)->front().bytes, "bytes 299");
  EXPECT_EQ((*log_->find(event_key("/soha/cases", "17")))->value, 17u);
  EXPECT_EQ(log_->last_of("soha"), Offset{299});
  EXPECT_EQ(append({record("soha", "300", "next")}), Offset{300});
}

INSTANTIATE_TEST_SUITE_P(Backends, EventLogContract,
                         testing::Values(Backend{"memory", false,
                                                 [](const std::filesystem::path&) -> std::unique_ptr<EventLog> {
                                                   return std::make_unique<MemoryEventLog>();
                                                 }},
                                         Backend{"rocksdb", true,
                                                 [](const std::filesystem::path& folder) {
                                                   auto log = open_rocksdb_event_log(folder / "log");
                                                   MOOT_CHECK_OK(log.status());
                                                   return std::move(*log);
                                                 }}),
                         [](const auto& info) { return info.param.name; });

// What only a log on disk can get wrong.

std::filesystem::path newest_wal(const std::filesystem::path& folder) {
  std::filesystem::path newest;
  for (const auto& entry : std::filesystem::directory_iterator(folder))
    if (entry.path().extension() == ".log" && entry.file_size() > 0 && entry.path() > newest) newest = entry.path();
  return newest;
}

void change_byte(const std::filesystem::path& file, std::uintmax_t at) {
  std::fstream stream(file, std::ios::in | std::ios::out | std::ios::binary);
  stream.seekg(static_cast<std::streamoff>(at));
  const int was = stream.get();
  stream.seekp(static_cast<std::streamoff>(at));
  stream.put(static_cast<char>(was ^ 0x10));
}

TEST(RocksdbEventLog, AFlippedBitBeforeTheEndRefusesToOpen) {
  TemporaryFolder folder;
  {
    auto log = open_rocksdb_event_log(folder.path());
    for (int i = 0; i < 50; ++i) {
      const std::vector<SealedRecord> group = {record("soha", std::to_string(i), std::string(500, 'x'))};
      MOOT_CHECK_OK((*log)->append(group).status());
    }
  }
  const std::filesystem::path wal = newest_wal(folder.path());
  change_byte(wal, std::filesystem::file_size(wal) / 2);
  const auto log = open_rocksdb_event_log(folder.path(), Offset{50});
  ASSERT_FALSE(log.ok()) << "acknowledged events after the damage would silently be gone";
  EXPECT_EQ(log.status().code(), Code::kCorrupt);
}

// More than one write-ahead file: a file that is gone or shorter leaves a hole that later ones would hide.
TEST(RocksdbEventLog, AMissingOrShortenedFileInTheMiddleRefusesToOpen) {
  for (const bool missing : {true, false}) {
    TemporaryFolder folder;
    {
      auto log = open_rocksdb_event_log(folder.path());
      for (int i = 0; i < 1200; ++i) {
        const std::vector<SealedRecord> group(1, record("soha", std::to_string(i), std::string(60'000, 'x')));
        MOOT_CHECK_OK((*log)->append(group).status());
      }
    }
    std::set<std::filesystem::path> files;
    for (const auto& entry : std::filesystem::directory_iterator(folder.path()))
      if (entry.path().extension() == ".log") files.insert(entry.path());
    ASSERT_GT(files.size(), 1u) << "there is no file in the middle";
    missing ? (void)std::filesystem::remove(*files.begin())
            : std::filesystem::resize_file(*files.begin(), std::filesystem::file_size(*files.begin()) / 2);
    const auto log = open_rocksdb_event_log(folder.path(), Offset{1200});
    ASSERT_FALSE(log.ok()) << (missing ? "missing" : "shortened");
    EXPECT_EQ(log.status().code(), Code::kCorrupt);
  }
}

TEST(RocksdbEventLog, ATornTailIsDroppedAndTheRestIsWhole) {
  TemporaryFolder folder;
  {
    auto log = open_rocksdb_event_log(folder.path());
    for (int i = 0; i < 50; ++i) {
      const std::vector<SealedRecord> group = {record("soha", std::to_string(i), std::string(500, 'x'))};
      MOOT_CHECK_OK((*log)->append(group).status());
    }
  }
  const std::filesystem::path wal = newest_wal(folder.path());
  std::filesystem::resize_file(wal, std::filesystem::file_size(wal) - 100);
  auto log = open_rocksdb_event_log(folder.path());
  ASSERT_TRUE(log.ok()) << log.status().to_string();
  EXPECT_EQ((*log)->end_offset(), Offset{49});
  EXPECT_EQ((*log)->read(Offset{0}, 100, 1'000'000)->size(), 49u);
  EXPECT_FALSE((*log)->find(event_key("/soha/cases", "49"))->has_value())
      << "the index must not know more than the log";
}

TEST(RocksdbEventLog, TwoAtOnceOnOneFolderAreRefused) {
  TemporaryFolder folder;
  const auto first = open_rocksdb_event_log(folder.path());
  ASSERT_TRUE(first.ok());
  const auto second = open_rocksdb_event_log(folder.path());
  ASSERT_FALSE(second.ok());
  EXPECT_EQ(second.status().code(), Code::kDisk);
}

std::map<std::string, std::string> texts_in(const std::filesystem::path& folder) {
  std::map<std::string, std::string> texts;
  for (const auto& entry : std::filesystem::directory_iterator(folder))
    if (entry.path().filename() != "LOCK") texts[entry.path().filename()] = *read_whole_file(entry.path());
  return texts;
}

TEST(RocksdbEventLog, ANewerFormatIsRefusedByNameAndLeftAsItIs) {
  TemporaryFolder folder;
  {
    rocksdb::DB* db = nullptr;
    rocksdb::Options options;
    options.create_if_missing = true;
    ASSERT_TRUE(rocksdb::DB::Open(options, folder.path().string(), &db).ok());
    ASSERT_TRUE(db->Put(rocksdb::WriteOptions(), "format", "moot-log 9").ok());
    delete db;
  }
  const auto before = texts_in(folder.path());
  for (const Offset acknowledged : {Offset{0}, Offset{7}}) {
    const auto log = open_rocksdb_event_log(folder.path(), acknowledged);
    ASSERT_FALSE(log.ok());
    EXPECT_NE(log.status().message().find("moot-log 9"), std::string::npos) << log.status().message();
    EXPECT_EQ(texts_in(folder.path()), before);
  }
}

// Looked at, it stays what it was; the group that first makes it another says so with it.
TEST(RocksdbEventLog, OfTheFormatBeforeIsReadAsItIsAndGoesOnAsTodays) {
  TemporaryFolder folder;
  const auto format = [&] {
    auto database = *LogDatabase::open_to_read(folder.path());
    std::string told;
    MOOT_CHECK(database->db().Get(rocksdb::ReadOptions(), database->meta(), "format", &told).ok());
    return told;
  };
  ASSERT_TRUE((*open_rocksdb_event_log(folder.path()))->append(std::vector{record("soha", "1", "a")}).ok());
  EXPECT_EQ(format(), "moot-log 4");
  int events = 1;
  for (const char* before : {"moot-log 2", "moot-log 3"}) {
    {
      auto database = *LogDatabase::open(folder.path());
      ASSERT_TRUE(database->db().Put(rocksdb::WriteOptions(), database->meta(), "format", before).ok());
    }
    {
      const auto log = std::move(*open_rocksdb_event_log(folder.path()));
      EXPECT_EQ(log->end_offset(), Offset{static_cast<std::uint64_t>(events)});
    }
    EXPECT_EQ(format(), before);
    const std::vector<SealedRecord> more = {record("soha", std::to_string(++events), "b")};
    ASSERT_TRUE((*open_rocksdb_event_log(folder.path()))->append(more).ok());
    EXPECT_EQ(format(), "moot-log 4");
  }
}

// RocksDB would make a new database in its place and delete the tables.
TEST(RocksdbEventLog, ThatHasLostItsCurrentIsRefusedAndLeftAsItIsWhateverItsWatermarkSays) {
  TemporaryFolder folder;
  for (int start = 0; start < 2; ++start) {  // the second puts what the first wrote into tables
    auto log = open_rocksdb_event_log(folder.path());
    const std::vector<SealedRecord> group = {record("soha", std::to_string(start), "x")};
    MOOT_CHECK_OK((*log)->append(group).status());
  }
  std::filesystem::remove(folder / "CURRENT");
  for (const char* kept : {".sst", ".log"}) {
    const auto before = texts_in(folder.path());
    const auto log = open_rocksdb_event_log(folder.path());
    ASSERT_EQ(log.status().code(), Code::kCorrupt) << kept;
    EXPECT_NE(log.status().message().find("CURRENT"), std::string::npos) << log.status().message();
    EXPECT_EQ(texts_in(folder.path()), before);
    for (const auto& [name, text] : before)
      if (name.ends_with(".sst")) std::filesystem::remove(folder / name);
  }
}

bool is_run_of_the_index(const std::filesystem::path& file) {
  if (file.extension() != ".sst") return false;
  rocksdb::SstFileReader table{rocksdb::Options()};
  MOOT_CHECK(table.Open(file.string()).ok());
  return table.GetTableProperties()->column_family_name == "ids";
}

// Found before anything is opened for writing: an event would be taken for new, or nothing at all.
TEST(RocksdbEventLog, ADamagedRunOfTheIndexIsFoundByALook) {
  TemporaryFolder folder;
  ::setenv("MOOT_LOG_SIZES", "33554432 8388608 134217728 48", 1);
  {
    auto log = open_rocksdb_event_log(folder.path());
    for (int i = 0; i < 200; ++i) {
      const std::vector<SealedRecord> group = {record("soha", std::to_string(i), "x")};
      MOOT_CHECK_OK((*log)->append(group).status());
    }
  }
  ASSERT_TRUE(look_at_rocksdb_event_log(folder.path(), Offset{200}).ok());
  int runs = 0;
  for (const auto& entry : std::filesystem::directory_iterator(folder.path())) {
    if (!is_run_of_the_index(entry.path())) continue;
    ++runs;
    const std::string sound = *read_whole_file(entry.path());
    std::string flipped = sound;
    flipped[100] = static_cast<char>(flipped[100] ^ 16);
    MOOT_CHECK_OK(write_whole_file(entry.path(), flipped));
    const auto before = texts_in(folder.path());
    EXPECT_EQ(look_at_rocksdb_event_log(folder.path(), Offset{200}).status().code(), Code::kCorrupt) << entry.path();
    EXPECT_EQ(texts_in(folder.path()), before);
    MOOT_CHECK_OK(write_whole_file(entry.path(), sound));
  }
  EXPECT_GT(runs, 1) << "how far the index goes stands in the latest, which is read anyway";
  ::unsetenv("MOOT_LOG_SIZES");
}

TEST(RocksdbEventLog, IsLookedAtWithoutAByteWritten) {
  TemporaryFolder folder;
  {
    auto log = open_rocksdb_event_log(folder.path());
    for (int i = 0; i < 3; ++i) {
      const std::vector<SealedRecord> group = {record("soha", std::to_string(i), "x")};
      MOOT_CHECK_OK((*log)->append(group).status());
    }
  }
  const auto before = texts_in(folder.path());
  {
    const auto seen = look_at_rocksdb_event_log(folder.path(), Offset{3});
    ASSERT_TRUE(seen.ok()) << seen.status().to_string();
    EXPECT_EQ(seen->log->end_offset(), Offset{3});
    EXPECT_EQ(seen->log->read(Offset{0}, 9, 1 << 20)->size(), 3u);
    EXPECT_EQ((*seen->log->find(event_key("/soha/cases", "1")))->value, 1u);
    EXPECT_FALSE((*seen->log->find(event_key("/soha/cases", "7"))).has_value());
  }
  EXPECT_EQ(look_at_rocksdb_event_log(folder.path(), Offset{4}).status().code(), Code::kCorrupt);
  EXPECT_EQ(texts_in(folder.path()), before);
}

}  // namespace
}  // namespace moot
