// A partnership as every layer knows it: its agencies, areas and names. Plain values, loaded from the partnership's
// own folder (deploy/partnership_folder.h); no partnership's names stand in the code.
#pragma once

#include <string>
#include <vector>

#include "broker/core/ids.h"

namespace moot {

struct Agency {
  AgencyId id;
  std::string name;
  // An agency is expected to be heard from at least every so many days; 0 = no rhythm expected.
  int rhythm_days = 0;
};

struct Area {
  std::string code;
  std::string name;
  std::vector<std::string> aliases;
};

struct Partnership {
  std::string id;
  std::string name;
  std::string marking = "OFFICIAL-SENSITIVE";  // printed on every page
  std::string notice;  // for example that every person in it is fictional; printed on every page
  std::vector<Agency> agencies;
  std::vector<Area> areas;

  const Agency* find_agency(std::string_view id) const;
  // Its agencies and areas: where these are the same, so is all that is worked out by them.
  std::string words() const;
  // The printed name of an agency, or its id where it has none.
  std::string agency_name(std::string_view id) const;
};

}  // namespace moot
