// The partnership's areas as files name them, and mappings that look cells up there.
#include "adapters/area_table.h"

#include <gtest/gtest.h>

#include <sstream>

#include "adapters/csv_reader.h"
#include "adapters/mapping.h"

namespace moot {
namespace {

const std::vector<Area>& areas() {
  static const std::vector<Area> all = {{"upper", "Upper Brook", {"The Hill", "Brook", "Llŷn"}},
                                        {"lower", "Lower Brook", {"Brook", "Upper", "ÉCLAIR"}}};
  return all;
}

TEST(AreaTableTest, FindsCodesNamesAndAliasesWhateverTheirCapitalsAndBlanks) {
  const AreaTable table(areas());
  for (const std::string text : {"upper", " UPPER ", "Upper  brook", "the\thill", "llŶn"})
    EXPECT_EQ(table.find(text).code, "upper") << text;
  for (const std::string text : {"lower", "LOWER BROOK", "éclair"}) EXPECT_EQ(table.find(text).code, "lower") << text;
  for (const std::string text : {"", " ", "hill", "upperbrook"}) EXPECT_EQ(table.find(text).code, "") << text;
}

TEST(AreaTableTest, ACodeCountsBeforeAnAliasAndTwoAliasesForNothing) {
  const AreaTable table(areas());
  EXPECT_EQ(table.find("upper").code, "upper") << "an alias of the other area too";
  EXPECT_EQ(table.find("Brook").code, "");
  EXPECT_TRUE(table.find("Brook").ambiguous);
  EXPECT_FALSE(table.find("nowhere").ambiguous);
}

std::string mapping_with(const std::string& area) {
  return "format = \"csv\"\nsource = \"/wardens/calls\"\ntype = \"uk.csp.contact.received.v1\"\n[record]\nkey = "
         "\"No\"\n"
         "[time]\ncolumn = \"Day\"\nformat = \"%d/%m/%Y\"\n[envelope]\narea = " +
         area + "\n";
}

struct Row {
  std::string area;
  v1::RefusedInput refused;
};

Row row_with_ward(const std::string& area, const std::string& ward) {
  Mapping mapping = parse_mapping(mapping_with(area), "calls.toml").value();
  EXPECT_TRUE(mapping.needs_areas());
  mapping.areas = std::make_shared<const AreaTable>(areas());
  Result<std::unique_ptr<Reader>> reader = open_csv(
      std::make_unique<std::istringstream>("No,Day,Ward\n1,02/03/2021," + ward + "\n"), "calls.csv", mapping, Limits());
  const InputRecord record = std::move(**(*reader)->next());
  if (const auto* event = std::get_if<v1::Event>(&record.content)) return {event->envelope().area(), {}};
  return {"", std::get<v1::RefusedInput>(record.content)};
}

TEST(AreaTableTest, AMappingLooksACellUpAmongTheAreas) {
  const std::string plain = R"({ column = "Ward", areas = true })";
  EXPECT_EQ(row_with_ward(plain, "the  hill").area, "upper");
  const Row unknown = row_with_ward(plain, "Atlantis");
  EXPECT_EQ(unknown.refused.column(), "Ward");
  EXPECT_EQ(static_cast<Code>(unknown.refused.code()), Code::kUnmapped);
  EXPECT_EQ(unknown.refused.reason(), "column \"Ward\": is not the code, name or alias of an area of the partnership");
  EXPECT_EQ(row_with_ward(plain, "Brook").refused.reason(),
            "column \"Ward\": is a name or alias of more than one area of the partnership");
  const Row empty = row_with_ward(plain, "");
  EXPECT_EQ(empty.area, "");
  EXPECT_EQ(empty.refused.reason(), "") << "not supplied";
}

TEST(AreaTableTest, CodesCountFirstAndUnmappedSaysWhatBecomesOfTheRest) {
  const std::string codes = R"({ column = "Ward", areas = true, codes = { "Brook" = "lower" }, unmapped = "omit" })";
  EXPECT_EQ(row_with_ward(codes, "Brook").area, "lower");
  EXPECT_EQ(row_with_ward(codes, "The hill").area, "upper");
  EXPECT_EQ(row_with_ward(codes, "Atlantis").area, "");
  EXPECT_EQ(row_with_ward(codes, "Atlantis").refused.reason(), "");
  EXPECT_EQ(row_with_ward(R"({ column = "Ward", areas = true, unmapped = { value = "elsewhere" } })", "Atlantis").area,
            "elsewhere");
}

TEST(AreaTableTest, OnlyAnEventsAreaIsLookedUpThere) {
  const std::string toml = mapping_with("\"upper\"") + "[facts]\ncategory = { column = \"Ward\", areas = true }\n";
  const Status status = parse_mapping(toml, "calls.toml").status();
  EXPECT_NE(status.message().find("key \"facts.category.areas\""), std::string::npos) << status.message();
}

}  // namespace
}  // namespace moot
