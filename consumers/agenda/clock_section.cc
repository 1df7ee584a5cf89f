// Section "clocks": what the rule pack's clocks say on the day: what is due, overdue, about to expire, reached. Each
// case once, most urgent first; it stands beside the other sections and takes nobody away from them.
#include <algorithm>
#include <string_view>
#include <unordered_map>

#include "consumers/agenda/agenda_item.h"
#include "consumers/agenda/meeting_time.h"
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
  const bool of_board = finding.person ? input.is_person_in_area(*finding.person) : input.is_in_area(finding.area);
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

struct ClockedCase {
  std::string id;
  std::vector<const ClockFinding*> clocks;  // most urgent first
  int points = 0;
};

ScoredReasons reasons_of(const AgendaInput& input, const Section& section, const ClockedCase& one) {
  ScoredReasons reasons;
  add_clocks(input, one.clocks, reasons);
  if (!section.scored)
    for (ScoredReason& reason : reasons) reason.points = 0;
  return reasons;
}

v1::AgendaItem item_of_clocks(const AgendaInput& input, const Section& section, const ClockedCase& one) {
  const ClockFinding& first = *one.clocks.front();
  v1::AgendaItem item = item_of_case(input, first);
  item.set_due(to_iso(first.date));
  item.set_state(first.state);
  item.set_clock(first.rule);
  set_reasons(item, reasons_of(input, section, one));
  return item;
}

v1::NotListed why_not_listed(const AgendaInput& input, const Section& section, const ClockedCase& one) {
  const ClockFinding& first = *one.clocks.front();
  const std::string title = first.person ? title_of(input.person(*first.person)) : first.title;
  return not_listed_beyond(section, one.id, title, reasons_of(input, section, one));
}

void fill(const AgendaInput& input, const Section& section, v1::AgendaSection& out,
          std::vector<OtherCase>& not_listed) {
  const auto all = std::make_shared<std::vector<ClockedCase>>();
  std::vector<ClockedCase>& cases = *all;
  std::unordered_map<std::string_view, std::size_t> places;  // in `cases`, by their ids
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
    for (const ClockFinding& finding : *found->second)
      if (is_wanted(input, section, finding)) {
        const auto [place, is_new] = places.try_emplace(finding.case_id, cases.size());
        if (is_new) cases.push_back({finding.case_id, {}, 0});
        cases[place->second].clocks.push_back(&finding);
      }
  }
  for (ClockedCase& one : cases) {
    put_in_order(one.clocks);
    if (section.scored) one.points = points_of(input, one.clocks);
  }
  const auto before = [](const ClockedCase& a, const ClockedCase& b) {
    return std::tuple(-a.points, a.clocks.front()->date, std::string_view(a.id)) <
           std::tuple(-b.points, b.clocks.front()->date, std::string_view(b.id));
  };
  std::sort(cases.begin(), cases.end(), before);
  for (std::size_t i = 0; i < cases.size(); ++i) {
    if (has_place(section, out, cases[i].points))
      *out.add_items() = item_of_clocks(input, section, cases[i]);
    else
      not_listed.push_back({cases[i].id, true, cases[i].points,
                            [&input, &section, all, i] { return why_not_listed(input, section, (*all)[i]); }});
  }
  for (const std::string& absence : without_rule) out.add_notes("Not worked out for this meeting: " + absence + ".");
  if (!absent.empty())
    out.add_notes("The rules in use, " + input.pack->title + ", have no clock " + in_list(absent, "or") + ".");
}

}  // namespace

const SectionKind kClocks = {.name = "clocks", .read = read, .fill = fill};

}  // namespace moot
