#include "consumers/rules/same_incident.h"

#include <algorithm>
#include <cmath>
#include <optional>

#include "consumers/linkage/normal_place.h"

namespace moot {
namespace {

struct Point {
  double latitude = 0;
  double longitude = 0;
};

// Where a report happened, as far as it says.
struct Whereabouts {
  std::string uprn;
  std::string address;  // the normal form of lines and postcode
  std::string postcode;
  std::optional<Point> point;
  bool erased = false;  // it said where, perhaps, and nobody may know any more
};

struct Span {
  Instant from;
  Instant to;
};

Whereabouts whereabouts_of(const v1::Address& address, const std::string& around) {
  Whereabouts at;
  at.uprn = address.uprn();
  at.postcode = normal_postcode_place(address).key;
  if (!address.lines().empty()) at.address = normal_place(address, around).key;
  return at;
}

const v1::Person* named_in(const CaseSet& set, const v1::Event& report, const PersonCase& whose) {
  for (const Mention& mention : whose.mentions)
    if (&set.record(mention) == &report) return &set.person(mention);
  return nullptr;
}

std::vector<Whereabouts> places_of(const CaseSet& set, const v1::Event& report, const PersonCase* whose) {
  const std::string& around = report.envelope().area();
  std::vector<Whereabouts> places;
  for (const v1::Place& place : report.personal().places()) {
    Whereabouts at = whereabouts_of(place.address(), around);
    if (place.latitude() != 0 || place.longitude() != 0) at.point = Point{place.latitude(), place.longitude()};
    places.push_back(std::move(at));
  }
  if (!places.empty() || whose == nullptr) return places;
  const v1::Person* person = named_in(set, report, *whose);
  if (person == nullptr) return places;
  for (const v1::Address& home : person->addresses()) places.push_back(whereabouts_of(home, around));
  if (person->erased()) places.emplace_back().erased = true;
  return places;
}

// On a sphere; exact enough for the metres that a rule speaks of.
double metres_between(const Point& a, const Point& b) {
  constexpr double kEarthRadius = 6'371'000, kRadians = 3.14159265358979323846 / 180;
  const double north = (b.latitude - a.latitude) * kRadians;
  const double east = (b.longitude - a.longitude) * kRadians * std::cos((a.latitude + b.latitude) / 2 * kRadians);
  return kEarthRadius * std::hypot(north, east);
}

// Of one person who was erased, what they told of within so few hours is taken to be of one place: what was one
// incident must not become two by the erasure.
bool is_near(const Whereabouts& a, const Whereabouts& b, const SameIncident& same) {
  if (a.erased && b.erased) return true;
  if (!a.uprn.empty() && !b.uprn.empty()) return a.uprn == b.uprn;
  if (a.point && b.point && same.metres > 0) return metres_between(*a.point, *b.point) <= same.metres;
  if (!a.address.empty() && !b.address.empty()) return a.address == b.address;
  return !a.postcode.empty() && a.postcode == b.postcode;
}

std::optional<Span> span_of(const v1::Event& report) {
  const Instant time = time_of(report);
  switch (report.envelope().time_precision()) {
    case v1::MONTH:
      return std::nullopt;
    case v1::DAY: {
      const Date day = local_date(time);
      return Span{local_midnight(day), Instant{local_midnight(plus_days(day, 1)).us - 1}};
    }
    default:
      return Span{time, time};
  }
}

bool is_near_in_time(const std::optional<Span>& one, const std::optional<Span>& other, const SameIncident& same) {
  if (!one || !other) return false;
  const std::int64_t apart = std::max(one->from.us - other->to.us, other->from.us - one->to.us);
  return apart <= same.hours * kHourUs;
}

bool any_near(const std::vector<Whereabouts>& some, const std::vector<Whereabouts>& others, const SameIncident& same) {
  return std::any_of(some.begin(), some.end(), [&](const Whereabouts& a) {
    return std::any_of(others.begin(), others.end(), [&](const Whereabouts& b) { return is_near(a, b, same); });
  });
}

// An incident, with when and where its first report was.
struct Told {
  Occurrence occurrence;
  std::optional<Span> span;
  std::optional<std::vector<Whereabouts>> places;  // nothing = not asked yet
};

}  // namespace

std::vector<Occurrence> incidents_in(const CaseSet& set, const Events& reports, const SameIncident& same,
                                     const PersonCase* whose) {
  std::vector<Occurrence> linked = occurrences_of(set, reports);
  if (same.hours == 0) return linked;
  std::vector<Told> incidents;
  // The reports come by their times: those before this place are too early for any that follows. What is of a whole day
  // begins less than two days before its report's time.
  std::size_t too_early = 0;
  for (Occurrence& occurrence : linked) {
    const Instant earliest{time_of(*occurrence.first).us - (same.hours + 48) * kHourUs};
    while (too_early < incidents.size() && (!incidents[too_early].span || incidents[too_early].span->to < earliest))
      ++too_early;
    Told told{std::move(occurrence), span_of(*occurrence.first), std::nullopt};
    const auto from = incidents.begin() + static_cast<std::ptrdiff_t>(too_early);
    const auto joined = std::find_if(from, incidents.end(), [&](Told& incident) {
      if (!is_near_in_time(incident.span, told.span, same)) return false;
      // Where it was is asked only then: most reports are near to no other in time.
      for (Told* one : {&incident, &told})
        if (!one->places) one->places = places_of(set, *one->occurrence.first, whose);
      return any_near(*incident.places, *told.places, same);
    });
    if (joined == incidents.end()) {
      incidents.push_back(std::move(told));
      continue;
    }
    Events& all = joined->occurrence.reports;
    all.insert(all.end(), told.occurrence.reports.begin(), told.occurrence.reports.end());
    sort_once(all);
  }
  std::vector<Occurrence> found;
  for (Told& incident : incidents) found.push_back(std::move(incident.occurrence));
  return found;
}

}  // namespace moot
