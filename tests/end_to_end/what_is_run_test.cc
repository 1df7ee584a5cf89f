// Everything that the two partnerships' published documents name: each row of deploy/what-partnerships-run.md is what
// it says it is.
#include <gtest/gtest.h>

#include <map>
#include <set>
#include <sstream>

#include "tests/contract/temporary_folder.h"
#include "tests/end_to_end/installation.h"

namespace moot {
namespace {

namespace fs = std::filesystem;

const fs::path kRepository = MOOT_SOURCE_DIR;

struct Row {
  std::string number, what, of, command, prints;
};

// The cells of a line of a table, without the blanks around them.
std::vector<std::string> cells_of(const std::string& line) {
  std::vector<std::string> cells;
  for (std::size_t from = 1; from < line.size();) {
    const std::size_t end = std::min(line.find(" | ", from), line.rfind(" |"));
    cells.push_back(line.substr(from + 1, end - from - 1));
    from = end + 2;
  }
  return cells;
}

std::vector<Row> rows_of_the_page() {
  std::vector<Row> rows;
  std::istringstream page(read_text(kRepository / "deploy/what-partnerships-run.md"));
  for (std::string line; std::getline(page, line);) {
    if (!line.starts_with("| ") || line.starts_with("| # ")) continue;
    const std::vector<std::string> cells = cells_of(line);
    EXPECT_EQ(cells.size(), 5u) << line;
    if (cells.size() == 5) rows.push_back({cells[0], cells[1], cells[2], cells[3], cells[4]});
  }
  return rows;
}

// "`moot agenda jtm --on 2021-04-13`": the words behind "moot".
Words words_run_by(const std::string& command) {
  std::istringstream text(command.substr(1, command.size() - 2));
  Words words;
  for (std::string word; text >> word;) words.push_back(word);
  EXPECT_EQ(words.front(), "moot") << command;
  words.erase(words.begin());
  return words;
}

// The lines of a file of events, to a file for each agency that says them.
std::map<std::string, std::string> by_agency(const fs::path& file) {
  std::map<std::string, std::string> lines;
  std::istringstream text(read_text(file));
  const std::string before = "\"source\":\"/";
  for (std::string line; std::getline(text, line);) {
    const std::size_t from = line.find(before) + before.size();
    lines[line.substr(from, line.find('/', from) - from)] += line + "\n";
  }
  return lines;
}

using Installations = std::map<std::string, std::unique_ptr<Installation>>;  // by "SV" and "WO"

Installations installations_in(const fs::path& folder) {
  Installations all;
  for (const auto& [of, name] : {std::pair("SV", "south-and-vale"), {"WO", "west-oxfordshire"}})
    all[of] = std::make_unique<Installation>(folder / name, kRepository / "deploy" / name / "partnership.toml");
  return all;
}

// What each command prints, once; a command that fails prints nothing.
std::map<std::string, Ended> printed_by(const Installations& installations) {
  std::map<std::string, Ended> printed;
  for (const Row& row : rows_of_the_page())
    if (const auto [at, fresh] = printed.try_emplace(row.of + row.command); fresh)
      at->second = installations.at(row.of)->moot(words_run_by(row.command));
  return printed;
}

// A title that is printed whether anything happened or not is no proof that anybody runs it.
TEST(WhatPartnershipsRun, IsNotPrintedWhereNothingWasPublished) {
  const TemporaryFolder folder;
  const std::map<std::string, Ended> printed = printed_by(installations_in(folder.path()));
  for (const Row& row : rows_of_the_page())
    EXPECT_EQ(printed.at(row.of + row.command).out.find(row.prints), std::string::npos)
        << row.number << ", " << row.what << ": " << row.prints;
}

TEST(WhatPartnershipsRun, IsPrintedByTheCommandsOfItsTable) {
  const TemporaryFolder folder;
  const Installations installations = installations_in(folder.path());
  for (const auto& [of, here] : installations) {
    const std::string name = here->data().filename().string();
    here->documents(folder / (name + "-out"));
    for (const auto& [agency, lines] : by_agency(kRepository / "tests/data/what-is-run" / (name + ".jsonl"))) {
      write_text(folder / "added.jsonl", lines);
      const Ended added = here->moot({"publish", (folder / "added.jsonl").string(), "--as", agency, "--backfill"});
      ASSERT_EQ(added.exit_code, 0) << added.out << added.err;
    }
  }
  const std::map<std::string, Ended> printed = printed_by(installations);
  std::set<int> numbers;
  for (const Row& row : rows_of_the_page()) {
    const Ended& ended = printed.at(row.of + row.command);
    EXPECT_EQ(ended.exit_code, 0) << row.command << ": " << ended.err;
    EXPECT_NE(ended.out.find(row.prints), std::string::npos)
        << row.number << ", " << row.what << ": " << row.prints << ", where it prints " << ended.out.substr(0, 2000);
    numbers.insert(std::stoi(row.number));
  }
  EXPECT_EQ(numbers.size(), 46u) << "systems, schemes, meetings and registers are named";
}

}  // namespace
}  // namespace moot
