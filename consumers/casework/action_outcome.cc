#include "consumers/casework/action_outcome.h"

#include "broker/core/calendar.h"
#include "broker/core/event_rules.h"
#include "broker/core/ids.h"
#include "consumers/agenda/said_of_actions.h"
#include "consumers/casework/meeting_events.h"
#include "consumers/document/phrase.h"
#include "consumers/runtime/counts_from.h"

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

namespace {

// What came about on a day: all but that an action is carried over or taken up, which is said of it when it is said.
Status check_day(const OutcomeWords& words, const std::string& set_on) {
  if (!words.on) return {};
  if (words.stage == v1::Action::UPDATED || words.stage == v1::Action::SET)
    return Status(Code::kUsage, "--on: the day on which an action was carried over or taken up is today");
  if (local_date(words.now) < *words.on)
    return Status(Code::kUsage, "--on: " + to_words(*words.on) + " is still to come");
  if (to_iso(*words.on) < set_on)  // ISO dates compare as texts
    return Status(Code::kUsage, "--on: the action was set on " + date_in_words(set_on) + ", after that day");
  return {};
}

// The owner's latest word on a board's action, whether it holds or not; nullptr where there is none.
const v1::Event* last_of_owner(const CaseSet& cases, const Board& board, const v1::Event& action) {
  const LinkedActions linked(cases);
  const std::string area = board.each_area ? action.envelope().area() : std::string();
  const SaidOfActions said(cases, linked, ActionList{board, "", area});
  const v1::Event* last = said.by_owner(action);
  for (const auto& [word, of] : linked.words)
    if (said.standing(*of) == &action && word->envelope().agency() == action.facts().action().owner() &&
        (last == nullptr || outlasts(*word, *last)))
      last = word;
  return last;
}

// Whose word holds is told by when each was said: what is said of the day of the other's word comes after that, and
// what is said of a day before would not hold.
Status say_after(const v1::Event* other, const OutcomeWords& words, v1::Event& said) {
  if (!words.on || other == nullptr || outlasts(said, *other)) return {};
  const Instant others = when_said(*other);
  if (local_date(others) != *words.on)
    return Status(Code::kUsage, "--on: what \"" + other->envelope().agency() + "\" said of the action on " +
                                    to_words(local_date(others)) +
                                    " would go on holding; leave --on out, and it is said of today");
  *said.mutable_envelope()->mutable_time() = to_proto(Instant{others.us + 1});
  return {};
}

}  // namespace

Result<v1::Event> say_outcome(const CaseSet& cases, const Board& board, const v1::Event& action,
                              const OutcomeWords& words) {
  const ActionOnRecord on_record{action, day_set(cases, action)};
  MOOT_RETURN_IF_ERROR(check_day(words, on_record.day));
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
    v1::Event said = owner_word_event(on_record, words.stage, words.now);
    set_time(words.on.value_or(today), words.now, said);
    MOOT_RETURN_IF_ERROR(say_after(&action, words, said));
    return said;
  }
  const v1::Event* of_owner = words.on ? last_of_owner(cases, board, action) : nullptr;
  // What the agency proposed before it was the secretary it takes up like anybody's.
  const bool takes_up = words.stage == v1::Action::SET && !board.goes_by(action);
  if (agency_of_source(action.envelope().source()) == words.agency && !takes_up) {
    if (words.stage == v1::Action::SET)
      return Status(Code::kUsage, "the action is on record by the board already, and need not be taken up");
    v1::Event said = outcome_event(on_record, words.stage, words.due, words.now);
    set_time(words.on.value_or(today), words.now, said);
    MOOT_RETURN_IF_ERROR(say_after(of_owner, words, said));
    return said;
  }
  const Result<Date> set_on = parse_date(on_record.day);
  const MeetingWords meeting{words.agency, asked.board(), "", set_on.ok() ? *set_on : local_date(words.now), words.now};
  v1::Event said = taken_up_event(meeting, on_record, words.stage, words.due);
  set_time(words.on.value_or(today), words.now, said);
  MOOT_RETURN_IF_ERROR(say_after(of_owner, words, said));
  return said;
}

}  // namespace moot
