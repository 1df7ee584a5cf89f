// Each agency's exports, in the form and the words of its own system. Files go below `out`, a folder an agency.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "deploy/south-and-vale/generator/call.h"
#include "deploy/south-and-vale/generator/incident.h"
#include "deploy/south-and-vale/generator/meeting.h"

namespace south_and_vale {

using Folder = std::filesystem::path;

// "2019-20".
std::string financial_year_name(int year);

void write_police_contacts(const std::vector<Call>& calls, const Folder& out);
void write_police_occurrences(const std::vector<Incident>& incidents, const Folder& out);
void write_police_risk(const std::vector<Assessment>& assessments, const Folder& out);
void write_street_crime(const Folder& out);
void write_south_oxfordshire(const std::vector<Incident>& incidents, const Folder& out);
void write_vale_of_white_horse(const std::vector<Incident>& incidents, const Folder& out);
void write_soha(const std::vector<Incident>& incidents, const std::vector<Assessment>& assessments, const Folder& out);
void write_sovereign(const std::vector<Incident>& incidents, const std::vector<Assessment>& assessments,
                     const Folder& out);
void write_fire(const std::vector<Incident>& incidents, const Folder& out);
void write_helpline(const Folder& out);
void write_domestic_abuse_referrals(const Cast& cast, const Folder& out);
void write_scheme_registers(const Cast& cast, const Folder& out);
void write_health_referrals(const Cast& cast, const Folder& out);
void write_answers(const Cast& cast, const std::vector<Question>& questions, const Folder& out);
void write_tasking_meetings(const std::vector<Minute>& minutes, const Folder& out);
void write_closures(const Folder& out);
void write_notices(const Folder& out);
void write_case_reviews(const Cast& cast, const Folder& out);
void write_homicide_reviews(const Folder& out);
void write_supplied_figures(const Folder& out);
void write_safe_places(const Folder& out);
void write_neighbourhood_meetings(const Cast& cast, const Folder& out);

}  // namespace south_and_vale
