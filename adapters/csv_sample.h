// The beginning of a CSV file of which nothing is known yet: how it is written, its header and its first rows.
// Memory: kBytes of the file. Thread: a pure function of the stream, usable anywhere.
#pragma once

#include <istream>
#include <optional>
#include <string>
#include <vector>

#include "adapters/encoding.h"
#include "broker/core/status.h"

namespace moot {

struct CsvSample {
  static constexpr std::size_t kBytes = 512 * 1024;
  static constexpr std::size_t kRows = 1000;

  Encoding encoding = Encoding::kUtf8;
  char delimiter = ',';
  std::size_t skip_lines = 0;  // above the header
  std::string footer;          // how the last row begins that is none; empty = there is no such row
  std::vector<std::string> header;
  std::vector<std::vector<std::string>> rows;  // in UTF-8, each with as many cells as the header
  bool whole_file = false;                     // there is no more than these rows
};

// kUnreadable or kMissing, with what to do instead: no text, nothing in it, one column, a first row that seems to be a
// record. Never with a cell.
Result<CsvSample> sample_csv(std::istream& stream, const std::string& name);

// The first of the forms of date that agencies use which nearly all of the values have; day before month where both are
// possible. Values that are not of it are few, or nothing is returned.
std::optional<std::string> date_form_of(const std::vector<std::string>& values);

bool looks_like_postcode(std::string_view value);
bool looks_like_email(std::string_view value);

}  // namespace moot
