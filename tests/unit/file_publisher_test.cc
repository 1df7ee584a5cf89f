// Publishing files: the right reader, and counts that add up whatever becomes of the records.
#include "adapters/file_publisher.h"

#include <gtest/gtest.h>

#include <fstream>
#include <map>

#include "adapters/dry_run_sink.h"

namespace moot {
namespace {

constexpr std::string_view kMapping = R"(
format = "csv"
source = "/soha/cases"
type = "uk.csp.contact.received.v1"
[record]
key = "No"
[time]
column = "Day"
format = "%d/%m/%Y"
[facts]
channel = "landlord"
)";

Mapping mapping() { return parse_mapping(kMapping, "cases.toml").value(); }

// A folder of its own, gone at the end of the test.
class Folder {
 public:
  Folder() {
    std::string form = testing::TempDir() + "/moot_files_XXXXXX";
    path_ = ::mkdtemp(form.data());
  }
  ~Folder() { std::filesystem::remove_all(path_); }
  std::filesystem::path write(const std::string& name, std::string_view text) const {
    std::ofstream(path_ / name, std::ios::binary) << text;
    return path_ / name;
  }
  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

// Keeps what it is given in memory as a broker would: once per id, refusing what breaks no rule only by its id. Answers
// late, all at the flush; and, told so, stops answering after some records.
class MemorySink final : public RecordSink {
 public:
  void on_outcome(std::function<void(const Outcome&)> callback) override { callback_ = std::move(callback); }
  Status publish(const v1::Event& event, const v1::Origin& origin) override {
    if (given_++ >= answers_) return Status(Code::kUnavailable, "nobody answers");
    Outcome outcome;
    outcome.origin = origin;
    const std::string& id = event.envelope().id();
    if (id == "bad") {
      outcome.fate = Fate::kRefused;
      outcome.status = Status(Code::kInvalid, "id: is bad");
    } else if (const auto found = stored_.find(id); found != stored_.end()) {
      outcome.fate = Fate::kDuplicate;
      outcome.offset = found->second;
    } else {
      outcome.fate = id.starts_with("new") ? Fate::kSuperseding : Fate::kAccepted;
      outcome.offset = Offset{100 + stored_.size()};
      stored_[id] = outcome.offset;
    }
    waiting_.push_back(outcome);
    return {};
  }
  Status refuse(const v1::RefusedInput& refused) override {
    if (given_++ >= answers_) return Status(Code::kUnavailable, "nobody answers");
    inbox_.push_back(refused);
    Outcome outcome;
    outcome.origin = refused.origin();
    outcome.fate = Fate::kRefused;
    outcome.status = Status(static_cast<Code>(refused.code()), refused.reason());
    waiting_.push_back(outcome);
    return {};
  }
  Status flush() override {
    for (const Outcome& outcome : waiting_) callback_(outcome);
    waiting_.clear();
    return {};
  }
  bool stores() const override { return true; }

  int answers_ = 1 << 20;
  std::vector<v1::RefusedInput> inbox_;

