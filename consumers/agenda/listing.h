// Who stands in which section of an agenda, and of whom it is told why not. A section lists so many; what is left out
// is told of those nearest to being listed, and counted for the rest, so that an agenda is as long as somebody can read
// whatever the casebook holds.
// Thread: that of the casebook; lives within make_agenda.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "consumers/agenda/agenda_input.h"
#include "consumers/agenda/section.h"
#include "consumers/agenda/standings.h"
#include "proto/document.pb.h"

namespace moot {

class Listing {
 public:
  Listing(const AgendaInput& input, std::shared_ptr<const Standings> standings);

  // Makes all sections of the agenda, and its rows of whom they looked at and did not list.
  void fill(v1::Agenda& agenda);

 private:
  using Person = std::uint32_t;  // a position in CaseSet::persons()
  // A case that a section looked at and did not list, and how near it is to that: a person, or one of the others.
  struct NotHere {
    bool claimed = false;  // some section's rule is met
    int score = 0;
    Instant reported{INT64_MIN};
    Person person = 0;
    int other = -1;  // in others_; -1 = a person
  };

  void find_callers();
  void add_points_of_the_day();
  void sort_out();
  void list_people(std::size_t section, v1::AgendaSection& out);
  template <typename Cases>
  void find_not_here(Cases& cases) const;
  bool is_nearer(const NotHere& a, const NotHere& b) const;
  void tell_not_listed(v1::Agenda& agenda);
  v1::NotListed row_of(Person person) const;
  int score(Person person, std::size_t section) const;
  const std::string& id(Person person) const { return input_.person(person).id; }
  const Standing& standing(Person person) const { return standings_->all()[person]; }

  const AgendaInput& input_;
  std::shared_ptr<const Standings> standings_;
  std::vector<Person> called_, callers_;     // by position: in the window of the list of callers; and stand on it
  std::vector<int> points_;                  // by person: for calls, clocks and actions of the day
  std::vector<std::vector<Person>> claims_;  // by section: whom it claims, of the board's
  bool goes_by_calls_ = false;               // some section does
  std::vector<bool> is_caller_, listed_;     // by person; the first where a section goes by calls
  OtherCases others_;                        // that are no people
};

}  // namespace moot
