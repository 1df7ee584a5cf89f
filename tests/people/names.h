// What people and streets are called: public lists of names in England and Wales where MOOT_SHARED has them
// (data/uk), lists of our own otherwise. Usual names are drawn as often as they are borne.
// Thread: a value, constant after load.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "tests/people/draw.h"

namespace people {

class WeightedNames {
 public:
  void add(std::string name, double weight);
  const std::string& draw(Draw& chance) const;
  std::size_t size() const { return names_.size(); }

 private:
  std::vector<std::string> names_;
  std::vector<double> sums_;
};

struct Names {
  WeightedNames women, men, surnames;
  std::vector<std::string> streets;
  std::vector<std::string> postcodes;                                       // "OX14 3HX"
  std::vector<std::pair<std::string, std::vector<std::string>>> nicknames;  // small letters, by name
  bool shared = false;

  const std::vector<std::string>* nicknames_of(const std::string& given) const;
};

Names load_names();  // never fails: what is not there comes from our own lists

}  // namespace people
