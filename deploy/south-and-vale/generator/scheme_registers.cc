// The community safety team's registers: covert cameras, the sanctuary scheme with its security works, and the pilot of
// mediation, July 2020 to March 2021. The counts of both years are the published ones where there are any.
#include <algorithm>
#include <array>
#include <map>

#include "deploy/south-and-vale/generator/agency_files.h"
#include "deploy/south-and-vale/generator/csv_file.h"
#include "deploy/south-and-vale/generator/fields.h"

namespace south_and_vale {
namespace {

const Moment kEnd = at(2021, 4, 1);

struct Counts {
  int cameras, cameras_domestic, cameras_burglary;
  int bought;
  int sanctuary;
  int works, works_pence;
};
constexpr std::array<Counts, 2> kCounts = {{{49, 21, 9, 7, 42, 23, 148500}, {72, 35, 8, 11, 60, 11, 98500}}};

// Residents who agreed to be named: register | person | date | reason
constexpr const char* kNamed[] = {
    "camera|stanley|2020-02-12|ASB",  "camera|carys|2019-06-05|DA",     "camera|yasmin|2019-10-15|ASB",
    "camera|helena|2020-11-24|DA",    "camera|sian|2021-02-24|ASB",     "camera|lena|2020-12-22|DA",
    "camera|percival|2021-02-02|ASB", "camera|zoe|2020-05-20|ASB",      "camera|therese|2020-09-16|ASB",
    "camera|noor|2021-03-10|DA",      "sanctuary|carys|2020-07-28|DA",  "sanctuary|amara|2019-11-27|DA",
    "sanctuary|helena|2020-11-20|DA", "sanctuary|lena|2020-12-17|DA",   "sanctuary|noor|2021-02-19|DA",
    "sanctuary|judith|2021-03-08|DA", "sanctuary|tamsin|2019-08-20|DA",
};

class Register {
 public:
  explicit Register(const Cast& cast) : cast_(cast) {}

  void write(const Folder& out) {
    for (int year = 2019; year <= 2020; ++year) {
      add_cameras(year);
      add_sanctuary(year);
    }
    add_mediation();
    for (auto& [year, file] : files_)
      file.write(out / "community-safety-registers" / ("schemes-" + financial_year_name(year) + ".csv"));
  }

 private:
  struct Entry {
    Moment date;
    std::string scheme;
    std::string step;
    std::string reason;
    std::string town;
    const Person* resident = nullptr;
    const Person* other = nullptr;
    int pence = 0;
    std::string results;
    std::string put_in_as;  // of the end of a camera's time: the entry with which it began
  };

  // The number of the entry; none for what lies beyond the files.
  std::string add(const Entry& entry) {
    if (entry.date >= kEnd) return {};
    const int year = financial_year(entry.date);
    const auto [place, is_new] = files_.try_emplace(
        year, CsvForm{';', "\r\n", true},
        CsvFile::Cells{"Entry", "Date", "Keyed", "Scheme", "Step", "Reason", "Area", "Agreed to share", "Forename",
                       "Surname", "Born", "Postcode", "Other household", "Other postcode", "Cost in pence", "Results",
                       "Put in as"});
    CsvFile& file = place->second;
    const std::string number = "E" + padded(year % 100, 2) + "-" + padded(++numbers_[year], 4);
    CsvFile::Cells cells = {number,
                            slashed_day(entry.date),
                            slashed(random_.time_of(entry.date, 12, 17)),
                            entry.scheme,
                            entry.step,
                            entry.reason,
                            entry.town,
                            entry.resident == nullptr ? "No" : "Yes"};
    const auto add_cell = [&](const Person* person, const std::string& cell) {
      cells.push_back(person == nullptr ? "" : cell);
    };
    const Person* resident = entry.resident;
    add_cell(resident, resident == nullptr ? "" : resident->given);
    add_cell(resident, resident == nullptr ? "" : resident->family);
    add_cell(resident, resident == nullptr ? "" : slashed_day(resident->born));
    add_cell(resident, resident == nullptr ? "" : resident->postcode);
    add_cell(entry.other, entry.other == nullptr ? "" : entry.other->given + " " + entry.other->family);
    add_cell(entry.other, entry.other == nullptr ? "" : entry.other->postcode);
    cells.push_back(entry.pence == 0 ? "" : std::to_string(entry.pence));
    cells.push_back(entry.results);
    cells.push_back(entry.put_in_as);
    file.add(entry.date, std::move(cells));
    return number;
  }

  Moment some_day(int year) { return at_hour(plus_days(at(year, 4, 1), random_.below(365)), 10); }

