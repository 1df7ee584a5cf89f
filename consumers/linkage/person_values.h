// The values of a field as linkage compares them: one spelling for what is one value. An empty result says nothing:
// what is written where a value is not known ("NFA", "unknown male", 01/01/1900, "c/o") carries no weight.
// Thread: pure functions.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "consumers/linkage/person_field.h"

namespace moot {

// A birth date comes out as eight digits, "?" for those not supplied; an impossible one keeps its digits, since it is
// most often a slip in a real one.
std::string normal_value(FieldKind kind, std::string_view written);

// Whether a phone, as normal_value() gives it, is a mobile: of one person, where a landline is of a household.
bool is_mobile(std::string_view normal_phone);

// Whether the lines of an address are those of a place where many stay who have nothing to do with each other: a
// hostel, a night shelter, a prison. It tells nobody from anybody.
bool is_home_of_many(std::string_view lines);

// A person's name taken apart.
struct NameParts {
  std::string given;   // one word
  std::string middle;  // the rest of the forenames
  std::string family;
};

// From the cells of a row: forenames, surname and whole names, any of them empty. Titles, ranks and "senior" are left
// out. A whole name supplies what the others lack.
NameParts name_parts(std::string_view given, std::string_view family, std::string_view whole);

}  // namespace moot
