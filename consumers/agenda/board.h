// A board: which meeting an agenda is for, its sections and its points. Dated data of the partnership, never code.
// Errors: kDefinition with file, line, key and what was expected; kDefinition when no version holds on a date.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "broker/core/calendar.h"
#include "broker/core/definition.h"
#include "broker/core/status.h"
#include "consumers/agenda/cadence.h"
#include "consumers/report/predicate.h"
#include "consumers/validity.h"
#include "proto/event.pb.h"

namespace moot {

struct SectionKind;  // consumers/agenda/section.h

// A section as the board sets it up. Which of the parameters it has, and what stands for one left out, is said by its
// kind's read(); a key of another kind refuses the file.
struct Section {
  DefinitionPlace place;
  std::string id;
  std::string title;
  const SectionKind* kind = nullptr;
  std::vector<std::string> bands;       // of risk
  std::vector<std::string> roles;       // of people in events
  std::vector<std::string> schemes;     // of referrals
  std::vector<std::string> reasons;     // of referrals
  std::vector<std::string> factors;     // of vulnerability
  std::vector<std::string> categories;  // of incidents
  std::optional<Predicate> where;       // which events; of places, which incidents
  std::optional<Predicate> until;       // what ends it
  int count_min = 0;                    // events
  int age_from = 0;                     // of people on the day; 0 = of any age
  int age_before = 0;
  std::vector<std::string> clocks;  // of the rule pack
  std::vector<std::string> states;  // of clocks; empty = those that ask for attention
  bool scored = false;              // whether its clocks give their cases points
  std::string by;                   // what makes a place: "address", "postcode" or "area"
  int incidents_min = 0;
  int agencies_min = 0;
  int months = 0;
  // Of every section but previous actions:
  std::optional<int> score_min;  // a case below it is not listed
  int at_most = 0;               // cases listed, highest score first; 0 = all
  int at_least = 0;              // cases for discussion, however short the time
  bool noting = false;           // none of its cases takes the meeting's time
};

// Whole points; every score is a sum of these. The README's table says what each is for.
struct Points {
  int risk_high = 35;
  int risk_medium = 15;
  int risk_rising = 15;
  int further_incident = 4;
  int further_incident_max = 5;  // incidents
  int further_agency = 8;
  int further_agency_cap = 24;
  int serious = 12;
  int serious_cap = 24;
  int vulnerability = 6;
  int vulnerability_max = 3;  // factors
  int escalation = 10;
  int escalation_min = 3;  // reports in the latest 28 days
  int frequent_caller = 10;
  int action_late = 10;
  int clock_overdue = 60;
  int clock_near = 40;
  int clock_near_days = 5;  // working days
  int nobody_acts = 0;
  int last_7_days = 8;
  int last_28_days = 4;
  int quiet = 10;       // taken off
  int quiet_days = 28;  // without a report
};

struct BoardVersion {
  Validity validity;
  std::vector<std::string> subject_roles;  // in whose events a person is a case
  std::vector<std::string> factors;    // of vulnerability: categories of incidents, schemes and reasons of referrals
  std::vector<std::string> successes;  // of interventions, as "referral.completed"
  int minutes = 0;                     // of the meeting; 0 = time enough for every case
  int minutes_per_case = 0;            // likewise
  int minutes_for_actions = 0;
  std::optional<Cadence> cadence;  // when it meets; absent = not known
  Points points;
  std::vector<Section> sections;  // in printed order: previous actions first, then whom the chair pinned
};

struct Secretary {
  Validity validity;
  std::string agency;
};

class Board {
 public:
  static Result<Board> load(const std::filesystem::path& file);
  static Result<Board> parse(std::string_view toml, std::string_view name);

  Result<BoardVersion> version_on(Date on) const;
  std::string version_name(const BoardVersion& version) const;  // "jtm 2020-04-01"
  // The agency that says on a day what its meetings say; empty = none does.
  std::string secretary_on(Date day) const;
  // Whether what the agency says of its meetings on the day holds: the secretary's of that day and the operator's word;
  // of a board that names no secretary everybody's.
  bool goes_by(std::string_view agency, Date day) const;
  // Of the day on which it was said: who was the secretary stays so, whoever is it later.
  bool goes_by(const v1::Event& said) const;

  DefinitionPlace place;
  std::string id;
  std::string toml;  // the definition: boards with the same are the same
  std::string title;
  std::string source;
  std::string known_as;                   // as events call it; its id where nothing else is said
  std::vector<Secretary> secretaries;     // one after the other; none = the operator, or whoever says it
  std::vector<std::string> areas;         // codes: whose cases it looks at; none = all
  bool each_area = false;                 // it meets in each of them apart
  std::vector<std::string> compartments;  // of events, that it may rest on beside those in none
  std::vector<BoardVersion> versions;

 private:
  static Result<Board> read(Definition definition);
};

}  // namespace moot
