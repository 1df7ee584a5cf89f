#include "adapters/national_grid.h"

#include <cmath>
#include <numbers>

#include "broker/core/status.h"

namespace moot {

namespace {

constexpr double kRadians = std::numbers::pi / 180;

// Semi-axes in metres.
struct Ellipsoid {
  double a = 0;
  double b = 0;
  double eccentricity_squared() const { return (a * a - b * b) / (a * a); }
};
constexpr Ellipsoid kAiry1830{6'377'563.396, 6'356'256.909};
constexpr Ellipsoid kWgs84{6'378'137.000, 6'356'752.3142};

// The grid's projection.
constexpr double kScale = 0.9996012717;
constexpr double kOriginLatitude = 49 * kRadians;
constexpr double kOriginLongitude = -2 * kRadians;
constexpr double kOriginEasting = 400'000;
constexpr double kOriginNorthing = -100'000;

// OSGB36 to WGS84.
constexpr double kShiftX = 446.448, kShiftY = -125.157, kShiftZ = 542.060;  // metres
constexpr double kSeconds = kRadians / 3600;
constexpr double kTurnX = 0.1502 * kSeconds, kTurnY = 0.2470 * kSeconds, kTurnZ = 0.8421 * kSeconds;
constexpr double kStretch = 1 - 20.4894e-6;

// Metres along the central meridian from the origin's latitude.
double meridional_arc(double latitude) {
  const Ellipsoid& e = kAiry1830;
  const double n = (e.a - e.b) / (e.a + e.b);
  const double n2 = n * n, n3 = n2 * n;
  const double less = latitude - kOriginLatitude, more = latitude + kOriginLatitude;
  return e.b * kScale *
         ((1 + n + 5.0 / 4 * (n2 + n3)) * less - (3 * n + 3 * n2 + 21.0 / 8 * n3) * std::sin(less) * std::cos(more) +
          15.0 / 8 * (n2 + n3) * std::sin(2 * less) * std::cos(2 * more) -
          35.0 / 24 * n3 * std::sin(3 * less) * std::cos(3 * more));
}

// The latitude on the central meridian at that northing.
double foot_latitude(double northing) {
  double latitude = kOriginLatitude;
  // Each step leaves less than a thousandth of the last one's distance.
  for (int step = 0; step < 10; ++step) {
    const double left = northing - kOriginNorthing - meridional_arc(latitude);
    if (std::abs(left) < 1e-5) break;
    latitude += left / (kAiry1830.a * kScale);
  }
  return latitude;
}

struct Cartesian {
  double x = 0, y = 0, z = 0;
};

Cartesian cartesian_of(const LatLon& point, const Ellipsoid& e) {
  const double latitude = point.latitude * kRadians, longitude = point.longitude * kRadians;
  const double e2 = e.eccentricity_squared();
  const double nu = e.a / std::sqrt(1 - e2 * std::sin(latitude) * std::sin(latitude));
  return {nu * std::cos(latitude) * std::cos(longitude), nu * std::cos(latitude) * std::sin(longitude),
          (1 - e2) * nu * std::sin(latitude)};
}

LatLon lat_lon_of(const Cartesian& point, const Ellipsoid& e) {
  const double e2 = e.eccentricity_squared();
  const double across = std::hypot(point.x, point.y);
  double latitude = std::atan2(point.z, across * (1 - e2));
  for (int step = 0; step < 5; ++step) {
    const double nu = e.a / std::sqrt(1 - e2 * std::sin(latitude) * std::sin(latitude));
    latitude = std::atan2(point.z + e2 * nu * std::sin(latitude), across);
  }
  return {latitude / kRadians, std::atan2(point.y, point.x) / kRadians};
}

}  // namespace

bool is_on_grid(const GridPoint& point) {
  return point.easting >= 0 && point.easting <= 700'000 && point.northing >= 0 && point.northing <= 1'300'000;
}

bool is_in_united_kingdom(const LatLon& at) {
  return at.latitude > 49.8 && at.latitude < 60.9 && at.longitude > -8.7 && at.longitude < 1.8;
}

LatLon osgb36_of(const GridPoint& point) {
  MOOT_CHECK(is_on_grid(point));
  const double foot = foot_latitude(point.northing);
  const double e2 = kAiry1830.eccentricity_squared();
  const double curve = 1 - e2 * std::sin(foot) * std::sin(foot);
  const double nu = kAiry1830.a * kScale / std::sqrt(curve);  // radius across the meridian
  const double rho = nu * (1 - e2) / curve;                   // radius along it
  const double eta2 = nu / rho - 1;
  const double t = std::tan(foot), t2 = t * t, t4 = t2 * t2, t6 = t4 * t2;
  const double d = (point.easting - kOriginEasting) / nu;
  const double d2 = d * d, d3 = d2 * d, d4 = d2 * d2, d5 = d4 * d, d6 = d4 * d2, d7 = d6 * d;
  const double latitude =
      foot -
      t * nu / rho * (d2 / 2 - d4 / 24 * (5 + 3 * t2 + eta2 - 9 * t2 * eta2) + d6 / 720 * (61 + 90 * t2 + 45 * t4));
  const double longitude = kOriginLongitude + (d - d3 / 6 * (nu / rho + 2 * t2) + d5 / 120 * (5 + 28 * t2 + 24 * t4) -
                                               d7 / 5040 * (61 + 662 * t2 + 1320 * t4 + 720 * t6)) /
                                                  std::cos(foot);
  return {latitude / kRadians, longitude / kRadians};
}

LatLon wgs84_of_osgb36(const LatLon& osgb36) {
  const Cartesian from = cartesian_of(osgb36, kAiry1830);
  const Cartesian to{kShiftX + kStretch * from.x - kTurnZ * from.y + kTurnY * from.z,
                     kShiftY + kTurnZ * from.x + kStretch * from.y - kTurnX * from.z,
                     kShiftZ - kTurnY * from.x + kTurnX * from.y + kStretch * from.z};
  return lat_lon_of(to, kWgs84);
}

LatLon wgs84_of(const GridPoint& point) { return wgs84_of_osgb36(osgb36_of(point)); }

}  // namespace moot
