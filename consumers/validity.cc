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

Status check_validities(std::string_view what, std::vector<Validity> versions) {
  if (versions.empty())
    return Status(Code::kDefinition, std::string(what) + " has no [[version]]; at least one is needed");
  std::sort(versions.begin(), versions.end(), [](const Validity& a, const Validity& b) { return a.from < b.from; });
  for (std::size_t i = 1; i < versions.size(); ++i) {
    const Validity& before = versions[i - 1];
    if (before.to && *before.to <= versions[i].from) continue;
    return Status(Code::kDefinition, std::string(what) + ": the version from " + to_words(versions[i].from) +
                                         " begins while the version from " + to_words(before.from) +
                                         " still holds; give the earlier one a valid_to");
  }
  return Status();
}

}  // namespace moot
