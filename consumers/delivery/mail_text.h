// The words of a mail. No personal data: which board, which day, the marking, and where the issued copy is to be had.
// Only an attachment, where the mailing asks for one, is the document itself. Thread: pure functions.
#pragma once

#include <string>

#include "broker/core/calendar.h"
#include "broker/core/partnership.h"
#include "consumers/agenda/own_actions.h"
#include "consumers/delivery/mail_book.h"
#include "consumers/delivery/smtp.h"

namespace moot {

struct MailMatter {
  const Partnership& partnership;
  const Mailings& mailings;
  const Mailing& mailing;
  const MailRecipient& recipient;
  std::string board_title;
  MailKey key;
  std::string digest;
  std::uint32_t copy = 0;
  Date known_on;          // the day of the instant that the copy is as at
  OwnActions actions;     // of kActions
  Instant may_have_gone;  // when an attempt was made whose end is not known; 0 = none was
};

// "copy 3, for the Chair of the Joint Tasking Meeting" goes with every page of the copy; this is its file's name:
// "agenda-jtm-2021-04-13-copy-3-5f0c4e9a1b7d2e68.html". With the digest's first digits, so that whoever has the link to
// one copy cannot tell the link to another's.
std::string file_of_copy(const MailKey& key, std::uint32_t copy, std::string_view digest, std::string_view format);
// Without the attachment. The same message id each time it is tried, so that a mail that arrives twice is known for
// one.
Mail mail_of(const MailMatter& matter, Instant at);

}  // namespace moot
