// A first mapping from an export nobody has described, and what a mapping check tells of the cells that fail.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "adapters/dry_run_sink.h"
#include "adapters/file_publisher.h"
#include "adapters/mapping.h"
#include "adapters/mapping_check.h"
#include "adapters/mapping_suggestion.h"

namespace moot {
namespace {

Result<MappingSuggestion> suggest(const std::string& text) {
  std::istringstream stream(text);
  return suggest_mapping(stream, "export.csv", "mill-homes");
}

// What a broker would make of the text by the mapping.
FileTotals tried(const Mapping& mapping, const std::string& text) {
  DryRunSink sink({});
  FileOptions options;
  options.mapping = &mapping;
  return publish_stream(std::make_unique<std::istringstream>(text), "export.csv", options, sink);
}

void expect_clean(const std::string& text, std::uint64_t rows) {
  const Result<MappingSuggestion> suggestion = suggest(text);
  ASSERT_TRUE(suggestion.ok()) << suggestion.status().message();
  const Result<Mapping> mapping = parse_mapping(suggestion->toml, "suggested.toml");
  ASSERT_TRUE(mapping.ok()) << mapping.status().message() << "\n" << suggestion->toml;
  const FileTotals totals = tried(*mapping, text);
  EXPECT_EQ(totals.read, rows) << suggestion->toml;
  EXPECT_EQ(totals.refused, 0u) << totals.status.message() << "\n" << suggestion->toml;
}

constexpr const char* kCases =
    "Case Ref;Date Reported;Logged On;Forename;Surname;D.O.B.;Post Code;Scene Address;Ward;Category;Notes\r\n"
    "C-1;02/03/2021;03/03/2021;Wilma;Placeholm;14/03/1971;ZZ97 1AA;1 Invented Row;Upper;Noise;Rang about the yard\r\n"
    "C-2;28/03/2021;29/03/2021;Odo;Mockford;01/02/1980;ZZ97 2AB;2 Invented Row;Lower;Rubbish & litter;Rang again\r\n";

TEST(SuggestedMapping, ReadsEveryRowOfTheFileItWasMadeFrom) {
  expect_clean(kCases, 2);
  expect_clean("id,when,what\n1,2021-03-02T09:05:00Z,a\n2,2021-03-02T10:05:00Z,b\n", 2);
  expect_clean("No\tVersion\tStarted\tScore\n7\t1\t2 Mar 2021\t9\n7\t2\t3 Mar 2021\t12\n8\t1\t4 Mar 2021\t1\n", 3);
}

TEST(SuggestedMapping, TakesNoKeyThatIsNotCalledOneWhereOneRepeats) {
  const std::string text =
      "Ref,Closed Date,Reported Date,Ethnicity,Risk Score,Status\n"
      "1,20/04/2021,13/04/2021,A,12,Open\n1,21/04/2021,13/04/2021,B,14,Closed\n";
  const Result<MappingSuggestion> suggestion = suggest(text);
  ASSERT_TRUE(suggestion.ok()) << suggestion.status().message();
  EXPECT_NE(suggestion->toml.find("key = \"Ref\"\nrevisions = \"by-content\""), std::string::npos) << suggestion->toml;
  EXPECT_NE(suggestion->toml.find("Ethnicity   (looks personal"), std::string::npos) << suggestion->toml;
  expect_clean("Ref,Incident Date,Category\n1,13/02/2021,a\n1,14/02/2021,a\n2,15/02/2021,b\n", 3);
}

TEST(SuggestedMapping, ReadsDatesBesideFillersAndOnAClockOfTwelveHours) {
  const Result<MappingSuggestion> filler = suggest("Ref,Incident Date\n1,13/02/2021\n2,N/A\n3,15/02/2021\n");
  ASSERT_TRUE(filler.ok()) << filler.status().message();
  EXPECT_NE(filler->toml.find("format = \"%d/%m/%Y\"\n"), std::string::npos) << "13 is no month: " << filler->toml;
  expect_clean("Ref,Incident Date and Time\n1,13/02/2021 11:30 PM\n2,14/02/2021 9:05 AM\n", 2);
  const Result<MappingSuggestion> doubtful = suggest("Ref,Incident Date\n1,03/04/2021\n2,05/06/2021\n");
  EXPECT_NE(doubtful->toml.find("could be read both ways"), std::string::npos) << doubtful->toml;
  EXPECT_EQ(suggest("Ref,Incident Date\n1,04/13/2021\n2,05/06/2021\n")->toml.find("both ways"), std::string::npos);
}

TEST(SuggestedMapping, PassesOverTitlesThatASpreadsheetExportedAboveTheHeader) {
  const std::string text =
      "Housing report,,,\nPrinted 01/04/2021,,,\nRef,Incident Date,Category,Note\n"
      "1,13/02/2021,Noise,\n2,14/02/2021,Litter,\n";
  const Result<MappingSuggestion> suggestion = suggest(text);
  ASSERT_TRUE(suggestion.ok()) << suggestion.status().message();
  EXPECT_NE(suggestion->toml.find("skip_lines = 2"), std::string::npos) << suggestion->toml;
  expect_clean(text, 2);
}

TEST(SuggestedMapping, SaysWhatADateColumnLooksLikeThatHoldsNone) {
  EXPECT_EQ(
      suggest("Ref,Incident Date,What\n1,44287,a\n2,44290,b\n").status().message(),
      "export.csv: no column seems to hold dates; every record needs the time when it happened. Column \"Incident "
      "Date\" is called like one, and its cells look like 99999, as a spreadsheet's day numbers do");
  EXPECT_NE(suggest("Ref,When\n1,Tues 3rd\n2,Weds 4th\n").status().message().find("look like x 9x"), std::string::npos);
}

TEST(SuggestedMapping, TakesCoordinatesForThePlace) {
  const std::string text =
      "Ref,When,Latitude,Longitude\n1,2021-03-02,51.6,-1.2\n2,2021-03-03,51.7,-1.3\n3,2021-03-04,51.8,-1.4\n";
  const Result<MappingSuggestion> suggestion = suggest(text);
  ASSERT_TRUE(suggestion.ok()) << suggestion.status().message();
  EXPECT_NE(suggestion->toml.find("latitude = \"Latitude\"\nlongitude = \"Longitude\"\n"), std::string::npos)
      << suggestion->toml;
  expect_clean(text, 3);
}

TEST(SuggestedMapping, FindsDelimiterEncodingPreambleAndFooter) {
  const std::string text = std::string(
      "Housing export\n\nCase|Caller name|Received\n1|Ren\xe9 Fabrikam|02/03/2021 09:05\n"
      "2|Zo\xeb Dummerly|02/03/2021 10:05\nTotal|2|\n");
  const Result<MappingSuggestion> suggestion = suggest(text);
  ASSERT_TRUE(suggestion.ok()) << suggestion.status().message();
  const Mapping mapping = parse_mapping(suggestion->toml, "suggested.toml").value();
  EXPECT_EQ(mapping.encoding, Encoding::kWindows1252);
  EXPECT_EQ(mapping.delimiter, '|');
  EXPECT_EQ(mapping.footers, std::vector<std::string>{"Total"});
  const FileTotals totals = tried(mapping, text);
  EXPECT_EQ(totals.read, 2u) << suggestion->toml;
  EXPECT_EQ(totals.refused, 0u);
}

TEST(SuggestedMapping, PutsPeoplePlacesAndFreeTextWhereTheyAreSealed) {
  const Result<MappingSuggestion> suggestion = suggest(kCases);
  ASSERT_TRUE(suggestion.ok());
  const Mapping mapping = parse_mapping(suggestion->toml, "suggested.toml").value();
  ASSERT_EQ(mapping.people.size(), 1u);
  EXPECT_TRUE(mapping.people[0].given && mapping.people[0].family && mapping.people[0].born &&
              mapping.people[0].postcode);
  ASSERT_EQ(mapping.places.size(), 1u);
  EXPECT_TRUE(mapping.places[0].address.has_value());
  ASSERT_EQ(mapping.texts.size(), 1u);
  for (const std::string personal : {"Wilma", "Placeholm", "1971", "ZZ97", "Invented", "yard"})
    EXPECT_EQ(suggestion->toml.find(personal), std::string::npos) << personal << "\n" << suggestion->toml;
}

TEST(SuggestedMapping, SaysWhatIsMissingWhereNoneCanBeMade) {
  const auto reason = [](const std::string& text) {
    const Result<MappingSuggestion> suggestion = suggest(text);
    return suggestion.ok() ? "none" : suggestion.status().message();
  };
  EXPECT_NE(reason("").find("empty"), std::string::npos);
  EXPECT_NE(reason("a,b\n").find("no rows"), std::string::npos);
  EXPECT_NE(reason("id,what\n1,a\n2,b\n").find("no column seems to hold dates"), std::string::npos);
  EXPECT_NE(reason("when,what\n2021-03-02,a\n2021-03-02,a\n").find("tells its rows apart"), std::string::npos);
  EXPECT_NE(reason("1,2021-03-02,Wilma\n2,2021-03-03,Odo\n").find("seems to be a record"), std::string::npos);
  EXPECT_NE(reason("{\"a\": 1, \"b\": 2}\n").find("seems to be JSON or XML"), std::string::npos);
  EXPECT_NE(reason("just prose\nand more of it\n").find("what separates its cells"), std::string::npos);
  EXPECT_NE(reason("PK\x03\x04xl/workbook").find("damaged or cut off"), std::string::npos);
  EXPECT_NE(reason("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1").find("spreadsheet"), std::string::npos);
}

TEST(MappingCheck, GathersWhatFailsByColumnAndReasonWithoutACell) {
  const Mapping mapping = parse_mapping(R"(format = "csv"
source = "/mill-homes/cases"
type = "uk.csp.incident.reported.v1"
record = { key = "No" }
time = { column = "On", format = "%d/%m/%Y" }
people = [{ role = "tenant", name = "Who", born = { column = "Born", format = "%d/%m/%Y" } }]
)",
                                        "m.toml")
                              .value();
  const std::string text =
      "No,On,Who,Born\n1,02/03/2021,Odo Mockford,14 March 1971\n2,tomorrow,Odo Mockford,\n3,31.02.2021,Odo,\n"
      "4,02/03/2021,Wilma,14 July 1980\n1,03/03/2021,Wilma,\n5,1,2,3,4,5\n";
  DryRunSink dry({});
  MappingCheck check(dry, mapping.delimiter, mapping.encoding);
  FileOptions options;
  options.mapping = &mapping;
  const FileTotals totals = publish_stream(std::make_unique<std::istringstream>(text), "export.csv", options, check);
  EXPECT_EQ(totals.read, 6u);
  EXPECT_EQ(totals.refused, 6u - totals.accepted);
  std::uint64_t rows = 0;
  std::string all;
  for (const MappingFailure& failure : check.failures()) {
    rows += failure.rows;
    all += failure.column + "|" + failure.reason;
    for (const std::string& shape : failure.shapes) all += "|" + shape;
    all += "\n";
  }
  EXPECT_EQ(rows, totals.refused) << all;
  EXPECT_NE(all.find("On|column \"On\": not a date of the form day/month/year|x|99.99.9999"), std::string::npos) << all;
  EXPECT_NE(all.find("Born|column \"Born\": not a date of the form day/month/year|99 x 9999"), std::string::npos)
      << all;
  for (const std::string personal : {"Odo", "Wilma", "March", "1971", "July", "tomorrow"})
    EXPECT_EQ(all.find(personal), std::string::npos) << personal;
}

TEST(MappingCheck, ShowsOnlyTheShapeOfACell) {
  EXPECT_EQ(shape_of(" 31.02.2021 "), "99.99.9999");
  EXPECT_EQ(shape_of("Mrs O'Neil"), "x x'x");
  EXPECT_EQ(shape_of("Zo\xc3\xab"), "x");
  EXPECT_EQ(shape_of(std::string(200, '7')).substr(0, 32), std::string(32, '9'));
}

}  // namespace
}  // namespace moot
