// What a meeting says, as the events that say it: that it is scheduled, was held, who came, what it decided of
// somebody, what it asked an agency to do, and "known to you?" with its answers.
//
// Each is a version of a record of its own, so that saying it again puts right what was said before: the newest holds.
// Thread: pure functions.
#pragma once

#include <string>
#include <string_view>

#include "broker/core/calendar.h"
#include "broker/core/instant.h"
#include "proto/event.pb.h"

namespace moot {

// Does `time` tell the day, and not the month only, or about when?
bool names_its_day(const v1::Envelope& envelope);
// The day of the meeting that the event is of, YYYY-MM-DD. Where it does not name it, the local day of its own time, if
// that tells one; that a meeting was scheduled is dated with the meeting only where that day was still to come. Empty =
// not known.
std::string meeting_day(const v1::Event& event);

// Rels of links from one agency's record of an action to another's.
inline constexpr std::string_view kTakesUp = "takes-up";      // the board's, in the place of it
inline constexpr std::string_view kOutcomeOf = "outcome-of";  // the owner's word on it

// Which meeting, and who says it when.
struct MeetingWords {
  std::string agency;  // the publisher
  std::string board;   // as events call it
  std::string area;    // of a board that meets in each area apart
  Date on;
  Instant now;
};

// The event's time is that of a day: `now` where it is today's or still to come, else the day, and no time of it.
void set_time(Date day, Instant now, v1::Event& event);

v1::Event scheduled_event(const MeetingWords& words, bool withdrawn);
v1::Event held_event(const MeetingWords& words, const std::string& mode);
// `how`: "present", "apologies", "email".
v1::Event attendance_event(const MeetingWords& words, const std::string& who, const std::string& how);

struct DecisionWords {
  v1::Meeting::Stage stage = v1::Meeting::KEPT;  // DISCUSSED, KEPT, REMOVED, PINNED, DEFERRED
  std::string person;                            // an id
  v1::Person who;                                // as a record of theirs has them
  std::string reason;                            // a code
  std::string until;                             // PINNED, DEFERRED: a date
  std::string note;                              // what was said; sealed
};
v1::Event decision_event(const MeetingWords& words, const DecisionWords& decision);

struct ActionWords {
  std::string owner;   // an agency
  std::string due;     // a date; empty = none
  std::string text;    // what is asked for; sealed
  std::string person;  // an id; empty = it concerns nobody
  v1::Person who;
};
v1::Event action_event(const MeetingWords& words, const ActionWords& action);
// An action that is on record, with the day of the meeting that set it: what is said of it later is of that day too.
struct ActionOnRecord {
  const v1::Event& event;
  std::string day;  // YYYY-MM-DD; empty = not known
};
// What became of an action: a further version of its record, in the words of the same source. What it does not say is
// as it was before. `due`: a new date; empty = the date stays.
v1::Event outcome_event(const ActionOnRecord& action, v1::Action::Stage stage, const std::string& due, Instant now);
// What another agency put on the board's list, as an action of whoever speaks for the board: it stands in its place.
v1::Event taken_up_event(const MeetingWords& words, const ActionOnRecord& action, v1::Action::Stage stage,
                         const std::string& due);
// What the owner says became of an action that another agency has on record.
v1::Event owner_word_event(const ActionOnRecord& action, v1::Action::Stage stage, Instant now);

// "Known to you?", asked of one agency before the meeting. Asked once for each meeting, whoever asks.
v1::Event question_event(const MeetingWords& words, const std::string& asked, const std::string& person,
                         const v1::Person& who);
// The question is asked no more: a further version of its record, in the words of who asked, that tells of nobody.
// Addressed to the same agency, so that whoever could read the question reads this.
v1::Event taken_back_event(const v1::Event& question, Instant now);
// The answer of the agency that was asked, which discloses nothing but itself.
v1::Event answer_event(const v1::Event& question, v1::Knowledge::Stage answer, const std::string& agency, Instant now);

}  // namespace moot