 private:
  int given_ = 0;
  std::function<void(const Outcome&)> callback_;
  std::map<std::string, Offset> stored_;
  std::vector<Outcome> waiting_;
};

TEST(FilePublisherTest, CountsWhatBecameOfEveryRecord) {
  const Folder folder;
  const auto file =
      folder.write("cases.csv", "No,Day\na,02/03/2021\nb,no\nnew1,02/03/2021\na,02/03/2021\nbad,02/03/2021\n");
  const Mapping cases = mapping();
  MemorySink sink;
  FileOptions options;
  options.mapping = &cases;
  std::vector<std::uint64_t> rows;
  options.on_outcome = [&](const Outcome& outcome) { rows.push_back(outcome.origin.row()); };
  FileProgress last;
  options.on_progress = [&](const FileProgress& progress) { last = progress; };
  const FileTotals totals = publish_file(file, options, sink);
  EXPECT_TRUE(totals.status.ok()) << totals.status.to_string();
  EXPECT_EQ(totals.file, "cases.csv");
  EXPECT_EQ(totals.read, 5U);
  EXPECT_EQ(totals.accepted, 1U);
  EXPECT_EQ(totals.superseding, 1U);
  EXPECT_EQ(totals.duplicate, 1U);
  EXPECT_EQ(totals.refused, 2U);
  EXPECT_EQ(totals.unanswered, 0U);
  EXPECT_EQ(totals.first_offset, Offset{100});
  EXPECT_EQ(totals.last_offset, Offset{101});
  EXPECT_EQ(rows.size(), 5U);
  EXPECT_EQ(last.records, 5U);
  EXPECT_EQ(last.done_bytes, last.total_bytes);
  ASSERT_EQ(sink.inbox_.size(), 1U);
  EXPECT_EQ(sink.inbox_[0].input(), "b,no");
  EXPECT_EQ(sink.inbox_[0].origin().row(), 3U);
}

// As much is kept of a refused row's header as of the row.
TEST(FilePublisherTest, AHeaderIsCutAsTheRowIs) {
  const Folder folder;
  const Mapping cases = mapping();
  FileOptions options;
  options.mapping = &cases;
  for (const std::size_t most : {5U, 6U, 7U}) {
    options.limits.event_bytes_max = most;
    MemorySink sink;
    publish_file(folder.write("cases.csv", "No,Day\nb,not a day\n"), options, sink);
    ASSERT_EQ(sink.inbox_.size(), 1U);
    EXPECT_EQ(sink.inbox_[0].input(), std::string("b,not a day").substr(0, most));
    EXPECT_EQ(sink.inbox_[0].header(), std::string("No,Day").substr(0, most));
  }
}

TEST(FilePublisherTest, PublishingAgainStoresNothingTwice) {
  const Folder folder;
  const auto file = folder.write("cases.csv", "No,Day\na,02/03/2021\nb,03/03/2021\n");
  const Mapping cases = mapping();
  MemorySink sink;
  FileOptions options;
  options.mapping = &cases;
  EXPECT_EQ(publish_file(file, options, sink).accepted, 2U);
  const FileTotals again = publish_file(file, options, sink);
  EXPECT_EQ(again.duplicate, 2U);
  EXPECT_FALSE(again.first_offset.has_value());
}

TEST(FilePublisherTest, AFileOfAnotherLayoutIsOneRefusedRecordWithRowZero) {
  const Folder folder;
  const Mapping cases = mapping();
  FileOptions options;
  options.mapping = &cases;
  for (const auto& file : {folder.write("other.csv", "Number,Date\n1,2\n"), folder.path() / "absent.csv"}) {
    MemorySink sink;
    const FileTotals totals = publish_file(file, options, sink);
    EXPECT_EQ(totals.status.code(), Code::kMissing) << totals.status.to_string();
    EXPECT_EQ(totals.read, 1U);
    EXPECT_EQ(totals.refused, 1U);
    ASSERT_EQ(sink.inbox_.size(), 1U);
    EXPECT_EQ(sink.inbox_[0].origin().file(), file.filename().string());
    EXPECT_EQ(sink.inbox_[0].origin().row(), 0U);
    EXPECT_EQ(file.filename().string() + ": " + sink.inbox_[0].reason(), totals.status.message())
        << "the file is named once where the item is shown";
    EXPECT_EQ(sink.inbox_[0].format(), "") << "there is no record in it to mend";
  }
}

TEST(FilePublisherTest, AFolderIsNotAFile) {
  const Folder folder;
  MemorySink sink;
  EXPECT_EQ(publish_file(folder.path(), FileOptions(), sink).status.code(), Code::kUnreadable);
}

TEST(FilePublisherTest, ACsvFileWithoutAMappingIsNotTried) {
  const Folder folder;
  MemorySink sink;
  const FileTotals totals = publish_file(folder.write("cases.csv", "No\n"), FileOptions(), sink);
  EXPECT_EQ(totals.status.code(), Code::kUsage);
  EXPECT_EQ(totals.read, 0U);
  EXPECT_TRUE(sink.inbox_.empty());
}

TEST(FilePublisherTest, ABrokerThatStopsAnsweringLeavesCountsThatSaySo) {
  const Folder folder;
  const auto file = folder.write("cases.csv", "No,Day\na,02/03/2021\nb,03/03/2021\nc,03/03/2021\n");
  const Mapping cases = mapping();
  MemorySink sink;
  sink.answers_ = 1;
  FileOptions options;
  options.mapping = &cases;
  const FileTotals totals = publish_file(file, options, sink);
  EXPECT_EQ(totals.status.code(), Code::kUnavailable);
  EXPECT_EQ(totals.read, 2U);
  EXPECT_EQ(totals.unanswered, 2U);
}

constexpr std::string_view kEvent =
    R"({"specversion":"1.0","id":"7","source":"/soha/cases","type":"uk.csp.contact.received.v1",)"
    R"("time":"2021-03-02T09:05:00Z","data":{"facts":{"contact":{"channel":"landlord"}}}})";

// What a file of a share is called in another encoding; protobuf would send nothing of it.
TEST(FilePublisherTest, ANameThatIsNoTextOrOnSeveralLinesIsShownAsOne) {
  const Folder folder;
  const Mapping cases = mapping();
  FileOptions options;
  options.mapping = &cases;
  for (const auto& [name, shown] : {std::pair("caf\xe9.csv", "caf?.csv"), std::pair("a\nb\x7f.csv", "a?b?.csv"),
                                    std::pair("caf\xc3\xa9.csv", "caf\xc3\xa9.csv")}) {
    MemorySink sink;
    const FileTotals totals = publish_file(folder.write(name, "No,Day\na,02/03/2021\nb,no\n"), options, sink);
    EXPECT_EQ(totals.accepted, 1U);
    EXPECT_EQ(totals.file, shown);
    ASSERT_EQ(sink.inbox_.size(), 1U);
    EXPECT_EQ(sink.inbox_[0].origin().file(), shown);
    MemorySink other;
    options.name = "";
    EXPECT_EQ(publish_stream(std::make_unique<std::istringstream>("x\n"), name, options, other).file, shown);
  }
}

TEST(FilePublisherTest, AutoKnowsCloudEventsByNameOrFirstCharacter) {
  const Folder folder;
  for (const std::string name : {"a.json", "a.jsonl", "a.NDJSON", "a.txt", "a"}) {
    MemorySink sink;
    EXPECT_EQ(publish_file(folder.write(name, "\n " + std::string(kEvent)), FileOptions(), sink).accepted, 1U) << name;
  }
}

constexpr std::string_view kStreet =
    "Crime ID,Month,Reported by,Falls within,Longitude,Latitude,Location,LSOA code,LSOA name,Crime type,"
    "Last outcome category,Context\n"
    ",2021-06,North Police,North Police,,,No Location,,,Anti-social behaviour,,\n"
    ",2021-06,North Police,North Police,,,No Location,,,Anti-social behaviour,,\n";

TEST(FilePublisherTest, AutoKnowsPoliceFilesByTheirHeaderAndNeedsNoMapping) {
  const Folder folder;
  FileOptions options;
  options.publisher = Publisher{AgencyId::parse("north-police").value(), Key{}};
  for (const std::string start : {"", "\xef\xbb\xbf", "\r\n"}) {
    MemorySink sink;
    const auto file = folder.write("street.csv", start + std::string(kStreet));
    EXPECT_EQ(publish_file(file, options, sink).accepted, 2U);
    EXPECT_EQ(publish_file(file, options, sink).duplicate, 2U);
  }
  MemorySink sink;
  EXPECT_EQ(publish_file(folder.write("a.csv", "Month,Falls within,Outcome type\n"), options, sink).status.code(),
            Code::kUnreadable)
      << "known by the columns it has, told which it lacks";
  EXPECT_EQ(publish_file(folder.write("b.csv", "Month,Falls within\n"), options, sink).status.code(), Code::kUsage);
}

TEST(FilePublisherTest, AMappingSaysWhatTheFileIs) {
  const Folder folder;
  const auto file = folder.write("street.csv", kStreet);
  const Mapping cases = mapping();
  const PoliceUkMapping areas;
  MemorySink sink;
  FileOptions options;
  options.publisher = Publisher{AgencyId::parse("north-police").value(), Key{}};
  options.mapping = &cases;
  EXPECT_EQ(publish_file(file, options, sink).status.code(), Code::kMissing) << "a column that the mapping names";
  options.format = FileFormat::kPoliceUk;
  EXPECT_EQ(publish_file(file, options, sink).status.code(), Code::kUsage);
  options.mapping = nullptr;
  options.police_uk = &areas;
  options.format = FileFormat::kAuto;
  EXPECT_EQ(publish_file(folder.write("other.csv", "No,Day\n"), options, sink).status.code(), Code::kUnreadable);
  options.publisher.reset();
  EXPECT_EQ(publish_file(file, options, sink).status.code(), Code::kUsage) << "nobody publishes it";
}

TEST(FilePublisherTest, ADryRunJudgesByTheRulesAndHasNoOffsets) {
  const Folder folder;
  std::string bad(kEvent);
  bad.replace(bad.find("landlord"), 8, "the landlord rang");
  const auto file = folder.write("a.jsonl", std::string(kEvent) + "\n" + bad + "\n{}\n");
  DryRunSink sink({});
  std::vector<Code> codes;
  FileOptions options;
  options.on_outcome = [&](const Outcome& outcome) { codes.push_back(outcome.status.code()); };
  const FileTotals totals = publish_file(file, options, sink);
  EXPECT_EQ(totals.read, 3U);
  EXPECT_EQ(totals.accepted, 1U);
  EXPECT_EQ(totals.refused, 2U);
  EXPECT_EQ(codes, (std::vector<Code>{Code::kOk, Code::kInvalid, Code::kMissing}));
  EXPECT_FALSE(totals.first_offset.has_value());
}

TEST(FilePublisherTest, WhatIsNotTextIsRefusedWhateverItsNameAndWithoutAMapping) {
  const Folder folder;
  for (const std::string name : {"cases.csv", "cases.xlsx", "cases.json"}) {
    MemorySink sink;
    const FileTotals totals =
        publish_file(folder.write(name, "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 ..."), FileOptions(), sink);
    EXPECT_EQ(totals.status.code(), Code::kUnreadable);
    EXPECT_NE(totals.status.message().find("is a spreadsheet"), std::string::npos) << totals.status.message();
    EXPECT_EQ(totals.refused, 1U);
    ASSERT_EQ(sink.inbox_.size(), 1U);
    EXPECT_EQ(sink.inbox_[0].format(), "") << "there is no record to mend in it";
  }
}

TEST(FilePublisherTest, ASpreadsheetNeedsAMappingWhateverItsName) {
  const Folder folder;
  MemorySink sink;
  const std::filesystem::path file = folder.write("cases.csv", "PK\x03\x04 ... [Content_Types].xml");
  EXPECT_EQ(publish_file(file, FileOptions(), sink).status.code(), Code::kUsage);
  const Mapping cases = mapping();
  FileOptions options;
  options.mapping = &cases;
  const FileTotals totals = publish_file(file, options, sink);
  EXPECT_EQ(totals.refused, 1U);
  EXPECT_NE(totals.status.message().find("damaged or cut off"), std::string::npos) << totals.status.message();
}

TEST(FilePublisherTest, ColumnsAreToldWithWhatWasRefusedBecauseOfThem) {
  const Folder folder;
  const Mapping cases = mapping();
  MemorySink sink;
  FileOptions options;
  options.mapping = &cases;
  const FileTotals totals =
      publish_file(folder.write("cases.csv", "No,Day,Clerk\na,02/03/2021,x\nb,no,x\n,02/03/2021,\n"), options, sink);
  ASSERT_EQ(totals.layout.columns.size(), 3U);
  EXPECT_EQ(totals.layout.columns[0].refused, 1U);
  EXPECT_EQ(totals.layout.columns[1].refused, 1U);
  EXPECT_EQ(totals.layout.columns[1].filled, 3U);
  EXPECT_EQ(totals.layout.columns[2].filled, 2U);
  EXPECT_EQ(publish_file(folder.write("cases.csv", "No,Clerk\na,x\n"), options, sink).layout.missing,
            std::vector<std::string>{"Day"});
}

TEST(FilePublisherTest, FooterRowsAreCountedApart) {
  const Folder folder;
  Mapping cases = mapping();
  cases.footers = {"Total"};
  MemorySink sink;
  FileOptions options;
  options.mapping = &cases;
  const FileTotals totals = publish_file(folder.write("cases.csv", "No,Day\na,02/03/2021\nTotal: 1\n"), options, sink);
  EXPECT_EQ(totals.read, 1U);
  EXPECT_EQ(totals.accepted, 1U);
  EXPECT_EQ(totals.footer_rows, 1U);
}

TEST(FilePublisherTest, FormatsHaveTheirNames) {
  EXPECT_EQ(*parse_file_format("cloudevents"), FileFormat::kCloudEvents);
  EXPECT_EQ(*parse_file_format("police-uk"), FileFormat::kPoliceUk);
  EXPECT_EQ(*parse_file_format("xlsx"), FileFormat::kXlsx);
  EXPECT_EQ(parse_file_format("xls").status().code(), Code::kUsage);
}

}  // namespace
}  // namespace moot
