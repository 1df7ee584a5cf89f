#include "consumers/linkage/person_values.h"

#include <algorithm>
#include <array>

#include "consumers/linkage/normal_name.h"

namespace moot {
namespace {

using Words = std::vector<std::string>;

Words words_of(std::string_view folded) {
  Words words;
  while (!folded.empty()) {
    const std::string_view one = folded.substr(0, folded.find(' '));
    folded.remove_prefix(std::min(folded.size(), one.size() + 1));
    if (!one.empty()) words.emplace_back(one);
  }
  return words;
}

std::string joined(const Words& words) {
  std::string text;
  for (const std::string& word : words) text += (text.empty() ? "" : " ") + word;
  return text;
}

template <std::size_t N>
bool is_one_of(const std::array<std::string_view, N>& list, std::string_view word) {
  return std::find(list.begin(), list.end(), word) != list.end();
}

// What stands beside a name and is none: titles, ranks, letters after the name.
bool is_no_name(std::string_view word) {
  static constexpr std::array<std::string_view, 45> kNoNames = {
      "mr",   "mrs",    "ms",       "miss",   "mx",       "dr",        "sir",   "dame",    "lady",
      "lord", "rev",    "revd",     "hon",    "prof",     "master",    "baron", "baronet", "viscount",
      "earl", "duke",   "marquess", "bt",     "esq",      "co",        "jr",    "jnr",     "sr",
      "snr",  "junior", "senior",   "of",     "the",      "professor", "count", "unknown", "na",
      "none", "null",   "male",     "female", "occupier", "person",    "child", "baby",    "anonymous"};
  if (is_one_of(kNoNames, word)) return true;
  const bool ordinal = word.size() >= 3 && word[0] >= '0' && word[0] <= '9';
  return ordinal && (word.ends_with("st") || word.ends_with("nd") || word.ends_with("rd") || word.ends_with("th"));
}

Words name_words(std::string_view written) {
  Words words = words_of(folded_words(in_latin_letters(written)));
  const std::array<std::string, 2> care_of = {"c", "o"};
  if (const auto found = std::search(words.begin(), words.end(), care_of.begin(), care_of.end()); found != words.end())
    words.erase(found, found + 2);
  std::erase_if(words, is_no_name);
  return words;
}

bool says_nothing(std::string_view folded) {
  static constexpr std::array<std::string_view, 22> kNothing = {
      "",        "unknown", "not known", "not given",      "not supplied", "not stated",  "n a",
      "na",      "none",    "nfa",       "null",           "nan",          "withheld",    "no fixed address",
      "tbc",     "tba",     "undefined", "no fixed abode", "c o",          "no location", "refused",
      "occupier"};
  return is_one_of(kNothing, folded) || folded.starts_with("no fixed abode") || folded.starts_with("unknown ");
}

std::string digits_of(std::string_view text) {
  std::string digits;
  for (const char c : text)
    if (c >= '0' && c <= '9') digits.push_back(c);
  return digits;
}

// "1971-03-14", "19710314", "14/03/1971", "1971-03" or "1971" as "19710314", "197103??", "1971????".
std::string normal_date(std::string_view written) {
  std::vector<std::string> parts(1);
  for (const char c : written) {
    if (c >= '0' && c <= '9')
      parts.back().push_back(c);
    else if (c == 'T')
      break;
    else if (!parts.back().empty())
      parts.emplace_back();
  }
  if (parts.back().empty()) parts.pop_back();
  if (parts.empty() || parts.size() > 3) return {};
  for (std::string& part : parts)
    if (part.size() == 1) part.insert(part.begin(), '0');
  std::string digits;
  if (parts.size() == 3 && parts[0].size() <= 2 && parts[2].size() == 4)
    digits = parts[2] + parts[1] + parts[0];
  else
    for (const std::string& part : parts) digits += part;
  if (digits.size() < 4 || digits.size() > 8) return {};
  digits.resize(8, '?');
  static constexpr std::array<std::string_view, 6> kPlaceholders = {"19000101", "19010101", "00000000",
                                                                    "99999999", "11111111", "1900????"};
  return is_one_of(kPlaceholders, digits) || digits.starts_with("0000") ? std::string() : digits;
}

// Of the national number: a helpline, a switchboard, an emergency number. Ofcom's plan keeps 03, 05, 08 and 09 for
// them, so that nobody lives at one.
bool is_nobodys(std::string_view number) {
  if (number.starts_with("800") || number.starts_with("808") || number.starts_with("500")) return true;
  return number.size() == 10 &&
         (number[0] == '3' || number[0] == '9' || number.starts_with("84") || number.starts_with("87"));
}

std::string normal_phone(std::string_view written) {
  std::string digits = digits_of(written);
  if (digits.size() == 6 && digits.starts_with("116")) return {};  // the European helplines
  const bool british = digits.starts_with("0") || digits.starts_with("44");
  if (digits.starts_with("0044")) digits.erase(0, 4);
  if (digits.starts_with("44") && digits.size() >= 12) digits.erase(0, 2);
  if (digits.starts_with("0")) digits.erase(0, 1);
  const bool one_digit = digits.find_first_not_of(digits.empty() ? '0' : digits[0]) == std::string::npos;
  return digits.size() < 6 || one_digit || (british && is_nobodys(digits)) ? std::string() : digits;
}

std::string normal_email(std::string_view written) {
  std::string text;
  for (const char c : written)
    if (c != ' ' && c != '\t') text.push_back(c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c);
  static constexpr std::array<std::string_view, 8> kNobody = {"noreply@", "no-reply@", "info@", "none@",
                                                              "unknown@", "nobody@",   "test@", "enquiries@"};
  for (const std::string_view name : kNobody)
    if (text.starts_with(name)) return {};
  return text.find('@') == std::string::npos && text.size() < 6 ? std::string() : text;
}

// Letters and digits only.
std::string bare_text(std::string_view written) {
  std::string text = folded_words(written);
  std::erase(text, ' ');
  const bool one_letter = text.find_first_not_of(text.empty() ? '0' : text[0]) == std::string::npos;
  return text.size() > 2 && one_letter ? std::string() : text;
}

std::string normal_code_of_place(std::string_view written) {
  const std::string british = normal_postcode(written);
  if (!british.empty()) return british;
  const std::string other = bare_text(written);
  return other.starts_with("zz99") || says_nothing(folded_words(written)) ? std::string() : other;
}

}  // namespace

// Ofcom's plan keeps 07 for them, but for 070 (numbers that follow somebody) and 076 (pagers). One digit may be missing
// or too many.
bool is_mobile(std::string_view normal_phone) {
  return normal_phone.size() >= 9 && normal_phone.size() <= 11 && normal_phone[0] == '7' && normal_phone[1] != '0' &&
         (normal_phone[1] != '6' || normal_phone.starts_with("7624"));
}

bool is_home_of_many(std::string_view lines) {
  static constexpr std::array<std::string_view, 6> kWords = {"hostel", "hostels",      "hmp",
                                                             "hmyoi",  "nightshelter", "foyer"};
  const Words words = words_of(folded_words(lines));
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (is_one_of(kWords, words[i])) return true;
    if (i > 0 && words[i] == "shelter" && words[i - 1] == "night") return true;
  }
  return false;
}

