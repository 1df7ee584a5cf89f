#include "deploy/south-and-vale/generator/person.h"

#include <array>
#include <utility>

namespace south_and_vale {
namespace {

std::string without_accents(std::string_view text) {
  static constexpr std::array<std::pair<std::string_view, char>, 11> kLetters = {{{"á", 'a'},
                                                                                  {"â", 'a'},
                                                                                  {"ç", 'c'},
                                                                                  {"é", 'e'},
                                                                                  {"è", 'e'},
                                                                                  {"ê", 'e'},
                                                                                  {"ë", 'e'},
                                                                                  {"í", 'i'},
                                                                                  {"ó", 'o'},
                                                                                  {"ï", 'i'},
                                                                                  {"ö", 'o'}}};
  std::string plain;
  while (!text.empty()) {
    bool found = false;
    for (const auto& [letter, base] : kLetters) {
      if (!text.starts_with(letter)) continue;
      plain.push_back(base);
      text.remove_prefix(letter.size());
      found = true;
      break;
    }
    if (found) continue;
    plain.push_back(text.front());
    text.remove_prefix(1);
  }
  return plain;
}

}  // namespace

Area area_of(std::string_view town) {
  if (town == "Abingdon") return Area::kAbingdon;
  if (town == "Didcot" || town == "Wallingford") return Area::kDidcotAndWallingford;
  if (town == "Wantage" || town == "Faringdon") return Area::kWantageAndFaringdon;
  return Area::kThameAndHenley;
}

std::string area_code(Area area) {
  static constexpr std::array<const char*, 4> kCodes = {"abingdon", "didcot-and-wallingford", "wantage-and-faringdon",
                                                        "thame-and-henley"};
  return kCodes[static_cast<std::size_t>(area)];
}

bool in_south_oxfordshire(std::string_view town) {
  return area_of(town) == Area::kDidcotAndWallingford || area_of(town) == Area::kThameAndHenley;
}

std::string shouted_name(const Person& person) {
  std::string family = without_accents(person.family);
  for (char& c : family)
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  return family + ", " + without_accents(person.given);
}

std::string police_reference(const Person& person) { return "TVP-N" + std::to_string(40000 + 37 * person.number); }

std::string soha_reference(const Person& person) { return "T" + std::to_string(70000 + 113 * (person.number - 1)); }

std::string sovereign_reference(const Person& person) { return "SVN" + std::to_string(512000 + 71 * person.number); }

std::string health_reference(const Person& person) { return "OH-" + std::to_string(5100 + 17 * (person.number - 1)); }

std::string turning_point_reference(const Person& person) {
  return "TPC-" + std::to_string(23000 + 41 * person.number);
}

std::string domestic_abuse_reference(const Person& person) {
  return "ODAS-C" + std::to_string(8100 + 13 * person.number);
}

}  // namespace south_and_vale
