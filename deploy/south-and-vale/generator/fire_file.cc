// The fire and rescue service's incidents and safe and well visits, separated by tabs.
#include "deploy/south-and-vale/generator/agency_files.h"
#include "deploy/south-and-vale/generator/csv_file.h"

namespace south_and_vale {
namespace {

std::string category(Kind kind) {
  switch (kind) {
    case Kind::kRefuseFire:
      return "Deliberate - refuse";
    case Kind::kVehicleFire:
      return "Deliberate - vehicle";
    case Kind::kGrassFire:
      return "Deliberate - grass or hedge";
    case Kind::kDwellingFire:
      return "Accidental - dwelling";
    case Kind::kHoarding:
      return "Safe and well - hoarding";
    default:
      return "False alarm - malicious";
  }
}

// Of a fire in the open nobody is the occupier.
bool has_occupier(Kind kind) { return kind == Kind::kDwellingFire || kind == Kind::kHoarding; }

}  // namespace

void write_fire(const std::vector<Incident>& incidents, const Folder& out) {
  CsvFile file({'\t', "\r\n"}, {"Incident", "Time of call", "Report filed", "Incident type", "Ground", "Address",
                                "Postcode", "Occupier surname", "Occupier forename", "Occupier born", "Remarks"});
  for (const Incident& i : incidents) {
    if (i.agency != Agency::kFire) continue;
    const bool inside = has_occupier(i.kind);
    file.add(i.recorded, {i.key, iso(i.occurred), iso(i.recorded), category(i.kind), i.town, i.scene + ", " + i.town,
                          i.scene_postcode, inside ? i.victim->family : "", inside ? i.victim->given : "",
                          inside ? iso_day(i.victim->born) : "", i.notes});
  }
  file.write(out / "oxfordshire-fire" / "incidents.tsv");
}

}  // namespace south_and_vale
