// The two district councils: South Oxfordshire's is comma-separated with Windows line ends, within cells too; Vale of
// White Horse's separated by tabs.
#include "deploy/south-and-vale/generator/agency_files.h"
#include "deploy/south-and-vale/generator/csv_file.h"

namespace south_and_vale {
namespace {

std::string south_kind(Kind kind) {
  switch (kind) {
    case Kind::kNoise:
      return "Noise nuisance";
    case Kind::kRubbish:
      return "Fly tip";
    case Kind::kNeighbours:
      return "Neighbour dispute";
    case Kind::kDog:
      return "Dog control";
    case Kind::kVehicles:
      return "Nuisance vehicle";
    case Kind::kDrugs:
      return "Drug related ASB";
    case Kind::kRoughSleeping:
      return "Rough sleeper";
    default:
      return "Other ASB";
  }
}

std::string vale_kind(Kind kind) {
  switch (kind) {
    case Kind::kNoise:
      return "EP-NOISE";
    case Kind::kRubbish:
      return "ENV-TIP";
    case Kind::kNeighbours:
      return "ASB-NBR";
    case Kind::kDog:
      return "DOG";
    case Kind::kVehicles:
      return "ASB-VEH";
    case Kind::kVerbalAbuse:
      return "ASB-ABUSE";
    case Kind::kDamage:
      return "ASB-DAM";
    default:
      return "ASB-OTH";
  }
}

}  // namespace

void write_south_oxfordshire(const std::vector<Incident>& incidents, const Folder& out) {
  CsvFile file({',', "\r\n"}, {"Reference", "Issue", "Incident date", "Entered", "Report type", "Stage",
                               "Parish or town", "Reporter ID", "Reporter", "Reporter DOB", "Reporter postcode",
                               "About", "Hate", "Location", "Location postcode", "Police URN", "Details"});
  for (const Incident& i : incidents) {
    if (i.agency != Agency::kSouthOxfordshire) continue;
    const std::string details = i.status == Status::kChanged ? i.notes + "\r\nUpdate given to the reporter." : i.notes;
    file.add(i.recorded,
             {i.key, std::to_string(i.version), slashed(i.occurred), slashed(i.recorded), south_kind(i.kind),
              i.status == Status::kNew       ? "Logged"
              : i.status == Status::kChanged ? "Investigating"
                                             : "Logged in error",
              i.town, "CRM" + std::to_string(60000 + 29 * i.victim->number), i.victim->given + " " + i.victim->family,
              slashed_day(i.victim->born), i.victim->postcode,
              i.suspect == nullptr ? "" : i.suspect->given + " " + i.suspect->family, i.hate ? "Yes" : "No",
              i.scene + ", " + i.town, i.scene_postcode, i.police_key, details});
  }
  file.write(out / "south-oxfordshire" / "asb-reports.csv");
}

void write_vale_of_white_horse(const std::vector<Incident>& incidents, const Folder& out) {
  CsvFile file({'\t', "\r\n"}, {"REF",    "VER",      "OCCURRED",      "LOGGED",         "CODE",
                                "STATUS", "TOWN",     "CUSTOMER",      "SURNAME",        "FORENAME",
                                "BORN",   "POSTCODE", "OTHER SURNAME", "OTHER FORENAME", "OTHER POSTCODE",
                                "HATE",   "SITE",     "SITE POSTCODE", "POLICE REF",     "NOTES"});
  for (const Incident& i : incidents) {
    if (i.agency != Agency::kValeOfWhiteHorse) continue;
    const Person* other = i.suspect;
    file.add(i.recorded, {i.key,
                          std::to_string(i.version),
                          iso(i.occurred),
                          iso(i.recorded),
                          vale_kind(i.kind),
                          i.status == Status::kNew       ? "RECEIVED"
                          : i.status == Status::kChanged ? "IN HAND"
                                                         : "CANCELLED",
                          i.town,
                          "V" + std::to_string(400000 + 53 * i.victim->number),
                          i.victim->family,
                          i.victim->given,
                          iso_day(i.victim->born),
                          i.victim->postcode,
                          other == nullptr ? "" : other->family,
                          other == nullptr ? "" : other->given,
                          other == nullptr ? "" : other->postcode,
                          i.hate ? "Y" : "",
                          i.scene + ", " + i.town,
                          i.scene_postcode,
                          i.police_key,
                          i.notes});
  }
  file.write(out / "vale-of-white-horse" / "environmental-protection.tsv");
}

}  // namespace south_and_vale
