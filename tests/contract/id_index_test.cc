// The index of keys over several runs, restarts and what a crash leaves behind.
#include "broker/log/id_index.h"

#include <gtest/gtest.h>
#include <rocksdb/statistics.h>
#include <unistd.h>

#include <fstream>

#include "broker/core/whole_file.h"
#include "broker/log/big_endian.h"
#include "tests/contract/temporary_folder.h"

namespace moot {
namespace {

constexpr std::size_t kRun = 100;

IndexEntry entry(std::uint64_t number) {
  IndexEntry made{event_key("/soha/cases", std::to_string(number)), {number, {}}};
  made.known.content.fill(static_cast<std::uint8_t>(number));
  return made;
}

class IdIndexTest : public testing::Test {
 protected:
  IdIndexTest() { open(); }
  void open() {
    index_.reset();
    database_.reset();
    database_ = std::move(*LogDatabase::open(folder_ / "log"));
    index_ = std::make_unique<IdIndex>(*database_, kRun);
    MOOT_CHECK_OK(index_->open_filter());
  }
  void add(std::uint64_t first, std::uint64_t end) {
    for (; first < end; ++first) {
      index_->add(entry(first));
      ASSERT_TRUE(index_->put_in_runs(Offset{first + 1}).ok());
    }
  }
  // What opening a log does: it reads again what the runs lack.
  void open_and_fill(std::uint64_t end) {
    open();
    add(index_->through()->value, end);
  }
  void check(std::uint64_t end) {
    for (std::uint64_t number = 0; number < end; ++number) {
      const auto known = index_->find(entry(number).key);
      ASSERT_TRUE(known.ok() && known->has_value()) << "key " << number << " is lost";
      ASSERT_EQ(**known, entry(number).known);
    }
    ASSERT_FALSE(index_->find(entry(end).key)->has_value());
  }

