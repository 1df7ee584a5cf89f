// The Joint Tasking Meeting, month by month: who was raised and discussed, what was asked of whom and what became of
// it, and whom the health agencies were asked about before.
#pragma once

#include <string>
#include <vector>

#include "deploy/south-and-vale/generator/call.h"
#include "deploy/south-and-vale/generator/cloud_event.h"
#include "deploy/south-and-vale/generator/incident.h"

namespace south_and_vale {

using Minute = CloudEvent;

// "Known to you?", asked a week before a meeting.
struct Question {
  const Person* person = nullptr;
  Moment asked;
};

// Somebody the meeting should look at.
struct Matter {
  const Person* person = nullptr;
  std::string why;  // "frequent-caller", "repeat-victim", "domestic-abuse", "prolific-offender", "vulnerable"
  int weight = 0;
};

// What the chair would pick for the meeting on that day from what was known the day before, heaviest first.
std::vector<Matter> matters_before(Moment meeting, const std::vector<Call>& calls,
                                   const std::vector<Incident>& incidents);
// Has anything been reported about them in so many days before?
bool is_quiet(const Person& person, Moment before, int days, const std::vector<Call>& calls,
              const std::vector<Incident>& incidents);

// Told in full, because the demonstration's own story hangs on it.
struct ToldMinute {
  Moment meeting;
  std::string stage;  // "discussed", "kept", "removed"
  std::string person;
  std::string reason;
};
struct ToldAction {
  Moment meeting;
  std::string owner;
  std::string person;
  Moment due;
  std::string text;
};
struct ToldStep {
  Moment meeting;
  int action = 0;  // 1 = the first that the meeting set
  std::string stage;
  Moment when;
  Moment due;  // a new one; 0 = as before
  int carried = 0;
};
std::vector<ToldMinute> told_minutes();
std::vector<ToldAction> told_actions();
std::vector<ToldStep> told_steps();
// Is the person left to the story alone, at the meeting of that month?
bool is_told(const Person& person, int month);

struct MeetingPlan {
  std::vector<Minute> minutes;
  std::vector<Question> questions;
};
MeetingPlan plan_meetings(const Cast& cast, const std::vector<Call>& calls, const std::vector<Incident>& incidents);

}  // namespace south_and_vale
