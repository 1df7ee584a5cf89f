// What records say of the actions on a board's list: which of them the board's secretary took up, and the owner's word.
//
// Agencies say themselves when they said something; nothing is said later than the instant from which it counts, so a
// word dated ahead does not outlast those after it. Order of arrival does not matter. Thread: values; pointers are into
// the CaseSet.
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "broker/core/instant.h"
#include "consumers/agenda/board.h"
#include "consumers/casebook/case_set.h"
#include "consumers/runtime/counts_from.h"

namespace moot {

// The records of a board's list: of one day's agenda and of one area, where these are given.
struct ActionList {
  const Board& board;
  std::string before = {};  // set on a day before this one, YYYY-MM-DD; empty = on any
  std::string area = {};    // a code; empty = any

  bool holds(const CaseSet& set, const v1::Event& action) const;
};

// The day of the meeting that set it, YYYY-MM-DD. Where the record does not name it, that on which it was first said:
// what became of it says nothing of that. Empty where that is known to the month only, or about.
std::string day_set(const CaseSet& set, const v1::Event& action);
// Whether that day is later than the day after it was said: no clock explains that, and nobody can have met yet.
bool is_set_ahead(const CaseSet& set, const v1::Event& action);
// Of a board of all areas every event is; of a board of one, also an event that tells no area.
bool is_of_area(const v1::Event& event, const std::string& area);
// Is it a word on another record, and no action of its own?
bool is_word_on_another(const v1::Event& event);
// By when they were said, then by source and id.
bool outlasts(const v1::Event& later, const v1::Event& earlier);

// The links of actions to actions, read once for the lists of all boards: by which record, and to which.
struct LinkedActions {
  struct Link {
    const v1::Event* by = nullptr;
    const v1::Event* to = nullptr;  // another record
  };
  explicit LinkedActions(const CaseSet& set);

  std::vector<Link> take_ups;
  std::vector<Link> words;  // that say what became of it
};

class SaidOfActions {
 public:
  SaidOfActions(const CaseSet& set, ActionList list);
  SaidOfActions(const CaseSet& set, const LinkedActions& linked, ActionList list);

  // The record that stands in the place of this one, through every take-up; itself where none does. Of several that
  // took one up the last does. One that is not on the list itself stands for nothing, and nor do rings of take-ups.
  const v1::Event* standing(const v1::Event& action) const;
  // The owner's word on what stands, or on what it took up, where it holds: the later of that and the record itself. To
  // have been taken up contradicts nobody. What no secretary's record says in its owner's name is the owner's word.
  const v1::Event* by_owner(const v1::Event& action) const;
  // Whether the board goes by it: its secretary's word, or finished by its owner's. Else it is proposed.
  bool binds(const v1::Event& action) const;
  // Whether who proposed it ended it, in its own record: it binds nobody, and nobody can take it for proposed any more.
  bool is_given_up(const v1::Event& action) const;
  // Whether it was only ever proposed: nobody is bound by it, and nothing stands in its place.
  bool is_proposed(const v1::Event& action) const;
  // Whether to count it among what was done for people: no proposal, and each action once.
  bool counts(const v1::Event& action) const;

 private:
  void read_take_ups(const std::vector<LinkedActions::Link>& all);
  void leave_out_rings();
  void read_words(const std::vector<LinkedActions::Link>& words);
  void hear(const v1::Event& word, const v1::Event& said_of);

  const CaseSet* set_;
  ActionList list_;
  std::map<const v1::Event*, const v1::Event*> instead_;  // looked up only, or each alike: their order means nothing
  std::map<const v1::Event*, const v1::Event*> by_owner_;
  std::set<const v1::Event*> words_;  // that hold, and say more than the record does
};

// Whether it was only ever proposed to one of the boards.
bool is_proposed(const std::vector<SaidOfActions>& boards, const v1::Event& action);
// Whether none of the boards, as far as the action is on its list, says otherwise.
bool counts(const std::vector<SaidOfActions>& boards, const v1::Event& action);

}  // namespace moot
