// Points of the Ordnance Survey's National Grid in latitude and longitude. Metres and degrees. By the formulas of the
// Survey's "A guide to coordinate systems in Great Britain": the projection to a millimetre; the change of datum
// (Helmert) to about 5 metres, which is less than the blur of what is published on the grid.
// Thread: pure functions, usable anywhere.
#pragma once

namespace moot {

struct GridPoint {
  double easting = 0;
  double northing = 0;
};

struct LatLon {
  double latitude = 0;
  double longitude = 0;
};

// On the grid: 0 to 700 km east, 0 to 1300 km north. The functions below take nothing else.
bool is_on_grid(const GridPoint& point);

// Within a box around the United Kingdom, in the datum of maps: two numbers the wrong way round are not.
bool is_in_united_kingdom(const LatLon& wgs84);

LatLon osgb36_of(const GridPoint& point);      // the grid's own datum, on Airy's ellipsoid
LatLon wgs84_of_osgb36(const LatLon& osgb36);  // that of maps and GPS
LatLon wgs84_of(const GridPoint& point);

}  // namespace moot
