// What an agenda prints of people, kept with the set of cases (consumers/casebook/kept.h) for the next agenda of the
// day, which after one more event prints most of it again.
//
// It rests on the person's own records and what those lead to, and the set tells of changes of both; and on what the
// day's documents say of the person, their calls and clocks, whose digest has to be the same. Whoever is on the list of
// callers or has an action on the agenda is printed anew: there are few, and much of it is about others. What the
// latest agenda did not print is kept no longer.
// Thread: that of the casebook.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <unordered_map>
#include <variant>
#include <vector>

#include "consumers/agenda/agenda_input.h"
#include "consumers/casebook/kept.h"
#include "proto/document.pb.h"

namespace moot {

class KeptItems : public Kept {
 public:
  // Of the input's board and day, from what the set keeps. `words`: all that an item depends on but the set.
  static std::shared_ptr<KeptItems> of(const AgendaInput& input, const std::string& words);

  // An item about the person in the input's section of that place, as `make` gives it. `clocks`: of the section's own,
  // their digest.
  v1::AgendaItem item(const AgendaInput& input, std::size_t section, std::size_t person, std::uint64_t clocks,
                      const std::function<v1::AgendaItem()>& make);
  // The row that tells why the person is not listed.
  v1::NotListed row(const AgendaInput& input, std::size_t person, const std::function<v1::NotListed()>& make);
  // An agenda was made: what it did not ask for goes.
  void end_agenda();

  void changed(const SetChange& change) override;
  std::size_t bytes() const override;

 private:
  using Person = std::uint32_t;  // a position in CaseSet::persons()
  struct Printed {
    std::size_t section = 0;
    std::uint64_t of_day = 0;  // a digest
    bool is_asked_for = false;
    std::variant<v1::AgendaItem, v1::NotListed> text;
  };
  struct OfPerson {
    bool have_actions = false;
    std::vector<Printed> printed;  // one of each section
  };
  static constexpr std::size_t kNoSection = SIZE_MAX;  // of a row

  template <typename Text>
  Text text(const AgendaInput& input, std::size_t section, std::size_t person, std::uint64_t of_day,
            const std::function<Text()>& make);

  std::unordered_map<Person, OfPerson> people_;
  bool is_first_ = true;
  Dependents<Person> looked_up_;
};

}  // namespace moot
