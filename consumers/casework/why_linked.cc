#include "consumers/casework/why_linked.h"

#include <algorithm>

#include "consumers/document/phrase.h"

namespace moot {
namespace {

constexpr std::size_t kComparedMax = 60;  // rows of either: enough to find the best pair of

std::vector<std::size_t> rows_of(const CaseSet& cases, const std::vector<Mention>& mentions) {
  std::vector<std::size_t> numbers;
  for (const Mention& mention : mentions) numbers.push_back(*cases.linked_as(mention));
  numbers = cases.linkage().one_of_each_row(numbers);
  numbers.resize(std::min(numbers.size(), kComparedMax));
  return numbers;
}

std::string called(const CaseSet& cases, const Mention& mention) {
  const v1::Envelope& envelope = cases.record(mention).envelope();
  return envelope.source() + "#" + envelope.id();
}

}  // namespace

Result<WhyLinked> explain_people(const CaseSet& cases, const std::vector<Mention>& a, const std::vector<Mention>& b) {
  std::optional<WhyLinked> best;
  for (const std::size_t one : rows_of(cases, a))
    for (const std::size_t two : rows_of(cases, b)) {
      const Mention& first = cases.linked_mention(one);
      const Mention& second = cases.linked_mention(two);
      if (first.record == second.record && first.index == second.index) continue;
      WhyLinked why{*cases.person_at(first), *cases.person_at(second), first, second,
                    cases.linkage().explain(one, two)};
      if (!best || why.explained.link.weight > best->explained.link.weight) best = std::move(why);
    }
  if (best) return *best;
  return Status(Code::kUsage, "both are one and the same record; name two people, or two records");
}

std::string why_in_words(const CaseSet& cases, const WhyLinked& why) {
  const PersonCase& a = cases.persons()[why.person_a];
  const PersonCase& b = cases.persons()[why.person_b];
  std::string text = why.person_a == why.person_b ? a.id + ", one person" : a.id + " and " + b.id + ", two people";
  text += ".\nCompared: " + called(cases, why.a) + " and " + called(cases, why.b) + ".\n";
  if (why.explained.same_reference)
    text += "The same system gives both one reference, and so says that they are one.\n";
  std::vector<std::string> path;
  for (const std::size_t number : why.explained.path) path.push_back(called(cases, cases.linked_mention(number)));
  return text + explanation_text(why.explained.link, path);
}

}  // namespace moot
