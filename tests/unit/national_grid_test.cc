// The National Grid against the points that the Ordnance Survey publishes.
#include "adapters/national_grid.h"

#include <gtest/gtest.h>

#include <cmath>

namespace moot {
namespace {

constexpr double degrees(double d, double minutes, double seconds) { return d + minutes / 60 + seconds / 3600; }

// Metres between two near points.
double apart(const LatLon& a, const LatLon& b) {
  const double north = (a.latitude - b.latitude) * 111'200;
  const double east = (a.longitude - b.longitude) * 111'300 * std::cos(a.latitude * 3.14159265 / 180);
  return std::hypot(north, east);
}

// "A guide to coordinate systems in Great Britain", annexe C: the worked example, given to a ten thousandth of a
// second.
constexpr GridPoint kWorkedExample{651'409.903, 313'177.270};
constexpr LatLon kWorkedExampleOsgb36{degrees(52, 39, 27.2531), degrees(1, 43, 4.5177)};

TEST(NationalGridTest, GivesTheSurveysWorkedExample) {
  const LatLon point = osgb36_of(kWorkedExample);
  EXPECT_NEAR(point.latitude, kWorkedExampleOsgb36.latitude, 0.00005 / 3600);
  EXPECT_NEAR(point.longitude, kWorkedExampleOsgb36.longitude, 0.00005 / 3600);
}

// The same point by the Survey's seven parameters, as other programs give it.
TEST(NationalGridTest, ChangesTheDatumByTheSurveysParameters) {
  const LatLon point = wgs84_of(kWorkedExample);
  EXPECT_NEAR(point.latitude, degrees(52, 39, 28.723), 0.0005 / 3600);
  EXPECT_NEAR(point.longitude, degrees(1, 42, 57.787), 0.0005 / 3600);
}

// The Royal Observatory: the first pair by the Survey's own exact change of datum, the second on the grid's own datum.
TEST(NationalGridTest, IsWithinSomeMetresOfThePositionFromSatellites) {
  EXPECT_LT(apart(wgs84_of({538'883.061, 177'321.493}), {51.477811, -0.001475}), 5);
  EXPECT_LT(apart(osgb36_of({538'874.197, 177'344.080}), {51.4775, 0}), 0.01);
  EXPECT_NEAR(osgb36_of({400'000, 0}).longitude, -2, 1e-12);
}

TEST(NationalGridTest, NorthAndEastStayNorthAndEastAllOverTheGrid) {
  for (double easting = 0; easting < 690'000; easting += 30'000) {
    for (double northing = 0; northing < 1'290'000; northing += 30'000) {
      const LatLon at = wgs84_of({easting, northing});
      EXPECT_GT(wgs84_of({easting + 100, northing}).longitude, at.longitude);
      EXPECT_GT(wgs84_of({easting, northing + 100}).latitude, at.latitude);
      EXPECT_NEAR(apart(at, wgs84_of({easting + 100, northing})), 100, 1);
      EXPECT_NEAR(apart(at, wgs84_of({easting, northing + 100})), 100, 1);
    }
  }
}

TEST(NationalGridTest, KnowsItsOwnBounds) {
  EXPECT_TRUE(is_on_grid({0, 0}));
  EXPECT_TRUE(is_on_grid({700'000, 1'300'000}));
  EXPECT_FALSE(is_on_grid({-1, 5}));
  EXPECT_FALSE(is_on_grid({5, 1'300'001}));
  EXPECT_FALSE(is_on_grid({std::nan(""), 5}));
}

}  // namespace
}  // namespace moot
