// The police's exports, comma-separated: contacts, one file a month; occurrences and DASH forms, one file a year.
#include <map>

#include "deploy/south-and-vale/generator/agency_files.h"
#include "deploy/south-and-vale/generator/csv_file.h"

namespace south_and_vale {
namespace {

std::string flag(bool value) { return value ? "Y" : "N"; }

// What the operator left out: never so much that the caller cannot be told from others.
enum class Missing { kNothing, kReference, kBirthDate, kAddress };

Missing what_is_missing(Random& random) {
  const int roll = random.below(100);
  return roll < 32   ? Missing::kReference
         : roll < 44 ? Missing::kBirthDate
         : roll < 56 ? Missing::kAddress
                     : Missing::kNothing;
}

CsvFile::Cells contact_row(const Call& call, const std::string& number, Random& random) {
  CsvFile::Cells cells = {number, slashed(call.received), slashed(call.logged), call.how};
  if (call.caller == nullptr) {
    cells.insert(cells.end(), 8, "");
  } else {
    const Person& caller = *call.caller;
    const Missing missing = what_is_missing(random);
    const bool dated = missing != Missing::kBirthDate;
    const bool placed = missing != Missing::kAddress;
    cells.push_back(missing == Missing::kReference ? "" : police_reference(caller));
    cells.push_back(caller.family);
    cells.push_back(caller.given);
    cells.push_back(dated ? slashed_day(caller.born) : "");
    cells.push_back(dated ? std::string(1, caller.sex) : "");
    cells.push_back(placed ? caller.street + ", " + caller.town : "");
    cells.push_back(placed ? caller.postcode : "");
    cells.push_back(caller.phone);
  }
  cells.push_back(call.what);
  cells.push_back(call.town);
  cells.push_back(flag(call.third_party));
  cells.push_back(call.log);
  return cells;
}

std::string classification(Kind kind) {
  switch (kind) {
    case Kind::kDomestic:
      return "Domestic incident";
    case Kind::kBurglary:
      return "Burglary";
    case Kind::kTheft:
      return "Theft";
    case Kind::kViolence:
      return "Violence against the person";
    case Kind::kHarassment:
      return "Harassment";
    case Kind::kDamage:
      return "Criminal damage";
    case Kind::kDrugs:
      return "Drug offence";
    case Kind::kCuckooing:
      return "Cuckooing";
    case Kind::kExploitation:
      return "Exploitation";
    case Kind::kVisitors:
      return "Suspicious visitors";
    default:
      return "ASB - nuisance";
  }
}

CsvFile::Cells occurrence_row(const Incident& incident) {
  const Person& victim = *incident.victim;
  CsvFile::Cells cells = {incident.key,
                          std::to_string(incident.version),
                          slashed(incident.occurred),
                          slashed(incident.recorded),
                          classification(incident.kind),
                          incident.status == Status::kNew       ? "Open"
                          : incident.status == Status::kChanged ? "Filed"
                                                                : "No crime",
                          flag(incident.kind == Kind::kDomestic),
                          flag(incident.hate),
                          flag(incident.child),
                          flag(incident.weapon),
                          flag(incident.alcohol),
                          incident.town,
                          police_reference(victim),
                          victim.family,
                          victim.given,
                          slashed_day(victim.born),
                          victim.postcode};
  if (incident.suspect == nullptr) {
    cells.insert(cells.end(), 5, "");
  } else {
    const Person& suspect = *incident.suspect;
    for (const std::string& cell :
         {police_reference(suspect), suspect.family, suspect.given, slashed_day(suspect.born), suspect.postcode})
      cells.push_back(cell);
  }
  cells.push_back(incident.scene + ", " + incident.town);
  cells.push_back(incident.scene_postcode);
  cells.push_back(incident.notes);
  return cells;
}

std::string dash_band(int score) { return score >= 14 ? "HR-H" : score >= 10 ? "HR-M" : "HR-S"; }

}  // namespace

void write_police_contacts(const std::vector<Call>& calls, const Folder& out) {
  std::map<std::string, CsvFile> files;
  Random random("contact rows");
  std::string day;
  int number = 0;
  for (const Call& call : calls) {
    if (compact_day(call.received) != day) number = random.between(70, 450);
    day = compact_day(call.received);
    number += random.between(4, 60);
    const auto [file, is_new] =
        files.try_emplace(year_month(call.received), CsvForm{},
                          CsvFile::Cells{"Incident No", "Received", "Logged", "How received", "Caller ref",
                                         "Caller surname", "Caller forename", "DOB", "Sex", "Address", "Postcode",
                                         "Phone", "Class", "Beat", "Third party", "Log text"});
    file->second.add(call.received, contact_row(call, day + "-" + padded(number, 4), random));
  }
  for (auto& [month, file] : files) file.write(out / "police" / ("contacts-" + month + ".csv"));
}

void write_police_occurrences(const std::vector<Incident>& incidents, const Folder& out) {
  const CsvFile::Cells header = {
      "Occurrence",      "Version",          "Occurred",        "Recorded",         "Classification",  "Status",
      "DA flag",         "Hate flag",        "Child present",   "Weapon",           "Alcohol",         "Beat",
      "Victim ref",      "Victim surname",   "Victim forename", "Victim DOB",       "Victim postcode", "Suspect ref",
      "Suspect surname", "Suspect forename", "Suspect DOB",     "Suspect postcode", "Scene",           "Scene postcode",
      "Summary"};
  std::map<int, CsvFile> files;
  for (const Incident& incident : incidents) {
    if (incident.agency != Agency::kPolice) continue;
    const auto [file, is_new] = files.try_emplace(financial_year(incident.recorded), CsvForm{}, header);
    file->second.add(incident.recorded, occurrence_row(incident));
  }
  for (auto& [year, file] : files)
    file.write(out / "police-records" / ("occurrences-" + financial_year_name(year) + ".csv"));
}

void write_police_risk(const std::vector<Assessment>& assessments, const Folder& out) {
  CsvFile file({}, {"Form", "Completed", "Entered", "Victim ref", "Victim surname", "Victim forename", "Victim DOB",
                    "Score", "Grade", "Completed by", "Review by", "Beat"});
  for (const Assessment& a : assessments) {
    if (a.agency != Agency::kPolice) continue;
    file.add(a.recorded, {"DASH-" + padded(static_cast<std::int64_t>(file.size()) + 1, 4), slashed_day(a.assessed),
                          slashed(a.recorded), police_reference(*a.person), a.person->family, a.person->given,
                          slashed_day(a.person->born), std::to_string(a.score), dash_band(a.score),
                          a.senior ? "Sergeant" : "Constable", slashed_day(a.review), a.person->town});
  }
  file.write(out / "police-records" / "dash-forms.csv");
}

}  // namespace south_and_vale
