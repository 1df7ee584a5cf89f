// The kinds of field that records of people are compared by, and how far two values of one agree.
// Thread: pure functions.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace moot {

enum class FieldKind : std::uint8_t {
  kGiven,
  kMiddle,
  kFamily,
  kBorn,
  kSex,
  kAddress,
  kNumber,  // of a house
  kPostcode,
  kTown,
  kPhone,
  kEmail,
  kReference,
  kText,          // anything else: words
  kCode,          // anything else: one of a few values
  kProperty,      // the number of a property (UPRN): equal or not
  kMobile,        // a phone of one's own
  kOwnReference,  // with the system that gave it before a line feed: says nothing beside another system's
};

// What words of a level mean depends on the kind: level_words().
enum class Level : std::uint8_t {
  kSame,
  kAlias,    // a nickname; day and month swapped; the same words in another order
  kClose,    // one letter or digit
  kSimilar,  // spelt or sounding alike; two digits; the same postcode sector
  kPart,     // an initial, one of the words; the year; the postcode district
  kCrossed,  // the value stands in the other record's sister field: forename and surname swapped
  kDifferent,
  kMissing,  // in one record or both: says nothing
};
inline constexpr std::size_t kLevels = 8;

// A field by the name that mappings use: given, family, name, born, sex, address, postcode, phone, email, reference …
// Also what such columns are usually called: "surname", "dob", "first_name". Nothing for a name it does not know.
// A whole name is several fields; it is not a kind and is told apart by is_whole_name().
std::optional<FieldKind> field_kind(std::string_view name);
bool is_whole_name(std::string_view name);
std::string_view field_name(FieldKind kind);

// As an explanation says it: "the same surname", "the forename is a nickname of the other".
std::string level_words(FieldKind kind, Level level);

// Does a record have the field because of its household rather than of the person?
bool belongs_to_household(FieldKind kind);
// Does the field tell one member of a household from another? Sex hardly does.
bool tells_people_apart(FieldKind kind);
// Of a value of kOwnReference: "<system>\n<reference>".
std::string_view system_of_reference(std::string_view value);
// Fields of one dictionary may be swapped with each other.
bool same_dictionary(FieldKind a, FieldKind b);

}  // namespace moot
