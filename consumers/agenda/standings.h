// How everybody of whom an agenda can say anything stands in each of its sections: whom a section claims, whom it
// looked at, and what orders them. It tells who is listed; the words are made for those alone.
//
// It goes by what the person's own records say, what the records they link to say, and what was said of actions. Calls,
// clocks and the actions of the day's list, which other people's records can change, come on top of it in listing.h. So
// it is kept with the set (kept.h) and, after a change, worked out again for whom the change concerns.
// Thread: that of the casebook.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "consumers/agenda/agenda_input.h"
#include "consumers/casebook/kept.h"

namespace moot {

struct Standing {
  static constexpr std::uint32_t kNowhere = ~std::uint32_t{0};

  std::uint64_t claimed_by = 0;    // sections, by bit
  Instant decided{INT64_MIN};      // the board's last decision
  Instant reported{INT64_MIN};     // the last report, or the last work
  int score = 0;                   // as the board looks at the person
  std::uint32_t place = kNowhere;  // in Standings::looked_at()
  std::uint8_t band = 0;           // band_order()
  bool is_of_board = false;        // considered at all, and of one of its areas
  bool is_looked_at = false;       // a section claims the person, or says why not
  bool is_deferred = false;
  bool is_pinned = false;
  bool is_removed = false;  // by the last decision, and nothing is new since
  bool has_actions = false;
  bool is_known = false;  // worked out, and nothing changed since

  // On the agenda already, where it prints an action of theirs.
  bool may_stand_for_actions() const { return has_actions && !is_deferred && !is_removed; }
};

// What every agenda reads of everybody whom a section looked at, close together in memory.
struct LookedAt {
  std::uint64_t claimed_by = 0;
  Instant reported;
  int score = 0;
  std::uint32_t person = 0;
  bool may_stand_for_actions = false;
};

class Standings : public Kept {
 public:
  static constexpr std::size_t kSectionsMost = 64;

  // Of the input's board and day, from what the set keeps. The input has neither clocks nor actions by person yet.
  // `words`: all that a standing depends on but the set.
  static std::shared_ptr<const Standings> of(const AgendaInput& input, const std::string& words);

  const std::vector<Standing>& all() const { return all_; }  // by position in CaseSet::persons()
  // Each once, in no order.
  const std::vector<LookedAt>& looked_at() const { return looked_at_; }
  // Of the board, and no section looked at them.
  bool is_only_of_board(std::size_t person) const { return only_of_board_[person]; }
  // As the section scores: by its own roles where its kind does so.
  int score(std::size_t person, std::size_t section) const;

  void changed(const SetChange& change) override;
  std::size_t bytes() const override;

 private:
  void work_out(const AgendaInput& input);
  void look_at(const AgendaInput& input, std::uint32_t person);
  Standing standing_of(const AgendaInput& input, std::uint32_t person);
  void drop(std::uint32_t place);

  std::vector<Standing> all_;
  std::vector<int> places_by_roles_;  // by section: which of scores_by_roles_ are its; -1 = none
  std::vector<std::vector<int>> scores_by_roles_;
  std::vector<LookedAt> looked_at_;
  std::vector<bool> only_of_board_;     // by person
  std::vector<std::uint32_t> unknown_;  // people to be looked at
  bool all_unknown_ = true;
  Dependents<std::uint32_t> looked_up_;  // people
};

}  // namespace moot
