// The two housing associations. Soha exports a file a quarter, UTF-8 with a byte order mark; the files overlap by some
// days, so that rows come twice. Sovereign exports a file a year, semicolons and Windows-1252.
#include <map>

#include "deploy/south-and-vale/generator/agency_files.h"
#include "deploy/south-and-vale/generator/csv_file.h"

namespace south_and_vale {
namespace {

constexpr int kOverlapDays = 4;
constexpr CsvForm kSohaForm = {',', "\n", false, true};
constexpr CsvForm kSovereignForm = {';', "\r\n", true, false};

std::string soha_kind(Kind kind) {
  switch (kind) {
    case Kind::kNoise:
      return "Noise";
    case Kind::kVerbalAbuse:
      return "Verbal abuse";
    case Kind::kRubbish:
      return "Rubbish and fly-tipping";
    case Kind::kVisitors:
      return "Nuisance visitors";
    case Kind::kDrugs:
      return "Drugs";
    case Kind::kNeighbours:
      return "Neighbour dispute";
    default:
      return "Damage";
  }
}

std::string sovereign_kind(Kind kind) {
  switch (kind) {
    case Kind::kNoise:
      return "N1 Noise";
    case Kind::kVerbalAbuse:
      return "A2 Abuse";
    case Kind::kRubbish:
      return "E1 Dumping";
    case Kind::kVisitors:
      return "V1 Visitors";
    case Kind::kDrugs:
      return "D1 Drugs";
    case Kind::kNeighbours:
      return "N2 Neighbour dispute";
    case Kind::kCuckooing:
      return "V2 Home taken over";
    default:
      return "D2 Damage";
  }
}

CsvFile::Cells soha_row(const Incident& i) {
  const Person& tenant = *i.victim;
  const bool martin = tenant.key == "martin";  // his birth date was keyed with two digits changed round
  return {i.key,
          std::to_string(i.version),
          named_day(i.occurred),
          named(i.recorded),
          soha_reference(tenant),
          shouted_name(tenant),
          martin ? "14-Mar-1917" : named_day(tenant.born),
          tenant.postcode,
          soha_kind(i.kind),
          i.status == Status::kNew       ? "New"
          : i.status == Status::kChanged ? "In progress"
                                         : "Withdrawn",
          i.town,
          i.child ? "Yes" : "No",
          i.hate ? "Yes" : "No",
          i.suspect == nullptr ? "" : soha_reference(*i.suspect),
          i.suspect == nullptr ? "" : shouted_name(*i.suspect),
          i.notes};
}

std::string soha_band(int score) { return score >= 32 ? "High" : score >= 20 ? "Medium" : "Low"; }

void write_soha_cases(const std::vector<Incident>& incidents, const Folder& out) {
  const CsvFile::Cells header = {"Case ref",     "Version",       "Opened",        "Recorded",       "Tenant no",
                                 "Tenant name",  "Date of birth", "Home postcode", "Case type",      "Status",
                                 "Patch",        "About a child", "Hate incident", "Other party no", "Other party name",
                                 "Officer notes"};
  std::map<std::string, CsvFile> files;
  const auto add = [&](Moment quarter_of, const Incident& incident) {
    const std::string quarter =
        std::to_string(financial_year(quarter_of)) + "-q" + std::to_string(financial_quarter(quarter_of));
    const auto [file, is_new] = files.try_emplace(quarter, kSohaForm, header);
    // A case's second version may stand before its first: the system sorts by when the case was opened.
    file->second.add(incident.version == 1 ? incident.recorded : plus_days(incident.occurred, -1), soha_row(incident));
  };
  for (const Incident& incident : incidents) {
    if (incident.agency != Agency::kSoha) continue;
    add(incident.recorded, incident);
    const Moment later = plus_days(incident.recorded, kOverlapDays);
    const bool last = later >= at(2021, 4, 1);
    if (!last && financial_quarter(later) != financial_quarter(incident.recorded)) add(later, incident);
  }
  for (auto& [quarter, file] : files) file.write(out / "soha" / ("cases-" + quarter + ".csv"));
}

}  // namespace

void write_soha(const std::vector<Incident>& incidents, const std::vector<Assessment>& assessments, const Folder& out) {
  write_soha_cases(incidents, out);
  CsvFile file(kSohaForm, {"Assessment", "Assessed", "Recorded", "Tenant no", "Tenant name", "Date of birth",
                           "Home postcode", "Form", "Points", "Risk band", "Assessed by", "Review due", "Patch"});
  for (const Assessment& a : assessments) {
    if (a.agency != Agency::kSoha) continue;
    const Person& tenant = *a.person;
    file.add(a.recorded, {"RA-" + padded(static_cast<std::int64_t>(file.size()) + 1, 3), named_day(a.assessed),
                          named(a.recorded), soha_reference(tenant), shouted_name(tenant),
                          tenant.key == "martin" ? "14-Mar-1917" : named_day(tenant.born), tenant.postcode, "RAM",
                          std::to_string(a.score), soha_band(a.score), a.senior ? "Area manager" : "Housing officer",
                          named_day(a.review), tenant.town});
  }
  file.write(out / "soha" / "risk-assessments.csv");
}

void write_sovereign(const std::vector<Incident>& incidents, const std::vector<Assessment>& assessments,
                     const Folder& out) {
  std::map<int, CsvFile> files;
  for (const Incident& i : incidents) {
    if (i.agency != Agency::kSovereign) continue;
    const auto [file, is_new] = files.try_emplace(
        financial_year(i.recorded), kSovereignForm,
        CsvFile::Cells{"Case", "Rev", "Reported", "Keyed", "Code", "State", "Estate", "Customer", "Forename", "Surname",
                       "Born", "Postcode", "Against", "Against postcode", "Police ref", "Remarks"});
    const bool accused = i.suspect != nullptr;
    file->second.add(
        i.recorded,
        {i.key, std::to_string(i.version), dotted(i.occurred), dotted(i.recorded), sovereign_kind(i.kind),
         i.status == Status::kNew       ? "OPEN"
         : i.status == Status::kChanged ? "WORK"
                                        : "VOID",
         i.town, sovereign_reference(*i.victim), i.victim->given, i.victim->family, dotted_day(i.victim->born),
         i.victim->postcode, accused ? i.suspect->given + " " + i.suspect->family : "",
         accused ? i.suspect->postcode : "", i.police_key, i.notes});
  }
  for (auto& [year, file] : files) file.write(out / "sovereign" / ("cases-" + financial_year_name(year) + ".csv"));
  CsvFile file(kSovereignForm, {"No", "Date", "Keyed", "Customer", "Forename", "Surname", "Born", "Postcode", "Score",
                                "Grade", "By", "Next", "Estate"});
  for (const Assessment& a : assessments) {
    if (a.agency != Agency::kSovereign) continue;
    file.add(a.recorded, {"M" + padded(static_cast<std::int64_t>(file.size()) + 1, 4), dotted_day(a.assessed),
                          dotted(a.recorded), sovereign_reference(*a.person), a.person->given, a.person->family,
                          dotted_day(a.person->born), a.person->postcode, std::to_string(a.score),
                          a.score >= 32   ? "1"
                          : a.score >= 20 ? "2"
                                          : "3",
                          a.senior ? "MGR" : "NHO", dotted_day(a.review), a.person->town});
  }
  file.write(out / "sovereign" / "risk-matrix.csv");
}

}  // namespace south_and_vale
