// The community safety team's minutes of the neighbourhood meetings on anti-social behaviour: which met, which cases
// were raised, and how each stood when it was closed or at the year's end. The counts of 2020-21 are those the
// partnership published; those of the year before are invented.
#include <algorithm>
#include <array>
#include <set>

#include "deploy/south-and-vale/generator/agency_files.h"
#include "deploy/south-and-vale/generator/cloud_event.h"
#include "deploy/south-and-vale/generator/fields.h"

namespace south_and_vale {
namespace {

struct AreaCount {
  Area area;
  int meetings;
  int cases;
};
struct Count {
  const char* code;
  int cases;
};

struct Year {
  int first_month;
  std::array<AreaCount, 4> areas;
  std::vector<Count> issues;
  int resolved;
  std::vector<Count> outcomes;  // a case can have several
};

const std::vector<Year>& years() {
  static const std::vector<Year> kYears = {
      {0,
       {{{Area::kAbingdon, 11, 15},
         {Area::kDidcotAndWallingford, 11, 14},
         {Area::kWantageAndFaringdon, 12, 20},
         {Area::kThameAndHenley, 12, 13}}},
       {{"drugs", 15},
        {"neighbour-dispute", 16},
        {"public-nuisance", 13},
        {"noise", 8},
        {"vehicles", 6},
        {"damage", 4}},
       48,
       {{"enforcement", 31}, {"joined-up-support", 27}, {"asb-reduced", 40}}},
      {12,
       {{{Area::kAbingdon, 5, 13},
         {Area::kDidcotAndWallingford, 4, 16},
         {Area::kWantageAndFaringdon, 8, 24},
         {Area::kThameAndHenley, 9, 11}}},
       {{"drugs", 18},
        {"neighbour-dispute", 13},
        {"public-nuisance", 11},
        {"noise", 7},
        {"vehicles", 6},
        {"rubbish", 5},
        {"cuckooing", 4}},
       34,
       {{"enforcement", 37}, {"joined-up-support", 34}, {"asb-reduced", 32}}},
  };
  return kYears;
}

// Cases that belong to the stories: year | person | at which of the area's meetings | issue | r resolved, o ongoing |
// outcomes: e enforcement, j joined-up support, a less anti-social behaviour
constexpr const char* kTold[] = {
    "2019|ottoline|1|neighbour-dispute|r|ja",
    "2019|delia|6|noise|o|j",
    "2019|wilfred|2|public-nuisance|r|a",
    "2019|horace|4|vehicles|r|ea",
    "2019|ffion|3|public-nuisance|r|a",
    "2019|shane|5|drugs|o|e",
    "2019|kyle|3|public-nuisance|o|e",
    "2019|stanley|9|public-nuisance|o|e",
    "2020|lorcan|1|drugs|r|eja",
    "2020|edith|3|neighbour-dispute|r|ja",
    "2020|percival|3|cuckooing|o|ej",
    "2020|zoe|1|noise|r|ja",
    "2020|brandon|2|drugs|o|ej",
    "2020|stanley|0|public-nuisance|r|a",
    "2020|hamish|3|drugs|r|ea",
    "2020|felix|4|neighbour-dispute|r|a",
    "2020|isolde|2|noise|o|j",
    "2020|shane|5|drugs|o|e",
    "2020|dorothea|8|cuckooing|o|j",
    "2020|desmond|7|vehicles|o|e",
    "2020|tyrone|6|public-nuisance|o|e",
};

struct Case {
  Area area = Area::kAbingdon;
  const Person* person = nullptr;
  std::string issue;
  bool resolved = false;
  std::set<std::string> outcomes;
  int meeting = 0;  // of the area's
};

class Minutes {
 public:
  Minutes(const Cast& cast, const Year& year)
      : cast_(cast), year_(year), random_("neighbourhood " + std::to_string(year.first_month)) {}

  std::vector<CloudEvent> write() {
    plan_cases();
    std::size_t next = 0;
    for (const AreaCount& count : year_.areas) {
      const std::vector<Moment> days = meeting_days(count.meetings);
      for (const Moment day : days) add_meeting(count.area, day);
      for (int i = 0; i < count.cases; ++i, ++next)
        add_case(cases_[next], days[static_cast<std::size_t>(cases_[next].meeting)], static_cast<int>(next) + 1);
    }
    std::stable_sort(events_.begin(), events_.end(),
                     [](const CloudEvent& a, const CloudEvent& b) { return a.known < b.known; });
    return std::move(events_);
  }

 private:
  // Months of the year that have a meeting, evenly spread; in each the third Wednesday.
  std::vector<Moment> meeting_days(int meetings) const {
    std::vector<Moment> days;
    for (int i = 0; i < meetings; ++i) {
      const Moment first = month_start(year_.first_month + i * 12 / meetings);
      days.push_back(at_hour(plus_days(first, (9 - weekday(first)) % 7 + 14), 10));
    }
    return days;
  }

  const Person& somebody_of(Area area) {
    while (true) {
      const Person& person = cast_.somebody(random_);
      if (area_of(person.town) == area) return person;
    }
  }

