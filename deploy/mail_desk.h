// The mails of a partnership: which are due, to whom, and what became of them. It makes and issues the copies they are
// about and puts every attempt on record; the sending itself is done elsewhere (deploy/mail_run.h).
//
// A list of somebody's actions is of what is on record when it is issued. Of an attempt that failed the same copy goes
// again, whatever came on record since: one digest, one content.
//
// A mail goes at least once: the attempt is on record before a byte of it goes to the server, and one whose end nobody
// recorded is made again, with a sentence in it that says so.
//
// Errors: those of the bus; kDisk where a copy cannot be written. Thread: that of the documents.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <tuple>
#include <vector>

#include "broker/core/instant.h"
#include "consumers/agenda/own_actions.h"
#include "consumers/delivery/feed_notice.h"
#include "consumers/delivery/mail_book.h"
#include "consumers/delivery/mailing_day.h"
#include "consumers/delivery/smtp.h"
#include "deploy/governance_log.h"
#include "deploy/issued_copy.h"

namespace moot {

// One mail to one recipient.
struct Letter {
  const Mailing* mailing = nullptr;
  MailKey key;
  const MailRecipient* recipient = nullptr;  // nullptr: nobody is named for the agency
  std::string agency;
  Instant as_at;                   // by which there is something to tell; not of feeds
  std::vector<std::string> lines;  // of the mailing of feeds: what there is to be told
};

class MailDesk {
 public:
  // The folder of `source` has mailings. `clock` outlives the desk.
  static Result<std::unique_ptr<MailDesk>> open(const CopySource& source, const Clock& clock);

  Status catch_up();
  // Those whose time has come by the boards' schedule and that are not settled, one way or the other.
  struct Due {
    std::vector<Letter> letters;
    std::vector<Letter> missed;  // their time is over: put_on_record() what was not sent
  };
  Result<Due> due();
  Status put_on_record(const std::vector<Letter>& missed);
  // Those of a board's meeting, whenever they are due, sent or not. `board` empty = of every board. Actions are told
  // once their day has come. kUsage for a board without mailings.
  Result<std::vector<Letter>> of_meeting(const std::string& board, Date meeting);
  // One that was tried. kNotFound where the mailings have no such mail any more.
  Result<Letter> of_key(const MailKey& key);
  MailStanding standing(const Letter& letter) const;
  const MailBook& book() const { return book_; }

  // Everything but the sending. Nothing where it cannot be sent, which is on record then.
  Result<std::optional<Mail>> begin(const Letter& letter);
  // How the attempt that begin() made has ended.
  Status end(const Letter& letter, const MailOutcome& outcome);
  Status drop(const MailKey& key, const std::string& reason);

 private:
  MailDesk(const CopySource& source, const Clock& clock) : source_(source), clock_(clock) {}
  const Mailings& mailings() const { return *source_.folder.mailings; }
  const WorkingDays& working_days() const;
  Result<std::vector<Letter>> letters(const Mailing& mailing, Date on, Instant as_at);
  Result<std::vector<Letter>> letters_of_actions(const Mailing& mailing, Date on, Instant as_at);
  Instant latest(Date on) const;
  bool is_last_due(std::size_t planned, Instant now) const;
  void plan(Instant now);
  Status record_missed(const Letter& letter, Instant now);
  Result<const std::map<std::string, OwnActions>*> owners(const Mailing& mailing, Date on, Instant as_at);
  Result<std::string> why_it_cannot(const Letter& letter) const;
  std::optional<IssuedDocument> issued_for(const Letter& letter) const;
  Result<IssuedDocument> copy_for(const Letter& letter, std::string& bytes);
  Result<OwnActions> actions_in(const IssuedDocument& copy, const Letter& letter);
  Result<Instant> as_at_of(const Letter& letter);
  Result<IssuedDocument> issue(const Letter& letter, std::string& bytes);
  Status record(const Letter& letter, std::string_view stage, std::uint32_t number);
  Status publish(const v1::Event& event);
  // In mail_feeds.cc.
  Result<std::map<std::string, FeedState>> feed_states() const;
  Result<std::vector<Letter>> feed_letters(const Mailing& mailing, const std::string& on) const;
  Status add_due_of_feeds(std::vector<Letter>& due);
  static std::string digest_of_notice(const Letter& letter);
  Result<std::optional<Mail>> begin_notice(const Letter& letter, std::uint32_t number, Instant may_have_gone);

  const CopySource source_;
  const Clock& clock_;
  std::unique_ptr<GovernanceLog> log_;
  std::string acting_;  // as whom it publishes
  MailBook book_;
  IssuedCopies copies_;
  std::vector<std::pair<const Mailing*, MailingDay>> planned_;  // as at planned_at_
  Instant planned_at_{-1};
  Instant planned_from_;  // the casebook's last instant then
  Instant feeds_looked_at_;
  std::map<MailKey, MailRecord> about_;  // what the attempts under way are about
  // By definition, date and instant: who owns open actions then. Of the latest instant that of the last plan only.
  std::map<std::tuple<std::string, Date, Instant>, std::map<std::string, OwnActions>> owners_;
};

}  // namespace moot
