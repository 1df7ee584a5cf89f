// What is known of one person on the day of a meeting, as the sections and the score look at it.
// Thread: values and pure functions; pointers are into the CaseSet.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "broker/core/calendar.h"
#include "consumers/agenda/board_action.h"
#include "consumers/callers/calls.h"
#include "consumers/casebook/case_set.h"

namespace moot {

// One incident, and every report of it: reports joined by links "about" are one incident.
struct CountedIncident {
  const v1::Event* first = nullptr;
  std::vector<const v1::Event*> reports;  // by time
};

struct CaseHistory {
  std::size_t person = 0;                   // position in CaseSet::persons()
  std::vector<CountedIncident> incidents;   // in the 12 months before the meeting, by time
  std::vector<const v1::Event*> contacts;   // in the same 12 months, by time; not those made on the person's behalf
  const v1::Event* risk = nullptr;          // the highest band among the latest assessment by each tool
  std::vector<const BoardAction*> actions;  // red first

  const std::string& band() const;  // of `risk`; empty = never assessed
};

// [midnight of the same day so many months before, midnight of the day).
Window months_before(Date on, int months);
// Incidents that name the person in one of the roles, within the window.
std::vector<CountedIncident> incidents_of(const CaseSet& set, const PersonCase& person,
                                          const std::vector<std::string>& roles, const Window& window);
CaseHistory make_history(const CaseSet& set, std::size_t person, const std::vector<std::string>& roles, Date on);
int band_order(const std::string& band);  // high 0, medium 1, standard 2, anything else 3
std::vector<const v1::Event*> all_reports(const std::vector<CountedIncident>& incidents);

}  // namespace moot
