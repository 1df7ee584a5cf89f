// What changed between two agendas of one board, from their JSON: event by event, and case by case. A pure function of
// the two. Errors: kUsage, saying what the other document is instead. Thread: pure functions.
#pragma once

#include <boost/json.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "broker/core/status.h"

namespace moot {

// {"before": {"board","on","as_at","rules"}, "after": {…}, "same": bool,
//  "events": [{"source","id","change": "new"|"gone","cases": […]}],   named by one of the two only
//  "cases": [{"case","title","change": "listed"|"no longer listed"|"moved"|"changed","section": {"before","after"},
//             "score": {"before","after"},"listed_for": {…},"reasons": [{"text","points","change": "new"|"gone"}]}],
//  "not_listed": [{"case","title","before","after"}], "other": [{"what","before","after"}]}
Result<boost::json::object> agenda_difference(const boost::json::object& before, const boost::json::object& after);
// The same in sentences, a line each.
std::string difference_in_words(const boost::json::object& difference);

// The JSON document that `text` is, if its field `kind_field` is there: "board" of an agenda, "report" of a report.
Result<boost::json::object> read_document(std::string_view text, std::string_view kind_field, std::string_view what);

}  // namespace moot
