// The Joint Tasking Meeting's told part: the man of the partnership's published case study, the flat in Abingdon, the
// flat in Didcot, the two households of the case review, and their neighbours on the list of the last winter.
#include <array>

#include "deploy/south-and-vale/generator/fields.h"
#include "deploy/south-and-vale/generator/meeting.h"

namespace south_and_vale {
namespace {

// meeting | stage | person | reason
constexpr const char* kMinutes[] = {
    "2020-07-14|discussed|lorcan|",
    "2020-09-08|discussed|brandon|",
    "2020-10-13|removed|lorcan|agreement-kept",
    "2020-11-10|discussed|edith|",
    "2020-12-08|discussed|martin|",
    "2020-12-08|discussed|sian|",
    "2020-12-08|kept|brandon|reports-go-on",
    "2021-01-12|discussed|martin|",
    "2021-01-12|discussed|sian|",
    "2021-01-12|discussed|marguerite|",
    "2021-01-12|discussed|joan-44|",
    "2021-02-09|removed|edith|plan-delivered",
    "2021-02-09|discussed|brandon|",
    "2021-03-09|discussed|marguerite|",
    "2021-03-09|discussed|kwame|",
    "2021-03-09|removed|martin|no-calls-since-january",
};

// meeting | owner | person | due | what is asked
constexpr const char* kActions[] = {
    "2020-07-14|sovereign|lorcan|2020-08-11|Draw up an acceptable behaviour contract with the police.",
    "2020-07-14|turning-point|lorcan|2020-08-11|Offer him an appointment about cannabis and alcohol.",
    "2020-07-14|thames-valley-police|lorcan|2020-09-08|Patrol, and visit together with the housing officer.",
    "2020-09-08|thames-valley-police|brandon|2020-10-13|Visit with the housing officer; take drug swabs.",
    "2020-09-08|soha|brandon|2020-11-10|Collect what all agencies were told, for an injunction.",
    "2020-09-08|oxford-health|brandon|2020-10-13|Say what a move would mean for his care.",
    "2020-11-10|sovereign|edith|2020-12-08|More support for her, and a look at the party wall.",
    "2020-11-10|vale-of-white-horse|edith|2020-12-08|Offer to put the noise equipment back.",
    "2020-11-10|sovereign|barnaby|2021-01-12|Watch the good neighbour agreement; keep children's social care informed.",
    "2020-12-08|soha|sian|2021-01-05|Install sound-monitoring equipment and share the readings.",
    "2020-12-08|community-safety|martin|2021-01-05|Ask health whether he is known, before the January meeting.",
    "2020-12-08|thames-valley-police|geraldine|2021-01-08|Neighbourhood officer to visit and explain what to report "
    "where.",
    "2020-12-08|thames-valley-police|marguerite|2021-02-09|Patrol at school closing time for four weeks.",
    "2021-01-12|oxford-health|martin|2021-02-09|Turning Point's service manager to arrange with AMHT a consultation "
    "about support with substance misuse, for when he is discharged.",
    "2021-01-12|thames-valley-police|martin|2021-02-09|Joint visit with the housing officer.",
    "2021-01-12|soha|martin|2021-02-09|Hold the tenancy while he is in hospital and see that the heating works.",
    "2021-01-12|community-safety|desmond|2021-01-29|Write with the rules on off-road motorbikes and whom to tell.",
    "2021-01-12|soha|joan-44|2021-02-09|Fit a door viewer and a chain.",
    "2021-02-09|thames-valley-police|marguerite|2021-03-09|Take a statement and consider a community protection "
    "warning.",
    "2021-02-09|south-oxfordshire|brandon|2021-03-30|Housing needs officer to visit before the possession hearing.",
    "2021-03-09|thames-valley-police|kwame|2021-04-06|Closure order for the flat above: consult the council and apply.",
    "2021-03-09|soha|kwame|2021-04-20|Offer a temporary move while the closure order is decided.",
    "2021-03-09|community-safety|sian|2021-03-26|Tell her of the ASB case review and help her apply.",
    "2021-03-09|thames-valley-police|desmond|2021-03-30|Ask for the motorbikes' plates and seize on the second "
    "warning.",
};

// meeting | its action | stage | when | new due date | carried
constexpr const char* kSteps[] = {
    "2020-07-14|1|done|2020-08-05 10:40||",
    "2020-07-14|2|done|2020-08-04 15:20||",
    "2020-07-14|3|done|2020-09-03 12:05||",
    "2020-09-08|1|done|2020-10-02 16:30||",
    "2020-09-08|2|updated|2020-11-10 11:15|2020-12-08|1",
    "2020-09-08|2|done|2020-12-04 14:10||",
    "2020-09-08|3|done|2020-10-09 09:45||",
    "2020-11-10|1|done|2020-12-03 13:30||",
    "2020-11-10|2|done|2020-11-27 10:10||",
    "2020-11-10|3|updated|2021-01-12 11:15|2021-02-09|1",
    "2020-11-10|3|done|2021-02-04 09:50||",
    "2020-12-08|1|done|2021-01-06 11:15||",
    "2020-12-08|2|done|2021-01-07 11:15||",
    "2021-01-12|1|updated|2021-01-19 11:15||",
    "2021-01-12|2|overtaken|2021-01-26 11:15||",
    "2021-01-12|4|done|2021-01-27 11:15||",
    "2021-01-12|3|done|2021-02-02 11:15||",
    "2021-01-12|5|done|2021-02-04 11:15||",
    "2020-12-08|4|not-done|2021-02-09 11:15||",
    "2021-01-12|1|done|2021-02-09 11:15||",
    "2021-02-09|1|updated|2021-03-09 11:15|2021-04-06|1",
    "2021-03-09|3|done|2021-03-24 11:15||",
};

// Those whom the story alone speaks of: always, or from October 2020 on.
constexpr std::array<const char*, 4> kAlways = {"lorcan", "brandon", "edith", "barnaby"};
constexpr std::array<const char*, 7> kLastWinter = {"martin",  "sian",  "geraldine", "desmond",
                                                    "joan-44", "kwame", "marguerite"};
constexpr int kLastWinterFrom = 18;

}  // namespace

std::vector<ToldMinute> told_minutes() {
  std::vector<ToldMinute> told;
  for (const char* row : kMinutes) {
    const auto cells = fields(row, 4);
    told.push_back({moment(cells[0]), std::string(cells[1]), std::string(cells[2]), std::string(cells[3])});
  }
  return told;
}

std::vector<ToldAction> told_actions() {
  std::vector<ToldAction> told;
  for (const char* row : kActions) {
    const auto cells = fields(row, 5);
    told.push_back(
        {moment(cells[0]), std::string(cells[1]), std::string(cells[2]), moment(cells[3]), std::string(cells[4])});
  }
  return told;
}

std::vector<ToldStep> told_steps() {
  std::vector<ToldStep> told;
  for (const char* row : kSteps) {
    const auto cells = fields(row, 6);
    told.push_back({moment(cells[0]), whole_number(cells[1]), std::string(cells[2]), moment(cells[3]),
                    cells[4].empty() ? Moment{} : moment(cells[4]), whole_number(cells[5])});
  }
  return told;
}

bool is_told(const Person& person, int month) {
  for (const char* key : kAlways)
    if (person.key == key) return true;
  if (month < kLastWinterFrom) return false;
  for (const char* key : kLastWinter)
    if (person.key == key) return true;
  return false;
}

}  // namespace south_and_vale
