#include "consumers/agenda/own_actions.h"

#include <utility>

#include "consumers/document/phrase.h"

namespace moot {
namespace {

constexpr const char* kKind = "previous-actions";

// What is only proposed is asked of nobody yet.
bool is_open(const v1::AgendaAction& action) {
  return action.state() != "done" && action.state() != "overtaken" && action.state() != "proposed" &&
         action.state() != "given up";
}

std::string said_by(const v1::AgendaAction& action) {
  return action.events().empty() ? std::string() : action.events(0).source();
}

}  // namespace

std::map<std::string, OwnActions> open_by_owner(const v1::Agenda& agenda) {
  // By owner and action: an action may stand twice, and two agencies may give theirs the same number.
  std::map<std::string, std::map<std::pair<std::string, std::string>, std::string>> dues;
  for (const v1::AgendaSection& section : agenda.sections()) {
    if (section.kind() != kKind) continue;
    for (const v1::AgendaItem& item : section.items())
      for (const v1::AgendaAction& action : item.actions())
        if (is_open(action)) dues[action.owner()][{said_by(action), action.action()}] = action.due();
  }
  std::map<std::string, OwnActions> owners;
  for (const auto& [owner, actions] : dues) {
    OwnActions& own = owners[owner];
    own.open = static_cast<int>(actions.size());
    for (const auto& [action, due] : actions)
      if (!due.empty() && (own.first_due.empty() || due < own.first_due)) own.first_due = due;
  }
  return owners;
}

v1::Agenda own_actions(const v1::Agenda& agenda, const std::string& owner, const std::string& owner_name) {
  v1::Agenda own;
  own.set_board(agenda.board());
  own.set_title("Actions of " + owner_name + ", " + agenda.title());
  own.set_on(agenda.on());
  own.set_as_at(agenda.as_at());
  own.set_rules(agenda.rules());
  own.set_area(agenda.area());
  own.set_last_meeting(agenda.last_meeting());
  own.set_next_meeting(agenda.next_meeting());
  own.set_next_meeting_moved_from(agenda.next_meeting_moved_from());
  own.set_moved_from(agenda.moved_from());
  v1::AgendaSection& out = *own.add_sections();
  out.set_kind(kKind);
  for (const v1::AgendaSection& section : agenda.sections()) {
    if (section.kind() != kKind) continue;
    out.set_id(section.id());
    out.set_title(section.title());
    for (const v1::AgendaItem& item : section.items()) {
      v1::AgendaItem kept;
      for (const v1::AgendaAction& action : item.actions())
        if (action.owner() == owner && is_open(action)) *kept.add_actions() = action;
      if (kept.actions().empty()) continue;
      kept.set_case_(item.case_());
      kept.set_title(item.title());
      kept.set_name(item.name());
      kept.set_kind(item.kind());
      kept.set_listed_for(item.listed_for());
      *out.add_items() = std::move(kept);
    }
  }
  const std::map<std::string, OwnActions> open = open_by_owner(own);
  const auto found = open.find(owner);
  const int count = found == open.end() ? 0 : found->second.open;
  out.add_notes(counted(static_cast<std::size_t>(count), "open action") + ".");
  return own;
}

}  // namespace moot
