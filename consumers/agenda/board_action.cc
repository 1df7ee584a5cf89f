#include "consumers/agenda/board_action.h"

#include <algorithm>
#include <array>
#include <string_view>

#include "broker/core/event_rules.h"

namespace moot {
namespace {

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

// The date of the latest meeting of the board before `on` that the set knows of; empty when it knows none.
std::string last_meeting(const CaseSet& set, const std::string& board, const std::string& on) {
  std::string last;
  for (const v1::Event& event : set.records()) {
    const v1::Facts& facts = event.facts();
    if (facts.has_meeting() && facts.meeting().stage() == v1::Meeting::HELD && facts.meeting().board() == board &&
        facts.meeting().on() < on)
      last = std::max(last, facts.meeting().on());
    if (facts.has_action() && facts.action().board() == board && facts.action().set_on() < on)
      last = std::max(last, facts.action().set_on());
  }
  return last;
}

std::string text_of(const v1::Event& event) {
  for (const v1::Text& text : event.personal().texts())
    if (text.field() == "action") return text.text();
  return event.personal().texts().empty() ? std::string() : event.personal().texts(0).text();
}

}  // namespace

std::vector<BoardAction> board_actions(const CaseSet& set, const std::string& board, Date on) {
  const std::string day = to_iso(on);
  const std::string last = last_meeting(set, board, day);
  std::vector<BoardAction> actions;
  for (std::size_t i = 0; i < set.records().size(); ++i) {
    const v1::Event& event = set.records()[i];
    if (!event.facts().has_action()) continue;
    const v1::Action& facts = event.facts().action();
    if (facts.board() != board || facts.set_on().empty() || facts.set_on() >= day) continue;
    BoardAction action;
    action.event = &event;
    action.record = i;
    action.people = set.people_of(i, {});
    action.state = state_of(facts, day);
    if (action.finished() && to_iso(local_date(time_of(event))) < last) continue;
    action.late =
        action.state == "overdue" || (facts.carried() >= 2 && (action.state == "open" || action.state == "escalated"));
    actions.push_back(std::move(action));
  }
  std::sort(actions.begin(), actions.end(), [](const BoardAction& a, const BoardAction& b) {
    const int a_order = state_order(a.state);
    const int b_order = state_order(b.state);
    if (a_order != b_order) return a_order < b_order;
    const std::string& a_due = a.event->facts().action().due();
    const std::string& b_due = b.event->facts().action().due();
    if (a_due != b_due) return a_due < b_due;
    return a.record < b.record;
  });
  return actions;
}

int state_order(const std::string& state) {
  static constexpr std::array<std::string_view, 6> kOrder = {"not done", "overdue", "escalated",
                                                             "open",     "done",    "overtaken"};
  return static_cast<int>(std::find(kOrder.begin(), kOrder.end(), state) - kOrder.begin());
}

v1::AgendaAction to_document(const BoardAction& action) {
  const v1::Action& facts = action.event->facts().action();
  v1::AgendaAction document;
  document.set_action(record_of(action.event->envelope()));
  document.set_text(text_of(*action.event));
  document.set_owner(facts.owner());
  document.set_set_on(facts.set_on());
  document.set_due(facts.due());
  document.set_state(action.state);
  document.set_carried(static_cast<int>(facts.carried()));
  *document.add_events() = reference_to(*action.event);
  return document;
}

}  // namespace moot
