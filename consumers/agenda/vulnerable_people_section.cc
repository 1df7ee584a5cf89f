// Section "vulnerable-people": whoever is in an incident or a referral with one of the board's factors of
// vulnerability.
#include <map>

#include "consumers/agenda/section.h"
#include "consumers/document/phrase.h"

namespace moot {
namespace {

void read(Definition& table, const BoardVersion& version, Section& section) {
  section.factors = texts_or(table, "factors", version.factors);
  if (section.factors.empty())
    table.mistake("factors", "is required here or in the version: codes such as [\"rough-sleeping\"]");
  section.roles = texts_or(table, "roles", version.subject_roles);
  section.months = months_of(table, 12);
}

Verdict judge(const AgendaInput& input, const Section& section, std::size_t person) {
  Verdict verdict;
  verdict.events =
      events_of(input.set, input.person(person), section.roles, months_before(input.on, section.months),
                [&](const v1::Event& event) { return !factor_in(event.facts(), section.factors).empty(); });
  if (verdict.events.empty()) return verdict;
  std::map<std::string, std::size_t> counts;
  for (const v1::Event* event : verdict.events) ++counts[factor_in(event->facts(), section.factors)];
  std::vector<std::string> parts;
  for (const auto& [code, count] : counts) parts.push_back(code_as_words(code) + " (" + counted(count, "record") + ")");
  verdict.claims = true;
  verdict.reason = in_list(parts) + " in " + counted(static_cast<std::size_t>(section.months), "month");
  return verdict;
}

}  // namespace

const SectionKind kVulnerablePeople = {.name = "vulnerable-people", .read = read, .judge = judge};

}  // namespace moot
