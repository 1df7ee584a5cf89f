// Whom a meeting looks at. The generator's own rule of thumb, so that the minutes fit what the agencies had told; it is
// not the product's, and the two need not agree.
#include <algorithm>
#include <map>

#include "deploy/south-and-vale/generator/meeting.h"

namespace south_and_vale {
namespace {

struct Counts {
  const Person* person = nullptr;
  int calls = 0;
  int reports = 0;
  int domestic = 0;
  int domestic_lately = 0;
  int worries = 0;
  int suspected = 0;
};

bool is_worry(Kind kind) {
  return kind == Kind::kCuckooing || kind == Kind::kExploitation || kind == Kind::kRoughSleeping ||
         kind == Kind::kVisitors || kind == Kind::kHoarding;
}

using ByNumber = std::map<int, Counts>;  // by Person::number, so that the order is that of the cast

Counts& counts_of(ByNumber& all, const Person& person) {
  Counts& counts = all[person.number];
  counts.person = &person;
  return counts;
}

void count_incident(ByNumber& all, const Incident& incident, Moment meeting) {
  if (incident.version != 1 || incident.recorded >= meeting) return;
  const bool lately = incident.occurred >= plus_days(meeting, -90);
  if (incident.suspect != nullptr && incident.agency == Agency::kPolice && incident.kind != Kind::kDomestic &&
      incident.occurred >= plus_days(meeting, -180))
    ++counts_of(all, *incident.suspect).suspected;
  if (incident.victim->key.empty()) return;
  Counts& victim = counts_of(all, *incident.victim);
  if (incident.kind == Kind::kDomestic) {
    victim.domestic += incident.occurred >= plus_days(meeting, -365) ? 1 : 0;
    victim.domestic_lately += incident.occurred >= plus_days(meeting, -60) ? 1 : 0;
  } else if (lately && is_worry(incident.kind)) {
    ++victim.worries;
  } else if (lately) {
    ++victim.reports;
  }
}

Matter matter_of(const Counts& counts) {
  Matter matter;
  matter.person = counts.person;
  if (counts.domestic_lately > 0 && counts.domestic > 1) {
    matter.why = "domestic-abuse";
    matter.weight = 5 + counts.domestic;
  } else if (counts.worries > 0) {
    matter.why = "vulnerable";
    matter.weight = 4 + counts.worries;
  } else if (counts.suspected > 2) {
    matter.why = "prolific-offender";
    matter.weight = 2 + counts.suspected;
  } else if (counts.reports > 1) {
    matter.why = "repeat-victim";
    matter.weight = 2 + counts.reports + counts.calls / 2;
  } else if (counts.calls > 3) {
    matter.why = "frequent-caller";
    matter.weight = counts.calls;
  }
  return matter;
}

}  // namespace

std::vector<Matter> matters_before(Moment meeting, const std::vector<Call>& calls,
                                   const std::vector<Incident>& incidents) {
  ByNumber all;
  for (const Call& call : calls)
    if (call.caller != nullptr && call.about_behaviour() && !call.third_party && call.logged < meeting &&
        call.received >= plus_days(meeting, -90))
      ++counts_of(all, *call.caller).calls;
  for (const Incident& incident : incidents) count_incident(all, incident, meeting);
  std::vector<Matter> matters;
  for (const auto& [number, counts] : all)
    if (Matter matter = matter_of(counts); matter.weight > 0) matters.push_back(std::move(matter));
  std::stable_sort(matters.begin(), matters.end(),
                   [](const Matter& a, const Matter& b) { return a.weight > b.weight; });
  return matters;
}

bool is_quiet(const Person& person, Moment before, int days, const std::vector<Call>& calls,
              const std::vector<Incident>& incidents) {
  const Moment from = plus_days(before, -days);
  for (const Call& call : calls)
    if (call.caller == &person && from <= call.received && call.received < before) return false;
  for (const Incident& incident : incidents)
    if ((incident.victim == &person || incident.suspect == &person) && from <= incident.occurred &&
        incident.occurred < before)
      return false;
  return true;
}

}  // namespace south_and_vale
