// A file of five hundred rows with fifty planted faults of twelve kinds: each faulty row is refused for its own reason
// and waits in the inbox once, the rest is taken; mended, nothing is missing and nothing is there twice (G3, G4).
#include <gtest/gtest.h>

#include <array>
#include <map>
#include <set>

#include "adapters/csv_cells.h"
#include "tests/contract/temporary_folder.h"
#include "tests/end_to_end/installation.h"
#include "tests/end_to_end/partnership_fixture.h"

namespace moot {
namespace {

namespace json = boost::json;

constexpr std::size_t kRows = 500;
using Cells = std::vector<std::string>;
enum Column : std::size_t { kCall, kRang, kWritten, kHow, kPart, kCard, kForename, kSurname, kBorn, kHome, kNote = 13 };

std::string written(const Cells& cells) {
  std::string line;
  for (const std::string& cell : cells)
    line += (line.empty() && &cell == &cells.front() ? "" : ",") +
            (cell.find(',') == std::string::npos ? cell : "\"" + cell + "\"");
  return line;
}

// One kind of fault: what it makes of a good row, and what is to be told of it. `key` is that of an earlier row.
struct Kind {
  void (*plant)(Cells& cells, const std::string& key);
  std::string code;
  std::string column;
  std::string reason;  // a part of the sentence
};

constexpr std::size_t kKinds = 12;
const std::array<Kind, kKinds>& kinds() {
  using Key = const std::string&;
  static const std::array<Kind, kKinds> all = {{
      {[](Cells& c, Key) { c[kRang] = "last Tuesday"; }, "unreadable", "Rang", "not a time of the form year-month-day"},
      {[](Cells& c, Key) { c[kBorn] = "31.02.1970"; }, "unreadable", "Born", "not a date of the form day.month.year"},
      {[](Cells& c, Key) { c[kHow] = "pigeon"; }, "unmapped", "How", "not in the mapping's list"},
      {[](Cells& c, Key) { c[kCall].clear(); }, "missing", "Call", "should hold the record's key"},
      {[](Cells& c, Key) { c.erase(c.begin() + kPart); }, "unreadable", "", "the row has 13 cells; the header has 14"},
      {[](Cells& c, Key) { c.emplace_back("more"); }, "unreadable", "", "the row has 15 cells; the header has 14"},
      {[](Cells& c, Key) { c[kNote].assign(4001, 'n'); }, "too-large", "Note", "over 4000 characters"},
      {[](Cells& c, Key) { c[kForename] = "Ren\xe9"; }, "unreadable", "", "not text in UTF-8"},
      {[](Cells& c, Key) { c[kRang][0] = c[kWritten][0] = '9'; }, "invalid", "",
       "cannot have been known in the future"},
      {[](Cells& c, Key key) { c[kCall] = key; }, "conflict", "", "with different content"},
      {[](Cells& c, Key) { c[kCard].append(4000, '7'); }, "too-large", "Card", "over 4000 characters"},
      {[](Cells& c, Key) { c[kNote].insert(0, "\""); }, "unreadable", "", "opened and not closed before the next row"},
  }};
  return all;
}

// By row: code and column.
using Refused = std::map<std::int64_t, std::pair<std::string, std::string>>;

class PlantedFaults : public testing::Test {
 protected:
  // Every ninth row has a fault, of each kind in turn; the last row of the file is cut off inside quotation marks.
  PlantedFaults() {
    const std::vector<std::string> lines = lines_of_text(PartnershipFixture::calls_csv(0, kRows));
    std::vector<std::string> bad = lines;
    for (std::size_t i = 0; i < 49; ++i) {
      const Kind& kind = kinds()[i % kinds().size()];
      const std::size_t line = 8 + i * 9;
      Cells cells = *split_csv_record(lines[line], ',');
      kind.plant(cells, split_csv_record(lines[line - 5], ',')->at(kCall));
      bad[line] = written(cells);
      planted_[static_cast<std::int64_t>(line + 1)] = {kind.code, kind.column};
      reasons_[static_cast<std::int64_t>(line + 1)] = kind.reason;
      good_[static_cast<std::int64_t>(line + 1)] = lines[line];
    }
    Cells last = *split_csv_record(lines.back(), ',');
    bad.back() = written(last);
    bad.back().insert(bad.back().size() - last.back().size(), "\"");
    planted_[kRows + 1] = {"unreadable", ""};
    reasons_[kRows + 1] = "the file seems to end in the middle of this row";
    for (const std::string& line : lines) mended_text_ += line + "\n";
    for (const std::string& line : bad) bad_text_ += line + "\n";
    bad_text_.resize(bad_text_.size() - 4);
    write_text(file_, bad_text_);
  }

