#include "consumers/validity.h"

#include <algorithm>
#include <string>

namespace moot {

Validity read_validity(Definition& version) {
  Validity validity;
  const std::optional<Date> from = version.date("valid_from");
  if (from)
    validity.from = *from;
  else
    version.mistake("valid_from", "is required: the first day this version holds, a date such as 2020-04-01");
  validity.to = version.date("valid_to");
  if (from && validity.to && *validity.to <= *from) version.mistake("valid_to", "expected a date after valid_from");
  return validity;
}

void check_versions(Definition& rule, std::vector<Definition>& versions, const std::vector<Validity>& validities) {
  if (versions.empty()) return rule.mistake("version", "is required: at least one [[version]]");
  std::vector<std::size_t> order(validities.size());
  for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return validities[a].from < validities[b].from; });
  for (std::size_t i = 1; i < order.size(); ++i) {
    const Validity& before = validities[order[i - 1]];
    const Date from = validities[order[i]].from;
    if (before.to && *before.to == from) continue;
    const std::string begins = "the version from " + to_words(before.from);
    versions[order[i]].mistake("valid_from",
                               !before.to || from < *before.to
                                   ? "begins while " + begins + " still holds; give that one a valid_to of this day"
                                   : "leaves days without a version: " + begins + " ends on " + to_words(*before.to));
  }
}

}  // namespace moot
