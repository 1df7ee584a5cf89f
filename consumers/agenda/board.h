// A board: which meeting an agenda is for, its sections and its points. Dated data of the partnership, never code.
// Errors: kDefinition with file, line, key and what was expected; kDefinition when no version holds on a date.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "broker/core/calendar.h"
#include "broker/core/definition.h"
#include "broker/core/status.h"
#include "consumers/validity.h"

namespace moot {

enum class SectionKind { kPreviousActions, kFrequentCallers, kHighRisk, kRepeatVictims };

struct Section {
  std::string id;
  std::string title;
  SectionKind kind = SectionKind::kPreviousActions;
  std::vector<std::string> bands;  // high risk
  std::vector<std::string> roles;  // repeat victims
  int incidents_min = 2;           // repeat victims
  int months = 12;                 // repeat victims
};

// Whole points; every score is a sum of these.
struct Points {
  int risk_high = 35;
  int risk_medium = 15;
  int further_incident = 4;
  int further_incident_max = 5;  // incidents
  int further_agency = 8;
  int further_agency_cap = 24;
  int serious = 12;
  int serious_cap = 24;
  int frequent_caller = 10;
  int action_late = 10;
  int last_7_days = 8;
  int last_28_days = 4;
};

struct BoardVersion {
  Validity validity;
  std::vector<std::string> subject_roles;  // in whose events a person is a case
  int minutes = 0;                         // of the meeting; 0 = no budget
  int minutes_per_case = 0;
  int minutes_for_actions = 0;
  Points points;
  std::vector<Section> sections;  // in printed order, previous actions first
};

class Board {
 public:
  static Result<Board> load(const std::filesystem::path& file);
  static Result<Board> parse(std::string_view toml, std::string_view name);

  Result<BoardVersion> version_on(Date on) const;
  std::string version_name(const BoardVersion& version) const;  // "jtm 2020-04-01"

  std::string id;
  std::string title;
  std::string source;
  std::vector<BoardVersion> versions;

 private:
  static Result<Board> read(Definition definition);
};

}  // namespace moot
