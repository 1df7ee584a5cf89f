// What an agency holds of something that happened, as far as any of them would: the files of police, councils, housing
// associations and the fire service are written from these. And risk assessments, which follow on them.
#pragma once

#include <string>
#include <vector>

#include "deploy/south-and-vale/generator/cast.h"

namespace south_and_vale {

enum class Agency { kPolice, kSouthOxfordshire, kValeOfWhiteHorse, kSoha, kSovereign, kFire, kDomesticAbuseService };

enum class Kind {
  kNoise,
  kVerbalAbuse,
  kRubbish,
  kVisitors,
  kDrugs,
  kDamage,
  kNeighbours,
  kDog,
  kVehicles,
  kDomestic,
  kBurglary,
  kTheft,
  kViolence,
  kHarassment,
  kCuckooing,
  kExploitation,
  kRoughSleeping,
  kRefuseFire,
  kVehicleFire,
  kGrassFire,
  kDwellingFire,
  kFalseAlarm,
  kHoarding,
};

enum class Status { kNew, kChanged, kWithdrawn };

struct Incident {
  Agency agency = Agency::kPolice;
  std::string key;  // the agency's own number; given when all are known, unless a story gives it
  int version = 1;
  Status status = Status::kNew;
  Moment occurred;
  Moment recorded;
  Kind kind = Kind::kNoise;
  const Person* victim = nullptr;   // or complainant, or occupier
  const Person* suspect = nullptr;  // or the other party
  std::string town;
  std::string scene;
  std::string scene_postcode;
  bool hate = false;
  bool child = false;
  bool weapon = false;
  bool alcohol = false;
  std::string police_key;  // of the police's record of the same thing, where the agency noted it
  std::string notes;
};

// All versions of all incidents, by the time they were recorded.
std::vector<Incident> plan_incidents(const Cast& cast);

struct Assessment {
  Agency agency = Agency::kPolice;
  Moment assessed;
  Moment recorded;
  const Person* person = nullptr;
  int score = 0;
  bool senior = false;  // by an area manager or a sergeant
  Moment review;
};

// In the order of their dates.
std::vector<Assessment> plan_assessments(const Cast& cast, const std::vector<Incident>& incidents);

}  // namespace south_and_vale