  // A number of referrals of a register, the named ones among them.
  std::vector<Entry> entries(const char* name, int year, int count) {
    std::vector<Entry> all;
    for (const char* row : kNamed) {
      const auto cells = fields(row, 4);
      if (cells[0] != name || financial_year(moment(cells[2])) != year) continue;
      Entry entry;
      entry.date = moment(cells[2]);
      entry.resident = &cast_[cells[1]];
      entry.town = entry.resident->town;
      entry.reason = cells[3];
      all.push_back(entry);
    }
    while (static_cast<int>(all.size()) < count) {
      Entry entry;
      entry.date = some_day(year);
      const Person& person = cast_.somebody(random_);
      entry.town = person.town;
      all.push_back(entry);
    }
    return all;
  }

  // Up to three months each; then the resident buys it, or it is taken out for another home. The review of one put in
  // at the end of a year falls into the next.
  void add_cameras(int year) {
    const Counts& counts = kCounts[static_cast<std::size_t>(year - 2019)];
    std::vector<Entry> cameras = entries("camera", year, counts.cameras);
    const auto named_for = [&](const char* reason) {
      return static_cast<int>(
          std::count_if(cameras.begin(), cameras.end(), [&](const Entry& e) { return e.reason == reason; }));
    };
    int domestic = counts.cameras_domestic - named_for("DA");
    int burglary = counts.cameras_burglary;
    for (Entry& camera : cameras) {
      camera.scheme = "Guardcam";
      camera.step = "Put in";
      if (camera.reason.empty()) camera.reason = domestic-- > 0 ? "DA" : burglary-- > 0 ? "Burglary" : "ASB";
      const std::string number = add(camera);
      ends_.push_back(camera);
      ends_.back().put_in_as = number;
      ends_.back().date = plus_days(camera.date, 88 + random_.below(7));
    }
    int bought = counts.bought;
    random_.shuffle(ends_);
    std::vector<Entry> later;
    for (Entry& end : ends_) {
      if (financial_year(end.date) != year) {
        later.push_back(end);
        continue;
      }
      end.step = bought-- > 0 ? "Bought by resident" : "Taken out";
      add(end);
    }
    ends_ = later;
  }

  void add_sanctuary(int year) {
    const Counts& counts = kCounts[static_cast<std::size_t>(year - 2019)];
    std::vector<Entry> all = entries("sanctuary", year, counts.sanctuary);
    int works = 0;
    for (Entry& entry : all) {
      entry.scheme = "Sanctuary";
      entry.step = "Referred in";
      entry.reason = "DA";
      add(entry);
      if (works == counts.works || financial_year(plus_days(entry.date, 9)) != year) continue;
      ++works;
      Entry work = entry;
      work.scheme = "Security works";
      work.step = "Works done";
      work.date = plus_days(entry.date, 9);
      // The last one costs what is left, so that the year's sum is the published one.
      const int each = counts.works_pence / counts.works;
      work.pence = works == counts.works ? counts.works_pence - each * (counts.works - 1) : each;
      add(work);
    }
  }

  // Offered 22 times, ten referrals made, six completed, four no longer needed. One of the six is the couple and the
  // man next door.
  void add_mediation() {
    for (int i = 0; i < 22; ++i) {
      const bool told = i == 0;
      Entry entry;
      entry.scheme = "Mediation";
      entry.reason = "Neighbours";
      entry.date = told ? at(2020, 9, 22) : at_hour(plus_days(at(2020, 7, 6), i * 9 + random_.below(8)), 10);
      entry.resident = told ? &cast_["felix"] : nullptr;
      entry.other = told ? &cast_["petunia"] : nullptr;
      entry.town = told ? entry.resident->town : cast_.somebody(random_).town;
      entry.step = "Offered";
      add(entry);
      if (i % 2 == 1 || i > 18) continue;
      entry.step = "Referred out";
      entry.date = plus_days(entry.date, 7);
      add(entry);
      entry.date = plus_days(entry.date, 35);
      const bool completed = i < 12;
      entry.step = completed ? "Completed" : "No longer required";
      entry.results = !completed ? "" : i < 4 ? "Met all|Joint meeting|Agreement" : "Agreement";
      add(entry);
    }
  }

  const Cast& cast_;
  Random random_{"registers"};
  std::map<int, CsvFile> files_;
  std::map<int, int> numbers_;
  std::vector<Entry> ends_;  // of cameras whose three months are not over within the year
};

}  // namespace

void write_scheme_registers(const Cast& cast, const Folder& out) { Register(cast).write(out); }

}  // namespace south_and_vale
