// Section "repeat-victims": a victim or complainant of so many incidents in so many months.
#include "consumers/agenda/section.h"
#include "consumers/document/phrase.h"

namespace moot {

Verdict judge_repeat_victim(const AgendaInput& input, const Section& section, std::size_t person) {
  Verdict verdict;
  const std::vector<CountedIncident> incidents =
      incidents_of(input.set, input.person(person), section.roles, months_before(input.on, section.months));
  if (incidents.empty()) return verdict;
  verdict.claims = static_cast<int>(incidents.size()) >= section.incidents_min;
  verdict.events = all_reports(incidents);
  verdict.reason =
      counted(incidents.size(), "incident") + " in " + counted(static_cast<std::size_t>(section.months), "month");
  if (!verdict.claims) verdict.reason += "; the repeat-victim rule needs " + std::to_string(section.incidents_min);
  return verdict;
}

}  // namespace moot
