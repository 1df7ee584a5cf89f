#include "consumers/casebook/whose_matter.h"

#include <algorithm>
#include <string>

namespace moot {
namespace {

int place_of_role(const std::string& role) {
  if (role == "victim" || role == "complainant" || role == "tenant" || role == "caller") return 0;
  if (role == "subject") return 1;
  return role == "suspect" || role == "perpetrator" || role == "witness" ? 3 : 2;
}

}  // namespace

int first_whose_matter(const v1::Event& event) {
  const auto& people = event.personal().people();
  const auto first = std::min_element(people.begin(), people.end(), [](const v1::Person& a, const v1::Person& b) {
    return place_of_role(a.role()) < place_of_role(b.role());
  });
  return static_cast<int>(first - people.begin());
}

bool is_matter_of(const v1::Event& event, int person) {
  const auto& people = event.personal().people();
  return place_of_role(people[person].role()) == place_of_role(people[first_whose_matter(event)].role());
}

}  // namespace moot
