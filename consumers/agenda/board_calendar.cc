#include "consumers/agenda/board_calendar.h"

#include <algorithm>
#include <tuple>

#include "broker/core/event_rules.h"
#include "broker/core/seal.h"
#include "consumers/agenda/board_action.h"
#include "consumers/agenda/meeting_days.h"
#include "consumers/document/phrase.h"

namespace moot {
namespace {

constexpr int kPapersBeforeDays = 100;  // at most so many lie between the papers and the meeting

std::string name_of_area(const Partnership& partnership, const std::string& code) {
  for (const Area& area : partnership.areas)
    if (area.code == code) return area.name;
  return code;
}

class Entries {
 public:
  Entries(const Partnership& partnership, const Board& board, const CalendarQuery& query)
      : partnership_(partnership),
        query_(query),
        name_(board.title + (query.area.empty() ? "" : ", " + name_of_area(partnership, query.area))),
        id_(board.id + (query.area.empty() ? "" : "/" + query.area)) {}

  void add_meeting(const MeetingDay& meeting) {
    CalendarEntry entry;
    entry.uid = uid("meeting/" + id_ + "/" + to_iso(meeting.on));
    entry.kind = "MEETING";
    entry.summary = name_;
    entry.day = meeting.on;
    entry.starts = meeting.starts;
    entry.minutes = meeting.minutes;
    entry.certain = meeting.scheduled || meeting.held;
    if (!entry.certain) entry.description = "By the board's usual days; nobody has confirmed it.";
    if (meeting.held) entry.description = "It was held.";
    if (meeting.moved_from)
      entry.description += std::string(entry.description.empty() ? "" : " ") + "Moved from " +
                           day_in_words(to_iso(*meeting.moved_from)) + ", which is no working day.";
    add(std::move(entry));
    if (!meeting.papers_by) return;
    CalendarEntry papers;
    papers.uid = uid("papers/" + id_ + "/" + to_iso(meeting.on));
    papers.kind = "PAPERS";
    papers.summary = "Papers go out: " + name_ + " on " + to_words(meeting.on);
    papers.day = *meeting.papers_by;
    papers.certain = meeting.scheduled || meeting.held;
    add(std::move(papers));
  }

  void add_action(const BoardAction& action) {
    const v1::Action& facts = action.event->facts().action();
    const Result<Date> due = parse_date(facts.due());
    if (action.finished() || action.state == "proposed" || !due.ok() ||
        (!query_.owner.empty() && facts.owner() != query_.owner))
      return;
    const v1::Envelope& envelope = action.event->envelope();
    CalendarEntry entry;
    entry.uid = uid("action/" + envelope.source() + "/" + record_of(envelope));
    entry.kind = "ACTION";
    entry.summary = "Action due, " + partnership_.agency_name(facts.owner()) + ": " + name_;
    entry.description = "Action " + record_of(envelope);
    if (const Result<Date> set_on = parse_date(facts.set_on()); set_on.ok())
      entry.description += ", set on " + to_words(*set_on);
    entry.day = *due;
    add(std::move(entry));
  }

  std::vector<CalendarEntry> take() {
    std::sort(entries_.begin(), entries_.end(), [](const CalendarEntry& a, const CalendarEntry& b) {
      return std::tie(a.day, a.uid) < std::tie(b.day, b.uid);
    });
    return std::move(entries_);
  }

 private:
  // A digest: whatever an agency calls its records, it is short and goes through every program.
  std::string uid(const std::string& what) const {
    const Digest digest = keyed_digest(Key{}, "calendar\n" + partnership_.id + "\n" + what);
    return to_base32(std::string_view(reinterpret_cast<const char*>(digest.data()), digest.size())) + "@" +
           partnership_.id;
  }
  void add(CalendarEntry entry) {
    if (entry.day >= query_.from && entry.day < query_.to) entries_.push_back(std::move(entry));
  }

  const Partnership& partnership_;
  const CalendarQuery& query_;
  const std::string name_;
  const std::string id_;
  std::vector<CalendarEntry> entries_;
};

}  // namespace

std::vector<CalendarEntry> board_calendar(const CaseSet& set, const Partnership& partnership, const Board& board,
                                          const WorkingDays& working_days, const CalendarQuery& query) {
  Entries entries(partnership, board, query);
  // Of a meeting after the last day the papers may go out before it.
  for (const MeetingDay& meeting :
       meeting_days(set, board, query.area, working_days, query.from, plus_days(query.to, kPapersBeforeDays)))
    entries.add_meeting(meeting);
  const Date after = plus_days(local_date(set.as_at()), 1);
  for (const BoardAction& action : board_actions(set, board, after, query.area)) entries.add_action(action);
  return entries.take();
}

}  // namespace moot
