// Section "complex-needs": known to so many agencies, and not at a risk that another process takes up.
#include <algorithm>
#include <map>

#include "consumers/agenda/section.h"
#include "consumers/callers/known_to.h"
#include "consumers/document/phrase.h"

namespace moot {
namespace {

constexpr std::size_t kConsidered = 2;  // agencies; somebody known to one alone is nobody's complex case

void read(Definition& table, const BoardVersion& version, Section& section) {
  section.roles = texts_or(table, "roles", version.subject_roles);
  section.bands = texts_or(table, "bands_above", {"high"});
  section.agencies_min = static_cast<int>(table.integer_or("agencies_min", 3, 2, 100));
  section.months = months_of(table, 12);
}

// The latest record of each agency that knows the person: one of its own, or its answer "yes".
std::map<std::string, const v1::Event*> known_by(const AgendaInput& input, const Section& section, std::size_t person) {
  const Events records = events_of(
      input.set, input.person(person), {}, months_before(input.on, section.months), [](const v1::Event& event) {
        return is_record_of_own(event.facts()) || event.facts().knowledge().stage() == v1::Knowledge::YES;
      });
  std::map<std::string, const v1::Event*> latest;
  for (const v1::Event* event : records) latest[event->envelope().agency()] = event;
  return latest;
}

bool is_subject(const AgendaInput& input, const Section& section, std::size_t position) {
  const PersonCase& person = input.person(position);
  return std::any_of(person.mentions.begin(), person.mentions.end(),
                     [&](const Mention& mention) { return is_in(section.roles, input.set.person(mention).role()); });
}

Verdict judge(const AgendaInput& input, const Section& section, std::size_t person) {
  Verdict verdict;
  const std::map<std::string, const v1::Event*> agencies = known_by(input, section, person);
  // In this order: whoever one agency knows is nobody whose records of all years are read.
  if (agencies.size() < kConsidered || !is_subject(input, section, person)) return verdict;
  std::vector<std::string> names;
  for (const auto& [agency, event] : agencies) {
    names.push_back(input.partnership.agency_name(agency));
    verdict.events.push_back(event);
  }
  const CaseHistory& history = input.history(person);
  const bool above = std::find(section.bands.begin(), section.bands.end(), history.band()) != section.bands.end();
  const bool enough = static_cast<int>(agencies.size()) >= section.agencies_min;
  verdict.claims = enough && !above;
  verdict.reason = "known to " + counted(agencies.size(), "agency") + " in " +
                   counted(static_cast<std::size_t>(section.months), "month") + ": " + in_list(names);
  if (verdict.claims && history.band().empty()) verdict.reason += "; no risk assessment is supplied";
  if (verdict.claims && !history.band().empty()) verdict.reason += "; risk " + history.band();
  if (above) verdict.reason += "; at risk " + history.band() + ", which is above this section's threshold";
  if (!enough)
    verdict.reason = "known to " + counted(agencies.size(), "agency") + "; the section needs " +
                     std::to_string(section.agencies_min);
  return verdict;
}

}  // namespace

const SectionKind kComplexNeeds = {.name = "complex-needs", .read = read, .judge = judge};

}  // namespace moot
