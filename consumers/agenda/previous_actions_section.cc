// Section "previous-actions": what earlier meetings asked for, grouped by the person it concerns; an action that names
// nobody is a case of its own.
#include <algorithm>
#include <map>

#include "broker/core/event_rules.h"
#include "consumers/agenda/agenda_item.h"
#include "consumers/agenda/said_of_actions.h"
#include "consumers/agenda/section.h"
#include "consumers/document/phrase.h"

namespace moot {
namespace {

struct Group {
  v1::AgendaItem item;
  std::vector<const BoardAction*> actions;  // red first
};

ScoredReasons reasons_of(const Group& group, const Points& points) {
  ScoredReasons reasons;
  Events late;
  std::map<int, std::pair<std::string, int>> other_states;  // by state_order: the state and how many
  Events others, proposed, given_up;
  for (const BoardAction* action : group.actions) {
    if (action->late) {
      late.push_back(action->event);
      continue;
    }
    if (action->state == "proposed") {
      proposed.push_back(action->event);
      continue;
    }
    if (action->state == "given up") {
      given_up.push_back(action->event);
      continue;
    }
    others.push_back(action->event);
    auto& [state, count] = other_states[state_order(action->state)];
    state = action->state;
    ++count;
  }
  if (!late.empty())
    reasons.push_back(
        scored(counted(late.size(), "action") + " overdue or carried over twice or more.", points.action_late, late));
  if (!proposed.empty())
    reasons.push_back(
        scored(counted(proposed.size(), "action") + " that an agency other than the board's secretary proposes.", 0,
               proposed));
  if (!given_up.empty())
    reasons.push_back(scored(counted(given_up.size(), "action") + " that its proposer gave up.", 0, given_up));
  if (others.empty()) return reasons;
  std::vector<std::string> parts;
  for (const auto& [order, state] : other_states) parts.push_back(std::to_string(state.second) + " " + state.first);
  reasons.push_back(scored(counted(others.size(), late.empty() ? "action" : "other action") +
                               " set at earlier meetings: " + in_list(parts) + ".",
                           0, others));
  return reasons;
}

bool redder(const Group& a, const Group& b) {
  const BoardAction& first_a = *a.actions.front();
  const BoardAction& first_b = *b.actions.front();
  const int a_order = state_order(first_a.state);
  const int b_order = state_order(first_b.state);
  if (a_order != b_order) return a_order < b_order;
  const std::string& a_due = first_a.event->facts().action().due();
  const std::string& b_due = first_b.event->facts().action().due();
  if (a_due != b_due) return a_due < b_due;
  return a.item.case_() < b.item.case_();
}

// Where a whole export has a wrong year, so many tell it.
constexpr std::size_t kNamedAhead = 10;

// What waits for a day that nobody can know yet is told: a mistyped year would otherwise hide an action for good.
void add_note_of_those_ahead(const AgendaInput& input, v1::AgendaSection& out) {
  const Events ahead = actions_set_ahead(input.set, input.board, input.on, input.one_area());
  if (ahead.empty()) return;
  std::vector<std::string> actions;
  for (const v1::Event* event : ahead) {
    if (actions.size() == kNamedAhead) break;
    actions.push_back(record_of(event->envelope()) + " (" + date_in_words(day_set(input.set, *event)) + ", " +
                      input.partnership.agency_name(event->envelope().agency()) + ")");
  }
  if (ahead.size() > kNamedAhead) actions.push_back(std::to_string(ahead.size() - kNamedAhead) + " more");
  out.add_notes(counted(ahead.size(), "action") + (ahead.size() == 1 ? " is" : " are") +
                " dated as set at a meeting after this one, and not listed until then: " + in_list(actions) +
                ". A wrong date is put right by a later version of the record.");
}

// How many stand in each state, and what the two states that are easily confused mean.
void add_notes(const AgendaInput& input, v1::AgendaSection& out) {
  std::map<int, std::pair<std::string, std::size_t>> states;
  for (const BoardAction& action : input.actions) {
    auto& [state, count] = states[state_order(action.state)];
    state = action.state;
    ++count;
  }
  if (states.empty()) return;
  std::vector<std::string> parts;
  for (const auto& [order, state] : states) parts.push_back(std::to_string(state.second) + " " + state.first);
  out.add_notes(counted(input.actions.size(), "action") + ": " + in_list(parts) + ".");
  out.add_notes("Red: overdue, not done or carried over twice. Amber: due within a week, or carried over once.");
  if (states.contains(state_order("not done"))) out.add_notes("Not done: its owner did not do it.");
  if (states.contains(state_order("proposed")))
    out.add_notes("Proposed: another agency put it on the board's list; its secretary takes it up, or ends it.");
  if (states.contains(state_order("overtaken")))
    out.add_notes("Overtaken: events made it impossible or unnecessary; nobody failed to do it.");
  if (states.contains(state_order("given up")))
    out.add_notes("Given up: who proposed it ended it before the board's secretary took it up; nobody was to do it.");
}

void fill(const AgendaInput& input, const Section&, v1::AgendaSection& out, OtherCases&) {
  std::map<std::string, Group> groups;  // by case
  for (const BoardAction& action : input.actions) {
    for (const std::size_t person : action.people) {
      Group& group = groups[input.person(person).id];
      if (group.actions.empty()) group.item = item_of(input, person);
      group.actions.push_back(&action);
    }
    if (!action.people.empty()) continue;
    Group& group = groups[input.set.case_of_record(action.record)];
    group.item.set_case_(input.set.case_of_record(action.record));
    group.item.set_title("Action that concerns no one person");
    group.item.set_name(group.item.title());
    group.item.set_kind("action");
    group.actions.push_back(&action);
  }
  std::vector<Group> ordered;
  for (auto& [id, group] : groups) ordered.push_back(std::move(group));
  std::sort(ordered.begin(), ordered.end(), redder);
  for (Group& group : ordered) {
    group.item.clear_actions();
    group.item.clear_interventions();  // they stand with the case itself
    for (const BoardAction* action : group.actions) *group.item.add_actions() = to_document(*action, input.partnership);
    set_reasons(group.item, reasons_of(group, input.rules.points));
    *out.add_items() = std::move(group.item);
  }
  add_notes(input, out);
  add_note_of_those_ahead(input, out);
}

}  // namespace

const SectionKind kPreviousActions = {.name = "previous-actions", .read = read_nothing, .fill = fill};

}  // namespace moot
