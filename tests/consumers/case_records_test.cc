// What is kept of the records of a set of cases from one document to the next.
#include <gtest/gtest.h>

#include "tests/consumers/case_events.h"

namespace moot {
namespace {

// What was noted of a version is known of it alone, wherever its record stands.
TEST(CaseNotes, AreOfVersionsNotOfRecords) {
  Casebook living(test_secret());
  const auto version = [](const std::string& id, const std::string& record, int revision, const std::string& day) {
    v1::Event event = call(id, day + "T09:00", Who("caller", record, "Casey Inventzz"), "101");
    event.mutable_envelope()->set_record(record);
    event.mutable_envelope()->set_revision(static_cast<std::uint64_t>(revision));
    return event;
  };
  const Instant at = london("2031-01-01");
  for (const char* record : {"a", "b", "c", "e", "f", "g"})
    living.apply(version(std::string(record) + "1", record, 1, "2021-03-01"));
  {
    const std::shared_ptr<const CaseSet> cases = living.cases_at(at, {});
    CaseRecords::Notes notes = cases->records().notes("seen");
    for (std::size_t i = 0; i < 6; ++i) {
      EXPECT_EQ(notes[i], 0);
      notes[i] = 7;
    }
    EXPECT_EQ(cases->records().notes("something else")[0], 0);
  }
  living.apply(version("b2", "b", 2, "2021-03-02"));
  living.apply(version("d1", "d", 1, "2021-03-02"));
  const std::shared_ptr<const CaseSet> cases = living.cases_at(at, {});
  const auto noted = [&](const std::string& id) {
    const std::optional<std::size_t> place = cases->find_position("/north-police/records", id);
    return place ? static_cast<int>(cases->records().notes("seen")[*place]) : -1;
  };
  EXPECT_EQ(noted("a1"), 7);
  EXPECT_EQ(noted("b2"), 0);
  EXPECT_EQ(noted("c1"), 7);
  EXPECT_EQ(noted("d1"), 0);
}

// One record that is told anew every hour is as much work as one that is not, and no more memory for ever.
TEST(FollowedCases, ForgetWhereChangedRecordsNamedPeople) {
  Casebook living(test_secret());
  for (int i = 0; i < 200; ++i)
    living.apply(call("c" + std::to_string(i), "2021-03-01T09:00", Who("caller", "r" + std::to_string(i))));
  const Instant at = london("2031-01-01");
  std::size_t most = 0;
  for (int revision = 1; revision < 5000; ++revision) {
    v1::Event event = call("u" + std::to_string(revision), "2021-03-01T10:00", Who("caller", "u"));
    event.mutable_envelope()->set_record("u");
    event.mutable_envelope()->set_revision(static_cast<std::uint64_t>(revision));
    living.apply(event);
    const std::shared_ptr<const CaseSet> cases = living.cases_at(at, {});
    most = std::max(most, cases->places());
    ASSERT_EQ(cases->records().count(), 201u);
  }
  EXPECT_LE(most, 2 * 201u + 1001);
  EXPECT_GT(most, 1000u) << "made anew each time";
}

}  // namespace
}  // namespace moot
