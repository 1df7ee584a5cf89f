#include "broker/core/definition.h"

#include <gtest/gtest.h>

namespace moot {
namespace {

constexpr std::string_view kGoodDefinition = R"(name = "Example"
days = 7
on = 2021-03-02
tags = ["a", "b"]

[points]
high = 35

[[section]]
id = "first"
[[section]]
id = "second"
)";

Status read_all(std::string_view toml) {
  Result<Definition> read = Definition::parse(toml, "example.toml");
  if (!read.ok()) return read.status();
  (void)read->text("name");
  (void)read->integer_or("days", 1, 1, 30);
  (void)read->date("on");
  (void)read->texts("tags");
  if (std::optional<Definition> points = read->table("points")) (void)points->integer("high", 0, 100);
  for (Definition& section : read->tables("section")) (void)section.text("id");
  return read->finish();
}

TEST(Definition, GivesTheValues) {
  Result<Definition> read = Definition::parse(kGoodDefinition, "example.toml");
  ASSERT_TRUE(read.ok());
  EXPECT_EQ(read->text("name"), "Example");
  EXPECT_EQ(read->integer("days", 1, 30), 7);
  EXPECT_EQ(read->date("on"), (Date{2021, 3, 2}));
  EXPECT_EQ(read->texts("tags"), (std::vector<std::string>{"a", "b"}));
  EXPECT_EQ(read->tables("section").size(), 2u);
  EXPECT_EQ(read->keys(), (std::vector<std::string>{"name", "days", "on", "tags", "points", "section"}));
  EXPECT_TRUE(read_all(kGoodDefinition).ok());
}

struct Mistake {
  std::string name, toml, line, key, expected;
};
class DefinitionMistake : public testing::TestWithParam<Mistake> {};

TEST_P(DefinitionMistake, IsToldWithFileLineKeyAndWhatWasExpected) {
  const Status status = read_all(GetParam().toml);
  EXPECT_EQ(status.code(), Code::kDefinition);
  for (const std::string& part :
       {std::string("example.toml"), "line " + GetParam().line, GetParam().key, GetParam().expected})
    EXPECT_NE(status.message().find(part), std::string::npos) << part << " in: " << status.message();
}

const Mistake kMistakes[] = {
    {"NotToml", "name = \"Example\"\n= 3\n", "2", "", "not TOML"},
    {"AMissingValue", "\ndays = 7\n", "1", "\"name\"", "is required"},
    {"AnotherType", "name = \"E\"\ndays = \"seven\"\n", "2", "\"days\"", "a whole number from 1 to 30"},
    {"OutOfRange", "name = \"E\"\n\ndays = 31\n", "3", "\"days\"", "a whole number from 1 to 30"},
    {"ADateInQuotes", "name = \"E\"\non = \"2021-03-02\"\n", "2", "\"on\"", "without quotation marks"},
    {"AListOfNumbers", "name = \"E\"\ntags = [1]\n", "2", "\"tags\"", "a list of texts"},
    {"AMisspeltKey", "name = \"E\"\ndyas = 7\n", "2", "\"dyas\"", "misspelt"},
    {"AMisspeltKeyInATable", "name = \"E\"\n[points]\nhigh = 3\nhihg = 4\n", "4", "\"points.hihg\"", "misspelt"},
    {"AMisspeltKeyInAnArray", "name = \"E\"\n[[section]]\nid = \"a\"\nx = 1\n", "4", "\"section.x\"", "misspelt"},
    {"ATableThatIsANumber", "name = \"E\"\npoints = 3\n", "2", "\"points\"", "a table"},
    {"AnEmptyName", "name = \"\"\n", "1", "\"name\"", "not empty"},
};
INSTANTIATE_TEST_SUITE_P(Each, DefinitionMistake, testing::ValuesIn(kMistakes),
                         [](const auto& info) { return info.param.name; });

TEST(Definition, TheFirstMistakeWins) {
  const Status status = read_all("days = \"x\"\n");
  EXPECT_NE(status.message().find("\"name\""), std::string::npos) << status.message();
}

TEST(Definition, AFileThatIsNotThereIsMissing) {
  EXPECT_EQ(Definition::load("/nowhere/at/all.toml").status().code(), Code::kMissing);
}

}  // namespace
}  // namespace moot
