// The threshold of a case review: which complaints qualify, what is one incident, and when the number is full.
#include <algorithm>
#include <optional>
#include <random>
#include <set>

#include "tests/consumers/clock_findings.h"

namespace moot {
namespace {

std::string rule_of(const std::string& more = "", const std::string& tables = "") {
  return "count = 3\nwithin_months = 6\nreported_within_months = 1\nroles = [\"victim\"]\n" + more +
         "[clock.version.where]\ntype = [\"incident\", \"contact\"]\n" + tables;
}
const std::string kNear = "[clock.version.same_incident]\nhours = 2\nmetres = 50\n";

v1::Event known_at(v1::Event event, const std::string& at) {
  *event.mutable_envelope()->mutable_known_time() = to_proto(london(at));
  return event;
}

v1::Event to_the_day(v1::Event event, v1::TimePrecision precision = v1::DAY) {
  event.mutable_envelope()->set_time_precision(precision);
  return event;
}

v1::Event at_place(v1::Event event, const std::string& postcode, const std::string& uprn = "", double latitude = 0,
                   double longitude = 0) {
  v1::Place& place = *event.mutable_personal()->add_places();
  place.mutable_address()->set_postcode(postcode);
  place.mutable_address()->set_uprn(uprn);
  place.set_latitude(latitude);
  place.set_longitude(longitude);
  return event;
}

v1::Event report(const std::string& agency, const std::string& id, const std::string& at) {
  return incident(agency, id, at);
}

// Three reports of one matter, told to three agencies, within two hours.
std::vector<v1::Event> told_three_times(const std::string& second_at, const std::string& third_at) {
  return {at_place(report("north-police", "p", "2021-03-01T20:00"), "OX99 1AA"),
          at_place(report("north-homes", "h", second_at), "OX99 1AA"),
          at_place(report("north-health", "c", third_at), "OX99 1AA")};
}

// What is full by one version is told once, and by a later one where it is full by that one alone.
TEST(ThresholdClock, CountsComplaintsOfBeforeUnderTheRuleThatHoldsWhenItIsFull) {
  const auto rule = [](const std::string& count) {
    std::string keys = rule_of();
    return keys.replace(keys.find("count = 3"), 9, "count = " + count);
  };
  const auto lines = [&](const std::string& before, const std::string& since) {
    const RulePack pack =
        pack_of("[[clock]]\nid = \"c\"\ntitle = \"Clock\"\nkind = \"threshold\"\n" +
                version_from("2010-01-01", rule(before), "2020-07-01") + version_from("2020-07-01", rule(since)));
    std::vector<v1::Event> reports;
    for (const char* day : {"2020-05-20", "2020-06-20", "2020-06-28", "2020-07-10", "2020-07-20"})
      reports.push_back(report("north-police", day, day));
    return lines_on("2020-07-27", reports, pack);
  };
  EXPECT_EQ(lines("4", "3"), Lines{"reached 2020-07-10"});
  EXPECT_EQ(lines("4", "4"), Lines{"reached 2020-07-10"});
  EXPECT_EQ(lines("3", "4"), Lines{"reached 2020-06-28"});
  EXPECT_EQ(lines("3", "3"), Lines{"reached 2020-06-28"});
  EXPECT_EQ(lines("6", "5"), Lines{"reached 2020-07-20"});
  EXPECT_EQ(lines("6", "6"), Lines{});
}

// Somebody who reports every day for years, full by the earlier rule all the time: bounded work, and told once.
TEST(ThresholdClock, TellsOnceOfWhoReportsEveryDayUnderTwoRules) {
  const RulePack pack =
      pack_of("[[clock]]\nid = \"c\"\ntitle = \"Clock\"\nkind = \"threshold\"\n" +
              version_from("2010-01-01", rule_of(), "2020-07-01") + version_from("2020-07-01", rule_of()));
  std::vector<v1::Event> reports;
  for (int day = 0; day < 1500; ++day) {
    const std::string on = to_iso(plus_days(Date{2018, 1, 1}, day));
    reports.push_back(report("north-police", on, on));
  }
  EXPECT_EQ(lines_on("2022-03-01", reports, pack), Lines{"reached 2018-01-03"});
}

TEST(ThresholdClock, IsReachedByThreeComplaintsInSixMonths) {
  const RulePack pack = pack_of(clock_of("threshold", rule_of()));
  const std::vector<v1::Event> three = {report("north-police", "a", "2020-10-15"),
                                        report("north-homes", "b", "2021-01-04"),
                                        report("north-police", "c", "2021-04-14")};
  EXPECT_EQ(lines_on("2021-04-14", three, pack), Lines{}) << "the third is not known at the start of its day";
  EXPECT_EQ(lines_on("2021-04-15", three, pack), Lines{"lapsed 2021-04-14"}) << "who applies on the 15th is too late";
  std::vector<v1::Event> early = three;
  early[0] = report("north-police", "a", "2020-10-16");
  EXPECT_EQ(lines_on("2021-04-15", early, pack), Lines{"reached 2021-04-14"});
  EXPECT_EQ(findings_on("2021-04-15", early, pack).all.front().text,
            "Clock: 3 incidents reported within 6 months, the last on 14 April 2021, to North Homes and North Police; "
            "enough since 14 April 2021.");
  std::vector<v1::Event> late = three;
  late[2] = report("north-police", "c", "2021-04-15");
  EXPECT_EQ(lines_on("2021-05-01", late, pack), Lines{}) << "six months beginning with 15 October end on 14 April";
}

TEST(ThresholdClock, LapsesAndIsReachedAgain) {
  const RulePack pack = pack_of(clock_of("threshold", rule_of()));
  std::vector<v1::Event> events;
  for (const char* day : {"2019-05-01", "2019-05-10", "2019-05-20", "2020-05-01", "2020-05-10", "2020-05-20"})
    events.push_back(report("north-police", day, day));
  EXPECT_EQ(lines_on("2020-06-01", events, pack), (Lines{"lapsed 2019-05-20", "reached 2020-05-20"}));
  EXPECT_EQ(lines_on("2020-12-01", events, pack), (Lines{"lapsed 2019-05-20", "lapsed 2020-05-20"}));
}

TEST(ThresholdClock, CountsAComplaintOnlyIfItWasMadeWithinAMonthOfTheBehaviour) {
  const RulePack pack = pack_of(clock_of("threshold", rule_of()));
  const auto lines = [&](const std::string& known) {
    return lines_on("2021-04-15",
                    {report("north-police", "a", "2021-01-04"), report("north-police", "b", "2021-02-04"),
                     known_at(report("north-homes", "c", "2021-03-05T18:00"), known)},
                    pack);
  };
  EXPECT_EQ(lines("2021-04-04T23:59"), Lines{"reached 2021-04-04"}) << "a month beginning with 5 March ends on 4 April";
  EXPECT_EQ(lines("2021-04-05T00:00"), Lines{});
}

// February has no 29th, 30th or 31st: the month that begins with such a day of January is over with the 28th.
TEST(ThresholdClock, AMonthThatBeginsWithADayThatTheNextDoesNotHaveIsOverWithItsLast) {
  const RulePack pack = pack_of(clock_of("threshold", rule_of()));
  const auto lines = [&](const std::string& day, const std::string& known) {
    return lines_on("2022-04-12",
                    {known_at(report("north-homes", "a", day + "T18:00"), known),
                     report("north-police", "b", "2022-03-10"), report("north-police", "c", "2022-03-20")},
                    pack);
  };
  for (const char* day : {"2022-01-29", "2022-01-30", "2022-01-31"}) {
    EXPECT_EQ(lines(day, "2022-02-28T23:59"), Lines{"reached 2022-03-20"}) << day;
    EXPECT_EQ(lines(day, "2022-03-01T00:00"), Lines{}) << day;
  }
  EXPECT_EQ(lines("2022-01-28", "2022-02-27T23:59"), Lines{"reached 2022-03-20"});
  EXPECT_EQ(lines("2022-01-28", "2022-02-28T00:00"), Lines{});
  // Six months that begin with 31 August are over with 28 February.
  const std::vector<v1::Event> three = {report("north-police", "a", "2021-08-31"),
                                        report("north-homes", "b", "2021-12-04"),
                                        report("north-police", "c", "2022-02-28")};
  EXPECT_EQ(lines_on("2022-03-01", three, pack), Lines{"lapsed 2022-02-28"});
}

TEST(ThresholdClock, CountsOneIncidentToldToThreeAgenciesOnce) {
  const RulePack near = pack_of(clock_of("threshold", rule_of("", kNear)));
  const RulePack apart = pack_of(clock_of("threshold", rule_of()));
  const std::vector<v1::Event> told = told_three_times("2021-03-01T21:00", "2021-03-01T22:00");
  EXPECT_EQ(lines_on("2021-04-01", told, near), Lines{});
  EXPECT_EQ(lines_on("2021-04-01", told, apart), Lines{"reached 2021-03-01"}) << "no tolerance, no link: three";
  std::vector<v1::Event> linked = told;
  add_link(linked[1], "about", linked[0]);
  EXPECT_EQ(lines_on("2021-04-01", linked, apart), Lines{});
  std::vector<v1::Event> more = told;
  more.push_back(at_place(report("north-police", "d", "2021-03-02T20:00"), "OX99 1AA"));
  EXPECT_EQ(lines_on("2021-04-01", more, near), Lines{});
  more.push_back(at_place(report("north-police", "e", "2021-03-03T20:00"), "OX99 1AA"));
  EXPECT_EQ(lines_on("2021-04-01", more, near), Lines{"reached 2021-03-03"});
}

TEST(ThresholdClock, KeepsReportsApartThatAreTooFarInTime) {
  const RulePack near = pack_of(clock_of("threshold", rule_of("", kNear)));
  EXPECT_EQ(lines_on("2021-04-01", told_three_times("2021-03-01T22:00", "2021-03-01T22:01"), near), Lines{});
  // A row of reports, each two hours after the one before, is not one incident: nearness is not handed on.
  EXPECT_EQ(lines_on("2021-04-01", told_three_times("2021-03-01T22:01", "2021-03-02T00:02"), near),
            Lines{"reached 2021-03-02"});
  std::vector<v1::Event> dated = told_three_times("2021-03-01T21:00", "2021-03-01T00:00");
  dated[2] = to_the_day(dated[2]);
  EXPECT_EQ(lines_on("2021-04-01", dated, near), Lines{}) << "known to the day: it may have been at eight";
  std::vector<v1::Event> late_in_the_day = told_three_times("2021-03-01T21:00", "2021-03-01T23:59");
  late_in_the_day[0] = at_place(report("north-police", "p", "2021-03-01T00:30"), "OX99 1AA");
  late_in_the_day[1] = at_place(report("north-homes", "h", "2021-03-01T00:40"), "OX99 1AA");
  late_in_the_day[2] = to_the_day(late_in_the_day[2]);
  late_in_the_day.push_back(at_place(report("north-police", "z", "2021-03-09T20:00"), "OX99 1AA"));
  EXPECT_EQ(lines_on("2021-04-01", late_in_the_day, near), Lines{}) << "whatever time its source wrote";
  late_in_the_day[2] = to_the_day(late_in_the_day[2], v1::EXACT);
  EXPECT_EQ(lines_on("2021-04-01", late_in_the_day, near), Lines{"reached 2021-03-09"});
  dated[2] = to_the_day(dated[2], v1::MONTH);
  dated.push_back(at_place(report("north-police", "z", "2021-03-09T20:00"), "OX99 1AA"));
  EXPECT_EQ(lines_on("2021-04-01", dated, near), Lines{"reached 2021-03-09"})
      << "known to the month is near to nothing";
}

TEST(ThresholdClock, KeepsReportsApartThatAreOfDifferentPlaces) {
  const RulePack near = pack_of(clock_of("threshold", rule_of("", kNear)));
  const auto lines = [&](const v1::Event& a, const v1::Event& b, const v1::Event& c) {
    return lines_on("2021-04-01", {a, b, c}, near);
  };
  const v1::Event a = report("north-police", "a", "2021-03-01T20:00"),
                  b = report("north-homes", "b", "2021-03-01T20:10"),
                  c = report("north-health", "c", "2021-03-01T20:20");
  const Lines three = {"reached 2021-03-01"};
  EXPECT_EQ(lines(at_place(a, "OX99 1AA"), at_place(b, "OX99 1AB"), at_place(c, "OX99 1AC")), three);
  EXPECT_EQ(lines(at_place(a, "OX99 1AA"), at_place(b, "ox991aa"), at_place(c, "OX99 1AA")), Lines{});
  EXPECT_EQ(lines(at_place(a, "OX99 1AA", "1"), at_place(b, "OX99 1AA", "2"), at_place(c, "OX99 1AA", "3")), three)
      << "neighbours share a postcode";
  EXPECT_EQ(lines(a, b, c), three) << "nowhere is not near";
  // 0.0004 degrees of latitude are 44 metres, 0.0005 are 56.
  EXPECT_EQ(lines(at_place(a, "", "", 51.6, -1.2), at_place(b, "", "", 51.6004, -1.2), at_place(c, "", "", 51.6, -1.2)),
            Lines{});
  EXPECT_EQ(
      lines(at_place(a, "", "", 51.6, -1.2), at_place(b, "", "", 51.6005, -1.2), at_place(c, "", "", 51.6010, -1.2)),
      three);
}

TEST(ThresholdClock, TakesAReportWithoutAPlaceForOneAtHome) {
  const RulePack near = pack_of(clock_of("threshold", rule_of("", kNear)));
  const auto at_home = [](const std::string& agency, const std::string& id, const std::string& at) {
    return incident(agency, id, at, Who("victim", "", "Casey Exampleton", "1980-02-29", "OX99 1AA"));
  };
  EXPECT_EQ(lines_on("2021-04-01",
                     {at_home("north-homes", "a", "2021-03-01T20:00"), at_home("north-health", "b", "2021-03-01T20:30"),
                      at_place(report("north-police", "c", "2021-03-01T21:00"), "OX99 1AA")},
                     near),
            Lines{});
}

TEST(ThresholdClock, OfTwoReportsIsADutyWithADay) {
  const RulePack pack =
      pack_of(clock_of("threshold",
                       "count = 2\nwithin_months = 6\nworking_days = 5\nroles = [\"victim\"]\n[clock.version.where]\n"
                       "type = \"incident\"\n[clock.version.done]\ntype = \"referral\"\nscheme = \"explained\"\n"));
  const std::vector<v1::Event> two = {report("north-police", "a", "2021-03-01"),
                                      report("north-homes", "b", "2021-03-12")};
  EXPECT_EQ(lines_on("2021-03-19", two, pack), Lines{"due 2021-03-19"});
  EXPECT_EQ(lines_on("2021-03-20", two, pack), Lines{"overdue 2021-03-19"});
  const auto told = [&](const std::string& at) {
    std::vector<v1::Event> events = two;
    events.push_back(referral("x", "made", at, Who("victim"), "explained"));
    return lines_on("2021-04-01", events, pack);
  };
  EXPECT_EQ(told("2021-03-19T16:00"), Lines{"done 2021-03-19"});
  EXPECT_EQ(told("2021-03-22T09:00"), Lines{"done-late 2021-03-19"});
  EXPECT_EQ(told("2021-03-05T09:00"), Lines{"overdue 2021-03-19"}) << "before the second report it is another matter";
}

TEST(ThresholdClock, OfAPlaceAsksForSeveralPeople) {
  const RulePack pack = pack_of(clock_of("threshold",
                                         "count = 3\nwithin_months = 6\nof = \"place\"\npeople_min = 2\n"
                                         "roles = [\"victim\"]\n[clock.version.where]\ntype = \"incident\"\n"));
  std::vector<v1::Event> events;
  for (const char* day : {"2021-03-01", "2021-03-05", "2021-03-09"})
    events.push_back(at_place(report("north-police", day, day), "OX99 1AA"));
  EXPECT_EQ(lines_on("2021-04-01", events, pack), Lines{});
  events.push_back(
      at_place(incident("north-homes", "n", "2021-03-12", Who("victim", "", "Avery Other", "1970-01-02")), "OX99 1AA"));
  EXPECT_EQ(lines_on("2021-04-01", events, pack), Lines{"reached 2021-03-12"});
}

// When a place is full with so many incidents of three months by two people, each day counted anew.
struct CountedAnew {
  using Complaint = std::pair<Date, int>;  // when, and by whom
  const std::vector<Complaint>& complaints;
  int enough = 0;
  Date from, to;  // in force from the first on, until before the second