  const TemporaryFolder folder_;
  std::unique_ptr<LogDatabase> database_;
  std::unique_ptr<IdIndex> index_;
};

// A run is sorted by their first eight bytes before the others are looked at.
TEST_F(IdIndexTest, HoldsKeysThatDifferInTheirLastByteOnly) {
  const auto alike = [](std::uint64_t number) {
    IndexEntry made = entry(number);
    made.key.fill(0x80);
    made.key.back() = static_cast<std::uint8_t>(number);
    return made;
  };
  for (std::uint64_t number = 0; number < 2 * kRun; ++number) {
    index_->add(alike(number));
    ASSERT_TRUE(index_->put_in_runs(Offset{number + 1}).ok());
  }
  open();
  ASSERT_GE(index_->through()->value, kRun);
  for (std::uint64_t number = 0; number < index_->through()->value; ++number) {
    const auto known = index_->find(alike(number).key);
    ASSERT_TRUE(known.ok() && known->has_value()) << "key " << number << " is lost";
    EXPECT_EQ((*known)->value, number);
  }
}

TEST_F(IdIndexTest, FindsEveryKeyWhereverItHasGot) {
  EXPECT_EQ(*index_->through(), Offset{0});
  add(0, 20 * kRun + 7);
  check(20 * kRun + 7);
}

TEST_F(IdIndexTest, AfterARestartOnlyTheLastEntriesAreReadAgain) {
  add(0, 20 * kRun + 7);
  open();
  const std::uint64_t through = index_->through()->value;
  EXPECT_GE(through, 19 * kRun);
  EXPECT_LE(through, 20 * kRun);
  open_and_fill(20 * kRun + 7);
  check(20 * kRun + 7);
}

TEST_F(IdIndexTest, AddingAgainWhatARunHoldsAlreadyChangesNothing) {
  add(0, 5 * kRun);
  open();
  add(0, 5 * kRun);
  check(5 * kRun);
}

// A crash after the run was taken in, and before the name it was written under was removed, leaves two names of one
// file: writing the next run over it would destroy keys.
TEST_F(IdIndexTest, AFileLeftByACrashIsNotWrittenOver) {
  add(0, kRun + 1);
  open();
  std::vector<rocksdb::LiveFileMetaData> tables;
  database_->db().GetLiveFilesMetaData(&tables);
  std::erase_if(tables, [](const auto& table) { return table.column_family_name != "ids"; });
  ASSERT_EQ(tables.size(), 1u);
  const std::filesystem::path table = folder_ / "log" / tables.front().relative_filename;
  const std::filesystem::path incoming = folder_ / "log" / "run.incoming";
  ASSERT_FALSE(std::filesystem::exists(incoming)) << "this is not the name that runs are written under";
  std::filesystem::create_hard_link(table, incoming);
  open_and_fill(3 * kRun);
  open_and_fill(3 * kRun);
  check(3 * kRun);
}

TEST_F(IdIndexTest, ARunThatCannotBeWrittenIsTold) {
  // A folder with something in it stands where the run is to be written.
  std::filesystem::create_directories(folder_ / "log" / "run.incoming" / "x");
  Status status;
  for (std::uint64_t number = 0; number < 3 * kRun && status.ok(); ++number) {
    index_->add(entry(number));
    status = index_->put_in_runs(Offset{number + 1});
  }
  EXPECT_EQ(status.code(), Code::kDisk);
  for (std::uint64_t number = 0; number < kRun; ++number) ASSERT_TRUE(index_->find(entry(number).key)->has_value());
}

// The files of the filter tell of runs; whatever becomes of them, no key may be forgotten.
class IdIndexFilterTest : public IdIndexTest {
 protected:
  std::filesystem::path file() const { return folder_ / "log" / "filter-00000000"; }
  std::string bytes() const { return *read_whole_file(file()); }
  void expect_made_anew_from(const std::string& left) {
    open();
    ASSERT_TRUE(write_whole_file(file(), left).ok());
    open_and_fill(9 * kRun);
    check(9 * kRun);
    open_and_fill(9 * kRun);
    check(9 * kRun);
  }
};

TEST_F(IdIndexFilterTest, NewKeysAreNotLookedForOnDisk) {
  add(0, 9 * kRun);
  const auto looked_for = [&] { return database_->statistics().getTickerCount(rocksdb::NUMBER_KEYS_READ); };
  const std::uint64_t before = looked_for();
  for (std::uint64_t number = 0; number < 1000; ++number)
    ASSERT_FALSE(index_->find(entry(1'000'000 + number).key)->has_value());
  EXPECT_LT(looked_for() - before, 20u);
  open_and_fill(9 * kRun);
  const std::uint64_t after_restart = looked_for();
  for (std::uint64_t number = 0; number < 1000; ++number)
    ASSERT_FALSE(index_->find(entry(1'000'000 + number).key)->has_value());
  EXPECT_LT(looked_for() - after_restart, 20u);
}

TEST_F(IdIndexFilterTest, IsMadeAnewWhereItsFileIsMissing) {
  add(0, 9 * kRun);
  open();
  ASSERT_TRUE(std::filesystem::remove(file()));
  open_and_fill(9 * kRun);
  check(9 * kRun);
}

TEST_F(IdIndexFilterTest, IsMadeAnewWhereItsFileIsOld) {
  add(0, 2 * kRun + 1);
  open();
  const std::string old = bytes();
  open_and_fill(9 * kRun);
  expect_made_anew_from(old);
}

TEST_F(IdIndexFilterTest, IsMadeAnewWhereItsFileIsDamagedOrCutOff) {
  add(0, 9 * kRun);
  open();
  std::string damaged = bytes();
  damaged[damaged.size() / 2] = static_cast<char>(damaged[damaged.size() / 2] ^ 1);
  expect_made_anew_from(damaged);
  expect_made_anew_from(bytes().substr(0, 1000));
  expect_made_anew_from("");
}

// What was read so far must not be taken for all there is, now or at the next start.
TEST_F(IdIndexFilterTest, ARunThatCannotBeReadIsToldEachTime) {
  add(0, 2 * kRun);
  open();
  std::vector<rocksdb::LiveFileMetaData> tables;
  database_->db().GetLiveFilesMetaData(&tables);
  std::erase_if(tables, [](const auto& table) { return table.column_family_name != "ids"; });
  ASSERT_FALSE(tables.empty());
  const std::filesystem::path table = folder_ / "log" / tables.front().relative_filename;
  index_.reset();
  database_.reset();
  std::string bytes = *read_whole_file(table);
  bytes[bytes.size() / 8] = static_cast<char>(bytes[bytes.size() / 8] ^ 1);  // among the keys
  ASSERT_TRUE(write_whole_file(table, bytes).ok());
  std::filesystem::remove(file());
  for (int start = 0; start < 2; ++start) {
    auto database = LogDatabase::open(folder_ / "log");
    ASSERT_TRUE(database.ok()) << database.status().message();
    EXPECT_EQ(IdIndex(**database, kRun).open_filter().code(), Code::kCorrupt) << "start " << start;
  }
}

TEST_F(IdIndexFilterTest, AFileThatCannotBeReadOrWrittenKeepsNothingShut) {
  add(0, 9 * kRun);
  open();
  std::filesystem::remove(file());
  std::filesystem::create_directory(file());
  open_and_fill(9 * kRun);
  check(9 * kRun);
}

TEST_F(IdIndexFilterTest, OfAnotherLogIsNotTaken) {
  add(0, 9 * kRun);
  open();
  std::string others;
  {
    const TemporaryFolder another;
    const auto database = std::move(*LogDatabase::open(another / "log"));
    IdIndex index(*database, kRun);
    MOOT_CHECK_OK(index.open_filter());
    for (std::uint64_t number = 0; number < 20 * kRun; ++number) {
      index.add(entry(5'000'000 + number));
      MOOT_CHECK_OK(index.put_in_runs(Offset{number + 1}));
    }
    MOOT_CHECK_OK(index.put_in_runs(Offset{20 * kRun}));
    others = *read_whole_file(another / "log" / "filter-00000000");
  }
  expect_made_anew_from(others);
}

}  // namespace
}  // namespace moot
