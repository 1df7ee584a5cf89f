#include "consumers/linkage/normal_name.h"

#include <unicode/normalizer2.h>
#include <unicode/translit.h>
#include <unicode/uchar.h>
#include <unicode/unistr.h>

#include <algorithm>
#include <array>
#include <memory>
#include <vector>

#include "broker/core/calendar.h"

namespace moot {
namespace {

// Letters that have no decomposition, as the people who key them in without that letter write them.
const char* plain_letter(UChar32 letter) {
  switch (letter) {
    case 0x142:
      return "l";  // l with stroke
    case 0xf8:
      return "o";  // o with stroke
    case 0x111:
      return "d";  // d with stroke
    case 0xf0:
      return "d";  // eth
    case 0xfe:
      return "th";  // thorn
    case 0xe6:
      return "ae";
    case 0x153:
      return "oe";
    case 0x131:
      return "i";  // dotless i
    default:
      return nullptr;
  }
}

bool is_apostrophe(UChar32 letter) {
  return letter == '\'' || letter == '`' || letter == 0x2018 || letter == 0x2019 || letter == 0x2bc || letter == 0xb4;
}

bool is_ascii(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char letter) { return static_cast<unsigned char>(letter) < 0x80; });
}

// What fold_text makes of ASCII, without the way there and back: nearly all that is written.
std::string fold_ascii(std::string_view text) {
  std::string result;
  result.reserve(text.size() + 4);
  for (const char letter : text) {
    if (is_apostrophe(letter)) continue;
    const bool small = (letter >= 'a' && letter <= 'z') || (letter >= '0' && letter <= '9');
    if (letter >= 'A' && letter <= 'Z')
      result += static_cast<char>(letter - 'A' + 'a');
    else if (letter == ',')
      result += " , ";
    else
      result += small ? letter : ' ';
  }
  return result;
}

bool is_greek_or_cyrillic(UChar32 letter) {
  return (letter >= 0x370 && letter <= 0x52f) || (letter >= 0x1f00 && letter <= 0x1fff);
}

// By the tables of the Permanent Committee on Geographical Names where there is one; a letter and its mark apart are
// one letter to them. Where ICU was installed without its tables, names stay as they are written.
void write_in_latin(icu::UnicodeString& text) {
  thread_local const std::unique_ptr<icu::Transliterator> to_latin = [] {
    UErrorCode error = U_ZERO_ERROR;
    std::unique_ptr<icu::Transliterator> made(icu::Transliterator::createInstance(
        "NFC; Russian-Latin/BGN; Ukrainian-Latin/BGN; Greek-Latin/UNGEGN; Cyrillic-Latin; Greek-Latin; Latin-ASCII",
        UTRANS_FORWARD, error));
    return U_SUCCESS(error) ? std::move(made) : nullptr;
  }();
  if (to_latin != nullptr) to_latin->transliterate(text);
}

// Lower case words of letters and digits with single spaces; commas stay as words of their own.
std::string fold_text(std::string_view text) {
  if (is_ascii(text)) return fold_ascii(text);
  UErrorCode error = U_ZERO_ERROR;
  const icu::Normalizer2* decompose = icu::Normalizer2::getNFKDInstance(error);
  MOOT_CHECK(U_SUCCESS(error));
  icu::UnicodeString from = icu::UnicodeString::fromUTF8(icu::StringPiece(text.data(), static_cast<int>(text.size())));
  // Apostrophes go before decomposition, which turns the acute accent on its own into a space and a mark.
  icu::UnicodeString joined;
  for (int i = 0; i < from.length(); i = from.moveIndex32(i, 1))
    if (!is_apostrophe(from.char32At(i))) joined.append(from.char32At(i));
  joined.foldCase();
  const icu::UnicodeString decomposed = decompose->normalize(joined, error);
  MOOT_CHECK(U_SUCCESS(error));
  icu::UnicodeString out;
  for (int i = 0; i < decomposed.length(); i = decomposed.moveIndex32(i, 1)) {
    const UChar32 letter = decomposed.char32At(i);
    if (u_charType(letter) == U_NON_SPACING_MARK) continue;
    if (const char* plain = plain_letter(letter))
      out.append(icu::UnicodeString(plain));
    else if (u_isalnum(letter))
      out.append(letter);
    else if (letter == ',')
      out.append(icu::UnicodeString(" , "));
    else
      out.append(static_cast<UChar32>(' '));
  }
  std::string result;
  out.toUTF8String(result);
  return result;
}

std::vector<std::string> words_of(std::string_view text) {
  std::vector<std::string> words;
  std::string word;
  for (const char letter : text) {
    if (letter != ' ' && letter != '\t' && letter != '\n' && letter != '\r') {
      word.push_back(letter);
    } else if (!word.empty()) {
      words.push_back(std::move(word));
      word.clear();
    }
  }
  if (!word.empty()) words.push_back(std::move(word));
  return words;
}

std::string joined(const std::vector<std::string>& words) {
  std::string text;
  for (const std::string& word : words) text += (text.empty() ? "" : " ") + word;
  return text;
}