  void plan_cases() {
    std::vector<std::string> issues;
    for (const Count& issue : year_.issues)
      issues.insert(issues.end(), static_cast<std::size_t>(issue.cases), issue.code);
    random_.shuffle(issues);
    for (const AreaCount& count : year_.areas) {
      for (int i = 0; i < count.cases; ++i) {
        Case one;
        one.area = count.area;
        one.person = &somebody_of(count.area);
        one.issue = issues[cases_.size()];
        one.meeting = i % count.meetings;
        cases_.push_back(std::move(one));
      }
    }
    std::vector<std::size_t> order(cases_.size());
    for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
    random_.shuffle(order);
    for (std::size_t i = 0; i < order.size(); ++i)
      cases_[order[i]].resolved = i < static_cast<std::size_t>(year_.resolved);
    for (const Count& outcome : year_.outcomes) {
      random_.shuffle(order);
      for (std::size_t i = 0; i < static_cast<std::size_t>(outcome.cases); ++i)
        cases_[order[i]].outcomes.insert(outcome.code);
    }
    for (const char* row : kTold) tell(row);
  }

  // Gives a case of the area to the story. What it must say it gets from another case in exchange, so that the year's
  // counts stay as they are.
  void tell(std::string_view row) {
    const auto cells = fields(row, 6);
    if (whole_number(cells[0]) != civil(month_start(year_.first_month)).year) return;
    const Person& person = cast_[cells[1]];
    Case& told = *std::find_if(cases_.begin(), cases_.end(), [&](const Case& one) {
      return one.area == area_of(person.town) && one.person->key.empty();
    });
    told.person = &person;
    told.meeting = whole_number(cells[2]);
    exchange(
        told, [&](const Case& one) { return one.issue == cells[3]; }, &Case::issue);
    exchange(
        told, [&](const Case& one) { return one.resolved == (cells[4] == "r"); }, &Case::resolved);
    for (const auto& [letter, outcome] :
         {std::pair{'e', "enforcement"}, {'j', "joined-up-support"}, {'a', "asb-reduced"}})
      exchange_outcome(told, outcome, cells[5].find(letter) != std::string_view::npos);
  }

  template <typename Fits, typename Member>
  void exchange(Case& told, Fits fits, Member member) {
    if (fits(told)) return;
    for (Case& other : cases_) {
      if (!other.person->key.empty() || !fits(other)) continue;
      std::swap(told.*member, other.*member);
      return;
    }
  }

  void exchange_outcome(Case& told, const std::string& outcome, bool wanted) {
    if (told.outcomes.contains(outcome) == wanted) return;
    for (Case& other : cases_) {
      if (!other.person->key.empty() || other.outcomes.contains(outcome) != wanted) continue;
      Case& gains = wanted ? told : other;
      Case& loses = wanted ? other : told;
      gains.outcomes.insert(outcome);
      loses.outcomes.erase(outcome);
      return;
    }
  }

  CloudEvent& add(const std::string& id, const std::string& type, Area area, Moment time, Moment known) {
    CloudEvent event;
    event.id = id;
    event.source = "/community-safety/neighbourhood-meetings";
    event.type = type;
    event.time = time;
    event.known = known;
    event.area = area_code(area);
    events_.push_back(std::move(event));
    return events_.back();
  }

  void add_meeting(Area area, Moment day) {
    const std::string name = "NH-" + iso_day(day) + "-" + area_code(area);
    CloudEvent& event = add(name + "/held", "meeting.held", area, day, plus_minutes(day, 240));
    event.subject = name;
    event.facts = facts_of("meeting", {{"board", "neighbourhood"}, {"on", iso_day(day)}});
  }

  void add_case(const Case& one, Moment day, int number) {
    const std::string key = "NHC-" + year_month(month_start(year_.first_month)).substr(0, 4) + "-" + padded(number, 3);
    CloudEvent& raised =
        add(key + "/raised", "meeting.raised", one.area, plus_minutes(day, 10), plus_minutes(day, 250));
    raised.subject = key;
    raised.facts = facts_of("meeting", {{"board", "neighbourhood"}, {"on", iso_day(day)}, {"reason", one.issue}});
    raised.people.push_back({one.person, "subject", "", ""});
    const Moment year_end = plus_days(month_start(year_.first_month + 12), -1);
    const Moment closed = std::min(at_hour(plus_days(day, random_.between(28, 130)), 11), at_hour(year_end, 11));
    const Moment said = one.resolved ? closed : at_hour(year_end, 15);
    CloudEvent& closure =
        add(key + "/" + (one.resolved ? "resolved" : "ongoing"), one.resolved ? "closure.resolved" : "closure.ongoing",
            one.area, said, plus_minutes(said, 35));
    closure.subject = key;
    closure.links = "about " + closure.source + " " + key + "/raised";
    std::string outcomes;
    for (const std::string& outcome : one.outcomes) outcomes += (outcomes.empty() ? "" : ",") + json_text(outcome);
    closure.facts = facts_of("closure", {{"outcomes", outcomes.empty() ? "" : "[" + outcomes + "]"}});
    closure.people.push_back({one.person, "subject", "", ""});
  }

  const Cast& cast_;
  const Year& year_;
  Random random_;
  std::vector<Case> cases_;
  std::vector<CloudEvent> events_;
};

}  // namespace

void write_neighbourhood_meetings(const Cast& cast, const Folder& out) {
  std::vector<CloudEvent> events;
  for (const Year& year : years())
    for (CloudEvent& event : Minutes(cast, year).write()) events.push_back(std::move(event));
  write_lines(events, out / "community-safety" / "neighbourhood-meetings.jsonl");
}

void write_tasking_meetings(const std::vector<Minute>& minutes, const Folder& out) {
  write_lines(minutes, out / "community-safety" / "jtm.jsonl");
}

}  // namespace south_and_vale
