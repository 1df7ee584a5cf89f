// A producer's messages without a socket: how many are under way, and how large, by what the broker allows.
#include "broker/client/publishing.h"

#include <gtest/gtest.h>

#include "broker/peer_room.h"
#include "tests/unit/example_event.h"

namespace moot {
namespace {

constexpr std::size_t kMiB = 1024 * 1024;

class PublishingTest : public testing::Test {
 protected:
  void add(int events, std::size_t note = 1000) {
    for (int i = 0; i < events; ++i) {
      v1::Event event = example_event(std::to_string(added_++), "/soha/cases");
      v1::Text& text = *event.mutable_personal()->add_texts();
      text.set_field("note");
      text.set_text(std::string(note, 'n'));
      publishing_.add(event, {});
    }
  }
  // Sends what may go now: how many bytes each message has.
  std::vector<std::size_t> send() {
    std::vector<std::size_t> sizes;
    while (Publishing::Message* message = publishing_.next()) {
      sizes.push_back(message->bytes);
      publishing_.sent(*message, ++numbers_);
      under_way_[numbers_] = message->bytes;
    }
    return sizes;
  }
  std::size_t under_way() const {
    std::size_t bytes = 0;
    for (const auto& [number, size] : under_way_) bytes += size;
    return bytes;
  }
  void acknowledge(std::uint64_t number) {
    v1::Reply reply;
    reply.set_number(number);
    reply.mutable_publish_ack()->set_stored(1);
    ASSERT_TRUE(publishing_.take(reply).ok());
    under_way_.erase(number);
  }

  Publishing publishing_{ProducerOptions()};
  std::uint64_t numbers_ = 0;
  std::map<std::uint64_t, std::size_t> under_way_;  // by number
  int added_ = 0;
};

TEST_F(PublishingTest, WithoutAWordOfTheBrokerMessagesAreAsLargeAsTheyMayBe) {
  add(3000);
  const std::vector<std::size_t> sizes = send();
  ASSERT_GE(sizes.size(), 2u);
  EXPECT_GT(sizes[0], kMiB / 2);
}

TEST_F(PublishingTest, NoMoreIsUnderWayThanTheBrokerAllows) {
  publishing_.allow(PeerRoom::kWindowLeast);
  add(1000);
  publishing_.close();
  for (std::uint64_t number = 1; !publishing_.all_acknowledged(); ++number) {
    for (const std::size_t size : send()) EXPECT_LE(size, PeerRoom::kWindowLeast / 2);
    EXPECT_LE(under_way(), PeerRoom::kWindowLeast);
    ASSERT_TRUE(under_way_.contains(number)) << "nothing moves";
    acknowledge(number);
  }
}

TEST_F(PublishingTest, AnEventLargerThanTheWindowIsSentByItself) {
  publishing_.allow(1000);
  add(3, 3900);
  publishing_.close();
  for (std::uint64_t number = 1; number <= 3; ++number) {
    EXPECT_EQ(send().size(), 1u);
    acknowledge(number);
  }
  EXPECT_TRUE(publishing_.all_acknowledged());
}

TEST_F(PublishingTest, AWindowThatGrewIsUsedAtOnce) {
  publishing_.allow(PeerRoom::kWindowLeast);
  add(1000);
  EXPECT_EQ(send().size(), 2u);
  publishing_.allow(kMiB);
  EXPECT_GT(send().size(), 2u);
  EXPECT_LE(under_way(), kMiB);
}

TEST(PeerRoomTest, SharesAddUpToTheRoomUntilEachIsAtItsLeast) {
  const PeerRoom room(64 * kMiB);
  EXPECT_EQ(room.window(0), PeerRoom::kWindowMost);
  EXPECT_EQ(room.window(1), PeerRoom::kWindowMost);
  for (const std::size_t peers : {5, 16, 100, 512}) {
    EXPECT_LE(peers * room.window(peers), 32 * kMiB) << peers;
    EXPECT_GT(peers * room.window(peers), 31 * kMiB) << peers;
  }
  EXPECT_EQ(room.window(5000), PeerRoom::kWindowLeast);
  EXPECT_EQ(room.batch(0), PeerRoom::kBatchMost);
  EXPECT_EQ(room.batch(14), PeerRoom::kBatchMost);
  for (const std::size_t readers : {15, 20, 200})
    EXPECT_LE(readers * room.batch(readers) * (PeerRoom::kMessagesWaiting + 1), 32 * kMiB) << readers;
  EXPECT_EQ(room.batch(5000), PeerRoom::kBatchLeast);
}

}  // namespace
}  // namespace moot