bool is_title(const std::string& word) {
  static constexpr std::array<std::string_view, 16> kTitles = {"mr",       "mrs",  "ms",        "miss",  "mx",  "dr",
                                                               "sir",      "dame", "lady",      "lord",  "rev", "revd",
                                                               "reverend", "prof", "professor", "master"};
  return std::find(kTitles.begin(), kTitles.end(), word) != kTitles.end();
}

void drop_titles(std::vector<std::string>& words) {
  while (!words.empty() && is_title(words.front())) words.erase(words.begin());
}

std::string written_name(const v1::Name& name) {
  return name.full().empty() ? name.given() + " " + name.family() : name.full();
}

// Forenames first; titles dropped.
std::vector<std::string> name_words(const v1::Name& name) {
  std::vector<std::string> words = words_of(fold_text(written_name(name)));
  const auto comma = std::find(words.begin(), words.end(), ",");
  if (comma != words.end()) {
    std::vector<std::string> forenames(comma + 1, words.end());
    words.erase(comma, words.end());
    std::erase(forenames, ",");
    drop_titles(forenames);
    while (!forenames.empty() && is_title(forenames.back())) forenames.pop_back();
    drop_titles(words);
    forenames.insert(forenames.end(), words.begin(), words.end());
    return forenames;
  }
  drop_titles(words);
  return words;
}

bool stands_for_nobody(const std::vector<std::string>& words) {
  static constexpr std::array<std::string_view, 13> kNobody = {
      "unknown",  "anonymous",    "anon",        "occupier", "occupant", "householder", "resident",
      "withheld", "unidentified", "undisclosed", "nobody",   "tba",      "tbc"};
  static constexpr std::array<std::string_view, 11> kWhole = {
      "not known", "not given", "not supplied", "not stated", "no name", "no name given",
      "n a",       "na",        "male",         "female",     "caller"};
  if (words.empty()) return true;
  for (const std::string& word : words)
    if (std::find(kNobody.begin(), kNobody.end(), word) != kNobody.end()) return true;
  return std::find(kWhole.begin(), kWhole.end(), joined(words)) != kWhole.end();
}

bool is_letter(char c) { return c >= 'A' && c <= 'Z'; }
bool is_digit(char c) { return c >= '0' && c <= '9'; }

}  // namespace

std::string printed_name(const v1::Name& name) {
  const std::string text = written_name(name);
  const std::size_t comma = text.find(',');
  if (comma == std::string::npos || text.find(',', comma + 1) != std::string::npos) return joined(words_of(text));
  return joined(words_of(text.substr(comma + 1) + " " + text.substr(0, comma)));
}

std::string normal_name(const v1::Name& name) {
  const std::vector<std::string> words = name_words(name);
  if (stands_for_nobody(words)) return {};
  const auto whole = std::count_if(words.begin(), words.end(), [](const std::string& word) { return word.size() > 1; });
  return whole >= 2 ? joined(words) : std::string();
}

bool names_nobody(const v1::Name& name) { return stands_for_nobody(name_words(name)); }

std::string folded_words(std::string_view text) {
  std::vector<std::string> words = words_of(fold_text(text));
  std::erase(words, ",");
  return joined(words);
}

std::string in_latin_letters(std::string_view text) {
  if (is_ascii(text)) return std::string(text);
  icu::UnicodeString letters =
      icu::UnicodeString::fromUTF8(icu::StringPiece(text.data(), static_cast<int>(text.size())));
  bool other = false;
  for (int i = 0; i < letters.length(); i = letters.moveIndex32(i, 1))
    other = other || is_greek_or_cyrillic(letters.char32At(i));
  if (!other) return std::string(text);
  write_in_latin(letters);
  std::string result;
  letters.toUTF8String(result);
  return result;
}

std::string normal_postcode(std::string_view text) {
  std::string code;
  for (const char c : text) {
    if (c >= 'a' && c <= 'z')
      code.push_back(static_cast<char>(c - 'a' + 'A'));
    else if (is_letter(c) || is_digit(c))
      code.push_back(c);
    else if (c != ' ' && c != '\t')
      return {};
  }
  if (code.size() < 5 || code.size() > 7 || !is_letter(code[0])) return {};
  const std::string inward = code.substr(code.size() - 3);
  if (!is_digit(inward[0]) || !is_letter(inward[1]) || !is_letter(inward[2])) return {};
  const std::string outward = code.substr(0, code.size() - 3);
  if (std::none_of(outward.begin(), outward.end(), is_digit)) return {};
  return outward.starts_with("ZZ99") ? std::string() : code;
}

std::string linking_birth_date(std::string_view born, Instant seen) {
  const Result<Date> date = parse_date(born);
  if (!date.ok()) return {};
  if (*date == Date{1900, 1, 1} || *date == Date{1901, 1, 1}) return {};
  // London is never behind UTC: only a birth date of the day after the UTC day needs the calendar.
  const std::int64_t utc_day = seen.us / (24 * kHourUs);
  const std::int64_t born_day = days_since_epoch(*date);
  if (born_day > utc_day && (born_day > utc_day + 1 || *date > local_date(seen))) return {};
  return to_iso(*date);
}

}  // namespace moot
