// An export of calls, its mapping, and reading it whole, for the tests of the CSV reader.
#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <sstream>
#include <string>
#include <vector>

#include "adapters/csv_reader.h"

namespace moot::csv_example {

inline constexpr std::string_view kMapping = R"(
format = "csv"
source = "/north-police/cad"
type = { column = "Status", codes = { "" = "uk.csp.contact.received.v1", "X" = "uk.csp.contact.withdrawn.v1" } }
FILE
[record]
key = "No"
revision = "Version"
subject = "No"
[time]
column = "Received"
format = "%d/%m/%Y %H:%M"
[envelope]
area = { column = "Beat", codes = { "D1" = "didcot" } }
[facts]
channel = { column = "How", codes = { "999" = "999" }, unmapped = { value = "101" } }
on_behalf_of = { column = "Third", codes = { "Y" = true, "N" = false } }
[[people]]
role = "caller"
name = "Caller"
born = { column = "DOB", format = "%d/%m/%Y" }
[[places]]
role = "scene"
latitude = "Lat"
longitude = "Lon"
[[texts]]
field = "description"
column = "Log"
[[links]]
rel = "about"
source = "/north-police/cad"
id = "Linked"
)";
inline const std::string kHeader = "No,Version,Received,Beat,How,Third,Caller,DOB,Lat,Lon,Log,Linked,Status,Unused\n";
inline const std::string kRow = "C1,2,02/06/2021 00:30,D1,999,Y,Ann Example,04/05/1970,51.6,-1.25,Shouting,C0,,zzz";

inline Mapping mapping(const std::string& file_table = "") {
  std::string toml(kMapping);
  toml.replace(toml.find("FILE"), 4, file_table.empty() ? "" : "[file]\n" + file_table);
  Result<Mapping> read = parse_mapping(toml, "calls.toml");
  EXPECT_TRUE(read.ok()) << read.status().to_string();
  return std::move(*read);
}

// The same export, had its records no versions.
inline Mapping mapping_without_versions() {
  std::string toml(kMapping);
  toml.replace(toml.find("FILE"), 4, "");
  const std::string line = "revision = \"Version\"\n";
  toml.erase(toml.find(line), line.size());
  Result<Mapping> read = parse_mapping(toml, "calls.toml");
  EXPECT_TRUE(read.ok()) << read.status().to_string();
  return std::move(*read);
}

struct ReadFile {
  std::vector<InputRecord> records;
  Status status;

  const v1::Event& event(std::size_t i) const { return std::get<v1::Event>(records.at(i).content); }
  const v1::RefusedInput& refused(std::size_t i) const { return std::get<v1::RefusedInput>(records.at(i).content); }
};

inline ReadFile read(const std::string& text, const Mapping& mapping, const Limits& limits = {}) {
  ReadFile file;
  Result<std::unique_ptr<Reader>> reader =
      open_csv(std::make_unique<std::istringstream>(text), "calls.csv", mapping, limits);
  if (!reader.ok()) {
    file.status = reader.status();
    return file;
  }
  while (true) {
    Result<std::optional<InputRecord>> record = (*reader)->next();
    if (!record.ok()) file.status = record.status();
    if (!record.ok() || !record->has_value()) return file;
    file.records.push_back(std::move(**record));
  }
}

// The row with something else in one place.
inline std::string row_with(std::string_view from, std::string_view to) {
  std::string row = kRow;
  return row.replace(row.find(from), from.size(), to);
}

}  // namespace moot::csv_example
