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
  if (const v1::Person* person = named_in(set, report, *whose))
    for (const v1::Address& home : person->addresses()) places.push_back(whereabouts_of(home, around));
  return places;
}

// On a sphere; exact enough for the metres that a rule speaks of.
double metres_between(const Point& a, const Point& b) {
  constexpr double kEarthRadius = 6'371'000, kRadians = 3.14159265358979323846 / 180;
  const double north = (b.latitude - a.latitude) * kRadians;
  const double east = (b.longitude - a.longitude) * kRadians * std::cos((a.latitude + b.latitude) / 2 * kRadians);
  return kEarthRadius * std::hypot(north, east);
}

bool is_near(const Whereabouts& a, const Whereabouts& b, const SameIncident& same) {
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

bool is_near_in_time(const v1::Event& a, const v1::Event& b, const SameIncident& same) {
  const std::optional<Span> one = span_of(a), other = span_of(b);
  if (!one || !other) return false;
  const std::int64_t apart = std::max(one->from.us - other->to.us, other->from.us - one->to.us);
  return apart <= same.hours * kHourUs;
}

}  // namespace

std::vector<Occurrence> incidents_in(const CaseSet& set, const Events& reports, const SameIncident& same,
                                     const PersonCase* whose) {
  std::vector<Occurrence> linked = occurrences_of(set, reports);
  if (same.hours == 0) return linked;
  std::vector<Occurrence> incidents;
  std::vector<std::vector<Whereabouts>> places;  // of the first report of each
  for (Occurrence& occurrence : linked) {
    std::vector<Whereabouts> here = places_of(set, *occurrence.first, whose);
    std::size_t joins = 0;
    for (; joins < incidents.size(); ++joins) {
      if (!is_near_in_time(*incidents[joins].first, *occurrence.first, same)) continue;
      const auto near_one = [&](const Whereabouts& a) {
        return std::any_of(here.begin(), here.end(), [&](const Whereabouts& b) { return is_near(a, b, same); });
      };
      if (std::any_of(places[joins].begin(), places[joins].end(), near_one)) break;
    }
    if (joins == incidents.size()) {
      incidents.push_back(std::move(occurrence));
      places.push_back(std::move(here));
      continue;
    }
    Events& all = incidents[joins].reports;
    all.insert(all.end(), occurrence.reports.begin(), occurrence.reports.end());
    sort_once(all);
  }
  return incidents;
}

}  // namespace moot
