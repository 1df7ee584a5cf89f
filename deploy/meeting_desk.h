// A meeting as whoever runs it works with it: what is said of it is published as the board's secretary (or --as), and
// folded, so that the next word rests on it. Errors: kUsage and kNotFound with a sentence that names what was asked
// for; those of the bus. Thread: one, the caller's.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "consumers/casework/meeting_events.h"
#include "deploy/casework.h"
#include "deploy/meeting_commands.h"

namespace moot {

class MeetingDesk {
 public:
  // The order's board, area and day.
  static Result<std::unique_ptr<MeetingDesk>> open(const Options& options, const MeetingOrder& order);

  // Each returns what to tell, a line for each thing that was said.
  using Told = Result<std::vector<std::string>>;
  Told schedule();
  Told hold();
  Told decide();
  Told act();
  Told conclude();
  Told ask();

  const Casework& casework() const { return *casework_; }
  const Board& board() const { return *board_; }
  // What was published by that: by source and id.
  const std::vector<v1::Event>& said() const { return said_; }

 private:
  MeetingDesk(const Options& options, const MeetingOrder& order) : options_(options), order_(order) {}
  Status read_words();
  std::string board_name() const;
  MeetingWords words(Date on) const;
  const WorkingDays& working_days() const;
  Result<std::vector<std::string>> agencies(const std::string& option, const std::string& words) const;
  Result<std::string> text() const;
  Result<Meant> somebody(const std::string& word) const;
  Status must_be_secretary() const;
  Status say(const std::vector<v1::Event>& events);
  Status say_of(const v1::Event& event, const Meant& who);
  Result<std::vector<v1::Event>> questions() const;
  std::vector<v1::Event> questions_over() const;  // taken back

  const Options& options_;
  const MeetingOrder& order_;
  std::unique_ptr<Casework> casework_;
  const Board* board_ = nullptr;
  Date on_;
  std::string secretary_;  // as whom it is said
  std::vector<v1::Event> said_;
};

}  // namespace moot
