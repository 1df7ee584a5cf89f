// The CSV reader over generated files: rows in are records out, and no sentence repeats a cell.
#include <gtest/gtest.h>

#include <algorithm>
#include <random>

#include "tests/unit/csv_example.h"

namespace moot {
namespace {

using namespace csv_example;

// One cell, quoted where it must be or by chance.
std::string written(const std::string& cell, std::mt19937& random) {
  if (cell.find_first_of(",\"\r\n") == std::string::npos && random() % 3 != 0) return cell;
  std::string quoted = "\"";
  for (const char c : cell) quoted += c == '"' ? "\"\"" : std::string(1, c);
  return quoted + "\"";
}

TEST(CsvReaderGeneratedTest, AsManyRecordsComeOutAsRowsGoInWhateverTheCellsHold) {
  const Mapping calls = mapping();
  for (unsigned seed = 0; seed < 50; ++seed) {
    std::mt19937 random(seed);
    std::string text = kHeader;
    std::vector<std::string> logs;
    std::vector<std::uint64_t> numbers;
    std::uint64_t number = 1;
    for (int row = 0; row < 40; ++row) {
      std::string log = "a";
      for (unsigned i = random() % 30; i > 0; --i) log += "ab,\"\n\r ;x\xc3\xa9"[random() % 9];
      log = log.substr(0, log.find('\xc3')) + "z";
      logs.push_back(log);
      const std::string date = random() % 4 == 0 ? "no date" : "02/03/2021 09:05";
      numbers.push_back(++number);
      text += "C" + std::to_string(row) + ",1," + date + ",,,,,,,," + written(log, random) + ",,," +
              (random() % 2 == 0 ? "\r\n" : "\n");
      for (; random() % 5 == 0; ++number) text += random() % 2 == 0 ? "\r\n" : " ,,\n";
    }
    const ReadFile file = read(text, calls);
    ASSERT_EQ(file.records.size(), 40U) << "seed " << seed;
    for (std::size_t i = 0; i < 40; ++i) {
      EXPECT_EQ(file.records[i].origin.row(), numbers[i]) << "seed " << seed;
      if (const auto* event = std::get_if<v1::Event>(&file.records[i].content)) {
        EXPECT_EQ(event->personal().texts(0).text(), logs[i]) << "seed " << seed;
      } else {
        EXPECT_EQ(file.refused(i).column(), "Received") << "seed " << seed;
      }
    }
  }
}

TEST(CsvReaderGeneratedTest, RandomBytesNeverCrashAndNeverBecomeMoreThanTheirLines) {
  const Mapping calls = mapping();
  for (unsigned seed = 0; seed < 300; ++seed) {
    std::mt19937 random(seed);
    std::string noise;
    for (int i = 0; i < 2000; ++i) noise += ",,\"\"\r\n\n ab1/\xc3\xa9"[random() % 14];
    const ReadFile file = read(kHeader + noise, calls);
    const auto ends = static_cast<std::size_t>(
        std::count_if(noise.begin(), noise.end(), [](char c) { return c == '\n' || c == '\r'; }));
    EXPECT_LE(file.records.size(), ends + 1) << "seed " << seed;
    EXPECT_TRUE(file.status.ok()) << "seed " << seed;
  }
}

TEST(CsvReaderGeneratedTest, NoSentenceRepeatsACell) {
  const Mapping calls = mapping();
  std::vector<std::string> cells;
  std::istringstream row(kRow);
  for (std::string cell; std::getline(row, cell, ',');) cells.push_back(cell);
  cells.resize(14);
  for (std::size_t bad = 0; bad < cells.size(); ++bad) {
    std::string text = kHeader;
    for (std::size_t i = 0; i < cells.size(); ++i) text += (i > 0 ? "," : "") + (i == bad ? "Secretname" : cells[i]);
    const ReadFile file = read(text, calls);
    ASSERT_EQ(file.records.size(), 1U);
    const auto* refused = std::get_if<v1::RefusedInput>(&file.records[0].content);
    EXPECT_TRUE(refused == nullptr || refused->reason().find("Secret") == std::string::npos) << refused->reason();
  }
}

}  // namespace
}  // namespace moot
