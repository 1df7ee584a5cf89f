// `moot report NAME --period P`: a report of the partnership's folder, worked out from the log.
// Thread: the main thread.
#pragma once

#include <CLI/CLI.hpp>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>

#include "consumers/report/record_book.h"
#include "consumers/report/report.h"
#include "deploy/documents.h"
#include "deploy/options.h"
#include "deploy/partnership_folder.h"
#include "deploy/reader_view.h"

namespace moot {

struct ReportOrder {
  std::string report, period, as_at;
  std::string list;    // of records, in the place of the figures; empty = the figures
  std::string rules;   // a rule pack, as rules_for() has it; empty = the partnership's
  std::string format;  // "html", "md", "csv", "json"; empty = by the output's name, else json
  std::filesystem::path output;
  bool issue = false;          // its copies are put on record …
  std::string to;              // … for these recipients
  std::filesystem::path diff;  // only what changed since this one, written as JSON before
};
int report_command(const Options& options, const ReportOrder& order);

// Adds `report` to the commands; `run` is set to what it does.
void add_report(CLI::App& app, const Options& options, ReportOrder& order, std::function<int()>& run);

// The record book of a data directory, kept up to date over the bus. Thread: one, the caller's.
class Records {
 public:
  static Result<std::unique_ptr<Records>> open(const Options& options, const Reach& reach);

  ReaderView& view() { return *view_; }
  const RecordBook& book() const { return book_; }

 private:
  RecordBook book_;
  std::unique_ptr<ReaderView> view_;
};

// Whether a report needs the casebook beside the record book.
bool asks_for_cases(const ReportDefinition& definition);
// `documents` may be null: then the lengths of caller lists and what clocks count are not supplied.
Report report_of(const RecordBook& book, const Documents* documents, const PartnershipFolder& folder,
                 const ReportDefinition& definition, const Period& period, std::optional<Instant> as_at,
                 const RulePack* rules);

// kUsage for a format that is none; kNotAllowed where the report's lists of a quarter would tell what it withholds.
Result<std::string> write_report(const Report& report, const Partnership& partnership, const std::string& format);

}  // namespace moot
