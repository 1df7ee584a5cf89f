// A month as the police publish it for everybody: no names, a place only near, a month only; anti-social behaviour has
// no number at all, and two rows can be alike without being one.
#include <array>

#include "deploy/south-and-vale/generator/agency_files.h"
#include "deploy/south-and-vale/generator/csv_file.h"

namespace south_and_vale {
namespace {

constexpr std::array<const char*, 8> kCrimes = {"Violence and sexual offences",
                                                "Criminal damage and arson",
                                                "Burglary",
                                                "Vehicle crime",
                                                "Shoplifting",
                                                "Drugs",
                                                "Public order",
                                                "Other theft"};
constexpr std::array<const char*, 3> kOutcomes = {"Under investigation", "Unable to prosecute suspect",
                                                  "Investigation complete; no suspect identified"};

std::string number_of_crime(Random& random) {
  static constexpr std::string_view kDigits = "0123456789abcdef";
  std::string number;
  for (int i = 0; i < 64; ++i) number.push_back(random.pick(kDigits));
  return number;
}

CsvFile::Cells row(Random& random, const std::string& month) {
  const bool nameless = random.chance(35);
  const bool nowhere = random.chance(3);
  const int area = random.below(7);
  const std::string district = area < 4 ? "South Oxfordshire" : "Vale of White Horse";
  CsvFile::Cells cells = {nameless ? "" : number_of_crime(random), month, "Thames Valley Police",
                          "Thames Valley Police"};
  if (nowhere) {
    cells.insert(cells.end(), {"", "", "No Location", "", ""});
  } else {
    cells.push_back("-1." + padded(150000 + 40000 * area + random.below(40) * 211, 6));
    cells.push_back("51." + padded(580000 + 12000 * area + random.below(40) * 173, 6));
    cells.push_back("On or near " + std::string(random.pick(streets())));
    cells.push_back("E0199900" + std::to_string(area + 1));
    cells.push_back(district + " 099" + std::string(1, static_cast<char>('A' + area)));
  }
  cells.push_back(nameless ? "Anti-social behaviour" : random.pick(kCrimes));
  cells.push_back(nameless ? "" : random.pick(kOutcomes));
  cells.push_back("");
  return cells;
}

}  // namespace

void write_street_crime(const Folder& out) {
  Random random("street crime");
  for (int index = 22; index < kMonths; ++index) {
    const Moment first = month_start(index);
    const std::string month = year_month(first);
    CsvFile file({}, {"Crime ID", "Month", "Reported by", "Falls within", "Longitude", "Latitude", "Location",
                      "LSOA code", "LSOA name", "Crime type", "Last outcome category", "Context"});
    for (int i = 0; i < 60; ++i) {
      const CsvFile::Cells cells = row(random, month);
      file.add(first, cells);
      if (cells.front().empty() && random.chance(10)) file.add(first, cells);
    }
    file.write(out / "street-crime" / (month + "-thames-valley-street.csv"));
  }
}

}  // namespace south_and_vale
