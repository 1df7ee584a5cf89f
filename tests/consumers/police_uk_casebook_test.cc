// Crimes and outcomes of data.police.uk in the casebook: outcomes find their crimes, and a crime has one current
// version whatever came first.
#include <gtest/gtest.h>

#include <algorithm>

#include "broker/core/instant.h"
#include "consumers/casebook/casebook.h"
#include "tests/unit/police_uk_example.h"

namespace moot {
namespace {

using namespace police_example;

constexpr Instant kNow{1'700'000'000 * kSecondUs};

CaseSet cases_of(const std::vector<ReadFile>& files) {
  Casebook casebook(Key{});
  for (const ReadFile& file : files) {
    for (std::size_t i = 0; i < file.records.size(); ++i) {
      v1::Event event = file.event(i);
      event.mutable_envelope()->set_agency("north-police");
      *event.mutable_envelope()->mutable_recorded_time() = to_proto(kNow);
      casebook.apply(event);
    }
  }
  return casebook.as_at(kNow);
}

TEST(PoliceUkCasebookTest, AnOutcomeFindsItsCrimeByTheCrimeId) {
  const ReadFile street = read(fixture("2021-06-north-street.csv"));
  const ReadFile outcomes = read(fixture("2021-07-north-outcomes.csv"));
  const CaseSet cases = cases_of({outcomes, street});
  std::vector<std::string> found;
  for (std::size_t i = 0; i < outcomes.records.size(); ++i) {
    const v1::Link& about = outcomes.event(i).envelope().links(0);
    const v1::Event* crime = cases.find(about.source(), about.id());
    found.push_back(crime == nullptr ? "not held" : crime->facts().incident().category());
  }
  EXPECT_EQ(found, (std::vector<std::string>{"burglary", "burglary", "burglary", "violent-crime", "not held"}));
}

TEST(PoliceUkCasebookTest, OneVersionOfACrimeIsCurrentInWhateverOrderTheyCame) {
  StreetRow row{.crime_id = kCrime, .crime_type = "Robbery"};
  const ReadFile before = read(kStreetHeader + row.text());
  row.crime_type = "Other theft";
  const ReadFile after = read(kStreetHeader + row.text());
  const CaseSet one = cases_of({before, after});
  const CaseSet other = cases_of({after, before});
  const std::string& source = before.event(0).envelope().source();
  ASSERT_EQ(one.records().size(), 1U);
  ASSERT_NE(one.find(source, kCrime), nullptr);
  ASSERT_NE(other.find(source, kCrime), nullptr);
  EXPECT_EQ(one.find(source, kCrime)->envelope().id(), std::max(before.id(0), after.id(0)));
  EXPECT_EQ(other.find(source, kCrime)->envelope().id(), one.find(source, kCrime)->envelope().id());
  EXPECT_EQ(one.find(source, std::min(before.id(0), after.id(0))), one.find(source, kCrime)) << "by an older version";
}

}  // namespace
}  // namespace moot
