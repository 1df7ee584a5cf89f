// What goes out by e-mail, to whom and when: a file of its own (`mailings` in partnership.toml), since it alone holds
// addresses. Recipients are known everywhere else by a code. Dated data of the partnership, never code.
//
// Errors: kDefinition with file, line, key and what was expected. Thread: values.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "broker/core/calendar.h"
#include "broker/core/definition.h"
#include "broker/core/status.h"

namespace moot {

// The mail server that takes the partnership's mail.
struct MailServer {
  enum class Encryption { kStartTls, kTls, kNone };  // kNone: of this machine only

  std::string host;
  int port = 0;
  Encryption encryption = Encryption::kStartTls;
  std::filesystem::path certificates;  // PEM: whose certificates are believed; empty = those the system believes
  std::string user;                    // empty = it asks for none
  std::filesystem::path password;      // a file that holds it; read when a mail is sent
  int timeout_s = 60;                  // for one mail, from the connection to the last reply

  std::string name() const { return host + ":" + std::to_string(port); }
};

struct MailRecipient {
  std::string id;      // a code; how events and lists know them
  std::string role;    // "Chair of the Joint Tasking Meeting"
  std::string agency;  // an agency's id
  std::string email;   // empty = none is known: what is for them waits in the inbox
};

// The name on record of what agencies' contacts are told of their feeds.
inline constexpr const char* kFeedNotices = "feeds";

// Something that is sent for each meeting of a board; or, of kFeeds, on each day on which there is something to tell.
struct Mailing {
  enum class What {
    kPapers,   // the agenda, on the day its papers go out
    kActions,  // to each the open actions of their own agency, after the meeting
    kFeeds,    // to each what is wrong with what their own agency sends (feed_notice.h); of no board
  };

  DefinitionPlace place;
  std::string board;
  std::string area;  // of a board that meets in each area apart
  What what = What::kPapers;
  std::vector<std::string> to;  // ids of recipients
  Date starts;                  // for meetings, or of kFeeds on days, from this one on
  int at = 9 * 60;              // minutes after midnight in London
  int working_days_after = 1;   // of kActions: so many working days after the meeting
  bool attach = false;          // the document itself, rather than where it is
  std::string format = "html";  // of the document

  std::string definition() const;  // "agenda/jtm", "actions/jtm/didcot": the document's name on record
};

struct Mailings {
  static Result<Mailings> load(const std::filesystem::path& file);
  static Result<Mailings> parse(std::string_view toml, std::string_view name);

  MailServer server;
  std::string sender;            // an address
  std::string sender_name;       // printed beside it; may be empty
  std::string link;              // where issued copies are to be had, without the last "/"; empty = nowhere
  std::filesystem::path copies;  // the folder that `link` shows: issued copies are put there; empty = they are not kept
  int attempts = 5;              // then it waits for a person
  int retry_minutes = 10;        // between the first and the second attempt; twice as long each time after
  std::vector<MailRecipient> recipients;
  std::vector<Mailing> mailings;

  const MailRecipient* find_recipient(std::string_view id) const;

 private:
  static Result<Mailings> read(Definition definition);
};

}  // namespace moot
