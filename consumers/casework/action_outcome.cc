#include "consumers/casework/action_outcome.h"

#include "broker/core/calendar.h"
#include "broker/core/event_rules.h"
#include "broker/core/ids.h"
#include "consumers/agenda/said_of_actions.h"
#include "consumers/casework/meeting_events.h"

namespace moot {

v1::Action::Stage outcome_named(const std::string& outcome) {
  if (outcome == "done") return v1::Action::DONE;
  if (outcome == "not-done") return v1::Action::NOT_DONE;
  if (outcome == "overtaken") return v1::Action::OVERTAKEN;
  if (outcome == "escalated") return v1::Action::ESCALATED;
  if (outcome == "taken-up") return v1::Action::SET;
  return outcome == "carried" ? v1::Action::UPDATED : v1::Action::STAGE_UNSPECIFIED;
}

Result<const v1::Event*> find_action(const CaseSet& cases, const Board& board, const std::string& number) {
  const v1::Event* found = nullptr;
  for (const std::uint32_t i : cases.records().of_body(v1::Facts::kAction)) {
    const v1::Event* event = cases.records()[i];
    const v1::Action& action = event->facts().action();
    if (action.board() != board.known_as || is_word_on_another(*event)) continue;
    if (record_of(event->envelope()) != number && event->envelope().id() != number) continue;
    if (found != nullptr)
      return Status(Code::kUsage, "two systems have an action \"" + number + "\": " + found->envelope().source() +
                                      " and " + event->envelope().source() + "; mend it where it came from");
    found = event;
  }
  if (found == nullptr)
    return Status(Code::kNotFound, "the board \"" + board.id + "\" has no action \"" + number +
                                       "\"; agendas and minutes print the number behind each action");
  // As the agenda on which it stands has it.
  const std::string area = board.each_area ? found->envelope().area() : std::string();
  return SaidOfActions(cases, ActionList{board, "", area}).standing(*found);
}

Result<v1::Event> say_outcome(const CaseSet& cases, const Board& board, const v1::Event& action,
                              const OutcomeWords& words) {
  const ActionOnRecord on_record{action, day_set(cases, action)};
  const v1::Action& asked = action.facts().action();
  const Date today = local_date(words.now);
  if (!board.goes_by(words.agency, today)) {
    if (asked.owner() != words.agency)
      return Status(Code::kNotAllowed, "what became of an action of the board \"" + board.id +
                                           "\" is said by its secretary, \"" + board.secretary_on(today) +
                                           "\", or by the action's owner, \"" + asked.owner() + "\", and not by \"" +
                                           words.agency + "\"");
    if (words.stage != v1::Action::DONE && words.stage != v1::Action::NOT_DONE && words.stage != v1::Action::OVERTAKEN)
      return Status(Code::kUsage,
                    "an action's owner says done, not-done or overtaken; the rest is for the board to say");
    return owner_word_event(on_record, words.stage, words.now);
  }
  // What the agency proposed before it was the secretary it takes up like anybody's.
  const bool takes_up = words.stage == v1::Action::SET && !board.goes_by(action);
  if (agency_of_source(action.envelope().source()) == words.agency && !takes_up) {
    if (words.stage == v1::Action::SET)
      return Status(Code::kUsage, "the action is on record by the board already, and need not be taken up");
    return outcome_event(on_record, words.stage, words.due, words.now);
  }
  const Result<Date> set_on = parse_date(on_record.day);
  const MeetingWords meeting{words.agency, asked.board(), "", set_on.ok() ? *set_on : local_date(words.now), words.now};
  return taken_up_event(meeting, on_record, words.stage, words.due);
}

}  // namespace moot
