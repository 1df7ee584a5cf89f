// The index of keys over several runs, restarts and what a crash leaves behind.
#include "broker/log/id_index.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <fstream>

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

}  // namespace
}  // namespace moot
