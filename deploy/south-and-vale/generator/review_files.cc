// Reviews that the law asks for: applications for a review of anti-social behaviour (the Community Trigger) of 2019-20
// and 2020-21, and the reviews of domestic homicides since 2011. The counts are the published ones; dates are invented.
#include "deploy/south-and-vale/generator/agency_files.h"
#include "deploy/south-and-vale/generator/cloud_event.h"
#include "deploy/south-and-vale/generator/fields.h"

namespace south_and_vale {
namespace {

// application | area | its steps, each "step day"; m the threshold is met, n not met | same dispute as | who applied
// CR-2020-3 and CR-2020-4 are two neighbours' applications in one dispute, and have one review; of the others the
// register does not say who applied. CR-2020-7 was entered by mistake and withdrawn.
constexpr const char* kApplications[] = {
    "CR-2019-1|thame-and-henley|applied 2019-09-02,m 2019-09-16,held 2019-10-08,tabled 2019-10-08,closed 2020-01-14||",
    "CR-2019-2|abingdon|applied 2020-01-20,n 2020-02-03||",
    "CR-2020-1|abingdon|applied 2020-05-04,m 2020-05-18,held 2020-06-09,tabled 2020-07-14,delivered 2020-09-08,"
    "closed 2020-10-13||",
    "CR-2020-2|didcot-and-wallingford|applied 2020-07-06,n 2020-07-20||",
    "CR-2020-3|abingdon|applied 2020-09-07,m 2020-09-21,held 2020-10-13,tabled 2020-11-10,"
    "delivered 2021-01-12,closed 2021-02-09||edith",
    "CR-2020-4|abingdon|applied 2020-09-10,m 2020-09-24,held 2020-10-13,tabled 2020-11-10,"
    "delivered 2021-01-12,closed 2021-02-09|CR-2020-3|barnaby",
    "CR-2020-5|thame-and-henley|applied 2020-10-05,m 2020-10-19,held 2020-11-10,tabled 2020-12-08,"
    "delivered 2021-02-09,closed 2021-03-09||",
    "CR-2020-6|didcot-and-wallingford|applied 2021-01-11,m 2021-01-25,held 2021-02-16,tabled 2021-03-09||",
    "CR-2020-7|abingdon|applied 2020-08-03,withdrawn 2020-08-04||",
};

// review | area | its steps. Deaths since the duty began in 2011.
constexpr const char* kHomicides[] = {
    "DHR-01|south-oxfordshire|notified 2011-09-12,submitted 2013-03-04,approved 2013-06-10,delivered 2014-02-03",
    "DHR-02|oxford|notified 2012-02-06,submitted 2013-05-13,approved 2013-09-02,delivered 2014-06-02",
    "DHR-03|south-oxfordshire|notified 2013-04-15,submitted 2014-07-07,approved 2014-11-03,delivered 2015-09-07",
    "DHR-04|cherwell|notified 2013-10-07,submitted 2014-12-01,approved 2015-03-02,delivered 2015-11-02",
    "DHR-05|oxford|notified 2014-06-09,submitted 2015-10-05,approved 2016-01-11,delivered 2016-09-05",
    "DHR-06|south-oxfordshire|notified 2015-05-11,submitted 2016-08-01,approved 2016-11-07,delivered 2017-10-02",
    "DHR-07|west-oxfordshire|notified 2015-11-02,submitted 2017-01-09,approved 2017-04-03,delivered 2018-01-08",
    "DHR-08|oxford|notified 2016-07-04,submitted 2017-11-06,approved 2018-02-05,delivered 2018-10-01",
    "DHR-09|south-oxfordshire|notified 2017-08-07,submitted 2019-09-02,resubmitted 2020-08-10",
    "DHR-10|vale-of-white-horse|notified 2017-03-06,submitted 2018-06-04,approved 2018-09-03,delivered 2019-06-03",
    "DHR-11|cherwell|notified 2018-05-14,submitted 2019-10-07,approved 2020-01-13,delivered 2020-10-05",
    "DHR-12|oxford|notified 2019-02-04,submitted 2020-09-07",
    "DHR-13|vale-of-white-horse|notified 2020-02-10,held 2020-09-14",
};

struct Step {
  const char* name;
  const char* type;
  const char* decision;
};
constexpr Step kSteps[] = {
    {"applied", "review.applied", ""},
    {"m", "review.threshold-decided", "met"},
    {"n", "review.threshold-decided", "not-met"},
    {"held", "review.held", ""},
    {"tabled", "review.outcome-tabled", ""},
    {"delivered", "review.plan-delivered", ""},
    {"closed", "review.closed", ""},
    {"withdrawn", "review.withdrawn", ""},
    {"notified", "review.notified", ""},
    {"submitted", "review.submitted", ""},
    {"resubmitted", "review.resubmitted", ""},
    {"approved", "review.approved", ""},
};

const Step& step_of(std::string_view name) {
  for (const Step& step : kSteps)
    if (step.name == name) return step;
  std::abort();  // the tables above name no other
}

// One event for each step: the record goes through them, and every version repeats what it belongs to.
void add_record(const char* kind, const std::string& source, std::string_view reference, std::string_view area,
                std::string_view steps, std::string_view same_as, const Person* applicant,
                std::vector<CloudEvent>& events) {
  for (int revision = 1; !steps.empty(); ++revision) {
    const std::size_t comma = std::min(steps.find(','), steps.size());
    const std::string_view entry = steps.substr(0, comma);
    steps.remove_prefix(std::min(comma + 1, steps.size()));
    const std::size_t gap = entry.find(' ');
    const Step& step = step_of(entry.substr(0, gap));
    CloudEvent event;
    event.record = reference;
    event.revision = revision;
    event.id = event.record + "/" + std::to_string(revision);
    event.source = source;
    event.type = step.type;
    event.time = at_hour(moment(entry.substr(gap + 1)), 10);
    event.known = plus_minutes(event.time, 95);
    event.subject = reference;
    event.area = area;
    if (!same_as.empty()) event.links = "same-dispute " + source + " " + std::string(same_as) + "/1";
    if (applicant != nullptr) event.people.push_back({applicant, "complainant", "", ""});
    event.facts = facts_of("review", {{"kind", kind}, {"decision", step.decision}});
    events.push_back(std::move(event));
  }
}

}  // namespace

void write_case_reviews(const Cast& cast, const Folder& out) {
  std::vector<CloudEvent> events;
  for (const char* row : kApplications) {
    const auto cells = fields(row, 5);
    const Person* applicant = cells[4].empty() ? nullptr : &cast[cells[4]];
    add_record("asb-case-review", "/community-safety/case-reviews", cells[0], cells[1], cells[2], cells[3], applicant,
               events);
  }
  write_lines(events, out / "community-safety" / "case-reviews.jsonl");
}

void write_homicide_reviews(const Folder& out) {
  std::vector<CloudEvent> events;
  for (const char* row : kHomicides) {
    const auto cells = fields(row, 3);
    add_record("dhr", "/community-safety/homicide-reviews", cells[0], cells[1], cells[2], "", nullptr, events);
  }
  write_lines(events, out / "community-safety" / "homicide-reviews.jsonl");
}

}  // namespace south_and_vale
