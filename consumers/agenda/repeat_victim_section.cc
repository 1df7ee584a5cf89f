// Section "repeat-victims": a victim or complainant of so many incidents in so many months.
#include "consumers/agenda/section.h"
#include "consumers/document/phrase.h"

namespace moot {
namespace {

void read(Definition& table, const BoardVersion&, Section& section) {
  section.roles = texts_or(table, "roles", {"victim", "complainant"});
  section.incidents_min = incidents_min_of(table, 2);
  section.months = months_of(table, 12);
}

Verdict judge(const AgendaInput& input, const Section& section, std::size_t person) {
  Verdict verdict;
  const std::vector<Occurrence> incidents =
      incidents_of(input.set, input.person(person), section.roles, months_before(input.on, section.months));
  if (incidents.empty()) return verdict;
  verdict.claims = static_cast<int>(incidents.size()) >= section.incidents_min;
  verdict.events = all_reports(incidents);
  verdict.reason =
      counted(incidents.size(), "incident") + " in " + counted(static_cast<std::size_t>(section.months), "month");
  if (!verdict.claims) verdict.reason += "; the repeat-victim rule needs " + std::to_string(section.incidents_min);
  return verdict;
}

}  // namespace

const SectionKind kRepeatVictims = {.name = "repeat-victims", .read = read, .judge = judge, .score_tells = true};

}  // namespace moot
