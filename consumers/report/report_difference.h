// What changed between a report as it was written and the same report now: figure by figure, with the events that were
// recorded since and belong to each. A pure function of the written one's JSON, the definition and the set of events.
// Errors: kUsage, saying what the other document is instead. Thread: that of the record book.
#pragma once

#include <boost/json.hpp>
#include <string>

#include "broker/core/status.h"
#include "consumers/report/report.h"

namespace moot {

// {"report", "period", "before": {"as_at","rules"}, "after": {…}, "same": bool,
//  "measures": [{"id","title","before","after","breakdown": [{"key","name","before","after"}],
//                "events": [{"source","id","text"}], "events_withheld"}],
//  "flags": [{"id","before","after"}]}
// A part that one of the two does not name is 0 there where something was counted, "among the others" where it is one
// of them, "withheld", "not told" where the two are by different definitions, or null: not supplied. A record that is
// left out beside one figure is left out beside every other.
// `before` and `now_json`: the two reports as JSON. Events of a figure are those of its `where` and its period, or of
// the one that it is compared with, that count from after the one's instant until the other's, whichever is earlier; of
// a share or a change those of what it is made of. None where something withheld could be had back from them.
Result<boost::json::object> report_difference(const boost::json::object& before, const boost::json::object& now_json,
                                              const RecordBook& book, const Partnership& partnership,
                                              const ReportDefinition& definition);
std::string report_difference_in_words(const boost::json::object& difference);

}  // namespace moot
