#include "consumers/runtime/snapshot.h"

#include <gtest/gtest.h>
#include <stdlib.h>
#include <sys/stat.h>

#include <fstream>
#include <iterator>

#include "consumers/runtime/view.h"
#include "tests/consumers/case_events.h"

namespace moot {
namespace {

namespace fs = std::filesystem;

class SnapshotTest : public testing::Test {
 protected:
  SnapshotTest() {
    std::string folder = (fs::temp_directory_path() / "moot-snapshot-XXXXXX").string();
    MOOT_CHECK(::mkdtemp(folder.data()) != nullptr);
    folder_ = folder;
    fs::create_directories(place().folder);
    fs::create_directories(place().keys_folder);
  }
  ~SnapshotTest() override { fs::remove_all(folder_); }

  SnapshotPlace place(const std::string& log_id = "log-1") const {
    return SnapshotPlace{folder_ / "views", folder_ / "keys", "casebook", log_id};
  }
  static std::string bytes_of(const fs::path& file) {
    std::ifstream in(file, std::ios::binary);
    return std::string(std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>());
  }
  static void put(const fs::path& file, const std::string& bytes) { std::ofstream(file, std::ios::binary) << bytes; }
  std::size_t keys() const {
    return static_cast<std::size_t>(std::distance(fs::directory_iterator(folder_ / "keys"), fs::directory_iterator()));
  }
  std::unique_ptr<View> open(Casebook& casebook, const std::string& log_id = "log-1") const {
    Result<std::unique_ptr<View>> view = View::open(casebook, folder_ / "views", folder_ / "keys", log_id);
    MOOT_CHECK_OK(view.status());
    return std::move(*view);
  }

