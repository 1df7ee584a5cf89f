// Sections that count: people named in one of the section's roles in so many incidents in so many months.
// "repeat-victims": victims and complainants. "prolific-offenders": suspects and perpetrators, scored by those
// incidents, not by the ones in which the same person is a victim.
#include "consumers/agenda/section.h"
#include "consumers/document/phrase.h"

namespace moot {
namespace {

void read(Definition& table, Section& section, std::vector<std::string> roles, int incidents_min) {
  section.roles = texts_or(table, "roles", std::move(roles));
  section.incidents_min = incidents_min_of(table, incidents_min);
  section.months = months_of(table, 12);
}

// `named`: what stands before the count, as "named as suspect in ".
Verdict judge(const AgendaInput& input, const Section& section, std::size_t person, const std::string& named) {
  Verdict verdict;
  const std::vector<Occurrence> incidents =
      incidents_of(input.set, input.person(person), section.roles, months_before(input.on, section.months));
  if (incidents.empty()) return verdict;
  verdict.claims = static_cast<int>(incidents.size()) >= section.incidents_min;
  verdict.events = all_reports(incidents);
  verdict.reason = named + counted(incidents.size(), "incident") + " in " +
                   counted(static_cast<std::size_t>(section.months), "month");
  if (!verdict.claims) verdict.reason += "; the section needs " + std::to_string(section.incidents_min);
  return verdict;
}

void read_victims(Definition& table, const BoardVersion&, Section& section) {
  read(table, section, {"victim", "complainant"}, 2);
}

Verdict judge_victim(const AgendaInput& input, const Section& section, std::size_t person) {
  return judge(input, section, person, "");
}

void read_offenders(Definition& table, const BoardVersion&, Section& section) {
  read(table, section, {"suspect", "perpetrator"}, 3);
}

Verdict judge_offender(const AgendaInput& input, const Section& section, std::size_t person) {
  return judge(input, section, person, "named as " + in_list(section.roles, "or") + " in ");
}

}  // namespace

const SectionKind kRepeatVictims = {
    .name = "repeat-victims", .read = read_victims, .judge = judge_victim, .score_tells = true};

const SectionKind kProlificOffenders = {
    .name = "prolific-offenders", .read = read_offenders, .judge = judge_offender, .scores_by_roles = true};

}  // namespace moot
