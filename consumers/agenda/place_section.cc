// Section "places": where so many incidents happened in so many months. A place is an address, a postcode or an area,
// as the section says; its case is a digest of its normal form, so that it stays the same from meeting to meeting.
#include <algorithm>

#include "consumers/agenda/agenda_item.h"
#include "consumers/agenda/kept_places.h"
#include "consumers/agenda/meeting_time.h"
#include "consumers/agenda/section.h"
#include "consumers/document/phrase.h"
#include "consumers/report/codes.h"

namespace moot {
namespace {

constexpr std::size_t kConsidered = 2;  // incidents; where one happened is not yet a place to think about

void read(Definition& table, const BoardVersion&, Section& section) {
  section.by = table.text_or("by", "address");
  if (section.by != "address" && section.by != "postcode" && section.by != "area")
    table.mistake("by", "expected \"address\", \"postcode\" or \"area\"");
  section.categories = codes_of(table, "categories");
  if (table.has("where")) section.where = predicate_of(table, "where");
  section.incidents_min = incidents_min_of(table, 3);
  section.months = months_of(table, 3);
}

using Place = std::pair<const std::string, AtPlace>;  // its normal form, and what is known of it

ScoredReasons reasons_of(const AgendaInput& input, const Section& section, const Place& place) {
  const PlaceIncidents incidents = KeptPlaces::incidents_of(input, section, place.second);
  ScoredReasons reasons = {scored(capitalised(incidents_in_words(section, incidents.lately.size())) + ".", 0,
                                  all_reports(incidents.lately))};
  const ScoredReasons points = score_case(input, make_history(incidents.all), nullptr, " here");
  reasons.insert(reasons.end(), points.begin(), points.end());
  return reasons;
}

v1::AgendaItem item_of(const AgendaInput& input, const Section& section, const Place& place) {
  v1::AgendaItem item;
  item.set_case_(place.second.id);
  item.set_title(KeptPlaces::title_of(input, section, place.first, place.second));
  item.set_name(item.title());
  item.set_kind("place");
  set_reasons(item, reasons_of(input, section, place));
  return item;
}

v1::NotListed why_not_listed(const AgendaInput& input, const Section& section, const Place& place) {
  const PlaceIncidents incidents = KeptPlaces::incidents_of(input, section, place.second);
  return not_listed(place.second.id, KeptPlaces::title_of(input, section, place.first, place.second),
                    {why_not(section,
                             incidents_in_words(section, incidents.lately.size()) + "; the section needs " +
                                 std::to_string(section.incidents_min),
                             false)},
                    all_reports(incidents.lately));
}

void fill(const AgendaInput& input, const Section& section, v1::AgendaSection& out, OtherCases& others) {
  const std::shared_ptr<const KeptPlaces> kept = KeptPlaces::of(input, section);
  std::vector<const Place*> claimed;
  for (const Place& place : kept->all()) {
    if (place.second.lately >= static_cast<std::size_t>(section.incidents_min))
      claimed.push_back(&place);
    else if (place.second.lately >= kConsidered)
      others.cases.push_back({place.second.id, false, 0,
                              [&input, &section, &place, kept] { return why_not_listed(input, section, place); }});
  }
  std::sort(claimed.begin(), claimed.end(), [](const Place* a, const Place* b) {
    return a->second.score != b->second.score ? a->second.score > b->second.score : a->second.id < b->second.id;
  });
  for (const Place* place : claimed) {
    if (has_place(section, static_cast<std::size_t>(out.items_size()), place->second.score))
      *out.add_items() = item_of(input, section, *place);
    else
      others.cases.push_back({place->second.id, true, place->second.score, [&input, &section, place, kept] {
                                return not_listed_beyond(
                                    section, place->second.id,
                                    KeptPlaces::title_of(input, section, place->first, place->second),
                                    reasons_of(input, section, *place));
                              }});
  }
}

}  // namespace

const SectionKind kPlaces = {.name = "places", .read = read, .fill = fill};

}  // namespace moot
