// CSV exports, as agencies' systems write them and as they come when something went wrong.
#include "adapters/csv_reader.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <sstream>

#include "broker/core/event_rules.h"
#include "broker/core/instant.h"
#include "tests/unit/csv_example.h"

namespace moot {
namespace {

using namespace csv_example;

TEST(CsvReaderTest, ARowBecomesTheEventItsMappingSays) {
  const ReadFile file = read(kHeader + kRow + "\n", mapping());
  ASSERT_EQ(file.records.size(), 1U);
  EXPECT_EQ(file.records[0].origin.file(), "calls.csv");
  EXPECT_EQ(file.records[0].origin.row(), 2U);
  const v1::Event& event = file.event(0);
  EXPECT_EQ(event.envelope().id(), "C1/2");
  EXPECT_EQ(event.envelope().record(), "C1");
  EXPECT_EQ(event.envelope().revision(), 2U);
  EXPECT_EQ(event.envelope().subject(), "C1");
  EXPECT_EQ(event.envelope().source(), "/north-police/cad");
  EXPECT_EQ(event.envelope().type(), "uk.csp.contact.received.v1");
  EXPECT_EQ(to_rfc3339(from_proto(event.envelope().time())), "2021-06-01T23:30:00Z");
  EXPECT_EQ(event.envelope().area(), "didcot");
  EXPECT_EQ(event.envelope().links(0).id(), "C0");
  EXPECT_EQ(event.facts().contact().stage(), v1::Contact::RECEIVED);
  EXPECT_EQ(event.facts().contact().channel(), "999");
  EXPECT_TRUE(event.facts().contact().on_behalf_of());
  EXPECT_EQ(event.personal().people(0).names(0).full(), "Ann Example");
  EXPECT_EQ(event.personal().people(0).born(), "1970-05-04");
  EXPECT_EQ(event.personal().places(0).latitude(), 51.6);
  EXPECT_EQ(event.personal().texts(0).text(), "Shouting");
  EXPECT_TRUE(validate(event, Limits()).ok()) << validate(event, Limits()).to_string();
}

TEST(CsvReaderTest, WhatIsEmptyIsLeftOut) {
  const ReadFile file = read(kHeader + "C1,1,02/03/2021 09:05,,,,,,,,,,,\n", mapping());
  ASSERT_EQ(file.records.size(), 1U);
  const v1::Event& event = file.event(0);
  EXPECT_FALSE(event.has_personal());
  EXPECT_EQ(event.envelope().links_size(), 0);
  EXPECT_EQ(event.envelope().area(), "");
  EXPECT_EQ(event.facts().contact().channel(), "");
}

// A look-up in the agency's own spreadsheet that found nothing.
TEST(CsvReaderTest, WhatASpreadsheetDoesNotHaveIsEmpty) {
  const ReadFile file = read(kHeader + row_with("Ann Example", " #N/A "), mapping());
  ASSERT_EQ(file.records.size(), 1U);
  ASSERT_EQ(file.event(0).personal().people_size(), 1);
  EXPECT_EQ(file.event(0).personal().people(0).names_size(), 0);
  EXPECT_EQ(file.event(0).personal().people(0).born(), "1970-05-04");
}

TEST(CsvReaderTest, AnErrorInAColumnThatNobodyReadsIsNobodysBusiness) {
  EXPECT_EQ(read(kHeader + row_with(",zzz", ",#REF!"), mapping()).event(0).envelope().id(), "C1/2");
}

TEST(CsvReaderTest, AnUnlistedCodeTakesTheValueTheMappingGives) {
  EXPECT_EQ(read(kHeader + row_with("999", "SNEN"), mapping()).event(0).facts().contact().channel(), "101");
}

TEST(CsvReaderTest, TheTypeMayComeFromAColumn) {
  const ReadFile file = read(kHeader + row_with(",,zzz", ",X,zzz"), mapping());
  EXPECT_EQ(file.event(0).envelope().type(), "uk.csp.contact.withdrawn.v1");
  EXPECT_EQ(file.event(0).facts().contact().stage(), v1::Contact::WITHDRAWN);
}

struct BadRow {
  std::string_view from, to;
  std::string_view column;
  Code code;
  std::string_view reason;
};
class BadRows : public testing::TestWithParam<BadRow> {};

TEST_P(BadRows, AreRefusedWithColumnCodeAndSentenceAndTheRestGoesOn) {
  const BadRow& bad = GetParam();
  const std::string row = row_with(bad.from, bad.to);
  const ReadFile file = read(kHeader + row + "\r\n" + kRow + "\n", mapping());
  ASSERT_EQ(file.records.size(), 2U);
  const v1::RefusedInput& refused = file.refused(0);
  EXPECT_EQ(refused.column(), bad.column);
  EXPECT_EQ(static_cast<Code>(refused.code()), bad.code);
  EXPECT_EQ(refused.reason(), bad.reason);
  EXPECT_EQ(refused.origin().row(), 2U);
  EXPECT_EQ(refused.input(), row);
  EXPECT_EQ(file.event(1).envelope().id(), "C1/2");
  EXPECT_EQ(file.records[1].origin.row(), 3U);
}

INSTANTIATE_TEST_SUITE_P(
    Each, BadRows,
    testing::Values(
        BadRow{"C1,", " ,", "No", Code::kMissing, "column \"No\": is empty; it should hold the record's key"},
        BadRow{",2,", ",,", "Version", Code::kMissing,
               "column \"Version\": is empty; it should hold the record's revision"},
        BadRow{",2,", ",2b,", "Version", Code::kUnreadable, "column \"Version\": not a whole number"},
        BadRow{",2,", ",-1,", "Version", Code::kUnreadable, "column \"Version\": not a whole number"},
        BadRow{"02/06/2021 00:30", "", "Received", Code::kMissing,
               "column \"Received\": is empty; it should hold the time when it happened"},
        BadRow{"02/06/2021 00:30", "2021-06-02", "Received", Code::kUnreadable,
               "column \"Received\": not a time of the form day/month/year hour:minute"},
        BadRow{"D1", "D9", "Beat", Code::kUnmapped,
               "column \"Beat\": holds a code that is not in the mapping's list for it"},
        BadRow{",Y,", ",maybe,", "Third", Code::kUnmapped,
               "column \"Third\": holds a code that is not in the mapping's list for it"},
        BadRow{"04/05/1970", "31/02/1970", "DOB", Code::kUnreadable,
               "column \"DOB\": not a date of the form day/month/year"},
        BadRow{"51.6", "51,6", "", Code::kUnreadable, "the row has 15 cells; the header has 14"},
        BadRow{"51.6", "", "Lat", Code::kMissing, "column \"Lat\": is empty, and the other coordinate is not"},
        BadRow{"-1.25", "", "Lon", Code::kMissing, "column \"Lon\": is empty, and the other coordinate is not"},
        BadRow{"51.6,-1.25", "-1.25,51.6", "Lat", Code::kInvalid,
               "column \"Lat\": is not in the United Kingdom together with the longitude; are they the wrong way "
               "round?"},
        BadRow{"02/06/2021", "02/06/0221", "Received", Code::kInvalid,
               "column \"Received\": is before 1900; is its year written in full?"},
        BadRow{"51.6", "north", "Lat", Code::kUnreadable, "column \"Lat\": not a number of degrees"},
        BadRow{"C1,", "#REF!,", "No", Code::kUnreadable,
               "column \"No\": holds #REF!, an error of the spreadsheet it comes from"},
        BadRow{"Ann Example", "#NAME?", "Caller", Code::kUnreadable,
               "column \"Caller\": holds #NAME?, an error of the spreadsheet it comes from"},
        BadRow{"C1,", "#N/A,", "No", Code::kMissing, "column \"No\": is empty; it should hold the record's key"},
        BadRow{",,zzz", ",Q,zzz", "Status", Code::kUnmapped,
               "column \"Status\": holds a code that is not in the mapping's list for it"},
        BadRow{",zzz", "", "", Code::kUnreadable, "the row has 13 cells; the header has 14"},
        BadRow{"Ann Example", "Ann \xe9xample", "", Code::kUnreadable,
               "the row is not text in UTF-8; perhaps the file is in windows-1252"},
        BadRow{"Ann Example", std::string_view("Ann\0", 4), "", Code::kUnreadable, "the row has a zero byte in it"},
        BadRow{"Ann Example", "\"Ann \"Anna\" Example\"", "", Code::kUnreadable,
               "a quotation mark inside a quoted cell is not written twice"}));

TEST(CsvReaderTest, QuotedCellsHoldDelimitersQuotationMarksAndLineEnds) {
  const ReadFile file =
      read(kHeader + row_with("Shouting", "\"He said \"\"no\"\", then\r\nleft\"") + "\n" + kRow, mapping());
  ASSERT_EQ(file.records.size(), 2U);
  EXPECT_EQ(file.event(0).personal().texts(0).text(), "He said \"no\", then\r\nleft");
  EXPECT_EQ(file.records[1].origin.row(), 3U);
}

TEST(CsvReaderTest, LineEndsMayBeLfCrlfOrCrAndTheLastMayBeMissing) {
  for (const std::string end : {"\n", "\r\n", "\r"}) {
    std::string header = kHeader;
    header.pop_back();
    const ReadFile file = read(header + end + kRow + end + end + "  " + end + kRow, mapping());
    EXPECT_TRUE(file.status.ok());
    ASSERT_EQ(file.records.size(), 2U);
    EXPECT_EQ(file.event(1).SerializeAsString(), file.event(0).SerializeAsString());
    EXPECT_EQ(file.records[1].origin.row(), 5U) << "blank lines are no records, and have a number in a spreadsheet";
  }
}

TEST(CsvReaderTest, AByteOrderMarkIsTakenOff) {
  EXPECT_EQ(read("\xef\xbb\xbf" + kHeader + kRow, mapping()).records.size(), 1U);
}

TEST(CsvReaderTest, Windows1252BecomesUtf8) {
  const ReadFile file = read(kHeader + row_with("Ann", "Ren\xe9"), mapping("encoding = \"windows-1252\""));
  EXPECT_EQ(file.event(0).personal().people(0).names(0).full(), "René Example");
}

TEST(CsvReaderTest, Utf8IsNotTakenForWindows1252) {
  const ReadFile file = read(kHeader + row_with("Ann Example", "Zo\xc3\xab M\xc3\xbcller") + "\n" +
                                 row_with("Ann Example", "Zo\xeb M\xfcller") + "\n",
                             mapping("encoding = \"windows-1252\"\n"));
  ASSERT_EQ(file.records.size(), 2U);
  EXPECT_EQ(file.refused(0).reason(), "the row is not text in windows-1252; it is in UTF-8");
  EXPECT_EQ(file.event(1).personal().people(0).names(0).full(), "Zoë Müller");
}

TEST(CsvReaderTest, TwoZerosAreNoPlace) {
  const ReadFile file = read(kHeader + row_with("51.6,-1.25", "0,0") + "\n", mapping());
  EXPECT_EQ(file.event(0).personal().places_size(), 0);
  EXPECT_EQ(read(kHeader + row_with("51.6,-1.25", "51.478,0") + "\n", mapping()).event(0).personal().places_size(), 1)
      << "Greenwich";
}

TEST(CsvReaderTest, TheRefusedInputKeepsItsOwnEncoding) {
  const std::string row = row_with("Ann Example,04", "Ren\xe9,34");
  const ReadFile file = read(kHeader + row, mapping("encoding = \"windows-1252\""));
  EXPECT_EQ(file.refused(0).input(), row);
}

TEST(CsvReaderTest, AnotherDelimiterIsTaken) {
  std::string text = kHeader + kRow;
  std::replace(text.begin(), text.end(), ',', '\t');
  const ReadFile file = read(text, mapping("delimiter = \"\\t\""));
  ASSERT_EQ(file.records.size(), 1U);
  EXPECT_EQ(file.event(0).envelope().links(0).id(), "C0");
}

TEST(CsvReaderTest, AFileOfAnotherLayoutIsRefusedAsAWhole) {
  const auto status = [](const std::string& text, const std::string& file_table = "") {
    return read(text, mapping(file_table)).status;
  };
  EXPECT_EQ(status("").message(), "calls.csv: is empty; expected a header row");
  EXPECT_EQ(status(" \n\n").message(), "calls.csv: has only blank lines; expected a header row");
  EXPECT_EQ(status("PK\x03\x04...").code(), Code::kUnreadable);
  EXPECT_NE(status("\xff\xfeN\0").message().find("UTF-16"), std::string::npos);
  EXPECT_NE(status("\xef\xbb\xbf" + kHeader, "encoding = \"windows-1252\"").message().find("UTF-8"), std::string::npos);
  EXPECT_EQ(status("\"No\n" + kRow).code(), Code::kUnreadable);
  EXPECT_EQ(status("No,Version\xff,Received\n").code(), Code::kUnreadable);
}

TEST(CsvReaderTest, AHeaderWithoutANamedColumnIsRefusedWithoutRepeatingTheFile) {
  std::string header = kHeader;
  header.replace(header.find("DOB"), 3, "Ann Example");
  const Status status = read(header + kRow, mapping()).status;
  EXPECT_EQ(status.code(), Code::kMissing);
  EXPECT_EQ(status.message(), "calls.csv: has a header without the column \"DOB\", which the mapping names");
}

TEST(CsvReaderTest, AColumnNamedTwiceIsRefused) {
  std::string header = kHeader;
  header.replace(header.find("Unused"), 6, "DOB");
  EXPECT_EQ(read(header + kRow, mapping()).status.message(), "calls.csv: has the column \"DOB\" twice");
}

TEST(CsvReaderTest, AFileThatEndsInsideAQuotedCellSaysSo) {
  const std::string row = row_with("Shouting", "\"Shouting");
  const ReadFile file = read(kHeader + kRow + "\n" + row, mapping());
  ASSERT_EQ(file.records.size(), 2U);
  EXPECT_EQ(file.refused(1).reason(),
            "the file seems to end in the middle of this row: a quotation mark is opened and not closed");
  EXPECT_EQ(file.refused(1).input(), row);
}

TEST(CsvReaderTest, AFileThatEndsInsideARowSaysSo) {
  const ReadFile file = read(kHeader + "C1,2,02/06", mapping());
  EXPECT_EQ(file.refused(0).reason(),
            "the file seems to end in the middle of this row: it has 3 cells; the header has 14");
}

TEST(CsvReaderTest, ARowOverItsLimitIsRefusedAndTheNextIsRead) {
  Limits limits;
  limits.csv_record_bytes_max = 200;
  const std::string long_row =
      row_with("Shouting", "\"" + std::string(1000, 'x') + "\n" + std::string(1000, 'y') + "\"");
  const ReadFile file = read(kHeader + long_row + "\n" + kRow, mapping(), limits);
  ASSERT_EQ(file.records.size(), 2U);
  EXPECT_EQ(static_cast<Code>(file.refused(0).code()), Code::kTooLarge);
  EXPECT_EQ(file.refused(0).input(), long_row.substr(0, 200));
  EXPECT_EQ(file.event(1).envelope().id(), "C1/2");
}

TEST(CsvReaderTest, ARowExactlyAtItsLimitIsTaken) {
  Limits limits;
  limits.csv_record_bytes_max = kRow.size();
  EXPECT_TRUE(std::holds_alternative<v1::Event>(read(kHeader + kRow + "\n", mapping(), limits).records.at(0).content));
  limits.csv_record_bytes_max -= 1;
  EXPECT_EQ(static_cast<Code>(read("No\n", mapping(), limits).status.code()), Code::kMissing);
  EXPECT_EQ(static_cast<Code>(read(kHeader + kRow, mapping(), limits).refused(0).code()), Code::kTooLarge);
}

// A stream that makes its bytes as they are asked for: a header, then one line without end.
class EndlessLine : public std::streambuf {
 public:
  explicit EndlessLine(std::uint64_t bytes) : left_(bytes), block_(1 << 16, 'x') {
    std::string header = kHeader;
    block_.replace(0, header.size(), header);
  }

