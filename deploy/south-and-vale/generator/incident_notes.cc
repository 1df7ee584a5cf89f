#include "deploy/south-and-vale/generator/incident_notes.h"

#include <cstdio>
#include <cstdlib>

namespace south_and_vale {
namespace {

struct Row {
  Kind kind;
  const char* name;
  std::vector<const char*> notes;
};

const std::vector<Row> kRows = {
    {Kind::kNoise,
     "noise",
     {"Music until two in the morning, diary sheets sent.", "Shouting through the wall.",
      "Washing machine at night; asked to be considerate."}},
    {Kind::kVerbalAbuse,
     "verbal-abuse",
     {"Called names at the bin store.", "Sworn at from a balcony.", "Abuse over the parking space, third time."}},
    {Kind::kRubbish,
     "rubbish",
     {"Sacks left by the bin store.", "Sofa in the alley.", "Builder's rubble tipped behind the garages."}},
    {Kind::kVisitors,
     "visitors",
     {"Visitors at all hours, door propped open.", "Strangers with a key to the block.",
      "Cars stop for two minutes and leave."}},
    {Kind::kDrugs,
     "drugs",
     {"Smell of cannabis in the stairwell.", "Foil and lighters on the landing.",
      "Exchange seen by the garages, no names."}},
    {Kind::kDamage,
     "damage",
     {"Wing mirror kicked off.", "Fence panel broken overnight.", "Window of the shed broken."}},
    {Kind::kNeighbours,
     "neighbours",
     {"Dispute about the children's ball games.", "Dispute about a shared path.",
      "Both sides complain of the other; good neighbour agreement offered."}},
    {Kind::kDog,
     "dog",
     {"Barking while the owner is at work.",
      "Dog off its lead in the park, frightened a blind man and his guide dog."}},
    {Kind::kVehicles, "vehicles", {"Mini motorbike on the footpath.", "Engine revved in the car park past midnight."}},
    {Kind::kDomestic,
     "domestic",
     {"Argument heard by neighbours, officers attended, safety plan given.",
      "Reported that a former partner waited outside her work.",
      "Telephone smashed during an argument; left before officers came.",
      "Repeated messages from a former partner after being told to stop."}},
    {Kind::kBurglary, "burglary", {"Shed forced, two bicycles taken.", "Rear door forced, jewellery taken."}},
    {Kind::kTheft, "theft", {"Tools taken from a van.", "Catalytic converter taken.", "Handbag taken from a trolley."}},
    {Kind::kViolence, "violence", {"Pushed to the ground outside a takeaway.", "Punched in the face by a stranger."}},
    {Kind::kHarassment,
     "harassment",
     {"Notes about her origin under the windscreen wiper.", "Followed and filmed on the way home."}},
    {Kind::kCuckooing,
     "cuckooing",
     {"Tenant no longer sleeps in his own bedroom; three others answer the door.",
      "Scales and phones seen in the kitchen; tenant says they are friends."}},
    {Kind::kExploitation,
     "exploitation",
     {"New phone and trainers, will not say from whom; missing overnight.",
      "Asked for money at the cash machine by two people who then left."}},
    {Kind::kRoughSleeping,
     "rough-sleeping",
     {"Tent behind the leisure centre, outreach told.", "Asleep in the stairwell of the car park."}},
    {Kind::kRefuseFire,
     "refuse-fire",
     {"Wheeled bin alight, one hose reel.", "Rubbish by the garages, out on arrival."}},
    {Kind::kVehicleFire, "vehicle-fire", {"Abandoned car well alight.", "Motorcycle alight on the track."}},
    {Kind::kGrassFire, "grass-fire", {"Grass verge alight, beaten out.", "Hedge alight behind the play area."}},
    {Kind::kDwellingFire,
     "dwelling-fire",
     {"Pan left on the hob, smoke only.", "Cigarette in a chair, out on arrival."}},
    {Kind::kFalseAlarm, "false-alarm", {"Call point broken, no fire.", "Call from a box, nobody there."}},
    {Kind::kHoarding,
     "hoarding",
     {"Safe and well visit: exits blocked by stored goods; smoke alarm fitted.",
      "Safe and well visit: cleared a path to the door; return in three months."}},
};

}  // namespace

Kind kind_named(std::string_view name) {
  for (const Row& row : kRows)
    if (row.name == name) return row.kind;
  std::fprintf(stderr, "generate: no kind of incident is called \"%s\"\n", std::string(name).c_str());
  std::exit(1);
}

std::string notes_on(Kind kind, Random& random) {
  for (const Row& row : kRows)
    if (row.kind == kind) return random.pick(row.notes);
  return {};
}

}  // namespace south_and_vale