  fs::path folder_;
};

v1::Event call_at(std::uint64_t offset) {
  v1::Event event = call("c" + std::to_string(offset), "2021-03-02T10:00", Who{"caller", "", "Zebedee Unmistakeable"});
  event.mutable_envelope()->set_offset(offset);
  return event;
}

TEST_F(SnapshotTest, GivesBackTheStateAndItsCursor) {
  ASSERT_TRUE(write_snapshot(place(), {Offset{0x0102030405060708}, "all", "state"}).ok());
  const Result<Snapshot> snapshot = read_snapshot(place());
  ASSERT_TRUE(snapshot.ok()) << snapshot.status().to_string();
  EXPECT_EQ(snapshot->cursor.value, 0x0102030405060708u);
  EXPECT_EQ(snapshot->state, "state");
}

TEST_F(SnapshotTest, HasAFreshKeyEachTimeReadableByItsOwnerOnlyAndRemovesTheOldOne) {
  ASSERT_TRUE(write_snapshot(place(), {Offset{1}, "all", "state"}).ok());
  const std::string old = bytes_of(place().file());
  ASSERT_TRUE(write_snapshot(place(), {Offset{1}, "all", "state"}).ok());
  EXPECT_EQ(keys(), 1u);
  struct stat about {};
  ASSERT_EQ(::stat(fs::directory_iterator(folder_ / "keys")->path().c_str(), &about), 0);
  EXPECT_EQ(about.st_mode & 0777, 0600u);
  put(place().file(), old);  // a copy of the old snapshot, as a backup would have it
  EXPECT_EQ(read_snapshot(place()).status().code(), Code::kCorrupt);
}

TEST_F(SnapshotTest, KeepsTheKeysOfAnotherLogThatSharesTheFolder) {
  SnapshotPlace other = place("log-2");
  other.folder = folder_ / "other";
  fs::create_directories(other.folder);
  ASSERT_TRUE(write_snapshot(other, {Offset{1}, "all", "other"}).ok());
  ASSERT_TRUE(write_snapshot(place(), {Offset{1}, "all", "state"}).ok());
  ASSERT_TRUE(write_snapshot(place(), {Offset{2}, "all", "state"}).ok());
  EXPECT_EQ(keys(), 2u);
  EXPECT_TRUE(read_snapshot(other).ok());
}

TEST_F(SnapshotTest, IsNeverTrustedWithAnyByteFlippedOrAnyTailTornOff) {
  ASSERT_TRUE(write_snapshot(place(), {Offset{3}, "all", "state"}).ok());
  const std::string whole = bytes_of(place().file());
  for (std::size_t i = 0; i < whole.size(); ++i) {
    std::string flipped = whole;
    flipped[i] = static_cast<char>(flipped[i] ^ 1);
    put(place().file(), flipped);
    EXPECT_EQ(read_snapshot(place()).status().code(), Code::kCorrupt) << "byte " << i;
    put(place().file(), whole.substr(0, i));
    EXPECT_EQ(read_snapshot(place()).status().code(), Code::kCorrupt) << "torn at " << i;
  }
  put(place().file(), whole);
  EXPECT_TRUE(read_snapshot(place()).ok());
}

TEST_F(SnapshotTest, OfAnotherLogIsForeign) {
  ASSERT_TRUE(write_snapshot(place("log-1"), {Offset{3}, "all", "state"}).ok());
  EXPECT_EQ(read_snapshot(place("log-2")).status().code(), Code::kCorrupt);
}

TEST_F(SnapshotTest, ThatIsNotThereIsToldApart) { EXPECT_EQ(read_snapshot(place()).status().code(), Code::kNotFound); }

TEST_F(SnapshotTest, LetsAViewGoOnWhereItWasAndFoldNothingTwice) {
  {
    Casebook casebook(test_secret());
    const auto view = open(casebook);
    view->fold(call_at(0));
    view->fold(call_at(1));
    ASSERT_TRUE(view->save().ok());
  }
  Casebook casebook(test_secret());
  const auto view = open(casebook);
  EXPECT_EQ(view->cursor().value, 2u);
  EXPECT_EQ(view->remark(), "");
  EXPECT_EQ(casebook.version_count(), 2u);
  view->fold(call_at(1));
  view->fold(call_at(2));
  EXPECT_EQ(casebook.version_count(), 3u);
  EXPECT_EQ(view->cursor().value, 3u);
}

TEST_F(SnapshotTest, ThatIsDamagedIsSetAsideAndTheViewBeginsAgainAndSaysSo) {
  {
    Casebook casebook(test_secret());
    const auto view = open(casebook);
    view->fold(call_at(0));
    ASSERT_TRUE(view->save().ok());
  }
  put(place().file(), bytes_of(place().file()).substr(0, 100));
  Casebook casebook(test_secret());
  const auto view = open(casebook);
  EXPECT_EQ(view->cursor().value, 0u);
  EXPECT_EQ(casebook.version_count(), 0u);
  EXPECT_NE(view->remark().find("made again from the beginning"), std::string::npos) << view->remark();
  EXPECT_TRUE(fs::exists(folder_ / "views" / "casebook.snapshot.unreadable"));
  EXPECT_FALSE(fs::exists(place().file()));
}

// Whatever became of it, what is said then is what was said before.
TEST_F(SnapshotTest, OfACasebookThatIsDamagedAnywhereIsFoldedAnew) {
  std::string as_folded;
  {
    Casebook casebook(test_secret());
    const auto view = open(casebook);
    view->fold(call_at(0));
    view->fold(call_at(1));
    casebook.save(as_folded);
    ASSERT_TRUE(view->save().ok());
  }
  const std::string whole = bytes_of(place().file());
  const auto is_folded_anew = [&](const std::string& bytes) {
    put(place().file(), bytes);
    Casebook casebook(test_secret());
    {
      const auto view = open(casebook);
      if (view->cursor().value != 0 || casebook.version_count() != 0 || view->remark().empty()) return false;
      view->fold(call_at(0));
      view->fold(call_at(1));
    }
    fs::remove(folder_ / "views" / "casebook.snapshot.unreadable");
    std::string now;
    casebook.save(now);
    return now == as_folded;
  };
  for (std::size_t i = 0; i < whole.size(); ++i) {
    std::string flipped = whole;
    flipped[i] = static_cast<char>(flipped[i] ^ (1 << (i % 8)));
    EXPECT_TRUE(is_folded_anew(flipped)) << "byte " << i;
    EXPECT_TRUE(is_folded_anew(whole.substr(0, i))) << "torn at " << i;
  }
  EXPECT_TRUE(is_folded_anew(whole + "x"));
  std::string earlier = whole;  // as the release before wrote it, and a later one may
  ASSERT_TRUE(earlier.starts_with("moot-snapshot 2 "));
  for (const char format : {'1', '3'}) {
    earlier[14] = format;
    EXPECT_TRUE(is_folded_anew(earlier)) << format;
  }
  put(place().file(), whole);
  Casebook casebook(test_secret());
  EXPECT_EQ(open(casebook)->cursor().value, 2u);
}

TEST_F(SnapshotTest, IsWrittenByTheHolderOfTheLockOnly) {
  Casebook first(test_secret());
  const auto holder = open(first);
  holder->fold(call_at(0));
  ASSERT_TRUE(holder->save().ok());
  Casebook second(test_secret());
  const auto reader = open(second);
  EXPECT_TRUE(holder->may_save());
  EXPECT_FALSE(reader->may_save());
  EXPECT_EQ(reader->cursor().value, 1u);
  EXPECT_EQ(reader->save().code(), Code::kNotAllowed);
}

TEST_F(SnapshotTest, HasNoNameInAnyByteBelowTheFolder) {
  Casebook casebook(test_secret());
  const auto view = open(casebook);
  view->fold(call_at(0));
  std::string plain;
  casebook.save(plain);
  ASSERT_NE(plain.find("Unmistakeable"), std::string::npos);
  ASSERT_TRUE(view->save().ok());
  int files = 0;
  for (const auto& entry : fs::recursive_directory_iterator(folder_)) {
    EXPECT_EQ(entry.path().string().find("Unmistakeable"), std::string::npos);
    if (!entry.is_regular_file()) continue;
    ++files;
    const std::string bytes = bytes_of(entry.path());
    for (const char* secret : {"Zebedee", "Unmistakeable", "1980-02-29"})
      EXPECT_EQ(bytes.find(secret), std::string::npos) << entry.path();
  }
  EXPECT_GE(files, 2);
}

}  // namespace
}  // namespace moot
