// generate OUT_FOLDER: writes what the agencies of the demonstration partnership would have exported between April 2019
// and March 2021, the same bytes on every machine. Everybody in it is invented.
//
// It knows nothing of the program that reads the files: the codes and words here are the agencies' own, and only the
// mappings beside it say what they mean.
#include <cstdio>

#include "deploy/south-and-vale/generator/agency_files.h"

namespace south_and_vale {

std::string financial_year_name(int year) { return std::to_string(year) + "-" + padded((year + 1) % 100, 2); }

namespace {

void generate(const Folder& out) {
  const Cast cast;
  const std::vector<Call> calls = plan_calls(cast);
  const std::vector<Incident> incidents = plan_incidents(cast);
  const std::vector<Assessment> assessments = plan_assessments(cast, incidents);
  const MeetingPlan meetings = plan_meetings(cast, calls, incidents);
  write_police_contacts(calls, out);
  write_police_occurrences(incidents, out);
  write_police_risk(assessments, out);
  write_street_crime(out);
  write_south_oxfordshire(incidents, out);
  write_vale_of_white_horse(incidents, out);
  write_soha(incidents, assessments, out);
  write_sovereign(incidents, assessments, out);
  write_fire(incidents, out);
  write_helpline(out);
  write_domestic_abuse_referrals(cast, out);
  write_scheme_registers(cast, out);
  write_health_referrals(cast, out);
  write_answers(cast, meetings.questions, out);
  write_tasking_meetings(meetings.minutes, out);
  write_neighbourhood_meetings(cast, out);
  write_closures(out);
  write_notices(out);
  write_case_reviews(cast, out);
  write_homicide_reviews(out);
  write_supplied_figures(out);
  write_safe_places(out);
}

}  // namespace
}  // namespace south_and_vale

int main(int argc, char** argv) {
  if (argc != 2) {
    std::fputs("usage: generate OUT_FOLDER\n", stderr);
    return 2;
  }
  south_and_vale::generate(argv[1]);
  return 0;
}
