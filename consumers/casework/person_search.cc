#include "consumers/casework/person_search.h"

#include <algorithm>
#include <map>
#include <set>

#include "broker/core/text_form.h"
#include "consumers/casebook/said_of_person.h"
#include "consumers/linkage/nicknames.h"
#include "consumers/linkage/normal_name.h"
#include "consumers/linkage/spelling.h"

namespace moot {
namespace {

using Words = std::vector<std::string>;

Words words_in(const std::string& folded) {
  Words words;
  for (std::size_t from = 0; from < folded.size();) {
    const std::size_t to = std::min(folded.find(' ', from), folded.size());
    if (to > from) words.push_back(folded.substr(from, to - from));
    from = to + 1;
  }
  return words;
}

enum Likeness { kUnlike = 0, kAlike = 1, kSame = 2 };

Likeness likeness_of(const std::string& wanted, const std::string& word) {
  if (wanted == word) return kSame;
  if (wanted.size() >= 3 && word.starts_with(wanted)) return kAlike;
  const std::u16string one = to_letters(wanted);
  const std::u16string two = to_letters(word);
  if (std::min(one.size(), two.size()) >= 4 && edits_between(one, two, 1) <= 1) return kAlike;
  return may_stand_for(wanted, word) ? kAlike : kUnlike;
}

// Every word that is wanted stands in the name, in whatever order.
Likeness likeness_of(const Words& wanted, const std::string& name) {
  const Words words = words_in(folded_words(in_latin_letters(name)));
  Likeness least = wanted.empty() ? kUnlike : kSame;
  for (const std::string& one : wanted) {
    Likeness best = kUnlike;
    for (const std::string& word : words) best = std::max(best, likeness_of(one, word));
    least = std::min(least, best);
  }
  return least;
}

bool may_be_born(const CaseSet& cases, const PersonCase& person, const std::string& born) {
  if (born.empty()) return true;
  return std::any_of(person.mentions.begin(), person.mentions.end(), [&](const Mention& mention) {
    const std::string& said = cases.person(mention).born();
    return !said.empty() && (said.starts_with(born) || born.starts_with(said));
  });
}

}  // namespace

Status check(const PersonQuery& query) {
  if (folded_words(query.words).empty())
    return Status(Code::kUsage, "give a name or a reference to look for, in letters or digits");
  if (!query.born.empty() && !is_partial_date(query.born))
    return Status(Code::kUsage, "--born: expected a date (2021-03-02), a month (2021-03) or a year (2021)");
  return {};
}

std::vector<FoundPerson> find_people(const CaseSet& cases, const PersonQuery& query) {
  const Words wanted = words_in(folded_words(in_latin_letters(query.words)));
  // Also by an id that they had before another record was known or linked: it stands on paper.
  const std::optional<Mention> with_id =
      query.words.starts_with("p-") ? cases.mention_of_id(query.words) : std::nullopt;
  const std::optional<std::size_t> by_id = with_id ? cases.person_at(*with_id) : std::nullopt;
  std::vector<std::pair<Likeness, FoundPerson>> found;
  for (std::size_t i = 0; i < cases.persons().size(); ++i) {
    const PersonCase& person = cases.persons()[i];
    if (!may_be_born(cases, person, query.born)) continue;
    Likeness best = by_id == i ? kSame : kUnlike;
    std::map<std::string, int> names;
    std::set<std::string> agencies;
    for (const Mention& mention : person.mentions) {
      const v1::Person& said = cases.person(mention);
      agencies.insert(cases.record(mention).envelope().agency());
      if (!said.reference().empty() && folded_words(said.reference()) == folded_words(query.words)) best = kSame;
      for (const v1::Name& name : said.names()) {
        const std::string printed = printed_name(name);
        ++names[printed];
        if (best != kSame) best = std::max(best, likeness_of(wanted, printed));
      }
    }
    if (best == kUnlike) continue;
    FoundPerson one{i, {}, {agencies.begin(), agencies.end()}};
    one.names = by_frequency(names);
    found.emplace_back(best, std::move(one));
  }
  std::stable_sort(found.begin(), found.end(), [](const auto& a, const auto& b) { return a.first > b.first; });
  std::vector<FoundPerson> people;
  for (auto& [likeness, person] : found) people.push_back(std::move(person));
  return people;
}

}  // namespace moot
