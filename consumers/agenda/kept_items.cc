#include "consumers/agenda/kept_items.h"

#include <algorithm>

#include "consumers/agenda/board_clocks.h"
#include "consumers/agenda/day_digest.h"

namespace moot {
namespace {

bool is_printed_anew(const AgendaInput& input, std::size_t person) {
  return input.caller(person) != nullptr || input.actions_of.contains(person);
}

// The calls are told by the records they stand in: what else of them is printed is the person's own, but for whether
// the list of callers has room.
void add_of_day(const AgendaInput& input, std::size_t person, DayDigest& digest) {
  digest.add(input.callers_have_room() ? 1U : 0U);
  for (const CountedCall& call : input.calls.of(person)) {
    digest.add(call.record);
    digest.add(call.on_behalf ? 1U : 0U);
  }
  digest.add(input.clocks->digest_of_person(person));
}

}  // namespace

std::shared_ptr<KeptItems> KeptItems::of(const AgendaInput& input, const std::string& words) {
  std::shared_ptr<KeptItems> kept =
      input.set.kept<KeptItems>("items of " + words, [] { return std::make_shared<KeptItems>(); });
  if (kept->looked_up_.is_worn()) *kept = KeptItems();
  return kept;
}

template <typename Text>
Text KeptItems::text(const AgendaInput& input, std::size_t section, std::size_t person, std::uint64_t of_day,
                     const std::function<Text()>& make) {
  OfPerson& theirs = people_[static_cast<Person>(person)];
  for (Printed& printed : theirs.printed) {
    if (printed.section != section || printed.of_day != of_day) continue;
    printed.is_asked_for = true;
    return std::get<Text>(printed.text);
  }
  std::erase_if(theirs.printed, [&](const Printed& printed) { return printed.section == section; });
  for (const Mention& mention : input.person(person).mentions)
    theirs.have_actions = theirs.have_actions || input.set.records().body(mention.record) == v1::Facts::kAction;
  input.forget_history(person);  // so that what it rests on is noted here
  const CaseSet::LookUps looked(input.set);
  Text made = make();
  looked_up_.add(looked.ids(), static_cast<Person>(person));
  theirs.printed.push_back({section, of_day, true, made});
  return made;
}

v1::AgendaItem KeptItems::item(const AgendaInput& input, std::size_t section, std::size_t person, std::uint64_t clocks,
                               const std::function<v1::AgendaItem()>& make) {
  if (is_printed_anew(input, person)) return make();
  DayDigest digest;
  add_of_day(input, person, digest);
  digest.add(clocks);
  return text(input, section, person, digest.value(), make);
}

v1::NotListed KeptItems::row(const AgendaInput& input, std::size_t person, const std::function<v1::NotListed()>& make) {
  if (is_printed_anew(input, person)) return make();
  DayDigest digest;
  add_of_day(input, person, digest);
  return text(input, kNoSection, person, digest.value(), make);
}

void KeptItems::end_agenda() {
  for (auto person = people_.begin(); person != people_.end();) {
    std::erase_if(person->second.printed, [](const Printed& printed) { return !printed.is_asked_for; });
    for (Printed& printed : person->second.printed) printed.is_asked_for = false;
    person = person->second.printed.empty() ? people_.erase(person) : std::next(person);
  }
  if (is_first_) looked_up_.begin();
  is_first_ = false;
}

void KeptItems::changed(const SetChange& change) {
  const auto forget = [this](Person person) { people_.erase(person); };
  for (const std::uint32_t person : change.people) forget(person);
  change.each_digest([&](std::uint64_t digest) { looked_up_.take(digest, forget); });
  if (change.actions) std::erase_if(people_, [](const auto& person) { return person.second.have_actions; });
}

std::size_t KeptItems::bytes() const {
  std::size_t bytes = looked_up_.bytes();
  for (const auto& [person, theirs] : people_)
    for (const Printed& printed : theirs.printed)
      bytes += sizeof(Printed) + std::visit([](const auto& text) { return text.SpaceUsedLong(); }, printed.text);
  return bytes;
}

}  // namespace moot
