// Section "previous-actions": what earlier meetings asked for, grouped by the person it concerns; an action that names
// nobody is a case of its own.
#include <algorithm>
#include <map>

#include "consumers/agenda/score.h"
#include "consumers/agenda/section.h"
#include "consumers/document/phrase.h"

namespace moot {
namespace {

struct Group {
  v1::AgendaItem item;
  std::vector<const BoardAction*> actions;  // red first
};

std::vector<v1::ScoredReason> reasons_of(const Group& group, const Points& points) {
  std::vector<v1::ScoredReason> reasons;
  std::vector<const v1::Event*> late;
  std::map<int, std::pair<std::string, int>> other_states;  // by state_order: the state and how many
  std::vector<const v1::Event*> others;
  for (const BoardAction* action : group.actions) {
    if (action->late) {
      late.push_back(action->event);
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

}  // namespace

std::vector<v1::AgendaItem> previous_actions(const AgendaInput& input) {
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
    group.actions.push_back(&action);
  }
  std::vector<Group> ordered;
  for (auto& [id, group] : groups) ordered.push_back(std::move(group));
  std::sort(ordered.begin(), ordered.end(), redder);
  std::vector<v1::AgendaItem> items;
  for (Group& group : ordered) {
    group.item.clear_actions();
    for (const BoardAction* action : group.actions) *group.item.add_actions() = to_document(*action);
    set_reasons(group.item, reasons_of(group, input.rules.points));
    items.push_back(std::move(group.item));
  }
  return items;
}

}  // namespace moot
