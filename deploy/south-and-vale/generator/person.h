// A fictional person, and how each agency refers to one. Postcodes OX99 do not exist; the telephone numbers come from
// the ranges that Ofcom keeps for drama.
#pragma once

#include <string>
#include <string_view>

#include "deploy/south-and-vale/generator/calendar.h"

namespace south_and_vale {

enum class Landlord { kNone, kSoha, kSovereign };

struct Person {
  std::string key;  // how the stories name them; empty for one of the crowd
  std::string given;
  std::string family;
  Moment born;
  char sex = 'F';
  std::string street;  // "8 Storyboard Place"
  std::string town;
  std::string postcode;
  std::string phone;
  Landlord landlord = Landlord::kNone;
  int number = 0;  // from which each agency makes its own reference
};

enum class Area { kAbingdon, kDidcotAndWallingford, kWantageAndFaringdon, kThameAndHenley };

Area area_of(std::string_view town);
// "didcot-and-wallingford", as the community safety team's own system has it.
std::string area_code(Area area);
bool in_south_oxfordshire(std::string_view town);  // else in Vale of White Horse

// "EXAMPLETON, Martin", without accents: what the older housing systems hold.
std::string shouted_name(const Person& person);

std::string police_reference(const Person& person);
std::string soha_reference(const Person& person);
std::string sovereign_reference(const Person& person);
std::string health_reference(const Person& person);
std::string turning_point_reference(const Person& person);
std::string domestic_abuse_reference(const Person& person);

}  // namespace south_and_vale
