// Section "domestic-abuse": whoever is in an incident or a referral that is marked so, or in a referral whose scheme or
// reason the board counts as such.
#include <algorithm>

#include "consumers/agenda/section.h"
#include "consumers/document/phrase.h"
#include "consumers/report/codes.h"

namespace moot {
namespace {

void read(Definition& table, const BoardVersion& version, Section& section) {
  section.roles = texts_or(table, "roles", version.subject_roles);
  section.schemes = codes_of(table, "schemes");
  section.reasons = texts_or(table, "reasons", {"domestic-abuse"});
  section.incidents_min = incidents_min_of(table, 1);
  section.months = months_of(table, 12);
}

bool lists(const std::vector<std::string>& codes, const std::string& code) {
  return std::find(codes.begin(), codes.end(), code) != codes.end();
}

Verdict judge(const AgendaInput& input, const Section& section, std::size_t person) {
  const Window window = months_before(input.on, section.months);
  const Events incidents = events_of(
      input.set, input.person(person), section.roles, window,
      [](const v1::Event& event) { return event.facts().has_incident() && event.facts().incident().domestic_abuse(); });
  const Events referrals =
      events_of(input.set, input.person(person), section.roles, window, [&](const v1::Event& event) {
        const v1::Referral& referral = event.facts().referral();
        return event.facts().has_referral() &&
               (referral.domestic_abuse() || lists(section.schemes, referral.scheme()) ||
                lists(section.reasons, referral.reason()));
      });
  Verdict verdict;
  if (incidents.empty() && referrals.empty()) return verdict;
  const std::size_t occurrences = occurrences_of(input.set, incidents).size();
  verdict.claims = !referrals.empty() || static_cast<int>(occurrences) >= section.incidents_min;
  verdict.events = incidents;
  verdict.events.insert(verdict.events.end(), referrals.begin(), referrals.end());
  std::vector<std::string> parts;
  if (occurrences > 0) parts.push_back(counted(occurrences, "domestic abuse incident"));
  if (!referrals.empty()) {
    const v1::Event& latest = *referrals.back();
    parts.push_back(counted(referrals.size(), "domestic abuse referral event") + " (the latest: " +
                    intervention_phrase(latest.facts()) + " on " + to_words(local_date(time_of(latest))) + ")");
  }
  verdict.reason = in_list(parts) + " in " + counted(static_cast<std::size_t>(section.months), "month");
  if (!verdict.claims)
    verdict.reason += "; the section needs " + counted(static_cast<std::size_t>(section.incidents_min), "incident");
  return verdict;
}

}  // namespace

const SectionKind kDomesticAbuse = {.name = "domestic-abuse", .read = read, .judge = judge};

}  // namespace moot
