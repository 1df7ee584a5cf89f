// Section "clocks": what the rule pack's clocks say on the day: what is due, overdue, about to expire, reached. Each
// case once, most urgent first; it stands beside the other sections and takes nobody away from them.
#include <algorithm>
#include <map>

#include "consumers/agenda/agenda_item.h"
#include "consumers/agenda/section.h"
#include "consumers/document/phrase.h"

namespace moot {
namespace {

void read(Definition& table, const BoardVersion&, Section& section) {
  section.clocks = table.texts("clocks");
  if (section.clocks.empty()) table.mistake("clocks", "is required: ids of clocks of the rule pack");
  section.states = table.texts("states");
  for (const std::string& state : section.states) {
    const bool known = std::any_of(clock_kinds().begin(), clock_kinds().end(), [&](const ClockKind* kind) {
      return std::find(kind->states.begin(), kind->states.end(), state) != kind->states.end();
    });
    if (!known) table.mistake("states", "\"" + state + "\" is no state that a clock can have");
  }
  section.months = months_of(table, 3);
  section.scored = table.flag_or("scored", true);
}

// What asks for attention; or, where the section names states, what is in one of them and not longer past.
bool is_wanted(const AgendaInput& input, const Section& section, const ClockFinding& finding) {
  const bool of_board = finding.person ? input.in_area[*finding.person] : input.is_in_area(finding.area);
  if (!of_board) return false;
  if (section.states.empty()) return finding.open;
  return is_in(section.states, finding.state) && finding.date >= plus_months(input.on, -section.months);
}

v1::AgendaItem item_of_case(const AgendaInput& input, const ClockFinding& finding) {
  if (finding.person) return item_of(input, *finding.person);
  v1::AgendaItem item;
  item.set_case_(finding.case_id);
  item.set_title(finding.title);
  item.set_name(finding.title);
  item.set_kind(finding.kind);
  return item;
}

void fill(const AgendaInput& input, const Section& section, v1::AgendaSection& out, SectionKind::NotListedRows&) {
  std::map<std::string, std::vector<const ClockFinding*>> cases;  // by case
  std::vector<std::string> absent;
  std::vector<std::string> without_rule;
  for (const std::string& id : section.clocks) {
    const ClockRule* rule = input.pack->find(id);
    if (rule != nullptr)
      if (const std::optional<std::string> absence = rule->absence_on(input.on)) without_rule.push_back(*absence);
    const auto found = input.clocks.find(id);
    if (found == input.clocks.end()) {
      absent.push_back(id);
      continue;
    }
    for (const ClockFinding& finding : found->second)
      if (is_wanted(input, section, finding)) cases[finding.case_id].push_back(&finding);
  }
  std::vector<std::pair<const ClockFinding*, v1::AgendaItem>> items;  // with the most urgent of each case
  for (auto& [id, clocks] : cases) {
    std::stable_sort(clocks.begin(), clocks.end(),
                     [](const ClockFinding* a, const ClockFinding* b) { return is_more_urgent(*a, *b); });
    v1::AgendaItem item = item_of_case(input, *clocks.front());
    item.set_due(to_iso(clocks.front()->date));
    item.set_state(clocks.front()->state);
    item.set_clock(clocks.front()->rule);
    ScoredReasons reasons;
    add_clocks(input, clocks, reasons);
    if (!section.scored)
      for (v1::ScoredReason& reason : reasons) reason.set_points(0);
    set_reasons(item, reasons);
    items.emplace_back(clocks.front(), std::move(item));
  }
  std::sort(items.begin(), items.end(), [](const auto& a, const auto& b) {
    return std::tuple(-a.second.score(), a.second.due(), a.second.case_()) <
           std::tuple(-b.second.score(), b.second.due(), b.second.case_());
  });
  for (auto& [clock, item] : items) *out.add_items() = std::move(item);
  for (const std::string& absence : without_rule) out.add_notes("Not worked out for this meeting: " + absence + ".");
  if (!absent.empty())
    out.add_notes("The rules in use, " + input.pack->title + ", have no clock " + in_list(absent, "or") + ".");
}

}  // namespace

const SectionKind kClocks = {.name = "clocks", .read = read, .fill = fill};

}  // namespace moot
