// A CSV file of people as records for linkage: which column is which field, and its rows. A column that the caller does
// not name is told by its header, else by what stands in it; one that is ignored is not looked at.
// Errors: kUsage for a column that is not there or a field that is not known, kUnreadable for the file; never a value.
// Thread: the caller's.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "broker/core/status.h"
#include "consumers/linkage/record_table.h"

namespace moot {

struct LinkageColumns {
  std::string id;                    // empty = the row's number
  std::vector<std::string> ignored;  // column names
  std::vector<std::string> mapped;   // "field=column"; without "field=", one more column of the field before
  std::string cluster;               // who the record truly is; empty = not known
};

struct LinkageInput {
  std::unique_ptr<RecordTable> records;  // in the file's order
  std::vector<std::string> ids;
  std::vector<std::uint32_t> truth;   // a number of each true cluster; empty = not known
  std::vector<std::string> columns;   // "surname as family", for people
  std::vector<std::string> left_out;  // columns that did not fit
  std::uint64_t rows_refused = 0;
};

Result<LinkageInput> read_linkage_input(const std::filesystem::path& file, const LinkageColumns& columns);

}  // namespace moot
