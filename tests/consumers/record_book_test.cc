// The record book, and the records as at an instant.
#include "consumers/report/record_book.h"

#include <gtest/gtest.h>

#include "tests/consumers/report_events.h"

namespace moot {
namespace {

// A large log is mostly of other bodies than a figure's.
TEST(RecordSet, ReadsNoEventUntilItIsLookedAtAndFindsARecordByAnyOfItsBodies) {
  const v1::Event first = version_of(incident("fell-police", "3", "2020-05-03"), "r", 1);
  v1::Event then = version_of(call("4", "2020-05-04"), "r", 2);
  then.mutable_envelope()->set_source(first.envelope().source());
  const RecordBook book = book_of({incident("fell-police", "1", "2020-05-01"),
                                   referral("2", "installed", "2020-05-02", Who{"victim"}, "guardcam"), first, then});
  const RecordSet set = book.as_at(london("2030-01-01"));
  const std::vector<std::uint32_t> incidents = set.of_bodies({v1::Facts::kIncident});
  EXPECT_EQ(incidents.size(), 2u);
  EXPECT_EQ(set.of_bodies({v1::Facts::kContact}).size(), 1u);
  EXPECT_EQ(set.of_bodies({v1::Facts::kIncident, v1::Facts::kContact}), incidents) << "each once";
  EXPECT_EQ(set.of_bodies({}).size(), 3u);
  for (const RecordState& record : set.records())
    for (const KeptVersion& version : record.versions()) EXPECT_EQ(version.event, nullptr);
  for (const std::uint32_t i : incidents) EXPECT_FALSE(set.records()[i].current().envelope().source().empty());
  const std::uint32_t camera_at = set.of_bodies({v1::Facts::kReferral}).at(0);
  EXPECT_EQ(set.records()[camera_at].versions()[0].event, nullptr) << "nobody asked for it";
}

TEST(RecordBook, KeepsNoNameAndIsTheSameAfterItWasSavedAndLoaded) {
  v1::Event event = call("1", "2020-05-01", Who{"caller", "ref-9", "Casey Exampleton", "1980-01-01", "OX99 1AA"});
  event.mutable_personal()->mutable_people(0)->set_sex("F");
  v1::Text& text = *event.mutable_personal()->add_texts();
  text.set_field("description");
  text.set_text("shouting");
  const RecordBook book = book_of({event});
  std::string saved;
  book.save(saved);
  for (const char* hidden : {"Exampleton", "1980", "OX99", "ref-9", "shouting"})
    EXPECT_EQ(saved.find(hidden), std::string::npos) << hidden;
  RecordBook again;
  ASSERT_TRUE(again.load(saved).ok());
  const std::string toml = measure_of("women", "", "type = \"contact\"\nsex = \"f\"");
  const Report report =
      make_report(again, reporting_partnership(), definition_of(toml), *parse_period("2020-21"), london("2030-01-01"));
  EXPECT_EQ(line_of(report, "women").figure.value, 1);
  EXPECT_FALSE(again.load("not a record book").ok());
  EXPECT_TRUE(again.empty());
}

}  // namespace
}  // namespace moot
