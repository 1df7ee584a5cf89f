// The mails of a partnership, going out: a thread that talks to the mail server, so that one that stalls holds up
// nothing else, and one mail at a time. Thread: whoever opened it; the mail thread touches nothing but its own mail.
#pragma once

#include <atomic>
#include <memory>
#include <optional>
#include <thread>

#include "deploy/mail_desk.h"
#include "deploy/stop_signal.h"

namespace moot {

// One mail on its way. Ending it before it is there stops it.
class MailOnItsWay {
 public:
  MailOnItsWay(const MailServer& server, Mail mail);
  ~MailOnItsWay();
  void stop() { stop_ = true; }
  bool ended() const { return ended_; }
  MailOutcome outcome();  // waits until it has ended

 private:
  std::atomic<bool> stop_{false};
  std::atomic<bool> ended_{false};
  MailOutcome outcome_;
  std::thread thread_;
};

class MailRun {
 public:
  // `desk` and `server` outlive it.
  MailRun(MailDesk& desk, const MailServer& server, const Clock& clock) : desk_(desk), server_(server), clock_(clock) {}

  // For a process that stays: takes note of what has ended and sends the next that is due. Does not wait.
  Status step();
  // Stops what is under way, and puts on record how that ended.
  Status finish();
  // Sends one and waits, or stops when asked to; on record when it returns. Nothing where it could not be sent.
  Result<std::optional<MailOutcome>> send(const Letter& letter, const StopSignal& stop);

 private:
  Status note_outcome();

  MailDesk& desk_;
  const MailServer& server_;
  const Clock& clock_;
  std::unique_ptr<MailOnItsWay> mail_;  // none when nothing is under way
  Letter letter_;                       // what it is
  std::vector<Letter> due_;             // the next first
  Instant next_look_;
};

}  // namespace moot
