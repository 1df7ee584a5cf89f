// A report: its measures and cross-checks. Dated data of the partnership, never code; the README describes the file.
// Errors: kDefinition with file, line, key and what was expected.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "broker/core/definition.h"
#include "broker/core/status.h"
#include "consumers/report/check.h"
#include "consumers/report/measure.h"
#include "consumers/report/record_list.h"

namespace moot {

struct ReportSection {
  std::string id;
  std::string title;
  std::string text;  // officers' own words; empty = none
};

class ReportDefinition {
 public:
  static Result<ReportDefinition> load(const std::filesystem::path& file);
  static Result<ReportDefinition> parse(std::string_view toml, std::string_view name);

  std::string rules() const { return id + " " + version; }
  bool asks_for_clocks() const;
  bool withholds_small() const;  // of any measure

  std::string id;
  std::string title;
  std::string version;  // what changes gets a new one; printed on the report
  std::string source;
  std::vector<ReportSection> sections;
  std::vector<Measure> measures;  // a measure names those before it only
  std::vector<Check> checks;
  std::vector<ListDefinition> lists;

 private:
  static Result<ReportDefinition> read(Definition definition);
};

}  // namespace moot
