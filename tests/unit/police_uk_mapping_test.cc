// A partnership's settings for files of data.police.uk.
#include "adapters/police_uk_mapping.h"

#include <gtest/gtest.h>

#include "adapters/given_mapping.h"
#include "tests/unit/police_uk_example.h"

namespace moot {
namespace {

using namespace police_example;

PoliceUkMapping police_mapping(const std::string& more) {
  Result<PoliceUkMapping> read = parse_police_uk_mapping("format = \"police-uk\"\n" + more, "areas.toml");
  EXPECT_TRUE(read.ok()) << read.status().to_string();
  return std::move(*read);
}

std::string police_mistake(const std::string& toml) {
  const Result<PoliceUkMapping> read = parse_police_uk_mapping(toml, "areas.toml");
  EXPECT_EQ(read.ok() ? Code::kOk : read.status().code(), Code::kDefinition);
  return read.ok() ? "" : read.status().message();
}

TEST(PoliceUkMappingTest, AnAreaIsFoundByCodeBeforeNameAndByTheLongestName) {
  const PoliceUkMapping areas = police_mapping(R"([area]
"South" = "south"
"South Vale" = "south-vale"
"E01000002" = "mill"
)");
  EXPECT_EQ(areas.area_of("E01000001", "South Vale 001A"), "south-vale");
  EXPECT_EQ(areas.area_of("E01000001", "South Hill 001A"), "south");
  EXPECT_EQ(areas.area_of("E01000001", "South"), "south");
  EXPECT_EQ(areas.area_of("E01000002", "South Vale 001A"), "mill");
  EXPECT_EQ(areas.area_of("E01000001", "Southern Vale 001A"), "") << "whole words only";
  EXPECT_EQ(areas.area_of("E01000001", "North South 001A"), "");
  EXPECT_EQ(areas.area_of("", ""), "");
}

TEST(PoliceUkMappingTest, RowsOutsideAreKeptWithoutAnAreaOrRefused) {
  const std::string text = fixture("2021-06-north-street.csv");
  PoliceUkMapping areas = parse_police_uk_mapping(fixture("areas.toml"), "areas.toml").value();
  ASSERT_TRUE(areas.refuse_outside);
  const ReadFile strict = read(text, areas);
  ASSERT_EQ(strict.records.size(), 6U);
  EXPECT_EQ(strict.event(0).envelope().area(), "riverside");
  EXPECT_EQ(strict.event(2).envelope().area(), "station");
  EXPECT_EQ(strict.refused(4).reason(),
            "column \"LSOA name\": is empty, and the mapping refuses rows that tell none of its areas");
  EXPECT_EQ(strict.refused(5).reason(),
            "column \"LSOA name\": is in none of the mapping's areas, and it refuses rows outside them");
  EXPECT_EQ(static_cast<Code>(strict.refused(5).code()), Code::kUnmapped);
  areas.refuse_outside = false;
  const ReadFile all = read(text, areas);
  EXPECT_EQ(all.ids().size(), 6U);
  EXPECT_EQ(all.event(4).envelope().area(), "");
  EXPECT_EQ(all.id(0), strict.id(0));
}

TEST(PoliceUkMappingTest, AnOutcomeHasTheAreaOfItsRow) {
  const PoliceUkMapping areas = parse_police_uk_mapping(fixture("areas.toml"), "areas.toml").value();
  const ReadFile file = read(fixture("2021-07-north-outcomes.csv"), areas);
  EXPECT_EQ(file.event(0).envelope().area(), "riverside");
  EXPECT_FALSE(file.is_event(3));
  EXPECT_EQ(file.event(4).envelope().area(), "station");
}

// Else a file published before its mapping was written would come twice.
TEST(PoliceUkMappingTest, AMappingWrittenLaterGivesNewVersionsOfTheSameRecords) {
  const std::string text = fixture("2021-06-north-street.csv");
  const ReadFile without = read(text);
  const ReadFile with = read(text, police_mapping("[area]\n\"Riverside District\" = \"riverside\"\n"));
  for (std::size_t i = 0; i < 6; ++i) {
    EXPECT_EQ(with.event(i).envelope().record(), without.event(i).envelope().record());
    EXPECT_EQ(with.id(i) == without.id(i), with.event(i).envelope().area().empty());
    EXPECT_EQ(without.event(i).envelope().revision(), 0U);
    EXPECT_EQ(with.event(i).envelope().revision(), with.event(i).envelope().area().empty() ? 0U : 1U);
  }
}

TEST(PoliceUkMappingTest, ASuffixKeepsTwoSourcesApartAndLinksWithinOne) {
  const PoliceUkMapping archive = police_mapping("source_suffix = \"archive\"");
  const ReadFile outcomes = read(fixture("2021-07-north-outcomes.csv"), archive);
  EXPECT_EQ(outcomes.event(0).envelope().source(), "/north-police/police-uk-outcomes-archive");
  EXPECT_EQ(outcomes.event(0).envelope().links(0).source(), "/north-police/police-uk-street-archive");
  EXPECT_EQ(read(fixture("2021-06-north-street.csv"), archive).event(0).envelope().source(),
            "/north-police/police-uk-street-archive");
}

TEST(PoliceUkMappingTest, MistakesAreToldWithLineAndKey) {
  EXPECT_EQ(police_mistake("format = \"csv\"\n"), "areas.toml, line 1, key \"format\": expected \"police-uk\"");
  const std::string start = "format = \"police-uk\"\n";
  EXPECT_NE(police_mistake(start + "outside = \"drop\"\n").find("line 2, key \"outside\""), std::string::npos);
  EXPECT_NE(police_mistake(start + "outside = \"refuse\"\n").find("every row would be refused"), std::string::npos);
  EXPECT_NE(police_mistake(start + "[area]\nA = \"Two Words\"\n").find("line 3, key \"area.A\""), std::string::npos);
  EXPECT_NE(police_mistake(start + "source_suffix = \"A/B\"\n").find("line 2, key \"source_suffix\""),
            std::string::npos);
  EXPECT_NE(police_mistake(start + "areas = 1\n").find("line 2, key \"areas\""), std::string::npos);
}

TEST(PoliceUkMappingTest, AGivenMappingIsOfTheFormatItSays) {
  const std::filesystem::path folder = MOOT_SOURCE_DIR "/tests/data";
  const Result<GivenMapping> police = load_given_mapping(folder / "police-uk/areas.toml");
  ASSERT_TRUE(police.ok()) << police.status().to_string();
  EXPECT_TRUE(police->police_uk.has_value());
  EXPECT_FALSE(police->csv.has_value());
  for (const auto& entry : std::filesystem::directory_iterator(folder / "harbour-and-fell/mappings")) {
    const Result<GivenMapping> other = load_given_mapping(entry.path());
    ASSERT_TRUE(other.ok()) << other.status().to_string();
    EXPECT_TRUE(other->csv.has_value());
  }
  EXPECT_FALSE(load_given_mapping({})->csv.has_value());
  EXPECT_EQ(load_given_mapping(folder / "absent.toml").status().code(), Code::kMissing);
}

}  // namespace
}  // namespace moot
