// What waits for an absent broker: nothing that was kept is lost, nothing is readable, damage is found.
#include "adapters/spool.h"

#include <gtest/gtest.h>

#include <fstream>

#include "broker/core/whole_file.h"
#include "tests/contract/temporary_folder.h"

namespace moot {
namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t kPlenty = 1 << 30;

class SpoolTest : public testing::Test {
 protected:
  std::unique_ptr<Spool> open(std::uint64_t bytes_max = kPlenty) const {
    Result<std::unique_ptr<Spool>> spool = Spool::open(folder(), key_, bytes_max);
    MOOT_CHECK_OK(spool.status());
    return std::move(*spool);
  }
  Status refusal() const { return Spool::open(folder(), key_, kPlenty).status(); }
  fs::path folder() const { return folder_ / "soha"; }
  static std::vector<v1::SpooledParcel> parcels(int from, int to) {
    std::vector<v1::SpooledParcel> made;
    for (int i = from; i < to; ++i) {
      v1::SpooledParcel& parcel = made.emplace_back();
      parcel.add_events("Avery Inventedname called, " + std::to_string(i));
      parcel.add_events("and again");
      parcel.mutable_publish()->set_backfill(i % 2 == 1);
    }
    return made;
  }
  static void keep(Spool& spool, int from, int to, std::int64_t at = 1000) {
    MOOT_CHECK_OK(spool.keep(parcels(from, to), Instant{at}));
  }
  static std::vector<std::string> read(const Spool& spool, std::uint64_t from = 0) {
    std::vector<std::string> found;
    const Result<std::vector<Spool::Kept>> kept = spool.read(from, kPlenty);
    MOOT_CHECK_OK(kept.status());
    for (const Spool::Kept& one : *kept) found.push_back(one.parcel.events(0).substr(27));
    return found;
  }
  static void write_file(const fs::path& file, const std::string& bytes) {
    std::ofstream(file, std::ios::binary) << bytes;
  }
  std::vector<fs::path> files() const {
    std::vector<fs::path> found;
    for (const auto& entry : fs::recursive_directory_iterator(folder_.path()))
      if (entry.is_regular_file()) found.push_back(entry.path());
    return found;
  }

