// One mail to one recipient, handed to the partnership's mail server (SMTP, by libcurl) and told how it ended.
//
// Encrypted unless the server is this machine's, and the server's certificate is believed only when it names the host
// and comes from somebody who is trusted. Thread: any; blocks up to the server's timeout_s, or until `stop`.
#pragma once

#include <atomic>
#include <optional>
#include <string>
#include <string_view>

#include "broker/core/instant.h"
#include "consumers/delivery/mailings.h"

namespace moot {

struct MailAttachment {
  std::string name;
  std::string type;  // "text/html"
  std::string bytes;
};

struct Mail {
  std::string from, from_name;
  std::string to;
  std::string subject;     // UTF-8, one line
  std::string message_id;  // without < and >
  Instant at;
  std::string text;  // UTF-8, lines ended by \n
  std::optional<MailAttachment> attachment;
};

struct MailOutcome {
  bool taken = false;       // the server has said that it is responsible for it now
  std::string reason;       // why not: a code, as failure_in_words() knows it; empty when taken
  std::uint32_t reply = 0;  // the server's last reply code; 0 = none
};

MailOutcome send_mail(const MailServer& server, const Mail& mail, const std::atomic<bool>& stop);

// Of a mail that did not go: trying again by itself changes nothing.
bool is_for_good(std::string_view reason);
// Whether a mail server was asked at all: where nobody is named, there is no address or no document, none was.
bool was_tried(std::string_view reason);
// It is not known whether the mail arrived.
bool may_have_arrived(std::string_view reason);
// "the mail server refused it (550)". Never what the server said in words: that may name somebody.
std::string failure_in_words(std::string_view reason, std::uint32_t reply);

// A head's value in ASCII: as it is, or as encoded words (RFC 2047) folded over lines.
std::string in_head(std::string_view utf8);
std::string mail_date(Instant at);  // RFC 5322, UTC: "Tue, 02 Mar 2021 09:05:00 +0000"

}  // namespace moot