  Ended publish(const Words& more = {}) const {
    Words words = {"publish", file_.string(), "--as",      PartnershipFixture::kWardens,
                   "--json",  "--backfill",   "--mapping", partnership_.calls_mapping().string()};
    words.insert(words.end(), more.begin(), more.end());
    return here_.moot(words);
  }

  void expect_counts(const json::object& printed, std::int64_t accepted, std::int64_t duplicate, std::int64_t refused) {
    EXPECT_EQ(number_in(printed, "read"), static_cast<std::int64_t>(kRows));
    EXPECT_EQ(number_in(printed, "accepted"), accepted);
    EXPECT_EQ(number_in(printed, "duplicate"), duplicate);
    EXPECT_EQ(number_in(printed, "superseding"), 0);
    EXPECT_EQ(number_in(printed, "refused"), refused);
  }

  json::array waiting() const { return json_of(here_.moot({"inbox", "list", "--json"}).out).at("items").as_array(); }

  // Items by row; each row once.
  Refused refused_in_inbox(const json::array& items) const {
    Refused refused;
    for (const json::value& value : items) {
      const json::object& item = value.as_object();
      EXPECT_EQ(item.at("file").as_string(), "calls.csv");
      const std::int64_t row = number_in(item, "row");
      const bool is_new =
          refused.emplace(row, std::pair(item.at("code").as_string().c_str(), item.at("column").as_string().c_str()))
              .second;
      EXPECT_TRUE(is_new) << "row " << row << " waits twice";
      EXPECT_NE(std::string(item.at("reason").as_string()).find(reasons_.at(row)), std::string::npos)
          << "row " << row << ": " << item.at("reason").as_string();
    }
    return refused;
  }
  std::string item_of_row(std::int64_t row) const {
    for (const json::value& value : waiting())
      if (number_in(value.as_object(), "row") == row) return value.as_object().at("item").as_string().c_str();
    ADD_FAILURE() << "row " << row << " does not wait";
    return "";
  }
  std::vector<std::int64_t> rows_refused_as(const std::string& code) const {
    std::vector<std::int64_t> rows;
    for (const auto& [row, kind] : planted_)
      if (kind.first == code) rows.push_back(row);
    return rows;
  }

  // Every id once, and none but those of the mended file.
  void expect_every_record_once() const {
    std::multiset<std::string> ids;
    for (const std::string& line : here_.replay()) ids.insert(json_of(line).at("id").as_string().c_str());
    EXPECT_EQ(ids.size(), kRows);
    std::multiset<std::string> expected;
    for (const std::string& line : lines_of_text(mended_text_))
      if (line.starts_with("MW-")) expected.insert(line.substr(0, line.find(',')));
    EXPECT_EQ(ids, expected);
  }

