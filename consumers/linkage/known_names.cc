#include "consumers/linkage/known_names.h"

#include "consumers/linkage/normal_name.h"

namespace moot {

const NameForms& KnownNames::forms_of(const v1::Name& name) {
  const auto [place, is_new] = by_written_.try_emplace(name.full() + "\n" + name.given() + "\n" + name.family());
  if (is_new) place->second = NameForms{printed_name(name), normal_name(name), names_nobody(name),
                                           name_parts(name.given(), name.family(), name.full())};
  return place->second;
}

}  // namespace moot
