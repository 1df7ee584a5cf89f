// Powers used: the police register of closures, and the community safety team's register of warnings, notices and
// public spaces protection orders. The counts of 2020-21, and of closures also those of the year before, are the
// published ones.
#include <algorithm>
#include <array>

#include "deploy/south-and-vale/generator/agency_files.h"
#include "deploy/south-and-vale/generator/csv_file.h"
#include "deploy/south-and-vale/generator/random.h"

namespace south_and_vale {
namespace {

constexpr int kMonthsOfOrder = 3;  // the most that a court may make it for

// A row a version of an order. The register has "Police" as who made every order, though a court makes them: that is
// how the published report has it. Towns stand as the officers write them, "Didcot" and "Wallingford" too.
class Closures {
 public:
  void write(const Folder& out) {
    for (const auto& [year, count] : {std::pair{2019, 35}, {2020, 20}})
      for (int i = 0; i < count; ++i) add_order(year, i);
    // Made in the last days of the year, and written down only in the middle of April.
    add("CL20-021", 1, "ORDER", at(2021, 3, 30, 11, 0), at(2021, 4, 19, 9, 40), "Abingdon");
    // A notice that no court confirmed, entered as an order and taken back: its second version stands before its first.
    add("CL20-099", 2, "VOID", at(2020, 11, 3, 10, 0), at(2020, 11, 5, 9, 0), "Wantage");
    add("CL20-099", 1, "ORDER", at(2020, 11, 3, 10, 0), at(2020, 11, 3, 16, 30), "Wantage");
    file_.write(out / "police-closures" / "closures.csv");
  }

 private:
  void add_order(int year, int number) {
    static constexpr std::array<const char*, 7> kTowns = {"Didcot", "Abingdon", "Wallingford", "Wantage",
                                                          "Thame",  "Henley",   "Faringdon"};
    const Moment day = random_.day_from(at(year, 4, 1), 350);
    const std::string reference = "CL" + std::to_string(year % 100) + "-" + padded(number + 1, 3);
    const Moment made = random_.time_of(day, 10, 16);
    const std::string town = random_.pick(kTowns);
    add(reference, 1, "ORDER", made, plus_minutes(made, 60 + random_.below(2000)), town);
    // The same row once more, as an export that was run twice would have it.
    if (year == 2020 && number == 7) add(reference, 1, "ORDER", made, last_entered_, town);
  }

  void add(const std::string& reference, int version, const std::string& state, Moment made, Moment entered,
           const std::string& town) {
    last_entered_ = entered;
    file_.add(at(2019, 4, 1) /* in the order of the register */,
              {reference, std::to_string(version), state, slashed(made), slashed(entered), "Police", "Police", town,
               slashed_day(made), slashed_day(plus_months(made, kMonthsOfOrder)), "Drugs"});
  }

  Random random_{"closures"};
  Moment last_entered_;
  CsvFile file_{{},
                {"Closure ref", "Version", "State", "Made", "Entered", "Applied for by", "Made by", "Town", "From",
                 "Until", "Grounds"}};
};

struct Notice {
  const char* reference;
  const char* kind;
  const char* step;
  const char* day;
  const char* town;
  const char* from;   // of an order that lasts
  const char* until;  // the first day it no longer holds
  int pence;
  const char* follows;  // the record that it comes of
};

// A notice of the year before is broken in this one, and paid for. A warning was enough for two sets of neighbours.
constexpr Notice kNotices[] = {
    {"N18-011", "PSPO", "Made", "2018-05-21", "Thame", "2018-05-22", "2021-05-22", 0, ""},
    {"N18-012", "PSPO", "Made", "2018-05-21", "Henley", "2018-05-22", "2021-05-22", 0, ""},
    {"N19-004", "CPW", "Served", "2019-08-06", "Didcot", "", "", 0, ""},
    {"N19-007", "CPN", "Served", "2019-11-19", "Didcot", "", "", 0, "N19-004"},
    {"N20-001", "CPW", "Served", "2020-07-14", "Abingdon", "", "", 0, ""},
    {"N20-002", "FPN", "Served", "2020-06-02", "Didcot", "", "", 10000, "N19-007"},
    {"N20-003", "FPN", "Paid", "2020-06-09", "Didcot", "", "", 10000, "N20-002"},
    {"N20-004", "PSPO", "Extended", "2021-03-11", "Thame", "2021-05-22", "2024-05-22", 0, "N18-011"},
    {"N20-005", "PSPO", "Extended", "2021-03-11", "Henley", "2021-05-22", "2024-05-22", 0, "N18-012"},
};

std::string slashed_or_empty(const char* day) { return *day == '\0' ? "" : slashed_day(moment(day)); }

}  // namespace

void write_closures(const Folder& out) { Closures().write(out); }

void write_notices(const Folder& out) {
  CsvFile file({';', "\r\n", true},
               {"Notice", "Date", "Keyed", "Kind", "Step", "Town", "From", "Until", "Amount in pence", "Comes of"});
  for (const Notice& notice : kNotices)
    file.add(moment(notice.day),
             {notice.reference, slashed_day(moment(notice.day)), slashed(at_hour(moment(notice.day), 15, 20)),
              notice.kind, notice.step, notice.town, slashed_or_empty(notice.from), slashed_or_empty(notice.until),
              notice.pence == 0 ? "" : std::to_string(notice.pence), notice.follows});
  file.write(out / "community-safety-notices" / "notices.csv");
}

}  // namespace south_and_vale
