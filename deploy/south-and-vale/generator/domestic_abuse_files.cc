// The domestic abuse service: calls to its helpline, without anybody's name, and referrals to outreach and to the
// advisors for victims at high risk. All of the county and West Berkshire; the counts of 2020-21, and of calls also
// those of the year before, are the published ones.
#include <algorithm>
#include <array>
#include <map>

#include "deploy/south-and-vale/generator/agency_files.h"
#include "deploy/south-and-vale/generator/csv_file.h"
#include "deploy/south-and-vale/generator/fields.h"

namespace south_and_vale {
namespace {

constexpr const char* kSouth = "South Oxfordshire";
constexpr const char* kVale = "Vale of White Horse";

struct Share {
  const char* name;
  int count;
};
using Shares = std::vector<Share>;

// Calls by where the caller lives. 312 of 1,892 and 406 of 1,757 are of South Oxfordshire and Vale of White Horse.
const std::array<Shares, 2> kCalls = {{
    {{kSouth, 170},
     {kVale, 142},
     {"Oxford", 612},
     {"Cherwell", 401},
     {"West Oxfordshire", 248},
     {"West Berkshire", 196},
     {"Not known", 123}},
    {{kSouth, 221},
     {kVale, 185},
     {"Oxford", 538},
     {"Cherwell", 342},
     {"West Oxfordshire", 204},
     {"West Berkshire", 168},
     {"Not known", 99}},
}};
const std::array<Shares, 2> kOutreach = {{
    {{kSouth, 39}, {kVale, 36}, {"Oxford", 74}, {"Cherwell", 41}, {"West Oxfordshire", 27}},
    {{kSouth, 45}, {kVale, 40}, {"Oxford", 78}, {"Cherwell", 43}, {"West Oxfordshire", 26}},
}};
const std::array<Shares, 2> kAdvisors = {{
    {{kSouth, 29}, {kVale, 41}},
    {{kSouth, 31}, {kVale, 49}},
}};

// Clients who agreed that the service may name them to the meeting: person | service | received | source of referral
constexpr const char* kNamed[] = {
    "carys|OUT|2019-05-21|Police",  "tamsin|OUT|2019-08-14|Self",     "amara|IDVA|2019-11-20|Self",
    "lena|OUT|2019-12-09|GP",       "helena|OUT|2020-03-10|Police",   "amara|OUT|2020-04-30|Self",
    "carys|IDVA|2020-07-21|Police", "helena|IDVA|2020-11-18|Self",    "noor|OUT|2020-11-26|Self",
    "judith|OUT|2020-11-30|Police", "lena|IDVA|2020-12-15|Self",      "noor|IDVA|2021-02-17|Police",
    "helena|IDVA|2021-03-17|Self",  "judith|IDVA|2021-03-05|Council",
};

std::vector<std::string> spread(const Shares& shares, Random& random) {
  std::vector<std::string> all;
  for (const Share& share : shares) all.insert(all.end(), static_cast<std::size_t>(share.count), share.name);
  random.shuffle(all);
  return all;
}

Moment some_time(Random& random, int year) {
  const int days = year % 4 == 3 ? 366 : 365;  // April to March: the leap day is that of the next year
  return random.time_of(random.day_from(at(year, 4, 1), days), 9, 21);
}

std::string gender(Random& random) {
  const int roll = random.below(1000);
  return roll < 900 ? "F" : roll < 982 ? "M" : "";
}

// Two callers in three say how old they are; most of these are 35 to 49.
std::string age_band(Random& random) {
  const int roll = random.below(100);
  return roll < 7    ? "16-24"
         : roll < 24 ? "25-34"
         : roll < 50 ? "35-49"
         : roll < 61 ? "50-64"
         : roll < 66 ? "65+"
                     : "Not disclosed";
}

}  // namespace

// The first local call of 2020-21 came at half past midnight on 1 April, which by Greenwich is still the year before.
void write_helpline(const Folder& out) {
  for (int year = 2019; year <= 2020; ++year) {
    Random random("helpline " + std::to_string(year));
    std::multimap<Moment, std::string> calls;
    bool at_the_turn = year == 2020;
    for (const std::string& district : spread(kCalls[static_cast<std::size_t>(year - 2019)], random)) {
      const bool first = at_the_turn && district == kSouth;
      calls.emplace(first ? at(year, 4, 1, 0, 30) : some_time(random, year), district);
      if (first) at_the_turn = false;
    }
    CsvFile file({'\t', "\r\n"}, {"Call", "Began", "Entered", "District", "Gender", "Age band"});
    for (const auto& [began, district] : calls)
      file.add(began, {"H" + padded(year % 100, 2) + "-" + padded(static_cast<std::int64_t>(file.size()) + 1, 5),
                       slashed(began), slashed(plus_minutes(began, random.between(10, 55))), district, gender(random),
                       age_band(random)});
    file.write(out / "odas" / ("helpline-" + financial_year_name(year) + ".tsv"));
  }
}

void write_domestic_abuse_referrals(const Cast& cast, const Folder& out) {
  static constexpr std::array<const char*, 6> kSources = {"Self", "Self", "Self", "Police", "GP", "Council"};
  for (int year = 2019; year <= 2020; ++year) {
    Random random("domestic abuse referrals " + std::to_string(year));
    const auto index = static_cast<std::size_t>(year - 2019);
    const Moment year_end = at(year + 1, 3, 31, 23, 30);  // the service's own figures are ready with the year
    CsvFile file({';', "\r\n", true}, {"Ref", "Received", "Entered", "Service", "Step", "Source", "District",
                                       "Consent to share", "Client ref", "Forename", "Surname", "Born", "Postcode"});
    const auto add = [&](const std::string& service, Moment received, const std::string& source,
                         const std::string& district, const Person* client) {
      CsvFile::Cells cells = {"D" + padded(year % 100, 2) + padded(static_cast<std::int64_t>(file.size()) + 1, 4),
                              slashed(received),
                              slashed(std::min(plus_minutes(received, random.between(30, 2800)), year_end)),
                              service,
                              "NEW",
                              source,
                              district,
                              client == nullptr ? "No" : "Yes"};
      if (client == nullptr)
        cells.insert(cells.end(), 5, "");
      else
        for (const std::string& cell : {domestic_abuse_reference(*client), client->given, client->family,
                                        slashed_day(client->born), client->postcode})
          cells.push_back(cell);
      file.add(received, std::move(cells));
    };
    std::map<std::string, std::vector<std::string>> districts = {{"OUT", spread(kOutreach[index], random)},
                                                                 {"IDVA", spread(kAdvisors[index], random)}};
    for (const char* row : kNamed) {
      const auto cells = fields(row, 4);
      if (financial_year(moment(cells[2])) != year) continue;
      const Person& client = cast[cells[0]];
      const std::string home = in_south_oxfordshire(client.town) ? kSouth : kVale;
      std::vector<std::string>& left = districts[std::string(cells[1])];
      for (auto it = left.begin(); it != left.end(); ++it) {
        if (*it != home) continue;
        left.erase(it);
        break;
      }
      add(std::string(cells[1]), at_hour(moment(cells[2]), 10, 15), std::string(cells[3]), home, &client);
    }
    for (const auto& [service, left] : districts)
      for (const std::string& district : left) {
        const Moment received = some_time(random, year);
        add(service, received, random.pick(kSources), district, nullptr);
      }
    file.write(out / "odas" / ("referrals-" + financial_year_name(year) + ".csv"));
  }
}

}  // namespace south_and_vale
