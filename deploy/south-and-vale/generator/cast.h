// Everybody in the demonstration: the people of the stories, found by a short key, and a crowd of others.
// All of them are invented. Thread: a value, read-only once made.
#pragma once

#include <string_view>
#include <vector>

#include "deploy/south-and-vale/generator/person.h"
#include "deploy/south-and-vale/generator/random.h"

namespace south_and_vale {

class Cast {
 public:
  Cast();

  // Ends the program when there is nobody of that key: the stories and the cast must agree.
  const Person& operator[](std::string_view key) const;
  // One of the crowd; of that town where it is given.
  const Person& somebody(Random& random) const;
  const Person& somebody_in(Random& random, std::string_view town) const;
  const std::vector<Person>& people() const { return people_; }
  std::size_t crowd() const { return crowd_; }

 private:
  void add_crowd();

  std::vector<Person> people_;
  std::size_t crowd_ = 0;  // where the crowd begins
};

// The crowd one after the other: whoever came once does not come again, so that nobody of the crowd is a repeat victim.
class Newcomers {
 public:
  explicit Newcomers(const Cast& cast) : cast_(cast), taken_(cast.people().size(), false) {}

  // The next who has not come yet and of whom `fits` is true; ends the program when the crowd is used up.
  template <typename Fits>
  const Person& next(Fits fits) {
    for (std::size_t i = cast_.crowd(); i < taken_.size(); ++i) {
      if (taken_[i] || !fits(cast_.people()[i])) continue;
      taken_[i] = true;
      return cast_.people()[i];
    }
    crowd_is_used_up();
  }

 private:
  [[noreturn]] static void crowd_is_used_up();

  const Cast& cast_;
  std::vector<bool> taken_;
};

// The seven towns, the larger ones several times, so that more of the crowd live there.
const std::vector<std::string_view>& towns();
const std::vector<std::string_view>& streets();

}  // namespace south_and_vale
