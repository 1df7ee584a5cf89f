// Section "clocks": what the rule pack's clocks say on the day: what is due, overdue, about to expire, reached. Each
// case once, most urgent first; it stands beside the other sections and takes nobody away from them.
#include <algorithm>

#include "consumers/agenda/agenda_item.h"
#include "consumers/agenda/board_clocks.h"
#include "consumers/agenda/kept_items.h"
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

std::size_t place_of(const AgendaInput& input, const Section& section) {
  return static_cast<std::size_t>(&section - input.rules.sections.data());
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

ScoredReasons reasons_of(const AgendaInput& input, const Section& section, const ClockedCase& one) {
  ScoredReasons reasons;
  add_clocks(input, one.clocks, reasons);
  if (!section.scored)
    for (ScoredReason& reason : reasons) reason.points = 0;
  return reasons;
}

v1::AgendaItem item_of_clocks(const AgendaInput& input, const Section& section, const ClockedCase& one) {
  const ClockFinding& first = *one.clocks.front();
  const auto make = [&] {
    v1::AgendaItem item = item_of_case(input, first);
    item.set_due(to_iso(first.date));
    item.set_state(first.state);
    item.set_clock(first.rule);
    set_reasons(item, reasons_of(input, section, one));
    return item;
  };
  if (!first.person) return make();
  return input.items->item(input, place_of(input, section), *first.person, one.digest, make);
}

v1::NotListed why_not_listed(const AgendaInput& input, const Section& section, const ClockedCase& one) {
  const ClockFinding& first = *one.clocks.front();
  const std::string title = first.person ? title_of(input.person(*first.person)) : first.title;
  return not_listed_beyond(section, std::string(one.id), title, reasons_of(input, section, one));
}

void fill(const AgendaInput& input, const Section& section, v1::AgendaSection& out, OtherCases& not_listed) {
  std::vector<std::string> absent;
  std::vector<std::string> without_rule;
  for (const std::string& id : section.clocks) {
    const ClockRule* rule = input.pack->find(id);
    if (rule != nullptr)
      if (const std::optional<std::string> absence = rule->absence_on(input.on)) without_rule.push_back(*absence);
    if (!input.clocks->has(id)) absent.push_back(id);
  }
  const ClockedCases& cases = input.clocks->of_section(place_of(input, section));
  for (std::size_t i = 0; i < cases.told; ++i) {
    const ClockedCase& one = cases.all[i];
    if (i < cases.listed)
      *out.add_items() = item_of_clocks(input, section, one);
    else
      not_listed.cases.push_back({std::string(one.id), true, one.points,
                                  [&input, &section, &one] { return why_not_listed(input, section, one); }});
  }
  not_listed.more += cases.all.size() - cases.told;
  for (const std::string& absence : without_rule) out.add_notes("Not worked out for this meeting: " + absence + ".");
  if (!absent.empty())
    out.add_notes("The rules in use, " + input.pack->title + ", have no clock " + in_list(absent, "or") + ".");
}

}  // namespace

const SectionKind kClocks = {.name = "clocks", .read = read, .fill = fill};

}  // namespace moot
