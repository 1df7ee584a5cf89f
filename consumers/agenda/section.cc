#include "consumers/agenda/section.h"

#include "consumers/report/codes.h"

namespace moot {

const std::vector<const SectionKind*>& section_kinds() {
  static const std::vector<const SectionKind*> kKinds = {
      &kPreviousActions,  &kPinned,       &kPeople,        &kRecords,       &kClocks,
      &kFrequentCallers,  &kHighRisk,     &kRepeatVictims, &kDomesticAbuse, &kProlificOffenders,
      &kVulnerablePeople, &kComplexNeeds, &kPlaces,        &kNewReferrals};
  return kKinds;
}

std::vector<std::string> texts_or(Definition& table, std::string_view key, std::vector<std::string> otherwise) {
  std::vector<std::string> texts = codes_of(table, key);
  if (texts.empty() && table.has(key))
    table.mistake(key, "expected at least one; without the key the usual ones count");
  return texts.empty() ? std::move(otherwise) : texts;
}

int months_of(Definition& table, int otherwise) {
  return static_cast<int>(table.integer_or("months", otherwise, 1, 120));
}

int incidents_min_of(Definition& table, int otherwise) {
  return static_cast<int>(table.integer_or("incidents_min", otherwise, 1, 1000));
}

void read_nothing(Definition&, const BoardVersion&, Section&) {}

}  // namespace moot
