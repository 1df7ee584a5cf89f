#include "consumers/linkage/person_field.h"

#include <algorithm>
#include <array>

namespace moot {
namespace {

struct Named {
  std::string_view name;
  FieldKind kind;
};

// The first name of a kind is the one that mappings use.
constexpr std::array kNames = {
    Named{"given", FieldKind::kGiven},
    Named{"forename", FieldKind::kGiven},
    Named{"first", FieldKind::kGiven},
    Named{"firstname", FieldKind::kGiven},
    Named{"givenname", FieldKind::kGiven},
    Named{"forenames", FieldKind::kGiven},
    Named{"middle", FieldKind::kMiddle},
    Named{"middlename", FieldKind::kMiddle},
    Named{"family", FieldKind::kFamily},
    Named{"surname", FieldKind::kFamily},
    Named{"last", FieldKind::kFamily},
    Named{"lastname", FieldKind::kFamily},
    Named{"familyname", FieldKind::kFamily},
    Named{"born", FieldKind::kBorn},
    Named{"dob", FieldKind::kBorn},
    Named{"dateofbirth", FieldKind::kBorn},
    Named{"birthdate", FieldKind::kBorn},
    Named{"birthday", FieldKind::kBorn},
    Named{"sex", FieldKind::kSex},
    Named{"gender", FieldKind::kSex},
    Named{"address", FieldKind::kAddress},
    Named{"address1", FieldKind::kAddress},
    Named{"address2", FieldKind::kAddress},
    Named{"address3", FieldKind::kAddress},
    Named{"street", FieldKind::kAddress},
    Named{"streetname", FieldKind::kAddress},
    Named{"addressline1", FieldKind::kAddress},
    Named{"addressline2", FieldKind::kAddress},
    Named{"number", FieldKind::kNumber},
    Named{"streetnumber", FieldKind::kNumber},
    Named{"housenumber", FieldKind::kNumber},
    Named{"house", FieldKind::kNumber},
    Named{"postcode", FieldKind::kPostcode},
    Named{"postcodefake", FieldKind::kPostcode},
    Named{"zip", FieldKind::kPostcode},
    Named{"zipcode", FieldKind::kPostcode},
    Named{"town", FieldKind::kTown},
    Named{"city", FieldKind::kTown},
    Named{"suburb", FieldKind::kTown},
    Named{"place", FieldKind::kTown},
    Named{"birthplace", FieldKind::kTown},
    Named{"locality", FieldKind::kTown},
    Named{"phone", FieldKind::kPhone},
    Named{"telephone", FieldKind::kPhone},
    Named{"phonenumber", FieldKind::kPhone},
    Named{"mobile", FieldKind::kMobile},
    Named{"mobilephone", FieldKind::kMobile},
    Named{"email", FieldKind::kEmail},
    Named{"emailaddress", FieldKind::kEmail},
    Named{"reference", FieldKind::kReference},
    Named{"socsecid", FieldKind::kReference},
    Named{"ssn", FieldKind::kReference},
    Named{"nhsnumber", FieldKind::kReference},
    Named{"nino", FieldKind::kReference},
    Named{"nhs", FieldKind::kReference},
    Named{"ninumber", FieldKind::kReference},
    Named{"uprn", FieldKind::kProperty},
    Named{"ownreference", FieldKind::kOwnReference},
    Named{"region", FieldKind::kCode},
    Named{"code", FieldKind::kCode},
    Named{"state", FieldKind::kCode},
    Named{"county", FieldKind::kCode},
    Named{"country", FieldKind::kCode},
    Named{"text", FieldKind::kText},
    Named{"other", FieldKind::kText},
    Named{"occupation", FieldKind::kText},
};

// "Date of Birth", "date_of_birth" and "dateOfBirth" are one.
std::string bare(std::string_view name) {
  std::string out;
  for (const char c : name) {
    if (c >= 'A' && c <= 'Z') out.push_back(static_cast<char>(c - 'A' + 'a'));
    if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9')) out.push_back(c);
  }
  return out;
}

std::string_view spoken(FieldKind kind) {
  static constexpr std::array<std::string_view, 17> kSpoken = {"forename",
                                                               "middle names",
                                                               "surname",
                                                               "date of birth",
                                                               "sex",
                                                               "address",
                                                               "house number",
                                                               "postcode",
                                                               "town",
                                                               "phone",
                                                               "e-mail address",
                                                               "reference",
                                                               "other words",
                                                               "code",
                                                               "property number",
                                                               "mobile phone",
                                                               "reference of one system"};
  return kSpoken[static_cast<std::size_t>(kind)];
}

std::string_view alias_words(FieldKind kind) {
  if (kind == FieldKind::kBorn) return "with day and month swapped";
  return kind == FieldKind::kGiven || kind == FieldKind::kMiddle || kind == FieldKind::kFamily
             ? "written as a nickname"
             : "with its words in another order";
}

std::string_view close_words(FieldKind kind) {
  switch (kind) {
    case FieldKind::kBorn:
    case FieldKind::kPhone:
    case FieldKind::kMobile:
    case FieldKind::kNumber:
    case FieldKind::kReference:
      return "but for one character";
    default:
      return "but for a slip of the pen";
  }
}

std::string_view similar_words(FieldKind kind) {
  if (kind == FieldKind::kBorn) return "but for two digits";
  if (kind == FieldKind::kPostcode) return "down to the sector";
  if (kind == FieldKind::kEmail) return "up to the provider";
  return "in part: spelt or sounding alike";
}

std::string_view part_words(FieldKind kind) {
  if (kind == FieldKind::kBorn) return "in its year";
  if (kind == FieldKind::kPostcode) return "down to the district";
  if (kind == FieldKind::kEmail) return "in its provider";
  return kind == FieldKind::kGiven || kind == FieldKind::kMiddle ? "as an initial" : "in one of its words";
}

bool is_name(FieldKind kind) {
  return kind == FieldKind::kGiven || kind == FieldKind::kMiddle || kind == FieldKind::kFamily;
}

}  // namespace

std::optional<FieldKind> field_kind(std::string_view name) {
  const std::string wanted = bare(name);
  const auto found = std::find_if(kNames.begin(), kNames.end(), [&](const Named& one) { return one.name == wanted; });
  if (found == kNames.end()) return std::nullopt;
  return found->kind;
}

bool is_whole_name(std::string_view name) {
  const std::string wanted = bare(name);
  return wanted == "name" || wanted == "fullname" || wanted == "firstandsurname" || wanted == "wholename";
}

std::string_view field_name(FieldKind kind) {
  return std::find_if(kNames.begin(), kNames.end(), [&](const Named& one) { return one.kind == kind; })->name;
}

std::string level_words(FieldKind kind, Level level) {
  const std::string field(spoken(kind));
  switch (level) {
    case Level::kSame:
      return "the same " + field;
    case Level::kAlias:
      return "the same " + field + ", " + std::string(alias_words(kind));
    case Level::kClose:
      return "the same " + field + " " + std::string(close_words(kind));
    case Level::kSimilar:
      return "the same " + field + " " + std::string(similar_words(kind));
    case Level::kPart:
      return "the same " + field + " " + std::string(part_words(kind));
    case Level::kCrossed:
      return field + " found in the other record's neighbouring field";
    case Level::kDifferent:
      return "another " + field;
    case Level::kMissing:
      return field + " not supplied by both";
  }
  return field;
}

bool belongs_to_household(FieldKind kind) {
  switch (kind) {
    case FieldKind::kFamily:
    case FieldKind::kAddress:
    case FieldKind::kNumber:
    case FieldKind::kPostcode:
    case FieldKind::kTown:
    case FieldKind::kPhone:
    case FieldKind::kCode:
    case FieldKind::kProperty:
      return true;
    default:
      return false;
  }
}

bool tells_people_apart(FieldKind kind) { return !belongs_to_household(kind) && kind != FieldKind::kSex; }

std::string_view system_of_reference(std::string_view value) { return value.substr(0, value.find('\n')); }

bool same_dictionary(FieldKind a, FieldKind b) { return a == b || (is_name(a) && is_name(b)); }

}  // namespace moot
