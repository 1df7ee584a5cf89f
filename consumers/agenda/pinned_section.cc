// Section "pinned": whom the chair wants discussed, whatever their score. A board that has none gets one, after its
// previous actions, as soon as somebody is pinned.
#include "consumers/agenda/section.h"

namespace moot {
namespace {

constexpr int kEverybody = 1000;

void read(Definition&, const BoardVersion&, Section&) {}

Verdict judge(const AgendaInput& input, const Section&, std::size_t person) {
  const ChairWord& word = input.history(person).chair;
  Verdict verdict;
  if (!word.pins()) return verdict;
  verdict.claims = true;
  verdict.reason = word.text;
  verdict.events = {word.event};
  return verdict;
}

}  // namespace

Section pinned_section() {
  Section section;
  section.id = "pinned";
  section.title = "Pinned by the chair";
  section.kind = &kPinned;
  section.at_least = kEverybody;
  return section;
}

const SectionKind kPinned = {.name = "pinned", .read = read, .judge = judge};

}  // namespace moot
