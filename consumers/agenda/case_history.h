// What is known of one case on the day of a meeting, as the sections and the score look at it: a person, or a place.
// Thread: values and pure functions; pointers are into the CaseSet.
#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "broker/core/calendar.h"
#include "consumers/agenda/board.h"
#include "consumers/agenda/board_action.h"
#include "consumers/agenda/said_of_actions.h"
#include "consumers/callers/calls.h"
#include "consumers/casebook/case_set.h"

namespace moot {

struct ClockFinding;  // consumers/rules/clock_kind.h

using Events = std::vector<const v1::Event*>;

// One occurrence, and every report of it: reports joined by links "about" are one.
struct Occurrence {
  const v1::Event* first = nullptr;
  Events reports;  // by time
};

// Two assessments by one tool, one after the other, of which the later is higher.
struct RiskRise {
  const v1::Event* before = nullptr;
  const v1::Event* now = nullptr;
};

// What the chair said of a case before the meeting, where nothing later undoes it.
struct ChairWord {
  const v1::Event* event = nullptr;  // a Meeting, PINNED or DEFERRED; nullptr = nothing
  std::string text;                  // "pinned by the chair on 30 March 2021: reason"
  std::string reason;                // the code as words
  std::string until;                 // YYYY-MM-DD; empty = until something else is said

  bool pins() const { return event != nullptr && event->facts().meeting().stage() == v1::Meeting::PINNED; }
  bool defers() const { return event != nullptr && !pins(); }
};

struct CaseHistory {
  // In the 12 months before the meeting, by time:
  std::vector<Occurrence> incidents;
  std::vector<Occurrence> occurrences;    // incidents, and contacts that are not about one of them
  Events contacts;                        // not those made on the person's behalf
  Events work;                            // referrals, assessments, actions and closures …
  bool work_is_known = true;              // … which name people: of a place nobody knows them
  std::size_t proposed = 0;               // actions that are nobody's work yet
  std::map<std::string, Events> factors;  // of vulnerability, by code
  // At any time before the meeting:
  const v1::Event* risk = nullptr;          // the highest band among the latest assessment by each tool
  std::vector<RiskRise> rises;              // to a latest assessment in the 12 months, by tool
  Events decisions;                         // kept and removed, by this board
  ChairWord chair;                          // by this board
  Events fresh;                             // what brings a removed case back: new since the last of `decisions`
  std::vector<const BoardAction*> actions;  // red first
  std::vector<const ClockFinding*> clocks;  // that ask for attention and are scored, most urgent first

  const std::string& band() const;  // of `risk`; empty = never assessed
  bool removed() const;             // by the last decision, and nothing is new since
};

// Whose history, and by which rules.
struct HistoryScope {
  const CaseSet& set;
  const Board& board;
  const BoardVersion& rules;
  Date on;
  const std::vector<SaidOfActions>& said;  // of every board's actions
};

// [midnight of the same day so many months before, midnight of the day).
Window months_before(Date on, int months);
bool earlier(const v1::Event* a, const v1::Event* b);
void sort_once(Events& events);  // by time, each event once

// Events within the window that name the person in one of the roles (none = any), by time, each once.
template <typename Wanted>
Events events_of(const CaseSet& set, const PersonCase& person, const std::vector<std::string>& roles,
                 const Window& window, const Wanted& wanted) {
  Events events;
  for (const Mention& mention : person.mentions) {
    if (!window.holds(set.records().time(mention.record))) continue;  // before it is read
    const v1::Event& event = set.record(mention);
    if (wanted(event) && is_in(roles, set.person(mention).role())) events.push_back(&event);
  }
  sort_once(events);
  return events;
}

// `reports` by time; those that a chain of links "about" leads to one incident are one occurrence.
std::vector<Occurrence> occurrences_of(const CaseSet& set, const Events& reports);
Events all_reports(const std::vector<Occurrence>& occurrences);
// Incidents that name the person in one of the roles, within the window.
std::vector<Occurrence> incidents_of(const CaseSet& set, const PersonCase& person,
                                     const std::vector<std::string>& roles, const Window& window);

// `roles`: in which incidents, contacts and assessments name the person.
CaseHistory make_history(const HistoryScope& scope, const PersonCase& person, const std::vector<std::string>& roles);
// Of a place: its incidents alone.
CaseHistory make_history(std::vector<Occurrence> incidents);
int band_order(const std::string& band);  // high 0, medium 1, standard 2, anything else 3

// The codes of `factors` that an incident, or a referral that is the person's matter, has: each once.
std::vector<std::string> factors_in(const v1::Event& event, int person, const std::vector<std::string>& factors);

}  // namespace moot
