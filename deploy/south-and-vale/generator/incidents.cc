#include <algorithm>
#include <map>
#include <tuple>

#include "deploy/south-and-vale/generator/arcs.h"
#include "deploy/south-and-vale/generator/fields.h"
#include "deploy/south-and-vale/generator/incident.h"
#include "deploy/south-and-vale/generator/incident_notes.h"

namespace south_and_vale {
namespace {

using Incidents = std::vector<Incident>;

const Moment kEnd = at(2021, 4, 1);
// One landlord's export of March 2021 never came: the agenda of April should say that it is silent.
const Moment kSovereignSilentFrom = at(2021, 3, 5);

Agency agency_named(std::string_view name) {
  if (name == "police") return Agency::kPolice;
  if (name == "south") return Agency::kSouthOxfordshire;
  if (name == "vale") return Agency::kValeOfWhiteHorse;
  if (name == "soha") return Agency::kSoha;
  if (name == "sovereign") return Agency::kSovereign;
  return Agency::kFire;
}

void set_flags(Incident& incident, std::string_view flags) {
  incident.child = flags.find('c') != std::string_view::npos;
  incident.hate = flags.find('h') != std::string_view::npos;
  incident.weapon = flags.find('w') != std::string_view::npos;
  incident.alcohol = flags.find('a') != std::string_view::npos;
}

Moment when_recorded(const Incident& incident, Random& random) {
  switch (incident.agency) {
    case Agency::kPolice:
      return plus_minutes(incident.occurred, random.between(25, 1100));
    case Agency::kFire:
      return plus_minutes(incident.occurred, random.between(60, 300));
    default: {
      const bool same_day = random.chance(70);
      const Moment day = same_day ? incident.occurred : plus_days(incident.occurred, random.between(1, 3));
      return std::max(random.time_of(day, 9, 17), plus_minutes(incident.occurred, 10));
    }
  }
}

Incident make_incident(Agency agency, Kind kind, Moment day, const Person& victim, Random& random) {
  Incident incident;
  incident.agency = agency;
  incident.kind = kind;
  incident.occurred = random.time_of(day, 7, 22);
  incident.victim = &victim;
  incident.town = victim.town;
  incident.scene = victim.street;
  incident.scene_postcode = victim.postcode;
  incident.notes = notes_on(kind, random);
  incident.recorded = when_recorded(incident, random);
  return incident;
}

// Whom the crowd's part falls to: a tenant of the landlord, a resident of the council's district, a neighbour.
const Person& crowd_victim(Newcomers& newcomers, Agency agency, const Person* suspect) {
  return newcomers.next([&](const Person& person) {
    if (suspect != nullptr && agency != Agency::kPolice) return person.town == suspect->town;
    switch (agency) {
      case Agency::kSoha:
        return person.landlord == Landlord::kSoha;
      case Agency::kSovereign:
        return person.landlord == Landlord::kSovereign;
      case Agency::kSouthOxfordshire:
        return in_south_oxfordshire(person.town);
      case Agency::kValeOfWhiteHorse:
        return !in_south_oxfordshire(person.town);
      default:
        return true;
    }
  });
}

void add_arcs(Incidents& incidents, const Cast& cast, Newcomers& newcomers) {
  for (const std::string_view row : arcs()) {
    const auto cells = fields(row, 7);
    Random random("arc " + std::string(row.substr(0, row.rfind('|'))));
    const Agency agency = agency_named(cells[0]);
    const Person* suspect = cells[2].empty() ? nullptr : &cast[cells[2]];
    const std::string months = std::string(cells[5]) + std::string(cells[6]);
    for (int month = 0; month < kMonths; ++month) {
      const Moment first = month_start(month);
      const int days = days_in_month(civil(first).year, civil(first).month);
      for (int i = 0; i < months[static_cast<std::size_t>(month)] - '0'; ++i) {
        const Person& victim = cells[1].empty() ? crowd_victim(newcomers, agency, suspect) : cast[cells[1]];
        Incident incident = make_incident(agency, kind_named(cells[3]), random.day_from(first, days), victim, random);
        incident.suspect = suspect;
        set_flags(incident, cells[4]);
        incidents.push_back(std::move(incident));
      }
    }
  }
}

struct CrowdPart {
  Agency agency;
  int each_month;  // at least; up to three more
  std::vector<Kind> kinds;
};

void add_crowd(Incidents& incidents, Newcomers& newcomers) {
  const std::vector<CrowdPart> parts = {
      {Agency::kPolice,
       4,
       {Kind::kBurglary, Kind::kTheft, Kind::kDamage, Kind::kDamage, Kind::kViolence, Kind::kDomestic, Kind::kDrugs,
        Kind::kHarassment}},
      {Agency::kSouthOxfordshire,
       2,
       {Kind::kNoise, Kind::kRubbish, Kind::kNeighbours, Kind::kDog, Kind::kVehicles, Kind::kDrugs}},
      {Agency::kValeOfWhiteHorse,
       2,
       {Kind::kNoise, Kind::kRubbish, Kind::kNeighbours, Kind::kDog, Kind::kVehicles, Kind::kDamage}},
      {Agency::kSoha, 2, {Kind::kNoise, Kind::kNoise, Kind::kVerbalAbuse, Kind::kRubbish, Kind::kVisitors}},
      {Agency::kSovereign, 1, {Kind::kNoise, Kind::kRubbish, Kind::kVerbalAbuse, Kind::kDamage, Kind::kDrugs}},
      {Agency::kFire,
       4,
       {Kind::kRefuseFire, Kind::kRefuseFire, Kind::kVehicleFire, Kind::kGrassFire, Kind::kDwellingFire,
        Kind::kFalseAlarm}},
  };
  for (const CrowdPart& part : parts) {
    Random random("crowd of agency " + std::to_string(static_cast<int>(part.agency)));
    for (int month = 0; month < kMonths; ++month) {
      const Moment first = month_start(month);
      const int days = days_in_month(civil(first).year, civil(first).month);
      for (int i = random.between(part.each_month, part.each_month + 3); i > 0; --i) {
        const Person& victim = crowd_victim(newcomers, part.agency, nullptr);
        const Kind kind = random.pick(part.kinds);
        Incident incident = make_incident(part.agency, kind, random.day_from(first, days), victim, random);
        incident.child = random.chance(8);
        incident.alcohol = random.chance(15);
        incidents.push_back(std::move(incident));
      }
    }
  }
}

// Places that come back, whoever reports them: the garages of Didcot and the car park of Wantage.
void set_hotspots(Incidents& incidents) {
  for (Incident& incident : incidents) {
    const bool fire = incident.kind == Kind::kRefuseFire || incident.kind == Kind::kVehicleFire;
    const bool litter = incident.kind == Kind::kRubbish || incident.kind == Kind::kVehicles;
    if (!fire && !litter) continue;
    if (incident.town == "Didcot") {
      incident.scene = "Garages behind Notional Road";
      incident.scene_postcode = "OX99 4JA";
    } else if (incident.town == "Wantage") {
      incident.scene = "Car park, Makebelieve Lane";
      incident.scene_postcode = "OX99 7EA";
    }
  }
}

void add_threefold(Incidents& incidents, const Cast& cast) {
  Random random("threefold");
  for (const std::string_view row : told_threefold()) {
    const auto cells = fields(row, 6);
    const Person& victim = cast[cells[2]];
    Incident police = make_incident(Agency::kPolice, kind_named(cells[4]), moment(cells[1]), victim, random);
    police.suspect = cells[3].empty() ? nullptr : &cast[cells[3]];
    police.occurred = moment(cells[1]);
    police.recorded = plus_minutes(police.occurred, 55);
    police.key = cells[0];
    const bool south = in_south_oxfordshire(victim.town);
    for (const Agency agency : {south ? Agency::kSouthOxfordshire : Agency::kValeOfWhiteHorse, Agency::kSovereign}) {
      Incident other = police;
      other.agency = agency;
      other.key.clear();
      other.police_key = cells[0];
      other.recorded = at_hour(plus_days(police.occurred, whole_number(cells[5])), random.between(9, 16), 20);
      incidents.push_back(std::move(other));
    }
    incidents.push_back(std::move(police));
  }
}

void add_late(Incidents& incidents, const Cast& cast) {
  Random random("late");
  for (const std::string_view row : told_late()) {
    const auto cells = fields(row, 5);
    Incident incident =
        make_incident(agency_named(cells[0]), kind_named(cells[4]), moment(cells[1]), cast[cells[3]], random);
    incident.recorded = moment(cells[2]);
    incidents.push_back(std::move(incident));
  }
}

// Later versions: most say no more than that the case moved on; a few take back what was said, or say that it was
// something else. The stories' own victims keep their cases.
void add_versions(Incidents& incidents) {
  Random random("versions");
  const std::size_t first_versions = incidents.size();
  for (std::size_t i = 0; i < first_versions; ++i) {
    Incident later = incidents[i];
    if (later.agency == Agency::kFire || !random.chance(34)) continue;
    later.version = 2;
    later.recorded = random.time_of(plus_days(later.recorded, random.between(4, 35)), 9, 17);
    const bool of_crowd = later.victim->key.empty() && later.suspect == nullptr;
    later.status = of_crowd && random.chance(14) ? Status::kWithdrawn : Status::kChanged;
    if (of_crowd && later.kind == Kind::kNoise && random.chance(30)) later.kind = Kind::kNeighbours;
    if (later.recorded < kEnd) incidents.push_back(std::move(later));
  }
}

void add_told_housing_cases(Incidents& incidents, const Cast& cast) {
  for (const std::string_view row : told_housing_cases()) {
    const auto cells = fields(row, 11);
    Incident incident;
    incident.agency = Agency::kSoha;
    incident.key = cells[0];
    incident.version = whole_number(cells[1]);
    incident.status = cells[2] == "new" ? Status::kNew : cells[2] == "changed" ? Status::kChanged : Status::kWithdrawn;
    incident.occurred = moment(cells[3]);
    incident.recorded = moment(cells[4]);
    incident.victim = &cast[cells[5]];
    incident.kind = kind_named(cells[6]);
    incident.town = cells[7];
    set_flags(incident, cells[8]);
    incident.suspect = cells[9].empty() ? nullptr : &cast[cells[9]];
    incident.notes = cells[10];
    incidents.push_back(std::move(incident));
  }
}

std::string new_key(const Incident& incident, int number) {
  const int year = civil(incident.recorded).year;
  const std::string two = padded(year % 100, 2);
  switch (incident.agency) {
    case Agency::kPolice:
      return "43" + two + padded(number * 173, 7);
    case Agency::kSouthOxfordshire:
      return "SODC/ASB/" + std::to_string(year) + "/" + padded(number, 4);
    case Agency::kValeOfWhiteHorse:
      return "VWH-" + two + "-" + padded(number, 5);
    case Agency::kSoha:
      return "SOHA-" + two + "-" + padded(100 + number, 4);
    case Agency::kSovereign:
      return "C" + two + padded(number * 7, 6);
    default:
      return "OFRS" + two + padded(number * 11, 6);
  }
}

// First versions get their numbers in the order in which they were recorded, a later version its first one's: the same
// agency, time and person.
void number_them(Incidents& incidents) {
  std::map<std::pair<Agency, int>, int> last;
  std::map<std::tuple<Agency, Moment, const Person*>, std::string> keys;
  for (Incident& incident : incidents) {
    if (!incident.key.empty()) continue;  // a story gave it
    std::string& key = keys[{incident.agency, incident.occurred, incident.victim}];
    if (incident.version == 1) key = new_key(incident, ++last[{incident.agency, civil(incident.recorded).year}]);
    incident.key = key;
  }
}

}  // namespace

Incidents plan_incidents(const Cast& cast) {
  Incidents incidents;
  Newcomers newcomers(cast);
  add_arcs(incidents, cast, newcomers);
  add_crowd(incidents, newcomers);
  set_hotspots(incidents);
  add_threefold(incidents, cast);
  add_late(incidents, cast);
  add_versions(incidents);
  std::erase_if(incidents, [](const Incident& incident) {
    return incident.recorded >= kEnd ||
           (incident.agency == Agency::kSovereign && incident.recorded >= kSovereignSilentFrom);
  });
  add_told_housing_cases(incidents, cast);
  std::stable_sort(incidents.begin(), incidents.end(),
                   [](const Incident& a, const Incident& b) { return a.recorded < b.recorded; });
  number_them(incidents);
  return incidents;
}

}  // namespace south_and_vale
