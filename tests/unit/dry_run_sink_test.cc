// A dry run counts as a broker would that has nothing yet.
#include "adapters/dry_run_sink.h"

#include <gtest/gtest.h>

#include "broker/core/event_rules.h"

namespace moot {
namespace {

v1::Event event(const std::string& id, const std::string& channel = "101", const std::string& record = "") {
  v1::Event event;
  event.mutable_envelope()->set_id(id);
  event.mutable_envelope()->set_source("/wardens/calls");
  event.mutable_envelope()->set_record(record);
  event.mutable_envelope()->mutable_time()->set_seconds(1'600'000'000);
  event.mutable_envelope()->set_type("uk.csp.contact.received.v1");
  event.mutable_facts()->mutable_contact()->set_stage(v1::Contact::RECEIVED);
  event.mutable_facts()->mutable_contact()->set_channel(channel);
  return event;
}

v1::Origin row(std::uint64_t number) {
  v1::Origin origin;
  origin.set_file("calls.csv");
  origin.set_row(number);
  return origin;
}

struct Told {
  explicit Told(const DryRunOptions& options) : sink(options) {
    sink.on_outcome([this](const Outcome& outcome) { last = outcome; });
  }
  Fate fate(const v1::Event& event, std::uint64_t number = 2) {
    MOOT_CHECK_OK(sink.publish(event, row(number)));
    return last.fate;
  }
  DryRunSink sink;
  Outcome last;
};

DryRunOptions at_2020() {
  DryRunOptions options;
  options.now = Instant{1'600'000'000 * kSecondUs};
  return options;
}

TEST(DryRunSinkTest, TellsWhatRepeatsAnotherRecord) {
  Told told(at_2020());
  EXPECT_EQ(told.fate(event("a"), 7), Fate::kAccepted);
  EXPECT_EQ(told.fate(event("a")), Fate::kDuplicate);
  EXPECT_EQ(told.fate(event("a", "web")), Fate::kRefused);
  EXPECT_EQ(told.last.status.code(), Code::kConflict);
  EXPECT_EQ(told.last.status.message(), "row 7 of calls.csv has the same source and id with different content");
  EXPECT_EQ(told.fate(event("b/1", "101", "b")), Fate::kAccepted);
  EXPECT_EQ(told.fate(event("b/2", "101", "b")), Fate::kSuperseding);
  EXPECT_EQ(told.fate(event("a/2", "101", "a")), Fate::kSuperseding) << "its first version had no record";
  const DryRunReport report = told.sink.take_report();
  EXPECT_EQ(report.types.at("uk.csp.contact.received.v1"), 5U);
  ASSERT_EQ(report.refused.size(), 1U);
  EXPECT_EQ(report.refused[0].origin.row(), 2U);
  EXPECT_TRUE(told.sink.take_report().refused.empty()) << "told already";
}

TEST(DryRunSinkTest, JudgesByTheRulesOfTheBroker) {
  DryRunOptions options = at_2020();
  options.agency = AgencyId::parse("wardens").value();
  Told told(options);
  EXPECT_EQ(told.fate(event("a b")), Fate::kRefused);
  EXPECT_EQ(told.last.status.code(), Code::kInvalid);
  v1::Event other = event("c");
  other.mutable_envelope()->set_source("/homes/calls");
  EXPECT_EQ(told.fate(other), Fate::kRefused);
  EXPECT_EQ(told.last.status.code(), Code::kWrongAgency);
  v1::Event to_come = event("d");
  to_come.mutable_envelope()->mutable_time()->set_seconds(1'600'000'000 + 301);
  EXPECT_EQ(told.fate(to_come), Fate::kAccepted) << "only history is bound to be past";
  options.backfill = true;
  Told history(options);
  EXPECT_EQ(history.fate(to_come), Fate::kRefused);
  to_come.mutable_envelope()->mutable_time()->set_seconds(1'600'000'000 + 300);
  EXPECT_EQ(history.fate(to_come), Fate::kAccepted);
}

TEST(DryRunSinkTest, KeepsTheFirstRefusedRowsAndCountsTheOthers) {
  Told told(at_2020());
  v1::RefusedInput refused;
  refused.set_column("Day");
  refused.set_code(static_cast<std::uint32_t>(Code::kMissing));
  refused.set_reason("column \"Day\": is empty");
  for (std::size_t i = 0; i < DryRunSink::kRefusedRowsMax + 3; ++i) ASSERT_TRUE(told.sink.refuse(refused).ok());
  const DryRunReport report = told.sink.take_report();
  EXPECT_EQ(report.refused.size(), DryRunSink::kRefusedRowsMax);
  EXPECT_EQ(report.refused_left_out, 3U);
  EXPECT_EQ(report.refused[0].column, "Day");
}

}  // namespace
}  // namespace moot
