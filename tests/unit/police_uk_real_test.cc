// Complete months of real data (found through MOOT_SHARED). What is expected was counted by another program, which read
// the cells as they stand.
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>

#include "broker/core/event_rules.h"
#include "tests/unit/police_uk_example.h"

namespace moot {
namespace {

using namespace police_example;

class PoliceUkRealTest : public testing::Test {
 protected:
  void SetUp() override {
    const char* shared = std::getenv("MOOT_SHARED");
    if (shared == nullptr) GTEST_SKIP() << "MOOT_SHARED is not set";
    folder_ = std::filesystem::path(shared) / "data/police";
  }
  // Every row an event that keeps to the rules, with an id of its own.
  ReadFile read_all(const std::string& name, std::size_t rows, const PoliceUkMapping& mapping = {}) const {
    ReadFile file = read(std::make_unique<std::ifstream>(folder_ / name, std::ios::binary), mapping);
    EXPECT_TRUE(file.status.ok()) << file.status.to_string();
    EXPECT_EQ(file.records.size(), rows) << name;
    EXPECT_EQ(file.ids().size(), rows) << name;
    for (std::size_t i = 0; i < file.records.size() && file.is_event(i); ++i)
      EXPECT_TRUE(validate(file.event(i), Limits()).ok()) << name << " row " << i + 2;
    return file;
  }

  std::filesystem::path folder_;
};

struct StreetCounts {
  std::size_t without_id = 0;
  std::size_t looking_alike = 0;  // rows equal to an earlier one
  std::size_t nowhere = 0;
  std::map<std::string, std::size_t> categories;
};

StreetCounts counts_of(const ReadFile& file) {
  StreetCounts counts;
  for (std::size_t i = 0; i < file.records.size(); ++i) {
    const v1::Event& event = file.event(i);
    if (event.envelope().subject().empty()) {
      ++counts.without_id;
      if (!event.envelope().record().ends_with("-1")) ++counts.looking_alike;
    }
    if (!event.has_personal()) ++counts.nowhere;
    EXPECT_EQ(event.envelope().lsoa().empty(), !event.has_personal());
    ++counts.categories[event.facts().incident().category()];
  }
  return counts;
}

TEST_F(PoliceUkRealTest, ThamesValleyInJune2018) {
  const ReadFile file = read_all("2018-06-thames-valley-street.csv", 18'188);
  const StreetCounts counts = counts_of(file);
  EXPECT_EQ(counts.without_id, 3'431U);
  EXPECT_EQ(counts.looking_alike, 1'266U);
  EXPECT_EQ(counts.nowhere, 1'697U);
  const std::map<std::string, std::size_t> expected = {
      {"asb", 3'431},           {"bicycle-theft", 551},  {"burglary", 864},      {"criminal-damage-arson", 1'751},
      {"drugs", 438},           {"other-crime", 276},    {"other-theft", 1'981}, {"possession-of-weapons", 143},
      {"public-order", 653},    {"robbery", 142},        {"shoplifting", 1'359}, {"theft-from-the-person", 248},
      {"vehicle-crime", 1'298}, {"violent-crime", 5'053}};
  EXPECT_EQ(counts.categories, expected);
}

TEST_F(PoliceUkRealTest, TwoDistrictsOfThamesValley) {
  PoliceUkMapping mapping;
  mapping.areas = {{"South Oxfordshire", "south"}, {"Vale of White Horse", "vale"}};
  mapping.refuse_outside = true;
  const ReadFile file =
      read(std::make_unique<std::ifstream>(folder_ / "2018-06-thames-valley-street.csv", std::ios::binary), mapping);
  std::map<std::string, std::size_t> areas;
  for (std::size_t i = 0; i < file.records.size(); ++i)
    ++areas[file.is_event(i) ? file.event(i).envelope().area() : "refused"];
  EXPECT_EQ(areas, (std::map<std::string, std::size_t>{{"south", 631}, {"vale", 535}, {"refused", 17'022}}));
}

TEST_F(PoliceUkRealTest, BedfordshiresOutcomesJoinTheirCrimes) {
  std::set<std::string> crimes;  // records
  const ReadFile november = read_all("2023-11-bedfordshire-street.csv", 4'826);
  const ReadFile december = read_all("2023-12-bedfordshire-street.csv", 4'529);
  EXPECT_EQ(counts_of(november).without_id, 641U);
  EXPECT_EQ(counts_of(november).looking_alike, 140U);
  EXPECT_EQ(counts_of(november).nowhere, 184U);
  EXPECT_EQ(counts_of(december).without_id, 524U);
  EXPECT_EQ(counts_of(december).looking_alike, 124U);
  for (const ReadFile* file : {&november, &december})
    for (std::size_t i = 0; i < file->records.size(); ++i) crimes.insert(file->event(i).envelope().record());
  EXPECT_EQ(crimes.size(), 4'826U + 4'529U);
  const auto joined = [&](const ReadFile& outcomes) {
    std::size_t count = 0;
    for (std::size_t i = 0; i < outcomes.records.size(); ++i) {
      const v1::Link& about = outcomes.event(i).envelope().links(0);
      EXPECT_EQ(about.source(), november.event(0).envelope().source());
      if (crimes.contains(about.id())) ++count;
    }
    return count;
  };
  const auto ongoing = [](const ReadFile& outcomes) {
    std::size_t count = 0;
    for (std::size_t i = 0; i < outcomes.records.size(); ++i)
      if (outcomes.event(i).facts().closure().stage() == v1::Closure::ONGOING) ++count;
    return count;
  };
  const ReadFile first = read_all("2023-11-bedfordshire-outcomes.csv", 4'428);
  const ReadFile second = read_all("2023-12-bedfordshire-outcomes.csv", 4'160);
  EXPECT_EQ(joined(first), 2'584U);
  EXPECT_EQ(joined(second), 3'394U);
  EXPECT_EQ(ongoing(first), 387U) << "suspects charged";
  EXPECT_EQ(ongoing(second), 396U);
}

}  // namespace
}  // namespace moot
