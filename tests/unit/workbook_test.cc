// Spreadsheets, as three programs write them (tests/data/xlsx) and as nobody should.
#include "adapters/workbook.h"

#include <gtest/gtest.h>
#include <zip.h>

#include <cstring>
#include <sstream>

#include "adapters/byte_source.h"
#include "adapters/csv_reader.h"
#include "adapters/dry_run_sink.h"
#include "adapters/file_publisher.h"
#include "adapters/number_format.h"
#include "broker/core/whole_file.h"
#include "tests/contract/temporary_folder.h"

namespace moot {
namespace {

std::string fixture(const std::string& name) {
  return *read_whole_file(std::string(MOOT_SOURCE_DIR) + "/tests/data/xlsx/" + name);
}

Result<std::string> text_of(const std::string& bytes, const std::string& sheet = "") {
  std::istringstream file(bytes);
  Result<WorkbookText> book = read_workbook(file, sheet);
  if (!book.ok()) return book.status();
  ByteSource csv(std::move(book->text));
  std::string text;
  for (int c = csv.next(); c != ByteSource::kEnd; c = csv.next()) text += static_cast<char>(c);
  if (csv.failed()) return Status(Code::kUnreadable, "cannot be read" + csv.why_failed());
  return text;
}

// A workbook of one sheet, whose rows are given as XML.
std::string workbook(const std::string& rows, const std::map<std::string, std::string>& others = {}) {
  std::map<std::string, std::string> parts = {
      {"xl/workbook.xml",
       R"(<workbook xmlns:x="urn:rel"><sheets><sheet name="S" sheetId="1" x:id="rId1"/></sheets></workbook>)"},
      {"xl/_rels/workbook.xml.rels",
       R"(<Relationships><Relationship Id="rId1" Target="worksheets/sheet1.xml"/></Relationships>)"},
      {"xl/worksheets/sheet1.xml", "<worksheet><sheetData>" + rows + "</sheetData></worksheet>"}};
  for (const auto& [name, part] : others) parts[name] = part;
  zip_error_t error;
  zip_error_init(&error);
  zip_source_t* memory = zip_source_buffer_create(nullptr, 0, 0, &error);
  zip_source_keep(memory);
  zip_t* zip = zip_open_from_source(memory, ZIP_TRUNCATE, &error);
  MOOT_CHECK(zip != nullptr);
  for (const auto& [name, part] : parts)
    MOOT_CHECK(zip_file_add(zip, name.c_str(), zip_source_buffer(zip, part.data(), part.size(), 0), 0) >= 0);
  MOOT_CHECK(zip_close(zip) == 0);
  std::string bytes;
  MOOT_CHECK(zip_source_open(memory) == 0);
  char buffer[4096];
  for (zip_int64_t read; (read = zip_source_read(memory, buffer, sizeof buffer)) > 0;)
    bytes.append(buffer, static_cast<std::size_t>(read));
  zip_source_close(memory);
  zip_source_free(memory);
  return bytes;
}

TEST(Workbook, IsReadAsItsSheetShowsItWhicheverProgramWroteIt) {
  const std::string expected =
      "Calls about anti-social behaviour (every person in this file is invented)\n"
      "\n"
      "Ref,Received,Beat,Caller ref,Forename,Surname,Born,Notes\n"
      "00001,01/03/2021 09:30,D1,C-1,Avery,Inventedname,17/05/1980,\"He said \"\"again\"\", twice,\nand rang off\"\n"
      "00002,02/03/2021 09:00,D2,C-2,Rowan,Madeupson,02/11/1975,\n"
      "\n"
      "00003,03/03/2021 09:30,D3,C-3,Sky,\"O'Fiction, the younger\",,\n"
      "00004,04/03/2021 09:00,D4,C-4,Zoë,Ünreal,28/02/2001,\n";
  const Result<std::string> text = text_of(fixture("openpyxl.xlsx"));
  ASSERT_TRUE(text.ok()) << text.status().message();
  EXPECT_EQ(*text, expected);
  const Result<std::string> same = text_of(fixture("libreoffice.xlsx"));
  ASSERT_TRUE(same.ok()) << same.status().message();
  EXPECT_EQ(*same, expected);
}

TEST(Workbook, HasDatesOf1904FormulasTruthAndTextsInPieces) {
  const Result<std::string> text = text_of(fixture("xlsxwriter.xlsx"));
  ASSERT_TRUE(text.ok()) << text.status().message();
  EXPECT_EQ(*text,
            "Key,On,At,Total,Flag,Rate,Text\n"
            "12345678901,14 March 2021,14/03/2021 23:59:59,3,TRUE,0.3,part one part two\n"
            "7,29 February 1904,,ab,FALSE,-12.5,\n");
}

TEST(Workbook, OfASheetThatIsNamedIsThatOneHiddenOrNot) {
  EXPECT_EQ(*text_of(fixture("openpyxl.xlsx"), "Other"), "not this either\n");
  EXPECT_EQ(*text_of(fixture("openpyxl.xlsx"), "Lookups"), "not to be read\n");
  const Status missing = text_of(fixture("openpyxl.xlsx"), "Calls").status();
  EXPECT_EQ(missing.code(), Code::kMissing);
  EXPECT_NE(missing.message().find("it has \"Calls March\", \"Other\""), std::string::npos) << missing.message();
}

// The 29 February 1900 that there was not has the number 60.
TEST(NumberFormats, ShowDatesAsSheetsDo) {
  const NumberFormat date("yyyy-mm-dd"), time("h:mm AM/PM"), both("[$-809]d mmm yy hh:mm:ss;@");
  EXPECT_EQ(date.show("1", false), "1900-01-01");
  EXPECT_EQ(date.show("59", false), "1900-02-28");
  EXPECT_EQ(date.show("61", false), "1900-03-01");
  EXPECT_EQ(date.show("44269", false), "2021-03-14");
  EXPECT_EQ(date.show("42807", true), "2021-03-14");
  EXPECT_EQ(time.show("0.5", false), "12:00 PM");
  EXPECT_EQ(time.show("44269.0034722222", false), "12:05 AM");
  EXPECT_EQ(both.show("44269.9999884259", false), "14 Mar 21 23:59:59");
  EXPECT_EQ(NumberFormat::builtin(14).show("44269", false), "14/03/2021");
  EXPECT_EQ(NumberFormat("dddd d mmmm yyyy").show("44269", false), "Sunday 14 March 2021");
  EXPECT_EQ(NumberFormat("mm:ss").show("0.0104166667", false), "15:00") << "minutes, not months";
  EXPECT_EQ(date.show("n/a", false), "n/a");
  EXPECT_EQ(date.show("1e300", false), "1e+300") << "no day that there is";
}

TEST(NumberFormats, LeaveNumbersAsTheyAreButForLeadingZeros) {
  EXPECT_EQ(NumberFormat("00000").show("42", false), "00042");
  EXPECT_EQ(NumberFormat("#,##0.00").show("1234.5", false), "1234.5");
  EXPECT_EQ(NumberFormat("\"£\"#,##0").show("1234", false), "1234");
  EXPECT_EQ(NumberFormat().show("0.30000000000000004", false), "0.3");
  EXPECT_EQ(NumberFormat().show("1.2345678901E10", false), "12345678901");
  EXPECT_EQ(NumberFormat("[h]:mm").show("1.5", false), "1.5") << "a duration";
}

TEST(Workbook, ThatIsBrokenOrMeantToHarmIsRefusedWithWhatIsWrong) {
  const std::string whole = fixture("openpyxl.xlsx");
  EXPECT_FALSE(text_of(whole.substr(0, whole.size() / 2)).ok());
  EXPECT_FALSE(text_of("PK\x03\x04 and then something else").ok());
  EXPECT_NE(text_of(workbook("", {{"xl/workbook.xml", "<workbook><sheets></workbook>"}}))
                .status()
                .message()
                .find("not well-formed"),
            std::string::npos);
  // Entities that grow, or that fetch a file of this machine.
  const std::string with_entity =
      "<!DOCTYPE w [<!ENTITY a SYSTEM \"file:///etc/passwd\">]><worksheet><sheetData><row r=\"1\"><c><v>&a;</v></c>"
      "</row></sheetData></worksheet>";
  const auto why = [](const std::string& bytes) { return text_of(bytes).status().message(); };
  EXPECT_EQ(why(workbook("", {{"xl/worksheets/sheet1.xml", with_entity}})),
            "cannot be read: of its sheet, its XML has a document type declaration");
  EXPECT_FALSE(text_of(workbook("", {{"xl/sharedStrings.xml", with_entity}})).ok());
  EXPECT_EQ(why(workbook(R"(<row r="2"><c t="s"><v>7</v></c></row>)")),
            "cannot be read: a cell of its sheet names a text that is not there");
  EXPECT_EQ(why(workbook(R"(<row r="2"/><row r="1"/>)")), "cannot be read: the rows of its sheet are not in order");
  EXPECT_EQ(why(workbook(R"(<row r="1"><c r="ZZZZ1"><v>1</v></c></row>)")),
            "cannot be read: a cell of its sheet is beyond the last column");
  EXPECT_EQ(why(workbook(R"(<row r="99999999"/>)")), "cannot be read: the rows of its sheet are not in order");
  const std::string binary =
      R"(<Relationships><Relationship Id="a" Type="urn:x/officeDocument" Target="xl/workbook.bin"/></Relationships>)";
  EXPECT_NE(why(workbook("", {{"_rels/.rels", binary}, {"xl/workbook.bin", "x"}})).find("(.xlsb); save it as CSV"),
            std::string::npos);
  const std::string bomb(kWorkbookTextBytesMax + 1000, ' ');
  const Status large = text_of(workbook("", {{"xl/sharedStrings.xml", "<sst>" + bomb + "</sst>"}})).status();
  EXPECT_EQ(large.code(), Code::kTooLarge);
}

// As some programs write it: not one part stands where most have it, and all say where it is.
TEST(Workbook, HasItsPartsWhereItSaysThatTheyAre) {
  const std::string bytes = workbook(
      R"(<row r="1"><c t="s"><v>0</v></c><c s="0"><v>43904</v></c></row>)",
      {{"_rels/.rels",
        R"(<Relationships><Relationship Id="a" Type="urn:x/officeDocument" Target="/Book/Main.xml"/></Relationships>)"},
       {"Book/Main.xml",
        R"(<workbook xmlns:x="urn:rel"><sheets><sheet name="S" sheetId="1" x:id="r9"/></sheets></workbook>)"},
       {"Book/_rels/Main.xml.rels",
        R"(<Relationships><Relationship Id="r9" Type="urn:x/worksheet" Target="../xl/worksheets/SHEET1.xml"/>)"
        R"(<Relationship Id="r2" Type="urn:x/sharedStrings" Target="./strings.xml"/>)"
        R"(<Relationship Id="r3" Type="urn:x/styles" Target="looks/s.xml"/></Relationships>)"},
       {"Book/Strings.xml", "<sst><si><t>here</t></si></sst>"},
       {"Book/looks/s.xml", R"(<styleSheet><numFmts><numFmt numFmtId="170" formatCode="dd/mm/yyyy"/></numFmts>)"
                            R"(<cellXfs><xf numFmtId="170"/></cellXfs></styleSheet>)"},
       {"xl/workbook.xml", "not this one"}});
  const Result<std::string> text = text_of(bytes);
  ASSERT_TRUE(text.ok()) << text.status().message();
  EXPECT_EQ(*text, "here,14/03/2020\n");
}

// Programs that work out nothing leave formulas without a value: not the same as nothing in the cell.
TEST(Workbook, TellsAFormulaThatWasNeverWorkedOutFromAnEmptyText) {
  const Result<std::string> text = text_of(workbook(
      R"(<row r="1"><c><f>A2</f><v/></c><c><f>A2</f></c><c t="str"><f>A2</f><v></v></c><c/><c><v>7</v></c></row>)"));
  ASSERT_TRUE(text.ok()) << text.status().message();
  EXPECT_EQ(*text, "#FORMULA!,#FORMULA!,,,7\n");
}

TEST(Workbook, OneStrayCellFarToTheRightDoesNotMakeEveryRowLong) {
  std::string rows = R"(<row r="1"><c r="XFD1"><v>1</v></c></row>)";
  for (int i = 2; i <= 2000; ++i) rows += "<row r=\"" + std::to_string(i) + "\"><c><v>7</v></c></row>";
  const Result<std::string> text = text_of(workbook(rows));
  ASSERT_TRUE(text.ok()) << text.status().message();
  EXPECT_LT(text->size(), 2000u * 300u);
}

TEST(Workbook, WithEveryByteChangedInTurnNeverEndsTheProgram) {
  const std::string whole = fixture("xlsxwriter.xlsx");
  std::size_t refused = 0;
  for (std::size_t i = 0; i < whole.size(); i += 3) {
    std::string changed = whole;
    changed[i] = static_cast<char>(changed[i] ^ 0x41);
    refused += text_of(changed).ok() ? 0 : 1;
  }
  EXPECT_GT(refused, whole.size() / 30);
}

constexpr const char* kSheetMapping = R"(
format = "csv"
source = "/north-police/cad"
type = "uk.csp.contact.received.v1"
[file]
delimiter = ";"
encoding = "windows-1252"
skip_lines = 2
[record]
key = "Ref"
[time]
column = "Received"
format = "%d/%m/%Y %H:%M"
[envelope]
area = { column = "Beat", codes = { "D1" = "didcot", "D2" = "didcot", "D4" = "didcot" } }
[facts]
channel = "101"
[[people]]
role = "caller"
reference = "Caller ref"
given = "Forename"
family = "Surname"
born = { column = "Born", format = "%d/%m/%Y" }
[[texts]]
field = "description"
column = "Notes"
)";

TEST(Workbook, IsPublishedByTheMappingOfTheSameCsvFileAndRowsKeepTheirNumbers) {
  const Result<Mapping> mapping = parse_mapping(kSheetMapping, "calls.toml");
  ASSERT_TRUE(mapping.ok()) << mapping.status().message();
  FileOptions options;
  options.mapping = &*mapping;
  const Result<std::unique_ptr<Reader>> reader =
      open_file(std::string(MOOT_SOURCE_DIR) + "/tests/data/xlsx/libreoffice.xlsx", options);
  ASSERT_TRUE(reader.ok()) << reader.status().message();
  std::vector<InputRecord> records;
  for (;;) {
    Result<std::optional<InputRecord>> record = (*reader)->next();
    ASSERT_TRUE(record.ok()) << record.status().message();
    if (!record->has_value()) break;
    records.push_back(std::move(**record));
  }
  ASSERT_EQ(records.size(), 4u);
  const auto& first = std::get<v1::Event>(records[0].content);
  EXPECT_EQ(first.envelope().id(), "00001");
  EXPECT_EQ(first.personal().people(0).born(), "1980-05-17");
  EXPECT_EQ(first.personal().texts(0).text(), "He said \"again\", twice,\nand rang off");
  EXPECT_EQ(std::get<v1::Event>(records[3].content).personal().people(0).names(0).family(), "Ünreal");
  // The beat of the third is in no code list. Row 7 of the sheet: one is empty, and a cell has two lines.
  const auto& refused = std::get<v1::RefusedInput>(records[2].content);
  EXPECT_EQ(refused.code(), static_cast<std::uint32_t>(Code::kUnmapped));
  EXPECT_EQ(records[2].origin.row(), 7u);
  EXPECT_EQ((*reader)->format(), "xlsx");
}

// An upload need not say what it is called, and "Save as" may have left the old name.
TEST(Workbook, IsKnownFromAStreamWhateverItIsCalled) {
  const Result<Mapping> mapping = parse_mapping(kSheetMapping, "calls.toml");
  ASSERT_TRUE(mapping.ok()) << mapping.status().message();
  FileOptions options;
  options.mapping = &*mapping;
  for (const char* name : {"upload", "calls.csv", "calls.xlsx"}) {
    DryRunSink sink({*AgencyId::parse("north-police"), false, SystemClock().now(), Limits()});
    const FileTotals totals =
        publish_stream(std::make_unique<std::istringstream>(fixture("libreoffice.xlsx")), name, options, sink);
    EXPECT_EQ(totals.read, 4u) << name << " " << totals.status.message();
    EXPECT_EQ(totals.accepted, 3u) << name;
  }
  DryRunSink sink({*AgencyId::parse("north-police"), false, SystemClock().now(), Limits()});
  EXPECT_EQ(publish_stream(std::make_unique<std::istringstream>("PK"), "calls.csv", options, sink).refused, 1u);
}

TEST(Workbook, WhoseFirstSheetIsACoverIsToldThatThereAreOthers) {
  const Result<Mapping> mapping = parse_mapping(kSheetMapping, "calls.toml");
  ASSERT_TRUE(mapping.ok()) << mapping.status().message();
  const std::string cover = workbook(
      R"(<row r="3"><c t="inlineStr"><is><t>Calls in March</t></is></c></row>)",
      {{"xl/workbook.xml", R"(<workbook xmlns:x="urn:rel"><sheets><sheet name="S" sheetId="1" x:id="rId1"/>)"
                           R"(<sheet name="Zebedee Quagmire" sheetId="2" x:id="rId2"/></sheets></workbook>)"}});
  const auto reader = open_workbook(std::make_unique<std::istringstream>(cover), "a.xlsx", *mapping, Limits());
  ASSERT_TRUE(reader.ok()) << reader.status().message();
  const std::string why = (*reader)->next().status().message();
  EXPECT_NE(why.find("it is the first of 2 sheets: where another is meant, the mapping can name it"), std::string::npos)
      << why;
  EXPECT_EQ(why.find("Zebedee"), std::string::npos) << why;
}

}  // namespace
}  // namespace moot
