// A report: a definition worked out for a period, as at an instant. A pure function of the set of events, the
// definition and the period. Thread: pure functions.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "broker/core/partnership.h"
#include "consumers/report/clock_figure.h"
#include "consumers/report/figure.h"
#include "consumers/report/period.h"
#include "consumers/report/record_book.h"
#include "consumers/report/record_list.h"
#include "consumers/report/report_definition.h"

namespace moot {

struct ComparedFigure {
  Period period;
  Figure figure;
  std::optional<double> change_percent;  // whole, half up; nothing where either is missing or the other is 0
};

struct ReportLine {
  std::string id, title, unit, section, source;
  Figure figure;
  std::string by;  // what its parts are: "area", "agency", "measure", or a field; empty = none
  std::optional<ComparedFigure> comparator;
  std::vector<std::string> flags;  // ids, in the order of Report::flags
  bool chart = false;              // it is drawn too
};

struct ReportFlag {
  std::string id;
  std::string text;
};

struct Report {
  std::string id, title, rules, source;
  Period period;
  Instant as_at;
  int loaded_later = 0;  // events of a declared backfill, taken at their agencies' own dates
  std::vector<ReportSection> sections;
  std::vector<ReportLine> lines;
  std::vector<ReportFlag> flags;
  std::vector<RecordList> lists;
};

// As at the period's end, or the last recorded instant where that is earlier.
Instant default_as_at(const RecordBook& book, const Period& period);

// Whether what the report withholds, of a period that is not one of whole quarters of the financial year, can be
// counted from the rows that its lists have of those quarters, with their dates.
bool is_told_by_a_quarters_lists(const Report& report);

Report make_report(const RecordBook& book, const Partnership& partnership, const ReportDefinition& definition,
                   const Period& period, std::optional<Instant> as_at = std::nullopt, const CaseSources& cases = {});

}  // namespace moot