  const TemporaryFolder folder_;
  const PartnershipFixture partnership_{folder_ / "partnership"};
  const Installation here_{folder_ / "data", partnership_.config()};
  const std::unique_ptr<Process> broker_ = here_.start_broker();
  const std::filesystem::path file_ = folder_ / "calls.csv";
  std::string bad_text_, mended_text_;
  Refused planted_;
  std::map<std::int64_t, std::string> reasons_;
  std::map<std::int64_t, std::string> good_;  // rows as they should have been
};

TEST_F(PlantedFaults, AreEachRefusedForTheirOwnReasonAndTheRestIsTaken) {
  ASSERT_EQ(planted_.size(), 50u);
  const Ended published = publish();
  EXPECT_EQ(published.exit_code, 1);
  expect_counts(json_of(published.out), 450, 0, 50);
  const json::array items = waiting();
  EXPECT_EQ(items.size(), 50u);
  EXPECT_EQ(refused_in_inbox(items), planted_);
  expect_counts(json_of(publish().out), 0, 450, 50);
  EXPECT_EQ(waiting().size(), 50u) << "offered again they are the same items";
}

TEST_F(PlantedFaults, LeaveNothingMissingAndNothingTwiceOnceMended) {
  EXPECT_EQ(publish().exit_code, 1);
  // Two by hand, row by row.
  for (const std::int64_t row : {rows_refused_as("missing").at(0), rows_refused_as("unmapped").at(0)}) {
    const std::string item = item_of_row(row);
    write_text(folder_ / "row.csv", good_.at(row) + "\n");
    EXPECT_EQ(here_.moot({"inbox", "mend", item, "--input", (folder_ / "row.csv").string()}).exit_code, 0);
    const Ended retried = here_.moot({"inbox", "retry", item});
    EXPECT_EQ(retried.exit_code, 0) << retried.err;
  }
  EXPECT_EQ(waiting().size(), 48u);
  // The others in the file.
  write_text(file_, mended_text_);
  const Ended published = publish();
  EXPECT_EQ(published.exit_code, 0) << published.err;
  expect_counts(json_of(published.out), 48, 452, 0);
  expect_every_record_once();
  // A row without a key cannot be told from another one, and a conflict is for a person to judge: they wait until
  // somebody says that they are done with.
  std::set<std::string> left;
  const json::array items = waiting();
  for (const json::value& value : items) left.insert(value.as_object().at("code").as_string().c_str());
  EXPECT_EQ(left, (std::set<std::string>{"missing", "conflict"}));
  EXPECT_EQ(items.size(), rows_refused_as("missing").size() - 1 + rows_refused_as("conflict").size());
  for (const json::value& value : items)
    EXPECT_EQ(
        here_
            .moot({"inbox", "drop", value.as_object().at("item").as_string().c_str(), "--reason", "mended in the file"})
            .exit_code,
        0);
  EXPECT_TRUE(waiting().empty());
  expect_counts(json_of(publish().out), 0, 500, 0);
  expect_every_record_once();
}

TEST_F(PlantedFaults, AreAllToldByADryRunWhichKeepsNothing) {
  const Ended dry = publish({"--dry-run"});
  EXPECT_EQ(dry.exit_code, 1);
  const json::object printed = json_of(dry.out);
  expect_counts(printed, 450, 0, 50);
  const json::object& file = printed.at("files").as_array().at(0).as_object();
  Refused refused;
  for (const json::value& value : file.at("refused_rows").as_array()) {
    const json::object& row = value.as_object();
    refused[number_in(row, "row")] = {row.at("code").as_string().c_str(), row.at("column").as_string().c_str()};
  }
  EXPECT_EQ(refused, planted_);
  std::map<std::string, std::pair<std::int64_t, std::int64_t>> columns;  // filled and refused
  for (const json::value& value : file.at("columns").as_array())
    columns[value.as_object().at("column").as_string().c_str()] = {number_in(value.as_object(), "filled"),
                                                                   number_in(value.as_object(), "refused")};
  EXPECT_EQ(columns.size(), 14u);
  EXPECT_EQ(columns["Rang"].second, 5);
  EXPECT_EQ(columns["Born"].second, 4);
  EXPECT_EQ(columns["Call"].second, 4);
  EXPECT_EQ(columns["How"].first - columns["Call"].first, 4) << "four rows have no key";
  EXPECT_EQ(number_in(file.at("types").as_object(), "uk.csp.contact.received.v1"), 450);
  EXPECT_TRUE(waiting().empty());
  EXPECT_EQ(here_.offset(), 0u);
  // No cell of a person is repeated, in either form.
  const std::string words = publish({"--dry-run", "--json=false"}).out;
  EXPECT_NE(words.find("\n  column "), std::string::npos) << words;
  for (const std::string personal : {"Wilhelmina", "Fabrikam", "01632", "ZZ97", "Invented Row", "CARD-", "Rang about"})
    for (const std::string* text : {&dry.out, &words, &dry.err})
      EXPECT_EQ(text->find(personal), std::string::npos) << personal;
}

}  // namespace
}  // namespace moot
