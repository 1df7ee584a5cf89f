// What the meeting asked of its agencies, and what became of it: done, not done, overtaken, carried over, escalated.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "deploy/south-and-vale/generator/meeting.h"

namespace south_and_vale {

class ActionLog {
 public:
  explicit ActionLog(const Cast& cast) : cast_(cast) {}

  // Sets what the story has the meeting of that day ask, with all that became of it.
  void tell(Moment meeting);
  // Sets an action for the matter at the meeting of the month, and decides its fate.
  void set(int month, const Matter& matter);
  // Not yet finished, as far as was decided.
  bool has_open(const Person& person) const;
  void finish(std::vector<Minute>& minutes) const;

 private:
  struct Step {
    std::string stage;
    Moment when;
    Moment due;
    int carried = 0;
  };
  struct Action {
    Moment meeting;
    int number = 0;
    std::string owner;
    const Person* person = nullptr;
    std::string text;
    std::vector<Step> steps;  // the first is "set"
  };

  Action& add(Moment meeting, std::string owner, const Person& person, Moment due, std::string text);
  void decide_fate(Action& action, int month);
  Minute minute_of(const Action& action, std::size_t step) const;

  const Cast& cast_;
  Random random_{"actions"};
  std::vector<Action> actions_;
  std::map<Moment, int> numbers_;  // the last number of each meeting
  Moment today_;                   // the latest meeting
};

}  // namespace south_and_vale
