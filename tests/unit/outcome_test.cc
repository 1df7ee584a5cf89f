// What an ack says of each event of its message, also when the message was sent again.
#include "broker/client/outcome.h"

#include <gtest/gtest.h>

namespace moot {
namespace {

void add_duplicate(v1::PublishAck& ack, std::uint32_t frame, std::uint64_t offset) {
  v1::Exception& exception = *ack.add_exceptions();
  exception.set_frame(frame);
  exception.set_kind(v1::Exception::DUPLICATE);
  exception.set_offset(offset);
}

TEST(Outcome, OfAMessageSentAgainWhatItStoredBeforeCountsAsAccepted) {
  v1::PublishAck ack;
  add_duplicate(ack, 0, 3);   // of long ago
  add_duplicate(ack, 1, 10);  // this message's own, its ack lost
  const std::vector<Outcome> outcomes = outcomes_of(ack, 2, Offset{10});
  EXPECT_EQ(outcomes[0].fate, Fate::kDuplicate);
  EXPECT_EQ(outcomes[1].fate, Fate::kAccepted);
  EXPECT_TRUE(outcomes[1].recovered);
}

// Else more would be told accepted than there are.
TEST(Outcome, OfAMessageSentAgainARepeatWithinItIsARepeatStill) {
  v1::PublishAck stored_before;
  add_duplicate(stored_before, 0, 10);
  add_duplicate(stored_before, 1, 10);
  EXPECT_EQ(outcomes_of(stored_before, 2, Offset{10})[1].fate, Fate::kDuplicate);
  v1::PublishAck stored_now;
  stored_now.set_first_offset(10);
  stored_now.set_stored(1);
  add_duplicate(stored_now, 1, 10);
  const std::vector<Outcome> outcomes = outcomes_of(stored_now, 2, Offset{10});
  EXPECT_EQ(outcomes[0].fate, Fate::kAccepted);
  EXPECT_EQ(outcomes[1].fate, Fate::kDuplicate);
}

}  // namespace
}  // namespace moot
