// Files of data.police.uk of random rows: nothing is lost, nothing comes twice, and order says nothing.
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <random>

#include "broker/core/event_rules.h"
#include "tests/unit/police_uk_example.h"

namespace moot {
namespace {

using namespace police_example;

using Random = std::mt19937;

std::string one_of(Random& random, const std::vector<std::string>& texts) { return texts[random() % texts.size()]; }

// Few different values, so that many rows are equal.
std::vector<std::string> street_rows(Random& random, std::size_t count) {
  std::vector<std::string> rows;
  for (std::size_t i = 0; i < count; ++i) {
    StreetRow row;
    row.location = one_of(random, {"No Location", "On or near Mill Lane", "On or near Station Road"});
    row.crime_type = one_of(random, {"Anti-social behaviour", "Anti-social behaviour", "Drugs"});
    row.latitude = one_of(random, {"51.600000", "", "0"});
    if (row.latitude == "0") row.longitude = "0";
    row.lsoa_code = one_of(random, {"E01000001", "", "95AA01S1"});
    if (row.crime_type == "Drugs") row.crime_id = std::string(56, 'f') + std::to_string(10'000'000 + i);
    rows.push_back(row.text());
  }
  return rows;
}

std::vector<std::string> outcome_rows(Random& random, std::size_t count) {
  std::vector<std::string> rows;
  for (std::size_t i = 0; i < count; ++i)
    rows.push_back(outcome_row(std::string(63, 'e') + one_of(random, {"1", "2", "3", "4"}),
                               one_of(random, {"Suspect charged", "Local resolution", "Offender fined"}),
                               one_of(random, {"E01000001", "E01000002", ""})));
  return rows;
}

std::string file_of(const std::string& header, const std::vector<std::string>& rows) {
  std::string text = header;
  for (const std::string& row : rows) text += row;
  return text;
}

// The content by id.
std::map<std::string, std::string> by_id(const ReadFile& file) {
  std::map<std::string, std::string> events;
  for (std::size_t i = 0; i < file.records.size(); ++i) events[file.id(i)] = file.event(i).SerializeAsString();
  return events;
}

void expect_no_row_lost_or_doubled(const std::string& header, std::vector<std::string> rows, Random& random) {
  const ReadFile file = read(file_of(header, rows));
  ASSERT_EQ(file.records.size(), rows.size());
  const std::map<std::string, std::string> events = by_id(file);
  EXPECT_EQ(events.size(), rows.size()) << "an id came twice";
  for (std::size_t i = 0; i < rows.size(); ++i) {
    EXPECT_EQ(file.records[i].origin.row(), i + 2);
    EXPECT_TRUE(validate(file.event(i), Limits()).ok()) << validate(file.event(i), Limits()).to_string();
  }
  EXPECT_EQ(by_id(read(file_of(header, rows))), events) << "the same file again";
  std::shuffle(rows.begin(), rows.end(), random);
  EXPECT_EQ(by_id(read(file_of(header, rows))), events) << "the same rows in another order";
  rows.pop_back();
  std::map<std::string, std::string> fewer = by_id(read(file_of(header, rows)));
  EXPECT_EQ(fewer.size(), rows.size());
  for (const auto& [id, content] : fewer) {
    ASSERT_TRUE(events.contains(id)) << "a file with a row less has no id of its own";
    EXPECT_EQ(events.at(id), content);
  }
}

TEST(PoliceUkGeneratedTest, EveryStreetRowIsOneEventWhateverTheOrder) {
  for (unsigned seed = 0; seed < 40; ++seed) {
    SCOPED_TRACE(seed);
    Random random(seed);
    std::vector<std::string> rows = street_rows(random, 1 + random() % 120);
    expect_no_row_lost_or_doubled(kStreetHeader, std::move(rows), random);
  }
}

TEST(PoliceUkGeneratedTest, EveryOutcomeRowIsOneEventWhateverTheOrder) {
  for (unsigned seed = 0; seed < 40; ++seed) {
    SCOPED_TRACE(seed);
    Random random(seed);
    std::vector<std::string> rows = outcome_rows(random, 1 + random() % 120);
    expect_no_row_lost_or_doubled(kOutcomesHeader, std::move(rows), random);
  }
}

// An id that stands for two contents would be a conflict, and the second row lost to the inbox.
TEST(PoliceUkGeneratedTest, OneIdNeverStandsForTwoContents) {
  std::map<std::string, std::string> all;
  const PoliceUkMapping areas = parse_police_uk_mapping(fixture("areas.toml"), "areas.toml").value();
  PoliceUkMapping kept = areas;
  kept.refuse_outside = false;
  for (unsigned seed = 0; seed < 30; ++seed) {
    Random random(seed);
    const std::string text = file_of(kStreetHeader, street_rows(random, 100));
    for (const PoliceUkMapping& mapping : {PoliceUkMapping(), kept}) {
      for (const auto& [id, content] : by_id(read(text, mapping))) {
        const auto known = all.emplace(id, content).first;
        EXPECT_EQ(known->second, content) << "seed " << seed;
      }
    }
  }
  EXPECT_GT(all.size(), 300U);
}

TEST(PoliceUkGeneratedTest, RandomBytesNeverCrashAndNoSentenceRepeatsACell) {
  for (unsigned seed = 0; seed < 200; ++seed) {
    Random random(seed);
    std::string noise;
    for (int i = 0; i < 1500; ++i) noise += ",,,,,\"\n\n-019.E\xc3\xa9"[random() % 16];
    for (const std::string& header : {kStreetHeader, kOutcomesHeader}) EXPECT_TRUE(read(header + noise).status.ok());
    StreetRow row;
    std::string* const cells[] = {&row.month, &row.longitude, &row.latitude, &row.crime_type, &row.crime_id};
    *cells[seed % 5] = "Secretname";
    const ReadFile file = read(kStreetHeader + row.text());
    ASSERT_EQ(file.records.size(), 1U);
    if (!file.is_event(0)) {
      EXPECT_EQ(file.refused(0).reason().find("Secret"), std::string::npos);
    }
  }
}

}  // namespace
}  // namespace moot
