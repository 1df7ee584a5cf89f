// A calendar as a file (iCalendar, RFC 5545): lines of at most 75 octets ended by CRLF, instants in UTC, days as days.
// The same entries give the same bytes. Thread: pure functions.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "broker/core/calendar.h"
#include "broker/core/instant.h"

namespace moot {

struct CalendarEntry {
  std::string uid;      // the same for the same thing, in every calendar and for ever
  std::string kind;     // "MEETING", "PAPERS", "ACTION"
  std::string summary;  // no personal data, here or below
  std::string description;
  Date day;
  std::optional<int> starts;  // minutes after midnight in London; absent = the whole day
  int minutes = 0;            // how long; 0 = not known
  bool certain = true;        // set down by somebody, rather than expected by a rule
};

// `name`: of the calendar. `as_at`: what was known then is in it; it stands as each entry's stamp.
std::string to_icalendar(std::string_view name, const std::vector<CalendarEntry>& entries, Instant as_at);

}  // namespace moot
