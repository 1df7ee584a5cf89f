// What became of each mail, as the log has it: a fold of the Governance events of deliveries. An attempt goes on record
// before a byte goes to the mail server, and how it ended afterwards; so after a crash it is known which may have gone.
// Folding an event twice changes nothing. Thread: one owner.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "broker/core/instant.h"
#include "consumers/delivery/mailings.h"
#include "proto/event.pb.h"

namespace moot {

// Which mail: of which document, for which day, to whom.
struct MailKey {
  std::string definition;  // "agenda/jtm"
  std::string on;          // YYYY-MM-DD
  std::string recipient;   // a code
  auto operator<=>(const MailKey&) const = default;
};

struct MailAttempt {
  Instant started;
  bool ended = false;
  Instant ended_at;
  bool taken = false;
  std::string reason;       // why it was not taken; a code
  std::uint32_t reply = 0;  // the server's last
  std::string server;

  bool is_one() const;  // rather than a note of why there was none
};

struct MailRecord {
  std::string digest;                             // of the copy that it is about
  std::uint32_t copy = 0;                         // its number
  std::string agency;                             // the recipient's
  std::map<std::uint32_t, MailAttempt> attempts;  // by number; 0, and one that is none, say why none was made
  std::string dropped;                            // why somebody gave it up; empty = nobody did

  std::size_t made() const;
};

class MailBook {
 public:
  void apply(const v1::Event& event);
  const MailRecord* find(const MailKey& key) const;
  const std::map<MailKey, MailRecord>& all() const { return mails_; }

 private:
  std::map<MailKey, MailRecord> mails_;
};

// What is to happen with a mail.
struct MailStanding {
  enum class What {
    kToSend,    // now
    kLater,     // tried again by itself at `at`
    kUnderWay,  // somebody is sending it; should they have died, it is known at `at`
    kWaits,     // for a person, in the inbox
    kDone       // taken, or dropped
  };
  What what = What::kToSend;
  Instant at;
  // An attempt whose end is not known: the mail may have gone. 0 = there is none.
  Instant may_have_gone;
};
// `record` nullptr = nothing was ever tried.
MailStanding standing_of(const MailRecord* record, const Mailings& mailings, Instant now);
std::uint32_t next_attempt(const MailRecord* record);

// "mail-…", what the inbox calls it.
std::string item_of(const MailKey& key);
// "the mail server refused it (550)", of one that waits or is tried again.
std::string why_not(const MailRecord& record);

// The event that says it, published by `agency`. `stage`: "delivery-started", "delivered", "undelivered",
// "delivery-dropped". Ids are such that an attempt starts once, whoever publishes it.
v1::Event mail_event(std::string_view agency, std::string_view stage, const MailKey& key, const MailRecord& about,
                     std::uint32_t attempt, Instant at);

}  // namespace moot
