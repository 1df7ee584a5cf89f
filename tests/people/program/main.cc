// moot_people SEED PEOPLE FOLDER: what agencies say of a made-up district, as FOLDER/records.csv; who each record truly
// speaks of, as FOLDER/truth.csv (record,person,household), apart from it.
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>

#include "tests/people/agencies.h"

namespace {

std::string cell(const std::string& text) {
  if (text.find_first_of(",\"") == std::string::npos) return text;
  std::string quoted = "\"";
  for (const char c : text) quoted += c == '"' ? std::string("\"\"") : std::string(1, c);
  return quoted + "\"";
}

}  // namespace

int main(int count, char** words) {
  if (count != 4) {
    std::cerr << "moot_people SEED PEOPLE FOLDER\n";
    return 2;
  }
  const std::uint64_t seed = std::strtoull(words[1], nullptr, 10);
  const std::filesystem::path folder = words[3];
  std::filesystem::create_directories(folder);
  const people::Names names = people::load_names();
  const people::District district = people::make_district(names, seed, std::strtoull(words[2], nullptr, 10));
  const people::AllSaid said = people::what_agencies_say(district, names, seed);
  std::ofstream records(folder / "records.csv"), truth(folder / "truth.csv");
  records
      << "record,agency,role,reference,day,call,given,middle,family,name,born,sex,address,postcode,uprn,phone,email\n";
  truth << "record,person,household\n";
  for (std::size_t i = 0; i < said.records.size(); ++i) {
    const people::Said& one = said.records[i];
    records << one.id << ',' << one.agency << ',' << one.role << ',' << one.reference << ','
            << people::iso(people::day_of(one.day)) << ',' << (one.is_call ? 1 : 0);
    for (const std::string* value : {&one.given, &one.middle, &one.family, &one.whole, &one.born, &one.sex, &one.lines,
                                     &one.postcode, &one.uprn, &one.phone, &one.email})
      records << ',' << cell(*value);
    records << '\n';
    truth << one.id << ',' << said.who[i] << ',' << district.people[said.who[i]].household << '\n';
  }
  std::cout << said.records.size() << " records of " << district.people.size() << " people, names "
            << (names.shared ? "from public lists" : "of our own") << "\n";
  return 0;
}
