// Versions of records whose source does not number them, and records that are gone from a complete export.
#include "adapters/source_state.h"

#include <gtest/gtest.h>

#include "broker/core/event_rules.h"
#include "tests/unit/example_event.h"

namespace moot {
namespace {

class SourceStateTest : public testing::Test {
 protected:
  // The event of a row: its record's key is its id.
  static v1::Event row(const std::string& key, const std::string& born = "1980-05-17") {
    v1::Event event = example_event(key);
    event.mutable_envelope()->clear_record();
    event.mutable_envelope()->clear_revision();
    event.mutable_personal()->mutable_people(0)->set_born(born);
    return event;
  }
  // The source as it is once all that was published is in the log.
  SourceState state() const {
    std::size_t given = 0;
    auto read = SourceState::read(example_event("1").envelope().source(), [&]() -> Result<std::vector<v1::Event>> {
      if (given == log_.size()) return std::vector<v1::Event>();
      return std::vector<v1::Event>{log_[given++]};
    });
    MOOT_CHECK_OK(read.status());
    return std::move(*read);
  }
  // As one file: the ids of its rows, and of what it withdraws.
  std::vector<std::string> publish(std::vector<v1::Event> rows, bool complete = false) {
    SourceState now = state();
    std::vector<std::string> ids;
    for (v1::Event& event : rows) {
      now.number(event);
      ids.push_back(event.envelope().id());
      store(event);
    }
    if (!complete) return ids;
    for (const v1::Event& event : now.withdrawals(*parse_rfc3339("2021-03-20T09:00:00Z"))) {
      EXPECT_TRUE(validate(event, Limits()).ok()) << validate(event, Limits()).message();
      ids.push_back(event.envelope().id());
      store(event);
    }
    return ids;
  }
  void store(v1::Event event) {
    for (const v1::Event& there : log_)
      if (there.envelope().id() == event.envelope().id()) return;  // a duplicate, as the broker has it
    event.mutable_envelope()->set_agency("north-police");
    event.mutable_envelope()->set_offset(log_.size());
    event.mutable_envelope()->mutable_recorded_time()->set_seconds(1'615'000'000);
    event.mutable_envelope()->set_backfill(true);
    log_.push_back(std::move(event));
  }

  std::vector<v1::Event> log_;
};

using Ids = std::vector<std::string>;

TEST_F(SourceStateTest, TheSameExportAgainIsTheSameVersionsAndAChangedRowIsANewOne) {
  EXPECT_EQ(publish({row("A"), row("B")}), (Ids{"A", "B"}));
  EXPECT_EQ(publish({row("A"), row("B")}), (Ids{"A", "B"}));
  EXPECT_EQ(publish({row("A", "1990-01-01"), row("B")}), (Ids{"A/1", "B"}));
  EXPECT_EQ(log_.back().envelope().record(), "A");
  EXPECT_EQ(log_.back().envelope().revision(), 1u);
  EXPECT_EQ(publish({row("A", "1990-01-01"), row("B")}), (Ids{"A/1", "B"}));
}

TEST_F(SourceStateTest, WhatGoesBackToWhatItWasIsAThirdVersion) {
  publish({row("A")});
  publish({row("A", "1990-01-01")});
  EXPECT_EQ(publish({row("A")}), Ids{"A/2"});
  EXPECT_EQ(publish({row("A")}), Ids{"A/2"});
  EXPECT_EQ(log_.size(), 3u);
}

// Councils' references end like this: "CS/2021/0045".
TEST_F(SourceStateTest, AKeyThatReadsLikeAVersionOfAnotherRecordIsARecordOfItsOwn) {
  EXPECT_EQ(publish({row("A"), row("A/1")}), (Ids{"A", "A/1/0"}));
  EXPECT_EQ(publish({row("A", "1990-01-01"), row("A/1")}), (Ids{"A/1", "A/1/0"}));
  EXPECT_EQ(publish({row("A", "1990-01-01"), row("A/1", "1990-01-01")}), (Ids{"A/1", "A/1/1"}));
  EXPECT_EQ(log_.back().envelope().record(), "A/1");
  EXPECT_EQ(publish({row("A", "1990-01-01"), row("A/1", "1990-01-01")}), (Ids{"A/1", "A/1/1"}));
  EXPECT_EQ(log_.size(), 4u);
  EXPECT_EQ(publish({row("A/1"), row("A/"), row("7")}, true), (Ids{"A/1/2", "A/", "7", "A/2"})) << "A is withdrawn";
}

TEST_F(SourceStateTest, ARowTwiceInOneFileIsOneVersionOrTwo) {
  EXPECT_EQ(publish({row("A"), row("A"), row("A", "1990-01-01"), row("A")}), (Ids{"A", "A", "A/1", "A/2"}));
}

TEST_F(SourceStateTest, ARecordGoneFromACompleteExportIsWithdrawnOnceAndMayComeBack) {
  publish({row("A"), row("B")}, true);
  EXPECT_EQ(publish({row("A")}, true), (Ids{"A", "B/1"}));
  const v1::Envelope& gone = log_.back().envelope();
  EXPECT_EQ(gone.type(), "uk.csp.contact.withdrawn.v1");
  EXPECT_EQ(gone.record(), "B");
  EXPECT_EQ(to_rfc3339(from_proto(gone.known_time())), "2021-03-20T09:00:00Z");
  EXPECT_FALSE(log_.back().has_personal());
  EXPECT_EQ(publish({row("A")}, true), Ids{"A"}) << "it is withdrawn once";
  EXPECT_EQ(publish({row("A"), row("B")}, true), (Ids{"A", "B/2"})) << "the same again, which is there again";
  EXPECT_EQ(publish({row("A"), row("B")}, true), (Ids{"A", "B/2"}));
}

TEST_F(SourceStateTest, ARefusedRowIsNotGone) {
  publish({row("A"), row("B")});
  SourceState now = state();
  v1::Event a = row("A");
  now.number(a);
  EXPECT_EQ(now.gone(), 1u);
  now.seen("B");
  EXPECT_EQ(now.gone(), 0u);
  EXPECT_EQ(now.live(), 2u);
}

TEST_F(SourceStateTest, SomebodyErasedSinceMakesNoNewVersionOfAnUnchangedRow) {
  publish({row("A")});
  v1::Person& person = *log_[0].mutable_personal()->mutable_people(0);
  const std::string role = person.role();
  person.Clear();
  person.set_role(role);
  person.set_erased(true);
  EXPECT_EQ(publish({row("A")}), Ids{"A"});
}

TEST_F(SourceStateTest, AnotherSourceOfTheAgencyIsNoneOfIts) {
  publish({row("A")});
  log_[0].mutable_envelope()->set_source("/north-police/custody");
  EXPECT_EQ(state().live(), 0u);
}

}  // namespace
}  // namespace moot
