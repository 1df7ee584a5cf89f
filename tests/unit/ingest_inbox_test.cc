// What is refused of something that was in the inbox already.
#include <gtest/gtest.h>

#include "tests/contract/waiting_in.h"
#include "tests/unit/example_event.h"
#include "tests/unit/ingest_fixture.h"

namespace moot {
namespace {

// Only who has the item waiting can say that what is refused is kept already.
TEST_F(IngestTest, WhatIsRefusedOfAnItemThatWaitsMakesNoFurtherOne) {
  publish({example_event()});
  v1::Event other = example_event();
  other.mutable_personal()->mutable_people(0)->set_born("1980-05-18");
  publish({other});
  v1::Publish of_item;
  of_item.set_of_item(waiting_in(*inbox_).front().item());
  other.mutable_personal()->mutable_people(0)->set_born("1980-05-19");
  const auto refused_again = [&](const v1::Publish& publish) {
    const v1::PublishAck ack = this->publish({other}, publish);
    EXPECT_EQ(ack.exceptions(0).code(), static_cast<std::uint32_t>(Code::kConflict)) << "and it is told all the same";
    return inbox_->size();
  };
  EXPECT_EQ(refused_again(of_item), 1u);
  EXPECT_EQ(refusals_.by_code[Code::kConflict], 2u);
  v1::InboxItem dropped = waiting_in(*inbox_).front();
  dropped.set_state(v1::InboxItem::DROPPED);
  ASSERT_TRUE(inbox_->replace({&dropped, 1}).ok());
  EXPECT_EQ(refused_again(of_item), 1u) << "of an item that is done with it is kept anew";
  EXPECT_EQ(waiting_in(*inbox_).front().item() == dropped.item(), false);
}

// Else a daily limit would not keep anybody from filling the disk. What waits already costs nothing.
TEST_F(IngestTest, WhatWaitsInTheInboxCountsTowardsTheDayOnce) {
  v1::Publish refused;
  for (const char* row : {"one", "two"}) {
    v1::RefusedInput& input = *refused.add_refused();
    input.mutable_origin()->set_file("calls.csv");
    input.set_code(static_cast<std::uint32_t>(Code::kUnmapped));
    input.set_input(row + std::string(1000, 'x'));
  }
  publish({}, refused);
  const AgencyTraffic first = traffic_.of("north-police");
  EXPECT_EQ(first.events_today, 2u);
  EXPECT_GE(first.bytes_today, 2000u);
  EXPECT_EQ(first.events, 0u);
  publish({}, refused);
  EXPECT_EQ(traffic_.of("north-police").events_today, 2u) << "the same again";
  ingest_->offer(*AgencyId::parse("north-police"), refused, {});
  EXPECT_EQ(ingest_->staged_of(*AgencyId::parse("north-police")).events, 2u) << "nobody knows yet that it is";
  EXPECT_EQ(ingest_->staged_of(*AgencyId::parse("soha")).events, 0u);
}

// A list of what waits holds what is said of each item: that must not be of any length.
TEST_F(IngestTest, WhatIsSaidOfARefusedInputIsCutBetweenTwoCharacters) {
  v1::Publish refused;
  v1::RefusedInput& input = *refused.add_refused();
  input.set_code(static_cast<std::uint32_t>(Code::kUnmapped));
  std::string reason = "a";
  while (reason.size() < 10'000) reason += "\u00e9";
  input.set_reason(reason);
  input.set_column(reason);
  input.mutable_origin()->set_file(std::string(10'000, 'f'));
  input.set_input(std::string(10'000, 'x'));
  publish({}, refused);
  const std::vector<v1::InboxItem> items = waiting_in(*inbox_);
  ASSERT_EQ(items.size(), 1u);
  EXPECT_EQ(items.front().reason(), reason.substr(0, 3999));
  EXPECT_EQ(items.front().column().size(), 3999u);
  EXPECT_EQ(items.front().file().size(), 4000u);
  EXPECT_EQ(items.front().input().size(), 10'000u) << "what was offered is kept whole";
  const Result<Inbox::Page> page = inbox_->page("");
  ASSERT_EQ(page->items.size(), 1u);
  EXPECT_EQ(page->items.front().input(), "");
  EXPECT_EQ(page->items.front().reason(), items.front().reason());
}

TEST_F(IngestTest, NobodyHidesARefusalBehindAnothersItem) {
  publish({example_event("1")});
  publish({example_event("1", "/soha/cases")}, {}, "soha");
  v1::Event other = example_event("1");
  other.mutable_personal()->mutable_people(0)->set_born("1980-05-18");
  publish({other});
  v1::Publish of_item;
  of_item.set_of_item(waiting_in(*inbox_).front().item());
  v1::Event anothers = example_event("1", "/soha/cases");
  anothers.mutable_personal()->mutable_people(0)->set_born("1980-05-18");
  publish({anothers}, of_item, "soha");
  of_item.set_of_item("no such item");
  anothers.mutable_personal()->mutable_people(0)->set_born("1980-05-19");
  publish({anothers}, of_item, "soha");
  EXPECT_EQ(inbox_->size(), 3u);
}

}  // namespace
}  // namespace moot
