// Mapping files: what a right one gives, and that a wrong one is refused at the right line and key.
#include "adapters/mapping.h"

#include <gtest/gtest.h>

#include <fstream>

namespace moot {
namespace {

constexpr std::string_view kRight = R"(title = "Calls"
format = "csv"
source = "/north-police/cad"
type = "uk.csp.contact.received.v1"
[file]
encoding = "windows-1252"
delimiter = ";"
[record]
key = "No"
revision = "Version"
[time]
column = "Received"
format = "%d/%m/%Y %H:%M"
[known_time]
column = "Logged"
format = "%d/%m/%Y"
[envelope]
area = { column = "Beat", codes = { "D1" = "didcot" }, unmapped = "omit" }
regime = "part-3"
[facts]
channel = { column = "How", codes = { "9" = "999" }, unmapped = { value = "101" } }
category = "asb"
on_behalf_of = true
[[people]]
role = "caller"
name = "Caller"
born = { column = "DOB", format = "%d/%m/%Y" }
[[places]]
role = "scene"
postcode = "Scene"
[[texts]]
field = "description"
column = "Log"
[[links]]
rel = "about"
source = "/north-police/cad"
id = "Linked"
)";

std::string replaced(std::string_view from, std::string_view to) {
  std::string toml(kRight);
  const std::size_t at = toml.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  return toml.replace(at, from.size(), to);
}

std::string mistake(const std::string& toml) {
  const Result<Mapping> mapping = parse_mapping(toml, "calls.toml");
  if (mapping.ok()) return "no mistake";
  EXPECT_EQ(mapping.status().code(), Code::kDefinition);
  return mapping.status().message();
}

TEST(MappingTest, ARightFileGivesItsValues) {
  const Result<Mapping> mapping = parse_mapping(kRight, "calls.toml");
  ASSERT_TRUE(mapping.ok()) << mapping.status().to_string();
  EXPECT_EQ(mapping->title, "Calls");
  EXPECT_EQ(mapping->agency.value(), "north-police");
  EXPECT_EQ(mapping->encoding, Encoding::kWindows1252);
  EXPECT_EQ(mapping->delimiter, ';');
  EXPECT_EQ(mapping->type.constant, "uk.csp.contact.received.v1");
  EXPECT_EQ(mapping->columns[mapping->key.value()], "No");
  EXPECT_EQ(mapping->columns[*mapping->revision], "Version");
  EXPECT_FALSE(mapping->subject.has_value());
  EXPECT_EQ(mapping->time.formats.at(0).precision(), v1::EXACT);
  EXPECT_EQ(mapping->known_time->formats.at(0).precision(), v1::DAY);
  ASSERT_EQ(mapping->facts.size(), 3U);
  EXPECT_EQ(mapping->facts[0].value.otherwise, "101");
  EXPECT_EQ(mapping->facts[2].value.constant, "true");
  EXPECT_EQ(mapping->envelope[0].value.unmapped, ValueSource::Unmapped::kOmit);
  EXPECT_EQ(mapping->people.size() + mapping->places.size() + mapping->texts.size() + mapping->links.size(), 4U);
}

struct Mistake {
  std::string_view from, to;
  std::string_view line_and_key;
  std::string_view expected;
};

class MappingMistakes : public testing::TestWithParam<Mistake> {};

TEST_P(MappingMistakes, AreToldWithFileLineKeyAndWhatWasExpected) {
  const Mistake& m = GetParam();
  const std::string said = mistake(replaced(m.from, m.to));
  EXPECT_TRUE(said.starts_with("calls.toml, " + std::string(m.line_and_key))) << said;
  EXPECT_NE(said.find(m.expected), std::string::npos) << said;
}

INSTANTIATE_TEST_SUITE_P(
    Each, MappingMistakes,
    testing::Values(
        Mistake{"format = \"csv\"", "format = \"xlsx\"", "line 2, key \"format\"", "expected \"csv\""},
        Mistake{"\"/north-police/cad\"", "\"cad\"", "line 3, key \"source\"", "/<agency>/<system>"},
        Mistake{"\"/north-police/cad\"", "\"/North Police/cad\"", "line 3, key \"source\"", "/<agency>/<system>"},
        Mistake{"source = \"/north-police/cad\"\n", "", "line", "is required"},
        Mistake{"contact.received", "contact.shouted", "line 4, key \"type\"", "body and stage"},
        Mistake{"type = \"uk.csp.contact.received.v1\"", "type = { column = \"T\" }", "line 4, key \"type\"", "codes"},
        Mistake{"type = \"uk.csp.contact.received.v1\"",
                "type = { column = \"T\", codes = { A = \"uk.csp.contact.received.v1\" }, unmapped = \"omit\" }",
                "line 4, key \"type\"", "every row needs a type"},
        Mistake{"windows-1252", "latin", "line 6, key \"file.encoding\"", "windows-1252"},
        Mistake{"delimiter = \";\"", "delimiter = \"||\"", "line 7, key \"file.delimiter\"", "one character"},
        Mistake{"delimiter = \";\"", "delimiter = \"\\\"\"", "line 7, key \"file.delimiter\"", "quotation mark"},
        Mistake{"delimiter = \";\"", "delimiter = \";\"\nskip_lines = -1", "line 8, key \"file.skip_lines\"",
                "0 to 1000"},
        Mistake{"delimiter = \";\"", "delimiter = \";\"\nfooter = \"\"", "line 8, key \"file.footer\"", "begins"},
        Mistake{"delimiter = \";\"", "delimiter = \";\"\nfooter = [\"Total \"]", "line 8, key \"file.footer\"",
                "without blanks"},
        Mistake{"delimiter = \";\"", "delimiter = \";\"\nfooter = 3", "line 8, key \"file.footer\"", "list"},
        Mistake{"codes = { \"9\" = \"999\" }", "areas = true", "line 21, key \"facts.channel", "expected"},
        Mistake{"codes = { \"D1\" = \"didcot\" }, unmapped", "unmapped", "line 18, key \"envelope.area.unmapped\"",
                "codes or areas"},
        Mistake{"key = \"No\"", "kee = \"No\"", "line", "is required"},
        Mistake{"revision = \"Version\"", "revison = \"Version\"", "line 10, key \"record.revison\"", "misspelt"},
        Mistake{"revision = \"Version\"", "revision = 3", "line 10, key \"record.revision\"", "text"},
        Mistake{"%d/%m/%Y %H:%M", "%d/%q/%Y", "line 13, key \"time.format\"", "%d %m %Y"},
        Mistake{"%d/%m/%Y %H:%M", "%d/%m", "line 13, key \"time.format\"", "a month and a year"},
        Mistake{"%d/%m/%Y %H:%M", "%d/%m/%Y %d", "line 13, key \"time.format\"", "day twice"},
        Mistake{"%d/%m/%Y %H:%M\"", "%d/%m/%Y\"\nprecision = \"exact\"", "line 14, key \"time.precision\"", "no finer"},
        Mistake{"%d/%m/%Y %H:%M\"", "%d/%m/%Y %H:%M\"\nzone = \"Europe/Oxford\"", "line 14, key \"time.zone\"", "zone"},
        Mistake{"regime = \"part-3\"", "regim = \"part-3\"", "line 19, key \"envelope.regim\"", "misspelt"},
        Mistake{"unmapped = \"omit\"", "unmapped = \"ignore\"", "line 18, key \"envelope.area.unmapped\"", "refuse"},
        Mistake{"{ value = \"101\" }", "{ valu = \"101\" }", "line 21, key \"facts.channel.unmapped.value\"",
                "required"},
        Mistake{"category = \"asb\"", "categry = \"asb\"", "line 22, key \"facts.categry\"",
                "channel, category, on_behalf_of"},
        Mistake{"category = \"asb\"", "stage = \"RECEIVED\"", "line 22, key \"facts.stage\"", "given by the type"},
        Mistake{"category = \"asb\"", "category = \"Shouting in the street\"", "line 22, key \"facts.category\"",
                "code"},
        Mistake{"\"9\" = \"999\"", "\"9\" = \"Nine nine nine\"", "line 21, key \"facts.channel\"", "code"},
        Mistake{"on_behalf_of = true", "on_behalf_of = \"yes\"", "line 23, key \"facts.on_behalf_of\"",
                "true or false"},
        Mistake{"on_behalf_of = true", "on_behalf_of = { column = \"B\", codes = { Y = \"yes\" } }",
                "line 23, key \"facts.on_behalf_of.codes.Y\"", "true or false"},
        Mistake{"on_behalf_of = true", "on_behalf_of = { column = \"B\", separator = \"/\" }",
                "line 23, key \"facts.on_behalf_of.separator\"", "several values"},
        Mistake{"role = \"caller\"", "", "line", "is required"},
        Mistake{"role = \"caller\"", "role = \"The Caller\"", "line 25, key \"people.role\"", "code"},
        Mistake{"name = \"Caller\"", "name = \"Caller\"\ngiven = \"Forename\"", "line 26, key \"people.name\"",
                "either"},
        Mistake{"\"DOB\", format = \"%d/%m/%Y\"", "\"DOB\", format = \"%d/%m/%y\"", "line 27, key \"people.born\"",
                "century"},
        Mistake{"postcode = \"Scene\"", "latitude = \"Lat\"", "line 30, key \"places.latitude\"", "together"},
        Mistake{"field = \"description\"", "field = \"What happened\"", "line 32, key \"texts.field\"", "code"},
        Mistake{"rel = \"about\"\nsource = \"/north-police/cad\"", "rel = \"about\"\nsource = \"cad\"",
                "line 36, key \"links.source\"", "/<agency>/<system>"}));

TEST(MappingTest, TheFormOfTheFileIsReadWithItsDefaults) {
  const Mapping plain = parse_mapping(kRight, "calls.toml").value();
  EXPECT_EQ(plain.skip_lines, 0U);
  EXPECT_TRUE(plain.footers.empty());
  EXPECT_FALSE(plain.ends_with_line_end);
  EXPECT_FALSE(plain.needs_areas());
  const std::string form = "delimiter = \";\"\nskip_lines = 3\nfooter = [\"Total\", \"--\"]\nends_with_line_end = true";
  const Result<Mapping> mapping = parse_mapping(replaced("delimiter = \";\"", form), "calls.toml");
  ASSERT_TRUE(mapping.ok()) << mapping.status().to_string();
  EXPECT_EQ(mapping->skip_lines, 3U);
  EXPECT_EQ(mapping->footers, (std::vector<std::string>{"Total", "--"}));
  EXPECT_TRUE(mapping->ends_with_line_end);
}

TEST(MappingTest, WhatIsNotTomlIsToldWithItsLine) {
  EXPECT_TRUE(mistake("format = \"csv\"\nsource = ").starts_with("calls.toml, line 2: not TOML"));
}

TEST(MappingTest, ANumberThatItsFieldCannotHoldIsAMistake) {
  std::string toml = replaced("contact.received", "risk.assessed");
  toml.replace(toml.find("[facts]"), toml.find("[[people]]") - toml.find("[facts]"), "[facts]\nscore = 3000000000\n");
  EXPECT_NE(mistake(toml).find("key \"facts.score\": expected a whole number"), std::string::npos) << mistake(toml);
}

TEST(MappingTest, FactsOfEveryBodyTheTypesHaveMayBeNamed) {
  std::string toml = replaced(
      "type = \"uk.csp.contact.received.v1\"",
      "type = { column = \"T\", codes = { C = \"uk.csp.contact.received.v1\", R = \"uk.csp.risk.assessed.v1\" } }");
  toml.insert(toml.find("[[people]]"), "score = { column = \"Score\" }\n");
  const Result<Mapping> mapping = parse_mapping(toml, "calls.toml");
  ASSERT_TRUE(mapping.ok()) << mapping.status().to_string();
  EXPECT_EQ(mapping->facts.back().field, "score");
}

TEST(MappingTest, AFileThatIsNotThereIsMissing) {
  EXPECT_EQ(load_mapping("/nonexistent/mapping.toml").status().code(), Code::kMissing);
}

TEST(MappingTest, AFileOnDiskLoadsAsItsTextDoes) {
  const std::filesystem::path file = std::filesystem::path(testing::TempDir()) / "moot_mapping_test.toml";
  std::ofstream(file) << kRight;
  const Result<Mapping> mapping = load_mapping(file);
  ASSERT_TRUE(mapping.ok()) << mapping.status().to_string();
  EXPECT_EQ(mapping->facts.size(), 3U);
}

}  // namespace
}  // namespace moot