  const TemporaryFolder folder_;
  const Key key_ = random_key();
};

TEST_F(SpoolTest, GivesBackWhatWasKeptInItsOrderAlsoToALaterStart) {
  {
    const auto spool = open();
    EXPECT_TRUE(spool->empty());
    keep(*spool, 0, 2);
    keep(*spool, 2, 3);
    EXPECT_EQ(read(*spool), (std::vector<std::string>{"0", "1", "2"}));
  }
  const auto spool = open();
  EXPECT_EQ(read(*spool), (std::vector<std::string>{"0", "1", "2"}));
  EXPECT_EQ(read(*spool, 3), (std::vector<std::string>{"2"}));
  EXPECT_TRUE((*spool->read(2, 1)).front().parcel.publish().backfill());
  EXPECT_EQ((*spool->read(0, 1)).size(), 1u) << "one, however few bytes";
}

TEST_F(SpoolTest, ForgetsWhatIsInTheLogAndNothingElse) {
  {
    const auto spool = open();
    keep(*spool, 0, 5);
    MOOT_CHECK_OK(spool->forget_through(2));
    EXPECT_EQ(read(*spool), (std::vector<std::string>{"2", "3", "4"}));
    MOOT_CHECK_OK(spool->forget_through(1));  // again
  }
  {
    const auto spool = open();
    EXPECT_EQ(read(*spool), (std::vector<std::string>{"2", "3", "4"}));
    MOOT_CHECK_OK(spool->forget_through(5));
    EXPECT_TRUE(spool->empty());
    EXPECT_FALSE(fs::exists(folder())) << "somebody in it may be erased later";
    EXPECT_EQ(Spool::look(folder())->parcels, 0u);
  }
  const auto spool = open();
  EXPECT_TRUE(spool->empty());
  keep(*spool, 5, 6);
  EXPECT_EQ((*spool->read(0, kPlenty)).front().number, 6u) << "a number stands for one parcel for ever";
}

TEST_F(SpoolTest, TellsHowMuchWaitsAndSinceWhen) {
  const auto spool = open();
  keep(*spool, 0, 2, 1000);
  keep(*spool, 2, 3, 2000);
  EXPECT_EQ(spool->figures().parcels, 3u);
  EXPECT_EQ(spool->figures().events, 6u);
  EXPECT_EQ(spool->figures().oldest.us, 1000);
  MOOT_CHECK_OK(spool->forget_through(2));
  EXPECT_EQ(spool->figures().events, 2u);
  EXPECT_EQ(spool->figures().oldest.us, 2000);
  const Result<SpoolFigures> seen = Spool::look(folder());  // as another process would
  ASSERT_TRUE(seen.ok()) << seen.status().message();
  EXPECT_EQ(seen->events, 2u);
  EXPECT_EQ(seen->bytes, spool->figures().bytes);
  EXPECT_EQ(seen->oldest.us, 2000);
  MOOT_CHECK_OK(spool->forget_through(3));
  EXPECT_EQ(spool->figures().bytes, 0u);
}

TEST_F(SpoolTest, TakesNothingOverItsBytesAndAllOrNone) {
  const auto spool = open(400);
  keep(*spool, 0, 2);
  EXPECT_EQ(spool->keep(parcels(2, 9), Instant{1}).code(), Code::kQuota);
  EXPECT_EQ(read(*spool).size(), 2u);
  MOOT_CHECK_OK(spool->forget_through(2));
  keep(*spool, 2, 3);
  EXPECT_EQ(read(*spool), (std::vector<std::string>{"2"}));
}

TEST_F(SpoolTest, HoldsNoNameThatCouldBeRead) {
  {
    const auto spool = open();
    keep(*spool, 0, 50);
  }
  open();  // which puts it into a table
  std::size_t bytes = 0;
  for (const fs::path& file : files()) {
    const std::string text = *read_whole_file(file);
    bytes += text.size();
    EXPECT_EQ(text.find("Inventedname"), std::string::npos) << file;
  }
  EXPECT_GT(bytes, 50u * 80u);
}

TEST_F(SpoolTest, AnotherKeyIsRefusedAtOnce) {
  keep(*open(), 0, 1);
  EXPECT_EQ(Spool::open(folder(), random_key(), kPlenty).status().code(), Code::kCorrupt);
  EXPECT_EQ(read(*open()).size(), 1u) << "nothing was touched";
}

TEST_F(SpoolTest, ALostEndOrAHoleIsFound) {
  keep(*open(), 0, 3);
  fs::copy(folder(), folder_ / "kept", fs::copy_options::recursive);
  keep(*open(), 3, 5);
  fs::remove_all(folder());
  fs::copy(folder_ / "kept", folder(), fs::copy_options::recursive);
  EXPECT_EQ(refusal().code(), Code::kCorrupt);
  EXPECT_NE(refusal().message().find("number 4"), std::string::npos) << refusal().message();
  fs::remove_all(folder());
  EXPECT_EQ(refusal().code(), Code::kCorrupt) << "all of it gone";
}

TEST_F(SpoolTest, AMakingOrARemovalThatWasCutOffDoesNotKeepItShut) {
  {
    const auto spool = open();
    keep(*spool, 0, 1);
    MOOT_CHECK_OK(spool->forget_through(1));
  }
  fs::create_directories(folder());
  write_file(folder() / "000004.log", "half");
  keep(*open(), 0, 2);
  fs::copy(folder(), folder_ / "kept", fs::copy_options::recursive);
  MOOT_CHECK_OK(open()->forget_through(3));
  for (const char* gone : {"CURRENT", "MANIFEST"}) {
    fs::copy(folder_ / "kept", folder(), fs::copy_options::recursive);
    for (const fs::path& file : files())
      if (file.parent_path() == folder() && file.filename().string().starts_with(gone)) fs::remove(file);
    EXPECT_TRUE(open()->empty()) << gone;
    EXPECT_FALSE(fs::exists(folder())) << gone;
  }
  fs::remove_all(folder_ / "kept");
  keep(*open(), 2, 3);
  EXPECT_EQ(read(*open()), (std::vector<std::string>{"2"}));
}

TEST_F(SpoolTest, WithoutWhatTellsHowMuchItHoldsItIsRefusedAndNothingTouched) {
  keep(*open(), 0, 3);
  fs::remove(folder().string() + ".through");
  const std::size_t before = files().size();
  EXPECT_EQ(refusal().code(), Code::kCorrupt);
  EXPECT_NE(refusal().message().find(".through: is missing"), std::string::npos) << refusal().message();
  fs::resize_file(folder() / "CURRENT", 0);  // damaged besides: all the less a reason to delete it
  EXPECT_EQ(refusal().code(), Code::kCorrupt);
  EXPECT_EQ(files().size(), before);
}

TEST_F(SpoolTest, AFlipAnywhereIsRefusedOrChangesNothing) {
  {
    const auto spool = open();
    for (int i = 0; i < 4; ++i) keep(*spool, i, i + 1);
  }
  const TemporaryFolder whole;
  fs::copy(folder_.path(), whole / "all", fs::copy_options::recursive);
  int refused = 0, harmless = 0;
  for (const fs::path& file : files()) {
    const fs::path name = fs::relative(file, folder_.path());
    const std::string bytes = *read_whole_file(file);
    for (std::size_t at = 0; at < bytes.size(); at += 41) {
      fs::remove_all(folder());
      fs::copy(whole / "all", folder_.path(), fs::copy_options::recursive | fs::copy_options::overwrite_existing);
      std::string flipped = bytes;
      flipped[at] = static_cast<char>(flipped[at] ^ (1 << (at % 8)));
      write_file(folder_.path() / name, flipped);
      const Result<std::unique_ptr<Spool>> spool = Spool::open(folder(), key_, kPlenty);
      const Result<std::vector<Spool::Kept>> kept =
          spool.ok() ? (*spool)->read(0, kPlenty) : Result<std::vector<Spool::Kept>>(spool.status());
      ++(kept.ok() ? harmless : refused);
      if (!kept.ok()) continue;
      ASSERT_EQ(kept->size(), 4u) << name << " byte " << at;
      for (int i = 0; i < 4; ++i)
        EXPECT_EQ((*kept)[static_cast<std::size_t>(i)].parcel.SerializeAsString(),
                  parcels(i, i + 1).front().SerializeAsString());
    }
  }
  EXPECT_GT(refused, 10);
  EXPECT_GT(harmless, 10) << "of files that hold no event";
}

}  // namespace
}  // namespace moot
