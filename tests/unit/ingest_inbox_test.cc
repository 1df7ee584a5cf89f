// What is refused of something that was in the inbox already.
#include <gtest/gtest.h>

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
  of_item.set_of_item(inbox_->list()->front().item());
  other.mutable_personal()->mutable_people(0)->set_born("1980-05-19");
  const auto refused_again = [&](const v1::Publish& publish) {
    const v1::PublishAck ack = this->publish({other}, publish);
    EXPECT_EQ(ack.exceptions(0).code(), static_cast<std::uint32_t>(Code::kConflict)) << "and it is told all the same";
    return inbox_->size();
  };
  EXPECT_EQ(refused_again(of_item), 1u);
  EXPECT_EQ(refusals_.by_code[Code::kConflict], 2u);
  v1::InboxItem dropped = inbox_->list()->front();
  dropped.set_state(v1::InboxItem::DROPPED);
  ASSERT_TRUE(inbox_->replace({&dropped, 1}).ok());
  EXPECT_EQ(refused_again(of_item), 1u) << "of an item that is done with it is kept anew";
  EXPECT_EQ(inbox_->list()->front().item() == dropped.item(), false);
}

TEST_F(IngestTest, NobodyHidesARefusalBehindAnothersItem) {
  publish({example_event("1")});
  publish({example_event("1", "/soha/cases")}, {}, "soha");
  v1::Event other = example_event("1");
  other.mutable_personal()->mutable_people(0)->set_born("1980-05-18");
  publish({other});
  v1::Publish of_item;
  of_item.set_of_item(inbox_->list()->front().item());
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
