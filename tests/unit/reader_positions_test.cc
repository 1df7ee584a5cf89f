// Where readers are, and what is kept of it: a reader that stays away after a restart of the broker is still behind.
#include "broker/reader_positions.h"

#include <gtest/gtest.h>

#include "broker/core/whole_file.h"
#include "tests/contract/memory_event_log.h"
#include "tests/contract/temporary_folder.h"
#include "tests/unit/fixed_clock.h"

namespace moot {
namespace {

class ReaderPositionsTest : public testing::Test {
 protected:
  static constexpr std::uint64_t kEvents = 9;
  ReaderPositionsTest() : keys_(folder_ / "keys", random_key()) {
    for (std::uint64_t offset = 0; offset < kEvents; ++offset) {
      v1::StoredEvent stored;
      stored.mutable_envelope()->set_id(std::to_string(offset));
      stored.mutable_envelope()->set_source("/soha/cases");
      stored.mutable_envelope()->set_offset(offset);
      SealedRecord record;
      record.key = event_key("/soha/cases", std::to_string(offset));
      record.bytes = stored.SerializeAsString();
      MOOT_CHECK_OK(log_.append(std::span(&record, 1)).status());
    }
  }
  ReaderPositions positions() { return {&reading_, &clock_, folder_ / "readers", key_}; }
  ReaderPositions loaded(std::uint64_t end = kEvents) {
    ReaderPositions positions = this->positions();
    positions.load(Offset{end});
    return positions;
  }
  static std::optional<ReaderPositions::Behind> behind(ReaderPositions& positions) {
    const auto all = positions.behind(Offset{kEvents});
    const auto found = all.find(std::string(kOperator));
    return found == all.end() ? std::nullopt : std::optional(found->second);
  }
  // The operator's, who may read everything.
  static ReaderPositions::Reader view(std::uint64_t through) {
    return {{*AgencyId::parse(kOperator), "operations"}, "view", "", {}, Offset{through}};
  }
  void keep(const ReaderPositions::Reader& reader) {
    ReaderPositions positions = this->positions();
    positions.begin(reader);
    ASSERT_TRUE(positions.save().ok());
  }

  TemporaryFolder folder_;
  const Key key_ = random_key();
  KeyStore keys_;
  MemoryEventLog log_;
  const Agreements agreements_;
  FixedClock clock_{"2021-03-10T12:00:00Z"};
  const Reading reading_{{&log_, &keys_, &agreements_, &clock_}};
};

TEST_F(ReaderPositionsTest, AreThereAfterAStart) {
  {
    ReaderPositions positions = loaded();
    positions.begin(view(3));
    positions.move(*AgencyId::parse(kOperator), "view", Offset{5});
    ASSERT_TRUE(positions.save().ok());
  }
  ReaderPositions positions = loaded();
  const auto found = behind(positions);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->events, kEvents - 5);
  EXPECT_EQ(found->first, Offset{5});
  EXPECT_EQ(found->reader, "view");
}

TEST_F(ReaderPositionsTest, WhatAFilterSaysIsSealed) {
  ReaderPositions::Reader reader = view(0);
  reader.filter.add_subjects("Avery Inventedname");
  keep(reader);
  EXPECT_EQ(read_whole_file(folder_ / "readers")->find("Inventedname"), std::string::npos);
}

TEST_F(ReaderPositionsTest, OfALogThatIsShorterNowAReaderIsAtItsEnd) {
  keep(view(7));
  ReaderPositions positions = loaded(2);
  EXPECT_EQ(behind(positions)->first, Offset{2});
}

TEST_F(ReaderPositionsTest, AReaderThatWasNotThereForAMonthIsNoneAnyMore) {
  keep(view(0));
  ReaderPositions positions = loaded();
  clock_.set("2021-04-09T11:59:59Z");
  EXPECT_TRUE(behind(positions));
  clock_.set("2021-04-09T12:00:01Z");
  EXPECT_FALSE(behind(positions));
}

TEST_F(ReaderPositionsTest, WhatIsNotWhatWasWrittenIsNotBelieved) {
  keep(view(1));
  const std::string stored = *read_whole_file(folder_ / "readers");
  for (std::size_t at = 0; at < stored.size(); ++at) {
    std::string flipped = stored;
    flipped[at] = static_cast<char>(flipped[at] ^ 1);
    ASSERT_TRUE(write_whole_file(folder_ / "readers", flipped).ok());
    ReaderPositions positions = loaded();
    EXPECT_FALSE(behind(positions)) << "byte " << at;
  }
}

}  // namespace
}  // namespace moot
