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
  const Window window = months_before(input.on, section.months);
  Verdict verdict;
  std::map<std::string, Events> by_factor;
  for (const Mention& mention : input.person(person).mentions) {
    if (!window.holds(input.set.records().time(mention.record))) continue;  // before it is read
    const v1::Event& event = input.set.record(mention);
    if (!is_in(section.roles, input.set.person(mention).role())) continue;
    for (const std::string& code : factors_in(event, mention.index, section.factors)) by_factor[code].push_back(&event);
  }
  if (by_factor.empty()) return verdict;
  for (auto& [code, events] : by_factor) {
    sort_once(events);
    verdict.events.insert(verdict.events.end(), events.begin(), events.end());
  }
  sort_once(verdict.events);
  std::vector<std::string> parts;
  for (const auto& [code, events] : by_factor)
    parts.push_back(code_as_words(code) + " (" + counted(events.size(), "record") + ")");
  verdict.claims = true;
  verdict.reason = in_list(parts) + " in " + counted(static_cast<std::size_t>(section.months), "month");
  return verdict;
}

}  // namespace

const SectionKind kVulnerablePeople = {.name = "vulnerable-people", .read = read, .judge = judge};

}  // namespace moot
