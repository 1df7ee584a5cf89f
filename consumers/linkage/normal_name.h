// Names, postcodes and birth dates as linkage compares them. An empty result carries no link.
// Thread: pure functions.
#pragma once

#include <string>
#include <string_view>

#include "broker/core/instant.h"
#include "proto/event.pb.h"

namespace moot {

// Raised by every change after which anything written (names, or what person_values.h takes) has another normal value:
// a pinned linkage model knows usual values by digests of theirs, and no longer holds.
inline constexpr int kNormalForm = 1;

// The name as it is printed: the agency's own letters, forenames first ("EXAMPLE, Casey" is "Casey EXAMPLE"), single
// spaces.
std::string printed_name(const v1::Name& name);

// Compatibility forms, accents, case, apostrophes, hyphens, "SURNAME, Forename" and titles made equal: "john oneill".
// Empty for a name of fewer than two words of two letters (an initial is not a name) and for one that stands for
// nobody.
std::string normal_name(const v1::Name& name);

// Lower-case words of letters and digits with single spaces, compatibility forms and accents made equal.
std::string folded_words(std::string_view text);

// Greek and Cyrillic written in Latin letters, by the tables that British maps go by; any other text as it is.
std::string in_latin_letters(std::string_view text);

// True for what is written where no name is known: "Unknown male", "The Occupier", "Anonymous", "". Not a person.
bool names_nobody(const v1::Name& name);

// "OX14 3HX" as "OX143HX". Empty where it has not the form of a British postcode, or stands for no fixed place (ZZ99).
std::string normal_postcode(std::string_view text);

// The date if it is full, real, not a placeholder (1 January 1900 or 1901) and not after `seen`; else empty.
std::string linking_birth_date(std::string_view born, Instant seen);

}  // namespace moot