  bool is_full(Date day, std::size_t so_many) const {
    int count = 0;
    std::set<int> people;
    for (std::size_t i = 0; i < so_many; ++i) {
      if (day >= end_of_months(complaints[i].first, 3)) continue;
      ++count;
      people.insert(complaints[i].second);
    }
    return count >= enough && people.size() >= 2;
  }

  // Since when it is full once the first so many were made, if it is.
  std::optional<Date> full_since(std::size_t so_many) const {
    std::optional<Date> since;
    for (std::size_t i = 0; i < so_many; ++i) {
      const Date day = complaints[i].first;
      if (since && !is_full(day, i)) since.reset();
      if (!since && from <= day && day < to && is_full(day, i + 1)) since = day;
    }
    return since;
  }

  bool is_full_on(Date day) const {
    std::size_t before = 0;
    while (before < complaints.size() && complaints[before].first < day) ++before;
    return full_since(before) && is_full(day, before);
  }

  Lines lines(Date on, const CountedAnew* earlier) const {
    Lines lines;
    std::optional<Date> since;
    for (std::size_t i = 0; i < complaints.size(); ++i) {
      const Date day = complaints[i].first;
      if (since && !is_full(day, i)) {
        lines.push_back("lapsed " + to_iso(*since));
        since.reset();
      }
      const bool is_told = earlier != nullptr && earlier->is_full_on(day);
      if (!since && from <= day && day < to && !is_told && is_full(day, i + 1)) since = day;
    }
    if (since) lines.push_back((is_full(on, complaints.size()) ? "reached " : "lapsed ") + to_iso(*since));
    return lines;
  }
};

TEST(ThresholdClock, IsFullAsOftenAsOneWhoCountsEachDayAnewFindsIt) {
  const auto rule = [](int enough) {
    return "count = " + std::to_string(enough) +
           "\nwithin_months = 3\nof = \"place\"\npeople_min = 2\nroles = [\"victim\"]\n[clock.version.where]\n"
           "type = \"incident\"\n";
  };
  const Who people[] = {Who("victim", "", "Avery Other", "1970-01-02"), Who("victim", "", "Blake Third", "1981-03-04")};
  std::mt19937 random(20210401);
  std::size_t lapsed = 0, reached = 0, told_before = 0;
  for (int year = 0; year < 60; ++year) {
    const int first = 3 + year % 2, then = 3 + year / 2 % 2;
    const RulePack pack =
        pack_of("[[clock]]\nid = \"c\"\ntitle = \"Clock\"\nkind = \"threshold\"\n" +
                version_from("2010-01-01", rule(first), "2019-07-01") + version_from("2019-07-01", rule(then)));
    std::vector<CountedAnew::Complaint> complaints;
    std::vector<v1::Event> events;
    Date day{2019, 1, 1};
    for (int i = 0; i < 16; ++i) {
      day = plus_days(day, random() % 3 == 0 ? 0 : static_cast<int>(random() % 50));
      complaints.push_back({day, static_cast<int>(random() % 2)});
      const std::string at =
          to_iso(day) + "T" + (i < 10 ? "0" : "") + std::to_string(i) + ":00";  // one after the other
      events.push_back(
          at_place(incident("north-homes", "i" + std::to_string(i), at, people[complaints.back().second]), "OX99 1AA"));
    }
    const Date on = plus_days(day, 1 + static_cast<int>(random() % 120));
    const CountedAnew earlier{complaints, first, {2010, 1, 1}, {2019, 7, 1}};
    const CountedAnew later{complaints, then, {2019, 7, 1}, {9999, 1, 1}};
    Lines expected = earlier.lines(on, nullptr), found = lines_on(to_iso(on), events, pack);
    for (const std::string& line : later.lines(on, &earlier)) expected.push_back(line);
    told_before += later.lines(on, nullptr) != later.lines(on, &earlier);
    std::sort(expected.begin(), expected.end());
    std::sort(found.begin(), found.end());
    EXPECT_EQ(found, expected) << "year " << year << " on " << to_iso(on);
    for (const std::string& line : found) ++(line.substr(0, 6) == "lapsed" ? lapsed : reached);
  }
  EXPECT_GT(lapsed, 10u);
  EXPECT_GT(reached, 10u);
  EXPECT_GT(told_before, 3u);
}

TEST(ThresholdClock, OfAnotherPackOverTheSameEventsComesToSomethingElse) {
  const std::vector<v1::Event> three = {report("north-police", "a", "2020-12-15"),
                                        report("north-homes", "b", "2021-01-04"),
                                        report("north-police", "c", "2021-03-14")};
  EXPECT_EQ(lines_on("2021-04-15", three, pack_of(clock_of("threshold", rule_of()))), Lines{"reached 2021-03-14"});
  const std::string five =
      "count = 5\nwithin_months = 6\nroles = [\"victim\"]\n[clock.version.where]\ntype = \"incident\"\n";
  EXPECT_EQ(lines_on("2021-04-15", three, pack_of(clock_of("threshold", five))), Lines{});
}

}  // namespace
}  // namespace moot
