// The chart of a line of a report, and the same figures as a table: its breakdown, or the period beside the one it is
// compared with. Thread: pure functions.
#pragma once

#include "consumers/document/page_data.h"
#include "consumers/report/report.h"

namespace moot {

// Each line of the section that asks for one: "chart" (SVG, not to be escaped), "chart_title", "chart_what" (what its
// rows are), "now", "before" (the periods; the second is left out where nothing is compared), "rows" of "key", "now",
// "before".
PageData chart_rows(const Report& report, const std::vector<const ReportLine*>& lines, const Partnership& partnership);
// Of a page's template, within a section: the charts that chart_rows() sets as "charts".
std::string charts_part();

}  // namespace moot
