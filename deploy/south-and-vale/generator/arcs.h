// Stories told as incidents: who, what, and how often in each month.
#pragma once

#include <string_view>
#include <vector>

namespace south_and_vale {

// agency | victim or complainant | suspect or other party | kind | flags | each month of 2019-20 | of 2020-21
// An empty victim is somebody of the crowd. Flags: c a child was present, h hate, w a weapon, a alcohol.
std::vector<std::string_view> arcs();

// The housing association's cases as it would tell them:
// key | version | status | opened | recorded | complainant | kind | town | flags | other party | notes
std::vector<std::string_view> told_housing_cases();

// One occurrence that three agencies were told of; the other two noted the police's number:
// police number | occurred | victim | suspect | kind | council and landlord learned so many days later
std::vector<std::string_view> told_threefold();

// Written down after the year's end: agency | occurred | recorded | complainant | kind
std::vector<std::string_view> told_late();

}  // namespace south_and_vale
