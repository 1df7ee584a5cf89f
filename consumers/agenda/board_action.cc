#include "consumers/agenda/board_action.h"

#include <algorithm>
#include <array>
#include <map>
#include <string_view>

#include "broker/core/event_rules.h"
#include "consumers/agenda/said_of_actions.h"
#include "consumers/casework/meeting_events.h"
#include "consumers/document/phrase.h"
#include "consumers/runtime/counts_from.h"

namespace moot {
namespace {

constexpr int kSoonDays = 7;
constexpr std::string_view kEvidence = "evidence";  // the rel of a link

std::string state_of(const v1::Action& action, const std::string& on) {
  switch (action.stage()) {
    case v1::Action::DONE:
      return "done";
    case v1::Action::NOT_DONE:
      return "not done";
    case v1::Action::OVERTAKEN:
      return "overtaken";
    case v1::Action::ESCALATED:
      return "escalated";
    default:
      return !action.due().empty() && action.due() < on ? "overdue" : "open";  // ISO dates compare as texts
  }
}

// Green in date; amber due within a week of the meeting or carried over once; red overdue, carried over twice or more,
// or not done. What is overtaken is not rated: nobody is late with it.
std::string rag_of(const v1::Action& action, const std::string& state, Date on) {
  if (state == "overtaken") return {};
  if (state == "done") return "green";
  if (state == "not done" || state == "overdue" || action.carried() >= 2) return "red";
  const bool due_soon = !action.due().empty() && action.due() <= to_iso(plus_days(on, kSoonDays));
  return due_soon || action.carried() == 1 ? "amber" : "green";
}

// How it stands, by the later word on it. What is only proposed, or was, is late for nobody, and nobody is rated by it.
void rate(const SaidOfActions& said, Date on, BoardAction& action) {
  v1::Action facts = action.event->facts().action();
  action.by_owner = said.by_owner(*action.event);
  if (action.by_owner != nullptr) facts.set_stage(action.by_owner->facts().action().stage());
  if (!said.binds(*action.event)) {
    action.state = said.is_given_up(*action.event) ? "given up" : "proposed";
    return;
  }
  action.state = state_of(facts, to_iso(on));
  action.rag = rag_of(facts, action.state, on);
  action.late =
      action.state == "overdue" || (facts.carried() >= 2 && (action.state == "open" || action.state == "escalated"));
}

// Records whose links call them evidence of another record, by that record.
std::map<const v1::Event*, std::vector<const v1::Event*>> evidence_by_target(const CaseSet& set) {
  std::map<const v1::Event*, std::vector<const v1::Event*>> evidence;
  for (const std::uint32_t i : set.records().linking_as(std::string(kEvidence)))
    for (const v1::Link& link : set.records()[i]->envelope().links())
      if (link.rel() == kEvidence)
        if (const v1::Event* target = set.find(link.source(), link.id())) evidence[target].push_back(set.records()[i]);
  return evidence;
}

void add_evidence(const CaseSet& set, const std::vector<const v1::Event*>& said_by_others, BoardAction& action) {
  action.evidence = said_by_others;
  for (const v1::Link& link : action.event->envelope().links()) {
    if (link.rel() != kEvidence) continue;
    if (const v1::Event* target = set.find(link.source(), link.id())) {
      action.evidence.push_back(target);
      continue;
    }
    v1::EventRef& reference = action.evidence_not_here.emplace_back();
    reference.set_source(link.source());
    reference.set_id(link.id());
  }
  std::sort(action.evidence.begin(), action.evidence.end(),
            [](const v1::Event* a, const v1::Event* b) { return happened_before(*a, *b); });
  action.evidence.erase(std::unique(action.evidence.begin(), action.evidence.end()), action.evidence.end());
}

}  // namespace

std::optional<Date> last_meeting(const CaseSet& set, const Board& board, Date on, const std::string& area) {
  const std::string day = to_iso(on);
  std::string last;
  const auto counts = [&](const v1::Event& event) { return is_of_area(event, area) && board.goes_by(event); };
  for (const std::uint32_t i : set.records().of_body(v1::Facts::kMeeting)) {
    const v1::Meeting& meeting = set.records()[i]->facts().meeting();
    if (meeting.stage() != v1::Meeting::HELD || meeting.board() != board.known_as || !counts(*set.records()[i]))
      continue;
    if (const std::string held = meeting_day(*set.records()[i]); held < day) last = std::max(last, held);
  }
  for (const std::uint32_t i : set.records().of_body(v1::Facts::kAction)) {
    const v1::Action& action = set.records()[i]->facts().action();
    if (action.board() == board.known_as && action.set_on() < day && counts(*set.records()[i]))
      last = std::max(last, action.set_on());
  }
  const Result<Date> date = parse_date(last);
  return date.ok() ? std::optional<Date>(*date) : std::nullopt;
}

std::vector<BoardAction> board_actions(const CaseSet& set, const Board& board, Date on, const std::string& area) {
  const std::optional<Date> last = last_meeting(set, board, on, area);
  std::map<const v1::Event*, std::vector<const v1::Event*>> evidence = evidence_by_target(set);
  const ActionList list{board, to_iso(on), area};
  const SaidOfActions said(set, list);
  std::vector<BoardAction> actions;
  for (const std::uint32_t i : set.records().of_body(v1::Facts::kAction)) {
    const v1::Event& event = *set.records()[i];
    if (!list.holds(set, event) || is_word_on_another(event) || said.standing(event) != &event) continue;
    BoardAction action;
    action.event = &event;
    action.record = i;
    rate(said, on, action);
    // By when the board could know it: it may be told late of what was finished long before. What counts from the
    // midnight on which the last agenda was made stood on that one, unless it was set at that meeting.
    const v1::Event& latest = action.by_owner == nullptr ? event : *action.by_owner;
    const bool was_listed = last && day_set(set, event) < to_iso(*last);
    if (action.finished() && was_listed && counts_from(latest.envelope()) <= local_midnight(*last)) continue;
    action.people = set.people_of(i, {});
    add_evidence(set, evidence[&event], action);
    actions.push_back(std::move(action));
  }
  std::sort(actions.begin(), actions.end(), [&](const BoardAction& a, const BoardAction& b) {
    const int a_order = state_order(a.state);
    const int b_order = state_order(b.state);
    if (a_order != b_order) return a_order < b_order;
    const std::string& a_due = a.event->facts().action().due();
    const std::string& b_due = b.event->facts().action().due();
    if (a_due != b_due) return a_due < b_due;
    return set.records().before(a.record, b.record);
  });
  return actions;
}

std::vector<const v1::Event*> actions_set_ahead(const CaseSet& set, const Board& board, Date on,
                                                const std::string& area) {
  const ActionList list{board, "", area};
  const SaidOfActions said(set, list);
  const std::string day = to_iso(on);
  std::vector<const v1::Event*> ahead;
  for (const std::uint32_t i : set.records().of_body(v1::Facts::kAction)) {
    const v1::Event& event = *set.records()[i];
    if (!list.holds(set, event) || is_word_on_another(event) || said.standing(event) != &event) continue;
    if (day_set(set, event) <= day || !is_set_ahead(set, event)) continue;
    BoardAction action;
    action.event = &event;
    rate(said, on, action);
    if (!action.finished()) ahead.push_back(&event);
  }
  std::sort(ahead.begin(), ahead.end(), [&](const v1::Event* a, const v1::Event* b) {
    return std::pair(day_set(set, *a), record_of(a->envelope())) <
           std::pair(day_set(set, *b), record_of(b->envelope()));
  });
  return ahead;
}

int state_order(const std::string& state) {
  static constexpr std::array<std::string_view, 8> kOrder = {"not done", "overdue", "escalated", "open",
                                                             "proposed", "done",    "overtaken", "given up"};
  return static_cast<int>(std::find(kOrder.begin(), kOrder.end(), state) - kOrder.begin());
}

v1::AgendaAction to_document(const BoardAction& action, const Partnership& partnership) {
  const v1::Action& facts = action.event->facts().action();
  v1::AgendaAction document;
  document.set_action(record_of(action.event->envelope()));
  document.set_text(action_text(action.event->personal()));
  document.set_owner(facts.owner());
  document.set_set_on(facts.set_on());
  document.set_due(facts.due());
  document.set_state(action.state);
  document.set_rag(action.rag);
  document.set_carried(static_cast<int>(facts.carried()));
  *document.add_events() = reference_to(*action.event);
  if (action.by_owner != nullptr) {
    v1::Evidence& word = *document.add_evidence();
    word.set_text(state_of(action.by_owner->facts().action(), "") + ", as its owner said on " +
                  to_words(local_date(when_said(*action.by_owner))));
    *word.add_events() = reference_to(*action.by_owner);
  }
  if (action.state == "proposed" || action.state == "given up") {
    v1::Evidence& word = *document.add_evidence();
    word.set_text("proposed by " + partnership.agency_name(action.event->envelope().agency()) +
                  (action.state == "proposed" ? ""
                                              : ", which said on " + to_words(local_date(when_said(*action.event))) +
                                                    " that it is " + state_of(facts, "")));
    *word.add_events() = reference_to(*action.event);
  }
  for (const v1::Event* event : action.evidence) {
    v1::Evidence& evidence = *document.add_evidence();
    evidence.set_text(event_phrase(event->facts()) + " on " + to_words(local_date(time_of(*event))) + " (" +
                      partnership.agency_name(event->envelope().agency()) + ")");
    *evidence.add_events() = reference_to(*event);
  }
  for (const v1::EventRef& reference : action.evidence_not_here) {
    v1::Evidence& evidence = *document.add_evidence();
    evidence.set_text("a record that is not supplied");
    *evidence.add_events() = reference;
  }
  return document;
}

}  // namespace moot
