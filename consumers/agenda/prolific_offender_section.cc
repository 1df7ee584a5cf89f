// Section "prolific-offenders": a suspect or perpetrator of so many incidents in so many months. Scored by those
// incidents, not by the ones in which the same person is a victim.
#include "consumers/agenda/section.h"
#include "consumers/document/phrase.h"

namespace moot {
namespace {

void read(Definition& table, const BoardVersion&, Section& section) {
  section.roles = texts_or(table, "roles", {"suspect", "perpetrator"});
  section.incidents_min = incidents_min_of(table, 3);
  section.months = months_of(table, 12);
}

Verdict judge(const AgendaInput& input, const Section& section, std::size_t person) {
  Verdict verdict;
  const std::vector<Occurrence> incidents =
      incidents_of(input.set, input.person(person), section.roles, months_before(input.on, section.months));
  if (incidents.empty()) return verdict;
  verdict.claims = static_cast<int>(incidents.size()) >= section.incidents_min;
  verdict.events = all_reports(incidents);
  verdict.reason = "named as " + in_list(section.roles, "or") + " in " + counted(incidents.size(), "incident") +
                   " in " + counted(static_cast<std::size_t>(section.months), "month");
  if (!verdict.claims) verdict.reason += "; the section needs " + std::to_string(section.incidents_min);
  return verdict;
}

}  // namespace

const SectionKind kProlificOffenders = {
    .name = "prolific-offenders", .read = read, .judge = judge, .scores_by_roles = true};

}  // namespace moot
