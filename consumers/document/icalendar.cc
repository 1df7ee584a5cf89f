#include "consumers/document/icalendar.h"

#include <algorithm>
#include <cstdio>

namespace moot {
namespace {

constexpr std::size_t kOctetsMost = 75;

// One line, folded where it is longer; a letter of several octets is never cut.
void add_line(std::string& out, std::string_view line) {
  std::size_t room = kOctetsMost;
  while (line.size() > room) {
    std::size_t cut = room;
    while ((static_cast<unsigned char>(line[cut]) & 0xc0) == 0x80) --cut;
    out.append(line.substr(0, cut)).append("\r\n ");
    line.remove_prefix(cut);
    room = kOctetsMost - 1;  // the blank that marks the rest counts
  }
  out.append(line).append("\r\n");
}

std::string escaped(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '\n') {
      out += "\\n";
      continue;
    }
    if (static_cast<unsigned char>(c) < 0x20) continue;
    if (c == '\\' || c == ';' || c == ',') out += '\\';
    out += c;
  }
  return out;
}

std::string day_text(Date day) {
  char text[16];
  std::snprintf(text, sizeof text, "%04d%02d%02d", day.year, day.month, day.day);
  return text;
}

std::string instant_text(Instant instant) {
  static const Result<Zone> utc = Zone::named("UTC");
  const LocalTime time = utc->local(instant);
  char text[32];
  std::snprintf(text, sizeof text, "T%02d%02d%02dZ", time.hour, time.minute, time.second);
  return day_text(time.date) + text;
}

void add_times(std::string& out, const CalendarEntry& entry) {
  if (!entry.starts) {
    add_line(out, "DTSTART;VALUE=DATE:" + day_text(entry.day));
    add_line(out, "DTEND;VALUE=DATE:" + day_text(plus_days(entry.day, 1)));
    return;
  }
  const Instant starts = Zone::london().instant({entry.day, *entry.starts / 60, *entry.starts % 60, 0});
  add_line(out, "DTSTART:" + instant_text(starts));
  if (entry.minutes > 0) add_line(out, "DTEND:" + instant_text(Instant{starts.us + entry.minutes * 60 * kSecondUs}));
}

}  // namespace

std::string to_icalendar(std::string_view name, const std::vector<CalendarEntry>& entries, Instant as_at) {
  std::string out;
  for (const char* line :
       {"BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Moot//Meetings//EN", "CALSCALE:GREGORIAN", "METHOD:PUBLISH"})
    add_line(out, line);
  add_line(out, "X-WR-CALNAME:" + escaped(name));
  for (const CalendarEntry& entry : entries) {
    add_line(out, "BEGIN:VEVENT");
    add_line(out, "UID:" + escaped(entry.uid));
    add_line(out, "DTSTAMP:" + instant_text(as_at));
    add_times(out, entry);
    add_line(out, "SUMMARY:" + escaped(entry.summary));
    if (!entry.description.empty()) add_line(out, "DESCRIPTION:" + escaped(entry.description));
    add_line(out, "CATEGORIES:" + escaped(entry.kind));
    add_line(out, entry.certain ? "STATUS:CONFIRMED" : "STATUS:TENTATIVE");
    if (!entry.starts) add_line(out, "TRANSP:TRANSPARENT");
    add_line(out, "END:VEVENT");
  }
  add_line(out, "END:VCALENDAR");
  return out;
}

}  // namespace moot
