#include <algorithm>
#include <map>
#include <set>

#include "deploy/south-and-vale/generator/fields.h"
#include "deploy/south-and-vale/generator/incident.h"

namespace south_and_vale {
namespace {

using Assessments = std::vector<Assessment>;

const Moment kEnd = at(2021, 4, 1);
const Moment kSovereignSilentFrom = at(2021, 3, 5);

// As the housing associations would tell them: agency | tenant | assessed | recorded | score | s = by a senior
constexpr const char* kTold[] = {
    "soha|sian|2020-10-30|2020-10-30 15:21|24|",
    "soha|marguerite|2020-12-17|2020-12-17 10:49|38|",
    "soha|martin|2020-12-01|2020-12-01 14:44|21|",
    "soha|joan-44|2020-11-12|2020-11-12 11:14|12|",
    "soha|terence|2020-12-10|2020-12-10 10:34|6|",
    "soha|sian|2021-02-12|2021-02-12 16:14|36|s",
    "soha|kwame|2021-02-05|2021-02-05 14:48|27|",
    "soha|marguerite|2021-01-15|2021-01-15 11:35|37|s",
    "soha|kwame|2021-03-12|2021-03-12 15:52|33|s",
    "soha|martin|2021-02-25|2021-02-25 15:22|9|",
    "soha|marguerite|2021-03-05|2021-03-05 13:43|25|",
    // After the case review.
    "sovereign|edith|2021-02-03|2021-02-03 12:05|11|",
};

// High risk is reviewed after four weeks, the rest after three months, low risk after six.
Moment review_after(Moment assessed, int score, int medium, int high) {
  return plus_days(assessed, score >= high ? 28 : score >= medium ? 90 : 181);
}

void add(Assessments& all, Agency agency, const Person& person, Moment day, int score, Random& random) {
  const bool police = agency == Agency::kPolice;
  Assessment assessment;
  assessment.agency = agency;
  assessment.person = &person;
  assessment.assessed = at_hour(day, 0);
  assessment.recorded = random.time_of(day, 10, 17);
  assessment.score = score;
  assessment.senior = random.chance(25);
  assessment.review = review_after(assessment.assessed, score, police ? 10 : 20, police ? 14 : 32);
  if (assessment.recorded < (agency == Agency::kSovereign ? kSovereignSilentFrom : kEnd)) all.push_back(assessment);
}

void add_told(Assessments& all, const Cast& cast) {
  for (const char* row : kTold) {
    const auto cells = fields(row, 6);
    Assessment assessment;
    assessment.agency = cells[0] == "soha" ? Agency::kSoha : Agency::kSovereign;
    assessment.person = &cast[cells[1]];
    assessment.assessed = moment(cells[2]);
    assessment.recorded = moment(cells[3]);
    assessment.score = whole_number(cells[4]);
    assessment.senior = !cells[5].empty();
    assessment.review = review_after(assessment.assessed, assessment.score, 20, 32);
    all.push_back(assessment);
  }
}

bool is_assessed(const Incident& incident) {
  if (incident.version != 1 || incident.victim->key.empty()) return false;
  if (incident.agency == Agency::kPolice) return incident.kind == Kind::kDomestic;
  if (incident.agency != Agency::kSoha && incident.agency != Agency::kSovereign) return false;
  return incident.victim->landlord != Landlord::kNone;
}

}  // namespace

// The police fill in a form after each incident of domestic abuse; a landlord assesses from the second report on. Four
// months after the last report it is done once more, and the score falls.
Assessments plan_assessments(const Cast& cast, const std::vector<Incident>& incidents) {
  Assessments all;
  Random random("assessments");
  add_told(all, cast);
  std::set<const Person*> told;
  for (const Assessment& assessment : all)
    if (assessment.agency == Agency::kSoha) told.insert(assessment.person);
  std::map<std::pair<const Person*, Agency>, std::vector<Moment>> reports;
  std::vector<std::pair<const Person*, Agency>> order;  // as first reported, so that nothing hangs on addresses
  for (const Incident& incident : incidents) {
    if (!is_assessed(incident) || (incident.agency == Agency::kSoha && told.contains(incident.victim))) continue;
    std::vector<Moment>& days = reports[{incident.victim, incident.agency}];
    if (days.empty()) order.emplace_back(incident.victim, incident.agency);
    days.push_back(incident.recorded);
  }
  for (const auto& [person, agency] : order) {
    const std::vector<Moment>& days = reports[{person, agency}];
    const bool police = agency == Agency::kPolice;
    for (std::size_t i = police ? 0 : 1; i < days.size(); ++i) {
      const int reported = static_cast<int>(i) + 1;
      const int score = (police ? 6 + 3 * reported : 13 + 4 * reported) + random.below(2);
      add(all, agency, *person, plus_days(days[i], police ? 1 : random.between(2, 7)),
          std::min(score, police ? 24 : 40), random);
    }
    if (days.size() > 1) add(all, agency, *person, plus_days(days.back(), 122), police ? 6 : 9, random);
  }
  std::stable_sort(all.begin(), all.end(),
                   [](const Assessment& a, const Assessment& b) { return a.recorded < b.recorded; });
  return all;
}

}  // namespace south_and_vale
