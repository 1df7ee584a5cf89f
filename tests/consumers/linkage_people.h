// People made up for tests of linkage: households of several, twins, fathers and sons of one name, and records of them
// with slips, nicknames and gaps. Seeded: the same every time. Thread: a value.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "consumers/linkage/person_values.h"
#include "consumers/linkage/record_table.h"

namespace moot::test {

struct MadeUpRecord {
  std::string key;
  std::uint32_t person = 0;
  std::uint32_t household = 0;
  std::array<std::string, 6> cells;  // given, family, born, address, postcode, phone
};

class MadeUpPeople {
 public:
  explicit MadeUpPeople(std::uint64_t seed) : random_(seed) {}

  std::vector<MadeUpRecord> records(std::uint32_t households) {
    std::vector<MadeUpRecord> all;
    for (std::uint32_t household = 0; household < households; ++household) add_household(household, all);
    std::shuffle(all.begin(), all.end(), random_);
    return all;
  }

 private:
  using Cells = std::array<std::string, 6>;

  std::size_t below(std::size_t limit) { return static_cast<std::size_t>(random_() % limit); }
  bool chance(double share) { return static_cast<double>(random_() % 100'000) < share * 100'000; }

  template <std::size_t N>
  std::string one_of(const std::array<const char*, N>& list) {
    // The first of a list are the usual ones.
    return list[std::min(below(N), below(N))];
  }

  std::string date(int from, int to) {
    const auto two = [](std::size_t number) { return (number < 10 ? "0" : "") + std::to_string(number); };
    return std::to_string(from + static_cast<int>(below(static_cast<std::size_t>(to - from)))) + "-" +
           two(1 + below(12)) + "-" + two(1 + below(28));
  }

  std::string surname() {
    static constexpr std::array<const char*, 12> kFirst = {"Exam",  "Fict",  "Sampl", "Imag",  "Inven", "Nowhe",
                                                           "Pretn", "Suppo", "Testi", "Storb", "Fabl",  "Mythe"};
    static constexpr std::array<const char*, 10> kLast = {"ton", "ham",  "ley",  "well",  "ford",
                                                          "by",  "wick", "more", "stead", "worth"};
    static constexpr std::array<const char*, 5> kMiddle = {"", "er", "ing", "ul", "an"};
    return one_of(kFirst) + one_of(kMiddle) + one_of(kLast);
  }

  std::string forename() {
    static constexpr std::array<const char*, 40> kNames = {
        "Robert",  "Margaret",  "William", "Elizabeth", "James",  "Susan",    "David",     "Patricia",
        "Michael", "Christine", "Thomas",  "Katherine", "Daniel", "Jennifer", "Joseph",    "Amanda",
        "Andrew",  "Rebecca",   "Peter",   "Victoria",  "Callum", "Zainab",   "Oluwaseun", "Priya",
        "Declan",  "Niamh",     "Mateusz", "Agnieszka", "Hamza",  "Yusuf",    "Rhys",      "Cerys",
        "Angus",   "Isla",      "Leon",    "Chloe",     "Aaron",  "Megan",    "Gareth",    "Bethan"};
    return one_of(kNames);
  }

  void add_household(std::uint32_t household, std::vector<MadeUpRecord>& all) {
    static constexpr std::array<const char*, 8> kRoads = {"Street", "Road",  "Lane", "Close",
                                                          "Avenue", "Drive", "Way",  "Green"};
    Cells shared;
    shared[1] = surname();
    shared[3] = std::to_string(1 + below(150)) + " " + surname() + " " + one_of(kRoads);
    shared[4] = "ZX" + std::to_string(1 + below(40)) + " " + std::to_string(1 + below(9)) + "QZ";
    shared[4].back() = static_cast<char>('A' + below(26));
    shared[5] = "01632 " + std::to_string(100'000 + below(900'000));
    const std::size_t members = 1 + below(4);
    Cells before = shared;
    for (std::size_t member = 0; member < members; ++member) {
      Cells person = shared;
      person[0] = forename();
      while (person[0] == before[0]) person[0] = forename();
      person[2] = member < 2 ? date(1940, 1990) : date(1990, 2015);
      if (member == 3 && chance(.1)) person[2] = before[2];   // twins
      if (member == 2 && chance(.03)) person[0] = before[0];  // a child of a parent's name
      if (chance(.5)) person[5] = "07700 " + std::to_string(100'000 + below(900'000));
      before = person;
      add_records(static_cast<std::uint32_t>(household * 8 + member), household, person, all);
    }
  }

  void add_records(std::uint32_t person, std::uint32_t household, const Cells& cells, std::vector<MadeUpRecord>& all) {
    const std::size_t count = 1 + below(5);
    for (std::size_t i = 0; i < count; ++i) {
      MadeUpRecord record{"r" + std::to_string(random_()), person, household, cells};
      for (std::size_t field = 0; field < cells.size(); ++field) {
        if (chance(field == 5 ? .4 : field >= 2 ? .12 : .01)) record.cells[field].clear();
        if (chance(.04)) slip(record.cells[field]);
      }
      if (chance(.08)) nickname(record.cells[0]);
      if (chance(.01)) std::swap(record.cells[0], record.cells[1]);
      all.push_back(std::move(record));
    }
  }

  void nickname(std::string& name) {
    static const std::pair<const char*, const char*> kShort[] = {
        {"Robert", "Bob"},     {"Margaret", "Peggy"}, {"William", "Bill"},  {"Thomas", "Tom"},
        {"Katherine", "Kate"}, {"Michael", "Mick"},   {"Rebecca", "Becky"}, {"Elizabeth", "Liz"}};
    for (const auto& [full, nick] : kShort)
      if (name == full) name = nick;
  }

  void slip(std::string& cell) {
    if (cell.size() < 3) return;
    const std::size_t place = 1 + below(cell.size() - 2);
    const bool digit = cell[place] >= '0' && cell[place] <= '9';
    switch (below(3)) {
      case 0:
        cell[place] = digit ? static_cast<char>('0' + below(10)) : static_cast<char>('a' + below(26));
        break;
      case 1:
        if (!digit) cell.erase(place, 1);
        break;
      default:
        if (!digit || (cell[place + 1] >= '0' && cell[place + 1] <= '9')) std::swap(cell[place], cell[place + 1]);
    }
  }

  std::mt19937_64 random_;
};

inline std::unique_ptr<RecordTable> table_of(const std::vector<MadeUpRecord>& records) {
  const std::pair<FieldKind, std::string> fields[] = {
      {FieldKind::kGiven, "given"},     {FieldKind::kFamily, "family"},     {FieldKind::kBorn, "born"},
      {FieldKind::kAddress, "address"}, {FieldKind::kPostcode, "postcode"}, {FieldKind::kPhone, "phone"}};
  auto table = std::make_unique<RecordTable>(fields);
  for (const MadeUpRecord& record : records) {
    std::vector<std::string> values;
    for (std::size_t f = 0; f < record.cells.size(); ++f)
      values.push_back(normal_value(fields[f].first, record.cells[f]));
    table->add(record.key, values);
  }
  return table;
}

}  // namespace moot::test
