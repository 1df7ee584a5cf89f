// Section "places": where so many incidents happened in so many months. A place is an address, a postcode or an area,
// as the section says; its case is a digest of its normal form, so that it stays the same from meeting to meeting.
#include <algorithm>
#include <map>

#include "consumers/agenda/agenda_item.h"
#include "consumers/agenda/section.h"
#include "consumers/document/phrase.h"
#include "consumers/linkage/normal_place.h"
#include "consumers/report/codes.h"

namespace moot {
namespace {

constexpr std::size_t kConsidered = 2;  // incidents; where one happened is not yet a place to think about

struct PlaceCase {
  Events reports;                        // incidents there, in the section's window or in 12 months
  std::map<std::string, int> spellings;  // as agencies wrote it
};

void read(Definition& table, const BoardVersion&, Section& section) {
  section.by = table.text_or("by", "address");
  if (section.by != "address" && section.by != "postcode" && section.by != "area")
    table.mistake("by", "expected \"address\", \"postcode\" or \"area\"");
  section.categories = codes_of(table, "categories");
  if (table.has("where")) section.where = predicate_of(table, "where");
  section.incidents_min = incidents_min_of(table, 3);
  section.months = months_of(table, 3);
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

std::map<std::string, PlaceCase> cases_of(const AgendaInput& input, const Section& section) {
  const Window window = months_before(input.on, std::max(section.months, 12));
  std::map<std::string, PlaceCase> cases;
  for (const std::uint32_t i : input.set.records().of_body(v1::Facts::kIncident)) {
    if (!window.holds(input.set.records().time(i))) continue;
    const v1::Event* event = input.set.records()[i];
    if (!is_in(section.categories, event->facts().incident().category())) continue;
    if (section.where && !section.where->matches(*event, input.areas)) continue;
    if (!input.is_in_area(event->envelope().area())) continue;
    for (const auto& [key, written] : places_in(input, section, *event)) {
      cases[key].reports.push_back(event);
      ++cases[key].spellings[written];
    }
  }
  return cases;
}

std::vector<Occurrence> within(const std::vector<Occurrence>& incidents, const Window& window) {
  std::vector<Occurrence> inside;
  for (const Occurrence& incident : incidents)
    if (window.holds(time_of(*incident.first))) inside.push_back(incident);
  return inside;
}

// The most frequent spelling; of equals the first by text.
std::string title_of(const PlaceCase& place) {
  return std::max_element(place.spellings.begin(), place.spellings.end(),
                          [](const auto& a, const auto& b) { return a.second < b.second; })
      ->first;
}

void fill(const AgendaInput& input, const Section& section, v1::AgendaSection& out,
          SectionKind::NotListedRows& not_listed_rows) {
  const Window window = months_before(input.on, section.months);
  std::vector<v1::AgendaItem> items;
  for (auto& [key, place] : cases_of(input, section)) {
    sort_once(place.reports);
    const std::vector<Occurrence> all = occurrences_of(input.set, place.reports);
    const std::vector<Occurrence> lately = within(all, window);
    const std::string id = input.set.case_of_place(key);
    const std::string found = counted(lately.size(), "incident") + " at this place in " +
                              counted(static_cast<std::size_t>(section.months), "month");
    if (static_cast<int>(lately.size()) < section.incidents_min) {
      if (lately.size() >= kConsidered)
        *not_listed_rows.Add() = not_listed(
            id, title_of(place),
            {why_not(section, found + "; the section needs " + std::to_string(section.incidents_min), false)},
            all_reports(lately));
      continue;
    }
    v1::AgendaItem item;
    item.set_case_(id);
    item.set_title(title_of(place));
    item.set_name(item.title());
    item.set_kind("place");
    ScoredReasons reasons = {scored(capitalised(found) + ".", 0, all_reports(lately))};
    const ScoredReasons points =
        score_case(input, make_history(within(all, months_before(input.on, 12))), nullptr, " here");
    reasons.insert(reasons.end(), points.begin(), points.end());
    set_reasons(item, reasons);
    items.push_back(std::move(item));
  }
  std::sort(items.begin(), items.end(), [](const v1::AgendaItem& a, const v1::AgendaItem& b) {
    return a.score() != b.score() ? a.score() > b.score() : a.case_() < b.case_();
  });
  for (v1::AgendaItem& item : items) *out.add_items() = std::move(item);
}

}  // namespace

const SectionKind kPlaces = {.name = "places", .read = read, .fill = fill};

}  // namespace moot