std::string normal_value(FieldKind kind, std::string_view written) {
  switch (kind) {
    case FieldKind::kBorn:
      return normal_date(written);
    case FieldKind::kPhone:
    case FieldKind::kMobile:
      return normal_phone(written);
    case FieldKind::kEmail:
      return normal_email(written);
    case FieldKind::kPostcode:
      return normal_code_of_place(written);
    case FieldKind::kProperty:
      return digits_of(written);
    case FieldKind::kReference:
    case FieldKind::kNumber:
      return says_nothing(folded_words(written)) ? std::string() : bare_text(written);
    case FieldKind::kGiven:
    case FieldKind::kMiddle:
    case FieldKind::kFamily:
      return joined(name_words(written));
    default: {
      const std::string folded = folded_words(written);
      return says_nothing(folded) ? std::string() : folded;
    }
  }
}

NameParts name_parts(std::string_view given, std::string_view family, std::string_view whole) {
  Words forenames = name_words(given);
  Words surname = name_words(family);
  Words all;
  if (const std::size_t comma = whole.find(','); comma != std::string_view::npos) {
    // "EXAMPLE, Casey"; after a comma without a name there was a rank only: "casey example, 1st baronet".
    all = name_words(whole.substr(comma + 1));
    const Words before = name_words(whole.substr(0, comma));
    if (all.empty() && before.size() == 1 && surname.empty()) surname = before;  // "EXAMPLE, unknown"
    all.insert(all.end(), before.begin(), before.end());
  } else {
    all = name_words(whole);
  }
  for (const Words* known : {&forenames, &surname})
    for (const std::string& word : *known)
      if (const auto same = std::find(all.begin(), all.end(), word); same != all.end()) all.erase(same);
  if (surname.empty() && all.size() + forenames.size() > 1 && !all.empty()) {
    surname.push_back(all.back());
    all.pop_back();
  }
  NameParts parts;
  if (forenames.empty() && !all.empty()) {
    forenames.push_back(all.front());
    all.erase(all.begin());
  }
  if (!forenames.empty()) {
    parts.given = forenames.front();
    all.insert(all.begin(), forenames.begin() + 1, forenames.end());
  }
  parts.middle = joined(all);
  parts.family = joined(surname);
  return parts;
}

}  // namespace moot
