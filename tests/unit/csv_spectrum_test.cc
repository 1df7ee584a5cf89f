// The published CSV Spectrum files, whose JSON says what each cell holds (found through MOOT_SHARED).
#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "adapters/csv_cells.h"
#include "adapters/csv_record_scanner.h"

namespace moot {
namespace {

// The rows as the JSON says them: one object a row, its header's cells as keys.
boost::json::array rows_of(const std::filesystem::path& file) {
  ByteSource source(std::make_unique<std::ifstream>(file, std::ios::binary));
  CsvRecordScanner scanner(source, ',', 1 << 20);
  boost::json::array rows;
  std::vector<std::string> header;
  while (const std::optional<RawRecord> record = scanner.next()) {
    EXPECT_EQ(record->state, RawRecord::State::kWhole) << file;
    std::vector<std::string> cells = split_csv_record(record->bytes, ',').value();
    if (header.empty()) {
      header = std::move(cells);
      continue;
    }
    EXPECT_EQ(cells.size(), header.size()) << file;
    boost::json::object row;
    for (std::size_t i = 0; i < cells.size(); ++i) row[header.at(i)] = cells[i];
    rows.push_back(std::move(row));
  }
  return rows;
}

TEST(CsvSpectrumTest, EveryFileReadsAsItsJsonSays) {
  const char* shared = std::getenv("MOOT_SHARED");
  if (shared == nullptr) GTEST_SKIP() << "MOOT_SHARED is not set";
  const std::filesystem::path folder = std::filesystem::path(shared) / "data/csv/csv-spectrum";
  int files = 0;
  for (const auto& entry : std::filesystem::directory_iterator(folder / "csvs")) {
    std::ostringstream expected;
    expected << std::ifstream(folder / "json" / (entry.path().stem().string() + ".json")).rdbuf();
    EXPECT_EQ(boost::json::value(rows_of(entry.path())), boost::json::parse(expected.str())) << entry.path();
    ++files;
  }
  EXPECT_GE(files, 11);
}

}  // namespace
}  // namespace moot
