#include "consumers/agenda/minutes.h"

#include <algorithm>
#include <map>

#include "consumers/agenda/agenda_item.h"
#include "consumers/agenda/board_action.h"
#include "consumers/agenda/meeting_days.h"
#include "consumers/agenda/said_of_actions.h"
#include "consumers/casework/meeting_events.h"
#include "consumers/document/phrase.h"

namespace moot {
namespace {

class Minuting {
 public:
  Minuting(const CaseSet& set, const Partnership& partnership, const Board& board, const MinutesQuery& query)
      : set_(set), partnership_(partnership), board_(board), query_(query), on_(to_iso(query.on)) {}

  // False where nothing of the meeting is on record.
  bool write(v1::Minutes& minutes) {
    for (const std::uint32_t i : set_.records().of_body(v1::Facts::kMeeting)) take(i, minutes);
    add_attendance(minutes);
    add_decisions(minutes);
    add_actions(minutes);
    return any_;
  }

 private:
  bool is_of_area(const v1::Event& event) const {
    const std::string& area = event.envelope().area();
    return query_.area.empty() || area.empty() || area == query_.area;
  }

  void take(std::size_t position, v1::Minutes& minutes) {
    const v1::Event& event = *set_.records()[position];
    if (!is_of_area(event)) return;
    const v1::Meeting& meeting = event.facts().meeting();
    if (meeting.board() != board_.known_as || meeting_day(event) != on_) return;
    switch (meeting.stage()) {
      case v1::Meeting::HELD:
        minutes.set_held(true);
        minutes.set_mode(meeting.mode());
        *minutes.add_events() = reference_to(event);
        break;
      case v1::Meeting::SCHEDULED:
        *minutes.add_events() = reference_to(event);
        break;
      case v1::Meeting::ATTENDANCE:
        attendance_[meeting.agency()] = &event;
        break;
      case v1::Meeting::RAISED:
      case v1::Meeting::DISCUSSED:
      case v1::Meeting::KEPT:
      case v1::Meeting::REMOVED:
      case v1::Meeting::PINNED:
      case v1::Meeting::DEFERRED:
        decisions_.push_back(position);
        break;
      default:
        return;
    }
    any_ = true;
  }

  void add_attendance(v1::Minutes& minutes) const {
    for (const auto& [agency, event] : attendance_) {
      v1::Attendance& row = *minutes.add_attendance();
      row.set_agency(agency);
      const std::string& how = event->facts().meeting().mode();
      row.set_how(how.empty() ? "present" : how);
      *row.add_events() = reference_to(*event);
    }
  }

  void add_decisions(v1::Minutes& minutes) const {
    std::vector<std::size_t> ordered = decisions_;
    std::sort(ordered.begin(), ordered.end(),
              [&](std::size_t a, std::size_t b) { return happened_before(*set_.records()[a], *set_.records()[b]); });
    for (const std::size_t position : ordered) {
      const v1::Event& event = *set_.records()[position];
      const v1::Meeting& meeting = event.facts().meeting();
      v1::MinutedDecision& row = *minutes.add_decisions();
      const std::vector<std::size_t> people = set_.people_of(position, {});
      std::vector<std::string> titles;
      for (const std::size_t person : people) titles.push_back(title_of(set_.persons()[person]));
      row.set_case_(people.empty() ? set_.case_of_record(position) : set_.persons()[people.front()].id);
      row.set_title(people.empty() ? "A case that concerns no one person" : in_list(titles));
      row.set_decision(stage_in_words(meeting));
      row.set_reason(meeting.reason());
      row.set_until(meeting.until());
      for (const v1::Text& text : event.personal().texts())
        row.set_note(row.note() + (row.note().empty() ? "" : " ") + text.text());
      const std::string& agency = event.envelope().agency();
      if (!board_.goes_by(event))
        row.set_note(row.note() + (row.note().empty() ? "" : " ") + "Said by " + partnership_.agency_name(agency) +
                     ", which is not the board's secretary: no agenda goes by it.");
      *row.add_events() = reference_to(event);
    }
  }

  static std::string stage_in_words(const v1::Meeting& meeting) {
    switch (meeting.stage()) {
      case v1::Meeting::KEPT:
        return "kept";
      case v1::Meeting::REMOVED:
        return "removed";
      case v1::Meeting::PINNED:
        return "to be discussed next time, whatever its score";
      case v1::Meeting::DEFERRED:
        return "deferred";
      case v1::Meeting::RAISED:
        return "raised";
      default:
        return "discussed";
    }
  }

  // Set at this meeting, with how they stand by now: as the next day's agenda would have them, which leaves out none of
  // them, and overdue since.
  void add_actions(v1::Minutes& minutes) {
    const std::string today = to_iso(local_date(query_.as_at));
    for (const BoardAction& action : board_actions(set_, board_, plus_days(query_.on, 1), query_.area)) {
      if (day_set(set_, *action.event) != on_) continue;
      // One that only happens to be of the day does not tell that the board met.
      any_ = any_ || !action.event->facts().action().set_on().empty();
      v1::AgendaAction& row = *minutes.add_actions();
      row = to_document(action, partnership_);
      if (row.state() != "open" || row.due().empty() || row.due() >= today) continue;
      row.set_state("overdue");
      row.set_rag("red");
    }
  }

  const CaseSet& set_;
  const Partnership& partnership_;
  const Board& board_;
  const MinutesQuery& query_;
  const std::string on_;
  bool any_ = false;
  std::map<std::string, const v1::Event*> attendance_;
  std::vector<std::size_t> decisions_;
};

}  // namespace

Result<v1::Minutes> make_minutes(const Casebook& casebook, const Partnership& partnership, const Board& board,
                                 const WorkingDays& working_days, const MinutesQuery& query) {
  const bool known = std::find(board.areas.begin(), board.areas.end(), query.area) != board.areas.end();
  if (board.each_area && !known)
    return Status(Code::kUsage, "the board \"" + board.id +
                                    "\" meets in each of its areas apart: give --area, one of " + in_list(board.areas));
  const std::shared_ptr<const CaseSet> cases = casebook.cases_at(query.as_at, board.compartments);
  const CaseSet& set = *cases;
  v1::Minutes minutes;
  minutes.set_board(board.id);
  minutes.set_title(board.title);
  minutes.set_area(query.area);
  minutes.set_on(to_iso(query.on));
  minutes.set_as_at(to_local_rfc3339(query.as_at));
  if (!Minuting(set, partnership, board, query).write(minutes))
    return Status(Code::kNotFound,
                  "nothing of a meeting of the board \"" + board.id + "\" on " + to_words(query.on) + " is on record");
  for (const MeetingDay& day :
       meeting_days(set, board, query.area, working_days, plus_days(query.on, 1), plus_days(query.on, 400))) {
    minutes.set_next_meeting(to_iso(day.on));
    if (day.moved_from) minutes.set_next_meeting_moved_from(to_iso(*day.moved_from));
    break;
  }
  return minutes;
}

}  // namespace moot
