// What linkage sees of one mention of a person: values already normalised, so that equal means equal.
#pragma once

#include <string>
#include <vector>

#include "broker/core/instant.h"

namespace moot {

struct PersonRecord {
  // Begins with the source: the agency's reference for the person where it gives one, else the record and the place in
  // it.
  std::string key;
  Instant seen;  // when the event that names the person happened
  std::string agency;
  std::string reference;               // empty = not supplied
  std::vector<std::string> names;      // normal_name(), those that carry a link
  std::string born;                    // a full date that carries a link, or empty
  std::vector<std::string> postcodes;  // normal_postcode(), those that carry a link
};

}  // namespace moot
