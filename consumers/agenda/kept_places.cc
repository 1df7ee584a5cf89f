#include "consumers/agenda/kept_places.h"

#include <algorithm>

#include "consumers/agenda/score.h"
#include "consumers/document/phrase.h"
#include "consumers/linkage/normal_place.h"

namespace moot {
namespace {

// All that the places depend on but the set.
std::string words_of(const AgendaInput& input, const Section& section) {
  std::string words = "places on " + to_iso(input.on) + "\x1e" + section.id + "\x1e" + input.board.toml + "\x1e" +
                      input.partnership.words();
  for (const std::string& area : input.of_areas) words += "\x1e" + area;
  return words;
}

Window window_of(const AgendaInput& input, const Section& section) {
  return months_before(input.on, std::max(section.months, 12));
}

// The places of an incident: their normal form, and how they are written.
std::map<std::string, std::string> places_in(const AgendaInput& input, const Section& section, const v1::Event& event) {
  std::map<std::string, std::string> places;
  const v1::Envelope& envelope = event.envelope();
  if (section.by == "area") {
    if (envelope.area().empty()) return places;
    const auto area = std::find_if(input.partnership.areas.begin(), input.partnership.areas.end(),
                                   [&](const Area& known) { return known.code == envelope.area(); });
    places["area " + envelope.area()] =
        area == input.partnership.areas.end() ? code_as_name(envelope.area()) : area->name;
    return places;
  }
  const std::string around = envelope.lsoa().empty() ? envelope.area() : envelope.lsoa();
  for (const v1::Place& place : event.personal().places()) {
    const NormalPlace normal =
        section.by == "postcode" ? normal_postcode_place(place.address()) : normal_place(place.address(), around);
    if (!normal.key.empty()) places[normal.key] = normal.written;
  }
  return places;
}

std::vector<Occurrence> within(const std::vector<Occurrence>& incidents, const Window& window) {
  std::vector<Occurrence> inside;
  for (const Occurrence& incident : incidents)
    if (window.holds(time_of(*incident.first))) inside.push_back(incident);
  return inside;
}

}  // namespace

std::string incidents_in_words(const Section& section, std::size_t lately) {
  return counted(lately, "incident") + " at this place in " +
         counted(static_cast<std::size_t>(section.months), "month");
}

std::shared_ptr<const KeptPlaces> KeptPlaces::of(const AgendaInput& input, const Section& section) {
  std::shared_ptr<KeptPlaces> kept =
      input.set.kept<KeptPlaces>(words_of(input, section), [] { return std::make_shared<KeptPlaces>(); });
  kept->work_out(input, section);
  return kept;
}

void KeptPlaces::changed(const SetChange& change) {
  for (const std::uint32_t record : change.records) {
    records_unknown_.push_back(record);
    const auto known = places_of_.find(record);
    if (known == places_of_.end()) continue;
    for (const std::string& key : known->second) {
      std::erase(places_[key].records, record);
      places_unknown_.push_back(key);
    }
    places_of_.erase(known);
  }
  for (const std::uint64_t id : change.ids)
    looked_up_.take(id, [this](const std::string& key) { places_unknown_.push_back(key); });
}

std::size_t KeptPlaces::bytes() const {
  constexpr std::size_t kOfPlace = 250, kOfRecord = 120;  // about
  return places_.size() * kOfPlace + places_of_.size() * kOfRecord + looked_up_.bytes();
}

void KeptPlaces::take(const AgendaInput& input, const Section& section, std::uint32_t record) {
  const CaseRecords& records = input.set.records();
  if (record >= records.size() || !records.is_there(record) || records.body(record) != v1::Facts::kIncident ||
      !window_of(input, section).holds(records.time(record)))
    return;
  v1::Event scratch;
  const v1::Event& event = records.peek(record, scratch);
  if (!is_in(section.categories, event.facts().incident().category()) ||
      (section.where && !section.where->matches(event, input.areas)) || !input.is_in_area(event.envelope().area()))
    return;
  for (const auto& [key, written] : places_in(input, section, event)) {
    places_[key].records.push_back(record);
    places_of_[record].push_back(key);
    places_unknown_.push_back(key);
  }
}

PlaceIncidents KeptPlaces::incidents_of(const AgendaInput& input, const Section& section, const AtPlace& place) {
  Events reports;
  for (const std::uint32_t record : place.records) reports.push_back(input.set.records()[record]);
  sort_once(reports);
  PlaceIncidents incidents;
  incidents.all = occurrences_of(input.set, reports);
  incidents.lately = within(incidents.all, months_before(input.on, section.months));
  incidents.all = within(incidents.all, months_before(input.on, 12));
  return incidents;
}

std::string KeptPlaces::title_of(const AgendaInput& input, const Section& section, const std::string& key,
                                 const AtPlace& place) {
  std::map<std::string, int> spellings;
  for (const std::uint32_t record : place.records) {
    const v1::Event& event = *input.set.records()[record];
    ++spellings[places_in(input, section, event)[key]];
  }
  return std::max_element(spellings.begin(), spellings.end(),
                          [](const auto& a, const auto& b) { return a.second < b.second; })
      ->first;
}

void KeptPlaces::look_at(const AgendaInput& input, const Section& section, const std::string& key) {
  const auto found = places_.find(key);
  if (found == places_.end()) return;
  AtPlace& place = found->second;
  if (place.records.empty()) {
    places_.erase(found);
    return;
  }
  const CaseSet::LookUps looked(input.set);
  place.id = input.set.case_of_place(key);
  place.score = 0;
  // One incident alone is nothing to look at.
  place.lately = 0;
  if (place.records.size() > 1 || section.incidents_min < 2) {
    const PlaceIncidents incidents = incidents_of(input, section, place);
    place.lately = incidents.lately.size();
    if (place.lately >= static_cast<std::size_t>(section.incidents_min))
      place.score = total(score_case(input, make_history(incidents.all), nullptr, " here"));
  }
  looked_up_.add(looked.ids(), key);
}

void KeptPlaces::work_out(const AgendaInput& input, const Section& section) {
  if (looked_up_.is_worn()) *this = KeptPlaces();
  const bool is_first = all_unknown_;
  if (all_unknown_)
    for (const std::uint32_t record : input.set.records().since(v1::Facts::kIncident, window_of(input, section).from))
      records_unknown_.push_back(record);
  all_unknown_ = false;
  std::sort(records_unknown_.begin(), records_unknown_.end());
  records_unknown_.erase(std::unique(records_unknown_.begin(), records_unknown_.end()), records_unknown_.end());
  for (const std::uint32_t record : records_unknown_) take(input, section, record);
  records_unknown_.clear();
  std::sort(places_unknown_.begin(), places_unknown_.end());
  places_unknown_.erase(std::unique(places_unknown_.begin(), places_unknown_.end()), places_unknown_.end());
  {
    CaseRecords::Passing passing(input.set.records());
    for (const std::string& key : places_unknown_) {
      look_at(input, section, key);
      passing.go_on();
    }
  }
  places_unknown_.clear();
  if (is_first) looked_up_.begin();
}

}  // namespace moot
