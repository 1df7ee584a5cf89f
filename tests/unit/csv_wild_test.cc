// CSV files as they come: lines above the header, footers, ends of the past, files cut off, quotation marks left open.
#include <gtest/gtest.h>

#include "adapters/csv_record_scanner.h"
#include "broker/core/instant.h"
#include "tests/unit/csv_example.h"

namespace moot {
namespace {

using namespace csv_example;

std::string numbered(int number) { return "C" + std::to_string(number) + kRow.substr(2) + "\n"; }

std::string rows(int from, int to) {
  std::string text;
  for (int i = from; i <= to; ++i) text += numbered(i);
  return text;
}

std::vector<std::string> ids(const ReadFile& file) {
  std::vector<std::string> found;
  for (const InputRecord& record : file.records)
    if (const auto* event = std::get_if<v1::Event>(&record.content)) found.push_back(event->envelope().record());
  return found;
}

using Ids = std::vector<std::string>;

TEST(CsvWildTest, LinesAboveTheHeaderAreSkippedAndCounted) {
  const std::string above = "Export of calls\nPrinted 3 May 2021, \"draft\n\n";
  const ReadFile file = read(above + kHeader + rows(1, 2), mapping("skip_lines = 3"));
  ASSERT_TRUE(file.status.ok()) << file.status.message();
  EXPECT_EQ(ids(file), (Ids{"C1", "C2"}));
  EXPECT_EQ(file.records[0].origin.row(), 5U) << "as a spreadsheet shows it";
}

TEST(CsvWildTest, SkippingMoreLinesThanThereAreLeavesNoHeader) {
  EXPECT_EQ(read(kHeader + kRow, mapping("skip_lines = 7")).status.message(),
            "calls.csv: has only blank lines below the 7 lines that the mapping skips; expected a header row");
}

TEST(CsvWildTest, AHeaderFurtherDownIsPointedAt) {
  const Status status = read("Export of calls\n\n" + kHeader + rows(1, 2), mapping()).status;
  EXPECT_NE(status.message().find("they are in row 3, for which the mapping can say skip_lines = 2 under [file]"),
            std::string::npos)
      << status.message();
}

TEST(CsvWildTest, AnotherDelimiterIsPointedAt) {
  std::string text = kHeader + rows(1, 1);
  std::replace(text.begin(), text.end(), ',', ';');
  const Status status = read(text, mapping()).status;
  EXPECT_NE(status.message().find("separated by \";\", where the mapping says \",\""), std::string::npos)
      << status.message();
}

// "sep=;" is what tells a spreadsheet program; a title is what somebody put above.
TEST(CsvWildTest, AHeaderFurtherDownThatIsDelimitedOtherwiseIsPointedAt) {
  std::string text = kHeader + rows(1, 1);
  std::replace(text.begin(), text.end(), ',', ';');
  for (const char* above : {"sep=;\n", "Calls in March\n"})
    EXPECT_NE(read(above + text, mapping())
                  .status.message()
                  .find("they are in row 2, for which the mapping can say skip_lines = 1 under [file], when its cells "
                        "are separated by \";\", where the mapping says \",\""),
              std::string::npos)
        << above;
}

TEST(CsvWildTest, AHeaderInOtherCapitalsIsPointedAt) {
  std::string text = kHeader;
  for (char& c : text) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  const Status status = read(text + rows(1, 1), mapping()).status;
  EXPECT_NE(status.message().find("they are there in other capital letters"), std::string::npos) << status.message();
}

// As many systems write it: everything in quotation marks, so that it is not even a row by the other delimiter.
TEST(CsvWildTest, AnotherDelimiterIsPointedAtWhereEverythingIsQuoted) {
  EXPECT_EQ(read("\"No\";\"Version\";\"Received\"\n\"C1\";\"2\";\"x\"\n", mapping()).status.message(),
            "calls.csv: has a first row that is not a header: too long, or its quotation marks do not pair up; they do "
            "when its cells are separated by \";\", where the mapping says \",\"");
  EXPECT_EQ(read("\"No\"x\n1\n", mapping()).status.message(),
            "calls.csv: has a first row that is not a header: too long, or its quotation marks do not pair up");
}

// What nobody sees on the screen, and what only a spreadsheet program needs.
TEST(CsvWildTest, HardBlanksAndTheEqualsSignThatKeepsZerosAreNoPartOfACell) {
  const std::string hard = "\xc2\xa0";
  const ReadFile file =
      read(kHeader + hard + "C1 " + hard + ",2,02/06/2021" + hard + "00:30," + hard + ",999,,=\"007\",,,," + hard +
               "a" + hard + "b,,,\n" + "\"=\"\"0042\"\"\",1,02/06/2021 00:30,,,,,,,,\"=\"\"\",,,\n",
           mapping());
  ASSERT_EQ(file.records.size(), 2U);
  EXPECT_EQ(file.event(0).envelope().record(), "C1");
  EXPECT_EQ(file.event(0).envelope().area(), "");
  EXPECT_EQ(file.event(0).personal().people(0).names(0).full(), "007");
  EXPECT_EQ(file.event(0).personal().texts(0).text(), "a" + hard + "b");
  EXPECT_EQ(file.event(1).envelope().record(), "0042");
  EXPECT_EQ(file.event(1).personal().texts(0).text(), "=\"");
}

// Programs leave out a time that is midnight, and people who keep a list write a day as they like.
TEST(CsvWildTest, ATimeMayBeOfSeveralFormsEachAsPreciseAsItIs) {
  std::string toml(kMapping);
  toml.replace(toml.find("FILE"), 4, "");
  const std::string one = "format = \"%d/%m/%Y %H:%M\"";
  toml.replace(toml.find(one), one.size(), R"(format = ["%d/%m/%Y %H:%M", "%d/%m/%Y", "%d %b %Y"])");
  const Result<Mapping> several = parse_mapping(toml, "calls.toml");
  ASSERT_TRUE(several.ok()) << several.status().message();
  const ReadFile file = read(kHeader + "C1,1,02/06/2021 00:30,,,,,,,,,,,\nC2,1,02/06/2021,,,,,,,,,,,\n" +
                                 "C3,1,2 Jun 2021,,,,,,,,,,,\nC4,1,June 2021,,,,,,,,,,,\n",
                             *several);
  ASSERT_EQ(file.records.size(), 4U);
  const auto time = [&](std::size_t i) { return to_rfc3339(from_proto(file.event(i).envelope().time())); };
  EXPECT_EQ(time(0), "2021-06-01T23:30:00Z");
  EXPECT_EQ(file.event(0).envelope().time_precision(), v1::EXACT);
  for (const std::size_t i : {1U, 2U}) {
    EXPECT_EQ(time(i), "2021-06-01T23:00:00Z");
    EXPECT_EQ(file.event(i).envelope().time_precision(), v1::DAY);
  }
  EXPECT_EQ(
      file.refused(3).reason(),
      "column \"Received\": not a time of the form day/month/year hour:minute or day/month/year or day month year");
  for (const auto& [list, mistake] :
       {std::pair(R"(["%d/%m/%Y", "%m/%d/%Y"])", "expected day and month in one order"),
        std::pair(R"(["%d/%m/%Y", "%d/%m"])", "expected a form with a month and a year"),
        std::pair(R"([])", "expected a form such as"), std::pair("7", "expected a list"),
        std::pair("[\"%d/%m/%Y %H:%M\", \"%d/%m/%Y\"]\nprecision = \"exact\"", "no finer than the format is")}) {
    std::string wrong(kMapping);
    wrong.replace(wrong.find("FILE"), 4, "");
    wrong.replace(wrong.find(one), one.size(), "format = " + std::string(list));
    const Status status = parse_mapping(wrong, "calls.toml").status();
    EXPECT_NE(status.message().find(mistake), std::string::npos) << list << ": " << status.message();
  }
}

TEST(CsvWildTest, AFormulaThatWasNeverWorkedOutIsRefusedNotLeftOut) {
  const ReadFile file = read(kHeader + "C1,2,02/06/2021 00:30,,,,#FORMULA!,,,,,,,#FORMULA!\n", mapping());
  ASSERT_EQ(file.records.size(), 1U);
  EXPECT_EQ(file.refused(0).reason(),
            "column \"Caller\": holds a formula that was never worked out; open the file in a spreadsheet program and "
            "save it");
}

// Reads a whole file and tells how many rows were a footer.
std::uint64_t footer_rows(const std::string& text, const Mapping& mapping) {
  Result<std::unique_ptr<Reader>> reader =
      open_csv(std::make_unique<std::istringstream>(text), "calls.csv", mapping, Limits());
  MOOT_CHECK_OK(reader.status());
  while ((*reader)->next()->has_value()) {
  }
  return (*reader)->footer_rows();
}

TEST(CsvWildTest, AFooterIsNoRecordAndIsCounted) {
  const std::string text = kHeader + rows(1, 2) + "\n\"Total: 2 rows\"\n-- end of report --\n\x1a";
  const Mapping with_footers = mapping("footer = [\"Total\", \"-- end\"]");
  const ReadFile file = read(text, with_footers);
  EXPECT_EQ(file.records.size(), 2U);
  EXPECT_EQ(ids(file), (Ids{"C1", "C2"}));
  EXPECT_EQ(footer_rows(text, with_footers), 2U);
  EXPECT_EQ(footer_rows(text, mapping("footer = \"Total\"")), 1U);
  EXPECT_EQ(footer_rows(text, mapping()), 0U);
}

TEST(CsvWildTest, AFooterThatTheMappingDoesNotNameIsRefusedWithWhatWouldHelp) {
  const ReadFile file = read(kHeader + rows(1, 2) + "Total: 2 rows\n", mapping());
  ASSERT_EQ(file.records.size(), 3U);
  EXPECT_EQ(file.refused(2).reason(),
            "the row has 1 cell; the header has 14. If this is a footer, the mapping can name how it begins: footer = "
            "\"…\" under [file]");
}

TEST(CsvWildTest, AFooterIsFoundInItsFilesEncoding) {
  EXPECT_EQ(footer_rows(kHeader + rows(1, 1) + "\xa3 in all: 5\n",
                        mapping("encoding = \"windows-1252\"\nfooter = \"£ in all\"")),
            1U);
}

TEST(CsvWildTest, BlankLinesEmptiedRowsAndCtrlZAreNoRecords) {
  const std::string empty_cells(13, ',');
  std::string quoted = "\"\"";
  for (int i = 0; i < 13; ++i) quoted += ",\"\"";
  for (const std::string end : {"", "\n", "\n \t\n", "\n\x1a", "\x1a", "\n\x1a\r\n"}) {
    const std::string text = kHeader + "\n" + numbered(1) + empty_cells + "\r\n" + quoted + "\n" + numbered(2);
    const ReadFile file = read(text.substr(0, text.size() - 1) + end, mapping());
    EXPECT_EQ(file.records.size(), 2U);
    EXPECT_EQ(ids(file), (Ids{"C1", "C2"})) << "end " << end.size();
    EXPECT_EQ(file.records[1].origin.row(), 6U);
  }
}

TEST(CsvWildTest, CtrlZIsTheEndOfTheLastRowAndNoPartOfIt) {
  const ReadFile file =
      read(kHeader + numbered(1) + row_with("zzz", "\"zzz\"") + "\x1a", mapping("ends_with_line_end = true"));
  EXPECT_EQ(ids(file), (Ids{"C1", "C1"})) << "the program that wrote it ended it so";
}

TEST(CsvWildTest, CtrlZElsewhereIsACharacterLikeAnother) {
  EXPECT_EQ(read(kHeader + row_with("Shouting", "Sho\x1ating") + "\n", mapping()).event(0).personal().texts(0).text(),
            "Sho\x1ating");
}

// Wherever the file is cut off, everything before the last row is taken, the last row is taken whole or refused as cut
// off, and the whole file later gives each record once. Only in the last cell nothing can tell, unless the mapping
// does.
TEST(CsvWildTest, AFileCutOffAnywhereGivesTheRowsBeforeAndSaysSo) {
  const std::string whole = kHeader + rows(1, 2) + row_with("zzz", "\"Zoë, \"\"zz\"\"\"") + "\n";
  const std::size_t last_row = (kHeader + rows(1, 2)).size();
  const Mapping strict = mapping("ends_with_line_end = true");
  for (std::size_t size = last_row + 1; size < whole.size(); ++size) {
    const ReadFile file = read(whole.substr(0, size), strict);
    ASSERT_EQ(file.records.size(), 3U) << size;
    EXPECT_EQ(ids(file), (Ids{"C1", "C2"})) << size;
    EXPECT_TRUE(file.refused(2).reason().starts_with("the file seems to end in the middle of this row: "))
        << size << " " << file.refused(2).reason();
  }
  EXPECT_EQ(read(whole, strict).records.size(), 3U);
  EXPECT_EQ(ids(read(whole, strict)).size(), 3U);
}

TEST(CsvWildTest, AFileThatLostItsFooterIsCutOff) {
  const Mapping with_footer = mapping("footer = \"Total\"");
  const std::string text = kHeader + rows(1, 2);
  const std::string cut = text.substr(0, text.size() - 1);
  EXPECT_EQ(ids(read(cut, with_footer)), (Ids{"C1"}));
  EXPECT_EQ(ids(read(text, with_footer)), (Ids{"C1", "C2"})) << "the row is whole";
  EXPECT_EQ(ids(read(cut, mapping())), (Ids{"C1", "C2"})) << "many exports have no line end there";
}

TEST(CsvWildTest, AQuotationMarkLeftOpenTakesNoOtherRowWithIt) {
  for (const std::string opened : {"\"Shouting", "\"\"\"Shouting"}) {
    const std::string bad = row_with("Shouting", opened) + "\n";
    for (const std::string& after : {rows(2, 300), numbered(2) + row_with("Shouting", "\"It, \"\"it\"\"\"") + "\n"}) {
      const ReadFile file = read(kHeader + numbered(1) + bad + after, mapping_without_versions());
      ASSERT_EQ(file.refused(1).reason(), "a quotation mark is opened and not closed before the next row");
      EXPECT_EQ(file.refused(1).input(), bad.substr(0, bad.size() - 1));
      EXPECT_EQ(file.refused(1).key(), "C1");
      EXPECT_EQ(ids(file).size(), file.records.size() - 1) << "the others are taken";
      EXPECT_EQ(file.records.back().origin.row(), file.records.size() + 1);
    }
  }
}

TEST(CsvWildTest, AQuotationMarkLeftOpenInALongFileIsFoundAtTheLimit) {
  Limits limits;
  limits.csv_record_bytes_max = 1000;
  const std::string bad = row_with("Shouting", "\"Shouting") + "\r\n";
  const ReadFile file = read(kHeader + bad + rows(2, 50) + bad + rows(51, 100), mapping(), limits);
  EXPECT_EQ(file.records.size(), 101U);
  EXPECT_EQ(ids(file).size(), 99U);
  for (std::size_t i = 0; i < file.records.size(); ++i) EXPECT_EQ(file.records[i].origin.row(), i + 2);
}

TEST(CsvWildTest, LinesThatAreNoRowsStayWithTheRecordTheyCameIn) {
  const std::string bad = row_with("Shouting", "\"He said \nno, \"never\" he said\"");
  const ReadFile file = read(kHeader + bad + "\n" + numbered(2), mapping());
  ASSERT_EQ(file.records.size(), 2U);
  EXPECT_EQ(file.refused(0).input(), bad);
  EXPECT_EQ(ids(file), (Ids{"C2"}));
}

TEST(CsvWildTest, ARowThatCannotBeReadHasItsKeyWhereItIsCertain) {
  const auto key_of = [](const std::string& row) {
    return read(kHeader + row, mapping_without_versions()).refused(0).key();
  };
  EXPECT_EQ(key_of("C1,2,02/06\n"), "C1") << "too few cells, all of them after the key";
  EXPECT_EQ(key_of(row_with("Ann", "Ann \xe9") + "\n"), "C1");
  EXPECT_EQ(key_of(row_with("zzz", "\"zz") + "\n"), "C1");
  EXPECT_EQ(key_of(row_with("C1", "\xe9") + "\n"), "") << "nobody can say what it is";
  EXPECT_EQ(key_of("C1"), "") << "perhaps there is more of it";
  EXPECT_EQ(key_of("one cell\n"), "");
}

// A version that is accepted must not settle another one that was refused.
TEST(CsvWildTest, ARefusedVersionIsNamedWithItsNumberOrNotAtAll) {
  const auto key_of = [](const std::string& row) { return read(kHeader + row, mapping()).refused(0).key(); };
  EXPECT_EQ(key_of(row_with("02/06/2021", "31/02/2021") + "\n"), "C1/2");
  EXPECT_EQ(key_of(row_with(",2,", ",two,") + "\n"), "");
  EXPECT_EQ(key_of("C1,2,02/06\n"), "") << "too few cells";
}

TEST(CsvWildTest, ABrokenRuleOfTheLanguageNamesItsColumn) {
  const std::string long_text(4001, 'x');
  struct Broken {
    std::string_view from;
    std::string to;
    std::string_view column;
    Code code;
  };
  const std::vector<Broken> all = {{"C1,", "C 1,", "No", Code::kInvalid},
                                   {"Shouting", long_text, "Log", Code::kTooLarge},
                                   {"Ann Example", long_text, "Caller", Code::kTooLarge},
                                   {"51.6", "151.6", "Lat", Code::kInvalid},
                                   {",C0,", ",C 0,", "Linked", Code::kInvalid}};
  for (const Broken& broken : all) {
    const ReadFile file = read(kHeader + row_with(broken.from, broken.to) + "\n", mapping());
    EXPECT_EQ(file.refused(0).column(), broken.column) << file.refused(0).reason();
    EXPECT_EQ(static_cast<Code>(file.refused(0).code()), broken.code);
    EXPECT_EQ(file.refused(0).reason().find(std::string(broken.to, 0, 20)), std::string::npos);
  }
}

TEST(CsvWildTest, WhatColumnsBecomeIsToldWithHowManyRowsFillThem) {
  const Mapping calls = mapping();
  Result<std::unique_ptr<Reader>> reader =
      open_csv(std::make_unique<std::istringstream>(kHeader + kRow + "\nC2,1,02/06/2021 00:30,,,,,,,,,,,\n"),
               "calls.csv", calls, Limits());
  ASSERT_TRUE(reader.ok());
  while ((*reader)->next()->has_value()) {
  }
  const FileColumns found = (*reader)->columns();
  ASSERT_EQ(found.columns.size(), 14U);
  EXPECT_TRUE(found.missing.empty());
  EXPECT_EQ(found.columns[0].column, "No");
  EXPECT_EQ(found.columns[0].becomes, (std::vector<std::string>{"key", "subject"}));
  EXPECT_EQ(found.columns[0].filled, 2U);
  EXPECT_EQ(found.columns[6].becomes, (std::vector<std::string>{"caller: name"}));
  EXPECT_EQ(found.columns[6].filled, 1U);
  EXPECT_EQ(found.columns[8].becomes, (std::vector<std::string>{"place scene: latitude"}));
  EXPECT_EQ(found.columns[11].becomes, (std::vector<std::string>{"link about"}));
  EXPECT_TRUE(found.columns[13].becomes.empty()) << "the mapping does not name it";
}

TEST(CsvWildTest, AHeaderThatLacksColumnsIsNotRepeated) {
  const Mapping calls = mapping();
  Result<std::unique_ptr<Reader>> reader =
      open_csv(std::make_unique<std::istringstream>("No,Version,Ann Example\n"), "calls.csv", calls, Limits());
  ASSERT_TRUE(reader.ok());
  EXPECT_EQ((*reader)->next().status().code(), Code::kMissing);
  EXPECT_TRUE((*reader)->columns().columns.empty()) << "it may be somebody's data";
  EXPECT_EQ((*reader)->columns().missing.size(), 11U);
}

}  // namespace
}  // namespace moot
