// Section "high-risk": whoever's latest risk assessment is in one of the section's bands.
#include <algorithm>

#include "consumers/agenda/section.h"
#include "consumers/document/phrase.h"

namespace moot {
namespace {

void read(Definition& table, const BoardVersion&, Section& section) {
  section.bands = texts_or(table, "bands", {"high", "medium"});
}

Verdict judge(const AgendaInput& input, const Section& section, std::size_t person) {
  Verdict verdict;
  const CaseHistory& history = input.history(person);
  if (history.risk == nullptr) return verdict;
  verdict.claims = std::find(section.bands.begin(), section.bands.end(), history.band()) != section.bands.end();
  verdict.events = {history.risk};
  verdict.reason = "risk assessed " + (history.band().empty() ? "without a band" : history.band());
  if (verdict.claims) verdict.reason += " on " + to_words(local_date(time_of(*history.risk)));
  if (!verdict.claims) verdict.reason += "; the section needs " + in_list(section.bands, "or");
  return verdict;
}

}  // namespace

const SectionKind kHighRisk = {.name = "high-risk", .read = read, .judge = judge, .score_tells = true};

}  // namespace moot
