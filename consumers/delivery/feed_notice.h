// What an agency's contact is told when something is wrong with what the agency sends: its feed is silent, records of
// it were refused and wait, a key or token of it is about to end. Counts, codes and dates; no personal data, no file
// name. Thread: pure functions.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "broker/core/instant.h"
#include "broker/core/partnership.h"
#include "consumers/delivery/mail_book.h"
#include "consumers/delivery/smtp.h"

namespace moot {

struct EndingToken {
  std::string id;
  bool certificate = false;
  Instant end;
};

struct FeedState {
  std::string agency;                          // its id
  bool silent = false;                         // for longer than agreed
  Instant last;                                // when it was last heard from; 0 = never
  int rhythm_days = 0;                         // how often it is expected to be
  std::map<std::string, std::uint64_t> waits;  // refused records in the inbox, by code
  Instant key_ends;                            // 0 = not soon
  std::vector<EndingToken> tokens;             // that end soon
};

// Sentences; none when all is well.
std::vector<std::string> notice_lines(const FeedState& state);

// Told so long after it was last told, where nothing has changed.
inline constexpr int kTellAgainDays = 7;
// Whether what has this digest is to be told on that day: not on the day it was told, nor again before its time.
bool is_due(const MailBook& book, const std::string& recipient, const std::string& digest, Date today);

struct NoticeMatter {
  const Partnership& partnership;
  const Mailings& mailings;
  const MailRecipient& recipient;
  MailKey key;
  std::vector<std::string> lines;
  std::string digest;     // of the lines
  Instant may_have_gone;  // as of MailMatter
};
Mail notice_mail(const NoticeMatter& matter, Instant at);

}  // namespace moot
