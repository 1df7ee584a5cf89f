// What data.police.uk calls crimes and outcomes, and the codes for them: its own slugs, which are public, but for
// "asb", as policies and boards call it. Thread: pure functions, usable anywhere.
#pragma once

#include <string_view>

namespace moot {

struct PoliceUkOutcome {
  std::string_view name;
  std::string_view code;
  bool is_final;  // nothing more is expected to become of it
};

// In a file's own words, whatever their capitals; nullptr or empty for words that are not on the list.
const PoliceUkOutcome* find_police_uk_outcome(std::string_view name);
std::string_view police_uk_category(std::string_view crime_type);

// "No Location" (2018), "No location" (2023): the force did not tell.
bool is_no_location(std::string_view location);

}  // namespace moot
