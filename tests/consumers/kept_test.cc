// What documents keep with a set of cases that follows its casebook.
#include "consumers/casebook/kept.h"

#include <gtest/gtest.h>

#include "tests/consumers/case_events.h"

namespace moot {
namespace {

class Told : public Kept {
 public:
  void changed(const SetChange&) override { ++times; }
  std::size_t bytes() const override { return sizeof(*this); }
  int times = 0;
};

int times_told(const CaseSet& set, const std::string& by) {
  return set.kept<Told>(by, [] { return std::make_shared<Told>(); })->times;
}

// Yesterday's documents would go on noting what they have to look at again, for nobody.
TEST(Kept, IsNotToldForEverOfWhatNobodyAsksForAnyMore) {
  constexpr int kRecords = 2000, kOfStep = 900;
  std::vector<v1::Event> events;
  for (int i = 0; i < kRecords; ++i) {
    const std::string id = std::to_string(10'000 + i);
    events.push_back(make_event("uk.csp.incident.reported.v1", "north-homes", id, "2021-03-01T09:00"));
  }
  Casebook living = casebook_of(events);
  const Instant at = london("2021-04-13");
  EXPECT_EQ(times_told(*living.cases_at(at, {}), "yesterday"), 0);
  int told = 0;
  std::uint64_t revision = 1;
  for (std::size_t changes = 0; changes <= CaseSet::kToldMost; changes += kOfStep) {
    ++revision;
    for (std::size_t i = 0; i < kOfStep; ++i) {
      v1::Event later = events[i];
      later.mutable_envelope()->set_record(later.envelope().id());
      later.mutable_envelope()->set_id(later.envelope().id() + "/" + std::to_string(revision));
      later.mutable_envelope()->set_revision(revision);
      living.apply(later);
    }
    EXPECT_EQ(times_told(*living.cases_at(at, {}), "today"), told++) << "the set was made anew, so this tests nothing";
  }
  EXPECT_EQ(times_told(*living.cases_at(at, {}), "yesterday"), 0) << "is begun anew";
  EXPECT_EQ(times_told(*living.cases_at(at, {}), "today"), told - 1);
}

}  // namespace
}  // namespace moot
