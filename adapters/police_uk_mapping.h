// A partnership's own settings for files of data.police.uk, which need none: which of the partnership's areas a row is
// in, and what becomes of the rows outside all of them. A force's files cover its whole county.
//
//   format = "police-uk"
//   outside = "refuse"                         # or "keep", the default: then the event has no area
//   source_suffix = "archive"                  # optional: the source is /<agency>/police-uk-street-archive
//   [area]                                     # optional
//   "South Oxfordshire" = "south-oxfordshire"  # the start of "LSOA name", in whole words; the longest counts
//   "E01028650" = "didcot"                     # or one "LSOA code", which counts before any name
//
// A row that tells no LSOA ("No Location") is outside: nobody can say that it is within. Loading errors: kDefinition
// with file, line, key and what was expected; kMissing when there is no such file. Thread: values, read-only after
// loading, usable anywhere.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <string_view>

#include "broker/core/status.h"

namespace moot {

struct PoliceUkMapping {
  std::string source_suffix;
  bool refuse_outside = false;
  std::map<std::string, std::string, std::less<>> areas;  // by LSOA code, or by the start of its name

  // The area's code; empty = outside.
  std::string_view area_of(std::string_view lsoa_code, std::string_view lsoa_name) const;
};

Result<PoliceUkMapping> load_police_uk_mapping(const std::filesystem::path& file);
// `name` stands for the file in mistakes.
Result<PoliceUkMapping> parse_police_uk_mapping(std::string_view toml, std::string_view name);

}  // namespace moot
