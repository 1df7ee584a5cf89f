#include "consumers/casework/subject_access.h"

#include <algorithm>
#include <map>

namespace moot {
namespace {

// Earlier versions may name people in another order: the person is told by what the current one says of them.
bool is_said_of(const v1::Person& person, const std::vector<const v1::Person*>& known) {
  return std::any_of(known.begin(), known.end(), [&](const v1::Person* one) {
    if (!person.reference().empty() || !one->reference().empty()) return person.reference() == one->reference();
    return person.role() == one->role() || person.SerializeAsString() == one->SerializeAsString();
  });
}

HeldRecord held(v1::Event event, const std::vector<const v1::Person*>& known, bool current) {
  HeldRecord record;
  record.current = current;
  auto& people = *event.mutable_personal()->mutable_people();
  const int all = people.size();
  const auto others = std::remove_if(people.begin(), people.end(),
                                     [&](const v1::Person& person) { return !is_said_of(person, known); });
  people.erase(others, people.end());
  record.others = all - people.size();
  record.has_text = !event.personal().texts().empty();
  record.event = std::move(event);
  return record;
}

}  // namespace

std::vector<HeldRecord> held_of(const Casebook& casebook, const CaseSet& cases, std::size_t person) {
  std::map<std::size_t, std::vector<const v1::Person*>> said;  // by record
  for (const Mention& mention : cases.persons()[person].mentions)
    said[mention.record].push_back(&cases.person(mention));
  std::vector<HeldRecord> records;
  for (const auto& [position, people] : said) {
    const v1::Event& current = *cases.records()[position];
    for (v1::Event& version : casebook.versions_of(current.envelope())) {
      const bool is_current = version.envelope().id() == current.envelope().id();
      records.push_back(held(std::move(version), people, is_current));
    }
  }
  std::sort(records.begin(), records.end(),
            [](const HeldRecord& a, const HeldRecord& b) { return happened_before(a.event, b.event); });
  return records;
}

}  // namespace moot
