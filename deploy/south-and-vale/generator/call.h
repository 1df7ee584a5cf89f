// What the public told the police by telephone, online or at the counter.
#pragma once

#include <string>
#include <vector>

#include "deploy/south-and-vale/generator/cast.h"

namespace south_and_vale {

struct Call {
  Moment received;
  Moment logged;
  const Person* caller = nullptr;  // nobody: would not give a name
  std::string town;
  std::string how;   // "999 call", "Single non-emergency number", "Online report", "Front counter"
  std::string what;  // "ASB - personal" …
  bool third_party = false;
  std::string log;

  bool about_behaviour() const { return what.starts_with("ASB"); }
};

// All calls of the two years, by the time they were received.
std::vector<Call> plan_calls(const Cast& cast);

}  // namespace south_and_vale