 protected:
  int_type underflow() override {
    if (left_ < block_.size()) return traits_type::eof();
    left_ -= block_.size();
    if (served_++ > 0) std::fill(block_.begin(), block_.end(), 'x');
    setg(block_.data(), block_.data(), block_.data() + block_.size());
    return traits_type::to_int_type(block_[0]);
  }

 private:
  std::uint64_t left_;
  std::string block_;
  int served_ = 0;
};

TEST(CsvReaderTest, ALineWithoutEndIsOneRefusedRecordThatKeepsOnlyItsStart) {
  EndlessLine line(64U << 20);
  const Mapping calls = mapping();
  Result<std::unique_ptr<Reader>> reader =
      open_csv(std::make_unique<std::istream>(&line), "calls.csv", calls, Limits());
  ASSERT_TRUE(reader.ok()) << reader.status().to_string();
  const Result<std::optional<InputRecord>> record = (*reader)->next();
  ASSERT_TRUE(record.ok() && record->has_value());
  const auto& refused = std::get<v1::RefusedInput>((*record)->content);
  EXPECT_EQ(static_cast<Code>(refused.code()), Code::kTooLarge);
  EXPECT_EQ(refused.input().size(), Limits().event_bytes_max);
  EXPECT_NE(refused.reason().find("only its first 65536 bytes are kept"), std::string::npos);
  EXPECT_FALSE((*reader)->next()->has_value());
}

TEST(CsvReaderTest, ADiskThatFailsEndsTheFileWithAStatus) {
  class Failing : public std::streambuf {
    int_type underflow() override { throw std::ios_base::failure("disk"); }
  } failing;
  const Mapping calls = mapping();
  EXPECT_EQ(open_csv(std::make_unique<std::istream>(&failing), "calls.csv", calls, Limits()).status().message(),
            "calls.csv: cannot be read");
}

std::string keyless_toml(const std::string& more = "") {
  constexpr std::string_view kRecord = "key = \"No\"\nrevision = \"Version\"\nsubject = \"No\"";
  std::string toml(kMapping);
  toml.replace(toml.find("FILE"), 4, "");
  return toml.replace(toml.find(kRecord), kRecord.size(), "keyless = true\n" + more);
}

Mapping keyless_mapping() {
  Result<Mapping> read = parse_mapping(keyless_toml(), "calls.toml");
  EXPECT_TRUE(read.ok()) << read.status().to_string();
  return std::move(*read);
}

std::vector<std::string> ids_in(const std::string& text, const Key& secret, const Mapping& mapping) {
  std::vector<std::string> ids;
  const auto reader = std::move(
      *open_csv(std::make_unique<std::istringstream>(text), "calls.csv", mapping, Limits(), CsvText::kFile, secret));
  while (true) {
    const Result<std::optional<InputRecord>> record = reader->next();
    EXPECT_TRUE(record.ok()) << record.status().message();
    if (!record.ok() || !record->has_value()) return ids;
    if (const auto* event = std::get_if<v1::Event>(&(*record)->content)) {
      EXPECT_EQ(event->envelope().record(), "");
      ids.push_back(event->envelope().id());
    }
  }
}

TEST(CsvReaderTest, RowsWithoutANumberAreKnownByWhatIsInThem) {
  const Mapping mapping = keyless_mapping();
  const Key ours = random_key();
  const std::string other = row_with("Shouting", "Singing");
  const auto first = ids_in(kHeader + kRow + "\n" + other + "\n" + kRow + "\n", ours, mapping);
  ASSERT_EQ(first.size(), 3u);
  EXPECT_EQ(first[0].substr(0, 16), first[2].substr(0, 16));
  EXPECT_TRUE(first[0].ends_with("-1") && first[1].ends_with("-1") && first[2].ends_with("-2")) << first[2];
  EXPECT_NE(first[0], first[1]);
  const auto later = ids_in(kHeader + other + "\n" + kRow + "\n", ours, mapping);
  EXPECT_EQ(later, (std::vector<std::string>{first[1], first[0]})) << "whatever its place in the file";
  EXPECT_EQ(ids_in(kHeader + row_with("zzz", "yyy") + "\n", ours, mapping).front(), first[0])
      << "a column that the mapping does not name";
  EXPECT_NE(ids_in(kHeader + kRow + "\n", random_key(), mapping).front(), first[0]) << "nobody else can make it";
  EXPECT_EQ(first[0].find("Ann"), std::string::npos);
}

TEST(CsvReaderTest, AKeylessMappingHasNoKeyAndNoVersions) {
  for (const char* more : {"key = \"No\"", "revision = \"Version\"", "complete = true", "revisions = \"by-content\""})
    EXPECT_FALSE(parse_mapping(keyless_toml(more), "calls.toml").ok()) << more;
}

}  // namespace
}  // namespace moot
