// What waits for an absent broker: nothing that was kept is lost, nothing is readable, damage is found.
#include "adapters/spool.h"

#include <gtest/gtest.h>

#include <fstream>

#include "adapters/spool_file.h"
#include "adapters/spool_salvage.h"
#include "adapters/spool_through.h"
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
  static v1::SpooledParcel long_one(int i) {
    v1::SpooledParcel parcel;
    parcel.add_events("Avery Inventedname called, " + std::to_string(i) + std::string(700'000, 'x'));
    return parcel;
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

  std::size_t files_of_parcels() const {
    std::size_t count = 0;
    for (const fs::path& file : files()) count += file.extension() == ".parcels" ? 1 : 0;
    return count;
  }
  fs::path only_file() const {
    for (const fs::path& file : files())
      if (file.extension() == ".parcels") return file;
    ADD_FAILURE() << "there is no file of parcels";
    return {};
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
  fs::create_directories(folder());  // a making: nothing in it, or nothing whole
  write_file(folder() / "00000000000000000002.parcels", "half");
  EXPECT_TRUE(open()->empty());
  EXPECT_FALSE(fs::exists(folder()));
  keep(*open(), 0, 2);
  fs::copy(folder(), folder_ / "kept", fs::copy_options::recursive);
  MOOT_CHECK_OK(open()->forget_through(3));
  fs::copy(folder_ / "kept", folder(), fs::copy_options::recursive);  // a removal: it is all there still
  EXPECT_TRUE(open()->empty());
  EXPECT_FALSE(fs::exists(folder()));
  keep(*open(), 2, 3);
  EXPECT_EQ(read(*open()), (std::vector<std::string>{"2"}));
}

TEST_F(SpoolTest, WithoutWhatTellsHowMuchItHoldsItIsRefusedAndNothingTouched) {
  keep(*open(), 0, 3);
  fs::remove(folder().string() + ".through");
  const std::size_t before = files().size();
  EXPECT_EQ(refusal().code(), Code::kCorrupt);
  EXPECT_NE(refusal().message().find(".through: is missing"), std::string::npos) << refusal().message();
  fs::resize_file(only_file(), 3);  // damaged besides: all the less a reason to delete it
  EXPECT_EQ(refusal().code(), Code::kCorrupt);
  EXPECT_EQ(files().size(), before);
}

// A power cut may leave any part of what was written and not synced.
TEST_F(SpoolTest, WhatNobodyWasPromisedIsKeptWholeOrCutOff) {
  keep(*open(), 0, 2);
  const std::string through = *read_whole_file(folder().string() + ".through");
  keep(*open(), 2, 4);
  const fs::path file = only_file();
  const std::string all = *read_whole_file(file);
  const std::size_t promised = all.size() / 2;
  for (std::size_t bytes = promised; bytes <= all.size(); ++bytes) {
    for (const bool hole : {false, true}) {
      write_file(file, all.substr(0, promised) + std::string(hole ? bytes - promised : 0, '\0') +
                           all.substr(hole ? bytes : promised, hole ? std::string::npos : bytes - promised));
      write_file(folder().string() + ".through", through);
      const auto spool = open();
      const std::vector<std::string> found = read(*spool);
      ASSERT_GE(found.size(), 2u) << bytes;
      EXPECT_EQ(std::vector(found.begin(), found.begin() + 2), (std::vector<std::string>{"0", "1"}));
      keep(*spool, 8, 9);
      EXPECT_EQ(read(*spool).size(), found.size() + 1) << "it goes on where it is sound";
      EXPECT_EQ(read(*spool).back(), "8");
    }
  }
}

TEST_F(SpoolTest, BeginsAnotherFileWhenOneIsLongAndRemovesThoseThatAreForgotten) {
  std::vector<std::string> wanted;
  {
    const auto spool = open();
    for (int i = 0; i < 20; ++i) {
      const std::vector<v1::SpooledParcel> one = {long_one(i)};
      MOOT_CHECK_OK(spool->keep(one, Instant{i}));
      wanted.push_back(one.front().events(0).substr(27));
    }
    EXPECT_EQ(files_of_parcels(), 4u);
    EXPECT_EQ(read(*spool), wanted);
    EXPECT_EQ((*spool->read(5, 1)).front().number, 5u);
  }
  const auto spool = open();
  EXPECT_EQ(read(*spool), wanted);
  std::uint64_t before = Spool::look(folder())->bytes;
  for (std::uint64_t through = 1; through < 20; ++through) {
    MOOT_CHECK_OK(spool->forget_through(through));
    EXPECT_EQ(read(*spool), std::vector(wanted.begin() + static_cast<int>(through), wanted.end()));
    EXPECT_EQ(spool->figures().parcels, 20 - through);
    EXPECT_EQ(spool->figures().oldest.us, static_cast<std::int64_t>(through));
    const Result<SpoolFigures> seen = Spool::look(folder());
    ASSERT_TRUE(seen.ok()) << seen.status().message();
    EXPECT_EQ(seen->bytes, spool->figures().bytes);
    EXPECT_LT(seen->bytes, before);
    before = seen->bytes;
  }
  EXPECT_EQ(files_of_parcels(), 1u);
}

TEST_F(SpoolTest, DamageBeforeTheLastFileIsNoTornEnd) {
  {
    const auto spool = open();
    for (int i = 0; i < 8; ++i) {
      const std::vector<v1::SpooledParcel> one = {long_one(i)};
      MOOT_CHECK_OK(spool->keep(one, Instant{i}));
    }
  }
  ASSERT_EQ(files_of_parcels(), 2u);
  MOOT_CHECK_OK(write_spool_through(folder(), {1, 0}));  // as if only the first had been promised
  const fs::path first = folder() / spool_file_name(1);
  fs::resize_file(first, fs::file_size(first) - 1);
  const auto before = fs::file_size(folder() / spool_file_name(7));
  EXPECT_EQ(refusal().code(), Code::kCorrupt);
  EXPECT_EQ(fs::file_size(folder() / spool_file_name(7)), before) << "nothing is touched";
}

TEST_F(SpoolTest, WhatIsWholeOfADamagedOneIsSavedElsewhereInItsOrder) {
  {
    const auto spool = open();
    for (int i = 0; i < 6; ++i) keep(*spool, i, i + 1, 1000 * i);
    MOOT_CHECK_OK(spool->forget_through(1));
  }
  const std::string whole = *read_whole_file(only_file());
  std::vector<std::size_t> begins = {0};
  while (begins.back() < whole.size())
    begins.push_back(begins.back() + entry_at(std::string_view(whole).substr(begins.back()), 0)->bytes());
  const fs::path to = folder_ / "saved";
  const auto saved = [&](SpoolSalvage& salvage) {
    fs::remove_all(to);
    fs::remove(to.string() + ".through");
    const Result<SpoolSalvage> done = salvage_spool(folder(), key_, to);
    MOOT_CHECK_OK(done.status());
    salvage = *done;
    return read(**Spool::open(to, key_, kPlenty));
  };
  SpoolSalvage salvage;
  EXPECT_EQ(saved(salvage), (std::vector<std::string>{"1", "2", "3", "4", "5"})) << "of a sound one all";
  EXPECT_EQ(salvage.lost, 0u);
  EXPECT_EQ(salvage.events, 10u);
  EXPECT_EQ((*Spool::open(to, key_, kPlenty))->figures().oldest.us, 1000);

  std::string flipped = whole;
  flipped[begins[3] - 1] ^= 1;  // in what is sealed: those behind it are found
  write_file(only_file(), flipped);
  EXPECT_EQ(refusal().code(), Code::kCorrupt);
  EXPECT_EQ(saved(salvage), (std::vector<std::string>{"1", "3", "4", "5"}));
  EXPECT_EQ(salvage.lost, 1u);

  flipped = whole;
  flipped[begins[3]] ^= 0x40;  // in a length: nothing tells where the next begins
  write_file(only_file(), flipped);
  EXPECT_EQ(saved(salvage), (std::vector<std::string>{"1", "2"}));
  EXPECT_EQ(salvage.lost, 3u);

  write_file(only_file(), whole);
  fs::remove(folder().string() + ".through");
  EXPECT_EQ(saved(salvage), (std::vector<std::string>{"0", "1", "2", "3", "4", "5"}));
  EXPECT_TRUE(salvage.all_again);
}

TEST_F(SpoolTest, IsOfOneProcessAtATime) {
  const auto spool = open();
  keep(*spool, 0, 1);
  EXPECT_EQ(refusal().code(), Code::kExists);
  EXPECT_EQ(Spool::look(folder())->parcels, 1u) << "looking is for everybody";
  EXPECT_EQ(salvage_spool(folder(), key_, folder_ / "saved").status().code(), Code::kExists);
}

TEST_F(SpoolTest, AFlipAnywhereIsRefused) {
  {
    const auto spool = open();
    for (int i = 0; i < 4; ++i) keep(*spool, i, i + 1);
  }
  const TemporaryFolder whole;
  fs::copy(folder_.path(), whole / "all", fs::copy_options::recursive);
  int refused = 0, harmless = 0, looked_at = 0;
  for (const fs::path& file : files()) {
    const fs::path name = fs::relative(file, folder_.path());
    const std::string bytes = *read_whole_file(file);
    for (std::size_t at = 0; at < bytes.size(); ++at) {
      fs::remove_all(folder());
      fs::copy(whole / "all", folder_.path(), fs::copy_options::recursive | fs::copy_options::overwrite_existing);
      std::string flipped = bytes;
      flipped[at] = static_cast<char>(flipped[at] ^ (1 << (at % 8)));
      write_file(folder_.path() / name, flipped);
      const Result<std::unique_ptr<Spool>> spool = Spool::open(folder(), key_, kPlenty);
      const Result<std::vector<Spool::Kept>> kept =
          spool.ok() ? (*spool)->read(0, kPlenty) : Result<std::vector<Spool::Kept>>(spool.status());
      ++looked_at;
      ++(kept.ok() ? harmless : refused);
      if (!kept.ok()) continue;
      ASSERT_EQ(kept->size(), 4u) << name << " byte " << at;
      for (int i = 0; i < 4; ++i)
        EXPECT_EQ((*kept)[static_cast<std::size_t>(i)].parcel.SerializeAsString(),
                  parcels(i, i + 1).front().SerializeAsString());
    }
  }
  EXPECT_EQ(refused, looked_at) << harmless << " were not noticed, and harmless";
}

}  // namespace
}  // namespace moot
