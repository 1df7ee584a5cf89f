#include "consumers/casebook/whose_matter.h"

#include <algorithm>
#include <initializer_list>
#include <string>
#include <string_view>

namespace moot {
namespace {

bool is_one_of(const std::string& role, std::initializer_list<std::string_view> roles) {
  return std::find(roles.begin(), roles.end(), role) != roles.end();
}

// Somebody of whom a role is all that is said can be nobody's case.
bool is_somebody(const v1::Person& person) {
  return person.erased() || person.names_size() > 0 || !person.reference().empty() || person.phones_size() > 0 ||
         person.emails_size() > 0;
}

// The lowest place has the matter.
int place_of(const v1::Facts& facts, const v1::Person& person) {
  const std::string& role = person.role();
  if (!is_somebody(person)) return 9;
  if (facts.has_order()) return is_one_of(role, {"subject", "perpetrator", "suspect"}) ? 0 : 1;
  const bool asks = is_one_of(role, {"complainant", "caller", "reporter"});
  if (is_one_of(role, {"victim", "tenant"}) || (facts.has_review() && asks)) return 0;
  if (asks || role == "subject") return 1;
  return is_one_of(role, {"suspect", "perpetrator", "witness"}) ? 3 : 2;
}

}  // namespace

int first_whose_matter(const v1::Event& event) {
  const auto& people = event.personal().people();
  const auto first = std::min_element(people.begin(), people.end(), [&](const v1::Person& a, const v1::Person& b) {
    return place_of(event.facts(), a) < place_of(event.facts(), b);
  });
  return static_cast<int>(first - people.begin());
}

bool is_matter_of(const v1::Event& event, int person) {
  const auto& people = event.personal().people();
  return place_of(event.facts(), people[person]) == place_of(event.facts(), people[first_whose_matter(event)]);
}

}  // namespace moot
