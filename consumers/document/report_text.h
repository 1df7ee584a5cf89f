// A report as a document. JSON is that of the design (§6): null where a figure is not supplied, of the largest the
// value is which one it is. CSV has a row for each figure and each of its parts. The same report and partnership give
// the same bytes. Thread: pure functions.
#pragma once

#include <string>

#include "broker/core/partnership.h"
#include "consumers/report/report.h"

namespace moot {

std::string to_json(const Report& report);
std::string to_csv(const Report& report);
std::string to_csv(const RecordList& list);  // a row for each record
std::string to_json(const Report& report, const RecordList& list);
std::string to_markdown(const Report& report, const Partnership& partnership);
std::string to_html(const Report& report, const Partnership& partnership);

}  // namespace moot
