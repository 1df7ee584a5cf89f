#include "tests/people/names.h"

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <map>
#include <set>
#include <sstream>

namespace people {
namespace {

// Our own: usual first.
constexpr const char* kWomen[] = {"Margaret", "Susan",    "Sarah",   "Emma",      "Elizabeth", "Claire",
                                  "Karen",    "Julie",    "Helen",   "Rebecca",   "Laura",     "Nicola",
                                  "Amanda",   "Rachel",   "Hannah",  "Amy",       "Gemma",     "Zoe",
                                  "Olivia",   "Chloe",    "Priya",   "Fatima",    "Aisha",     "Agnieszka",
                                  "Bronwen",  "Perpetua", "Ottilie", "Clothilde", "Euphemia",  "Drusilla"};
constexpr const char* kMen[] = {
    "David",  "John",    "Michael", "Paul",    "James",   "Andrew",   "Peter",   "Robert",  "Stephen",  "Daniel",
    "Thomas", "William", "Kevin",   "Matthew", "Anthony", "Jack",     "Liam",    "Ryan",    "Callum",   "Mohammed",
    "Imran",  "Raj",     "Piotr",   "Tomasz",  "Gethin",  "Barnabas", "Leofric", "Odalric", "Ignatius", "Peregrine"};
constexpr const char* kStarts[] = {"Fict",  "Exam",  "Inven", "Made",  "Prete", "Suppo", "Imagi",
                                   "Nowhe", "Stor",  "Myth",  "Fabl",  "Testi", "Sampl", "Mock",
                                   "Dumm",  "Place", "Hypo",  "Parab", "Legen", "Charad"};
constexpr const char* kEnds[] = {"ton",   "ham",   "ley",   "well", "ford", "by", "wick", "more",
                                 "stead", "worth", "field", "man",  "son",  "er", "ridge"};
constexpr const char* kStreets[] = {"Acorn",   "Bramble",     "Cedar",   "Dovecote", "Elder",   "Fallow",
                                    "Gorse",   "Hazel",       "Ivy",     "Juniper",  "Kestrel", "Larch",
                                    "Meadow",  "Nightingale", "Orchard", "Poplar",   "Quarry",  "Rowan",
                                    "Saffron", "Thistle",     "Upland",  "Violet",   "Willow",  "Yarrow"};
constexpr const char* kKinds[] = {"Road", "Close", "Street", "Avenue", "Lane", "Way", "Crescent", "Gardens"};
const std::vector<std::pair<std::string, std::vector<std::string>>> kNicknames = {
    {"amanda", {"mandy"}},
    {"andrew", {"andy", "drew"}},
    {"anthony", {"tony"}},
    {"daniel", {"dan", "danny"}},
    {"david", {"dave"}},
    {"elizabeth", {"liz", "beth", "betty"}},
    {"james", {"jim", "jamie"}},
    {"john", {"jack", "johnny"}},
    {"margaret", {"maggie", "peggy"}},
    {"matthew", {"matt"}},
    {"michael", {"mike", "mick"}},
    {"nicola", {"nicky"}},
    {"peter", {"pete"}},
    {"rachel", {"rach"}},
    {"rebecca", {"becky"}},
    {"robert", {"bob", "rob", "bobby"}},
    {"stephen", {"steve"}},
    {"susan", {"sue"}},
    {"thomas", {"tom", "tommy"}},
    {"william", {"bill", "will", "billy"}}};

std::vector<std::vector<std::string>> rows_of(const std::string& file) {
  std::vector<std::vector<std::string>> rows;
  std::ifstream in(file);
  std::string line;
  while (std::getline(in, line)) {
    std::vector<std::string> cells;
    std::istringstream words(line);
    std::string cell;
    while (std::getline(words, cell, ','))
      cells.push_back(cell.ends_with('\r') ? cell.substr(0, cell.size() - 1) : cell);
    rows.push_back(std::move(cells));
  }
  return rows;
}

std::string titled(std::string name) {
  for (std::size_t i = 0; i < name.size(); ++i) {
    const bool first = i == 0 || name[i - 1] == '-' || name[i - 1] == '\'' || name[i - 1] == ' ';
    const auto c = static_cast<unsigned char>(name[i]);
    name[i] = static_cast<char>(first ? std::toupper(c) : std::tolower(c));
  }
  return name;
}

// The hundred most given names of the years in which today's adults were born, and of 2020 for children.
bool take_shared_forenames(const std::string& folder, Names& names) {
  std::map<std::pair<std::string, std::string>, double> weights;
  for (const auto& row : rows_of(folder + "/ew_historic_top100_names_1904-2020.csv"))
    if (row.size() == 4 && row[1] >= "1934" && row[2] != "rank")
      weights[{row[3], titled(row[0])}] += 1.0 / (3 + std::strtod(row[2].c_str(), nullptr));
  for (const auto& row : rows_of(folder + "/ons_baby_names_ew_2020.csv"))
    if (row.size() == 4 && row[1] != "rank" && weights.size() > 10)
      weights[{row[0], titled(row[2])}] += std::strtod(row[3].c_str(), nullptr) / 100'000;
  for (const auto& [key, weight] : weights) (key.first == "M" ? names.men : names.women).add(key.second, weight);
  return names.men.size() > 50 && names.women.size() > 50;
}

bool take_shared_surnames(const std::string& folder, Names& names) {
  std::map<std::string, double> weights;
  for (const auto& row : rows_of(folder + "/uk_surnames_list.txt"))
    if (!row.empty() && row[0].size() > 1) weights[titled(row[0])] += 1;
  for (const auto& row : rows_of(folder + "/derived_surname_freq_wikidata_uk.csv"))
    if (row.size() == 2 && row[0] != "surname" && row[0] != "baronet" && row[0].size() > 1)
      weights[titled(row[0])] += 2 * std::strtod(row[1].c_str(), nullptr);
  int rank = 0;
  for (const auto& row : rows_of(folder + "/gb_common_surnames_cc0.csv"))
    if (row.size() > 4 && row[0] == "GB") weights[titled(row[4])] += 400.0 / (3 + ++rank);
  for (const auto& [name, weight] : weights) names.surnames.add(name, weight);
  return names.surnames.size() > 200;
}

bool take_shared(Names& names) {
  const char* shared = std::getenv("MOOT_SHARED");
  if (shared == nullptr) return false;
  const std::string folder = std::string(shared) + "/data/uk";
  if (!take_shared_forenames(folder, names) || !take_shared_surnames(folder, names)) return false;
  std::set<std::string> streets;
  for (const auto& row : rows_of(folder + "/derived_oxfordshire_streets.csv"))
    if (row.size() > 2 && row[0] != "district" && row[1].find(' ') != std::string::npos &&
        std::all_of(row[1].begin(), row[1].end(), [](char c) { return static_cast<unsigned char>(c) < 0x80; }))
      streets.insert(row[1]);
  names.streets.assign(streets.begin(), streets.end());
  for (const auto& row : rows_of(folder + "/derived_postcodes_ox_rg_sn_hp.txt"))
    if (!row.empty()) names.postcodes.push_back(row[0]);
  std::map<std::string, std::vector<std::string>> nicknames;
  for (const auto& row : rows_of(folder + "/nicknames.csv"))
    if (row.size() == 3 && row[1] == "has_nickname") nicknames[row[0]].push_back(row[2]);
  names.nicknames.assign(nicknames.begin(), nicknames.end());
  return names.streets.size() > 100 && names.postcodes.size() > 100;
}

void take_own(Names& names) {
  double weight = 30;
  for (const char* name : kWomen) names.women.add(name, weight--);
  weight = 30;
  for (const char* name : kMen) names.men.add(name, weight--);
  weight = 1;
  for (const char* start : kStarts)
    for (const char* end : kEnds) names.surnames.add(std::string(start) + end, 1 / (4 + weight++));
  for (const char* street : kStreets)
    for (const char* kind : kKinds) names.streets.push_back(std::string(street) + " " + kind);
  for (const char* district : {"ZX1", "ZX2", "ZX3", "ZX4", "ZX11", "ZX12"})
    for (int sector = 0; sector < 10; ++sector)
      for (const char* unit :
           {"AA", "BQ", "DX", "EH", "GT", "HR", "JN", "LU", "NW", "PF", "QS", "SB", "TD", "WL", "XY"})
        names.postcodes.push_back(std::string(district) + " " + std::to_string(sector) + unit);
  names.nicknames = kNicknames;
}

}  // namespace

void WeightedNames::add(std::string name, double weight) {
  // Slips of the pen are made byte by byte.
  if (std::any_of(name.begin(), name.end(),
                  [](char c) { return static_cast<unsigned char>(c) >= 0x80 || c == '(' || c == ')'; }))
    return;
  names_.push_back(std::move(name));
  sums_.push_back((sums_.empty() ? 0 : sums_.back()) + weight);
}

const std::string& WeightedNames::draw(Draw& chance) const {
  const double at = chance.share() * sums_.back();
  const auto place = std::upper_bound(sums_.begin(), sums_.end(), at);
  return names_[std::min(static_cast<std::size_t>(place - sums_.begin()), names_.size() - 1)];
}

const std::vector<std::string>* Names::nicknames_of(const std::string& given) const {
  std::string small = given;
  for (char& c : small) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  const auto found = std::lower_bound(nicknames.begin(), nicknames.end(), small,
                                      [](const auto& entry, const std::string& name) { return entry.first < name; });
  return found != nicknames.end() && found->first == small ? &found->second : nullptr;
}

Names load_names() {
  Names names;
  names.shared = take_shared(names);
  if (names.shared) return names;
  names = Names();
  take_own(names);
  return names;
}

}  // namespace people
