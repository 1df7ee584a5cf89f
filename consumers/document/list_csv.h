// The caller list and the agenda as CSV, for who goes on working with them in a spreadsheet: codes and dates as in the
// JSON, the reasons as sentences. An agenda has a row for each reason of each case, so that its points can be added up
// again; minutes have a row for each decision, action and attendance. The same message gives the same bytes. Thread:
// pure functions.
#pragma once

#include <string>

#include "proto/document.pb.h"

namespace moot {

std::string to_csv(const v1::CallerList& list);
std::string to_csv(const v1::Agenda& agenda);
std::string to_csv(const v1::Minutes& minutes);

}  // namespace moot
