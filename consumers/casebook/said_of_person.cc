#include "consumers/casebook/said_of_person.h"

#include <algorithm>

#include "consumers/casebook/case_set.h"
#include "consumers/linkage/normal_name.h"

namespace moot {
namespace {

// Printed in the place of a name that was destroyed.
constexpr const char* kErasedName = "erased";

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

}  // namespace

// Of texts that differ in capitals alone the one with the fewest, if it has any: one agency writes "EXAMPLETON" where
// another writes "Exampleton".
std::vector<std::string> by_frequency(const std::map<std::string, int>& counts) {
  struct Spelled {
    int count = 0;
    std::string text;
    std::ptrdiff_t capitals = 0;
  };
  std::map<std::string, Spelled> spelled;  // by the text in small letters
  for (const auto& [text, count] : counts) {
    std::string small = text;
    std::transform(small.begin(), small.end(), small.begin(), lower);
    auto capitals = std::count_if(text.begin(), text.end(), [](char c) { return lower(c) != c; });
    if (capitals == 0) capitals = static_cast<std::ptrdiff_t>(text.size());
    Spelled& choice = spelled[small];
    choice.count += count;
    if (!choice.text.empty() && choice.capitals <= capitals) continue;
    choice.text = text;
    choice.capitals = capitals;
  }
  std::vector<Spelled> all;
  for (auto& [small, one] : spelled) all.push_back(std::move(one));
  std::stable_sort(all.begin(), all.end(), [](const Spelled& a, const Spelled& b) { return a.count > b.count; });
  std::vector<std::string> texts;
  for (Spelled& one : all) texts.push_back(std::move(one.text));
  return texts;
}

namespace {

std::string most_frequent(const std::map<std::string, int>& counts) {
  if (counts.size() == 1) return counts.begin()->first;  // as of nearly everybody
  const std::vector<std::string> texts = by_frequency(counts);
  return texts.empty() ? std::string() : texts.front();
}

}  // namespace

void be_one_with_all(const std::string& person, PersonRecord& record) {
  record.source.clear();
  record.reference = person;
}

bool is_somebody(const v1::Person& person, KnownNames& names) {
  if (!person.reference().empty()) return true;
  return std::any_of(person.names().begin(), person.names().end(),
                     [&](const v1::Name& name) { return !names.forms_of(name).nobody; });
}

void SaidOfPerson::name(PersonCase& person) const {
  person.erased = gone == person.mentions.size();
  person.name = person.erased ? kErasedName : most_frequent(spellings);
  person.born = most_frequent(birth_dates);
}

}  // namespace moot
