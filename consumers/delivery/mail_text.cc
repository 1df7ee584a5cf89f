#include "consumers/delivery/mail_text.h"

#include <algorithm>

#include "broker/core/calendar.h"
#include "consumers/document/phrase.h"

namespace moot {
namespace {

bool is_papers(const MailMatter& matter) { return matter.mailing.what == Mailing::What::kPapers; }

std::string headline(const MailMatter& matter) {
  if (is_papers(matter)) return matter.board_title + " on " + date_in_words(matter.key.on) + ": papers";
  // One that goes late tells what is on record by then.
  return matter.board_title + ": your actions as at " +
         date_in_words(std::max(matter.key.on, to_iso(matter.known_on)));  // ISO dates compare as texts
}

std::string what_it_is(const MailMatter& matter) {
  if (is_papers(matter))
    return "The agenda of the " + matter.board_title + " on " + date_in_words(matter.key.on) +
           " has been issued to you";
  const OwnActions& own = matter.actions;
  std::string text = matter.partnership.agency_name(matter.recipient.agency) + " has " +
                     counted(static_cast<std::size_t>(own.open), "open action") + " from the " + matter.board_title;
  if (!own.first_due.empty()) text += own.open == 1 ? ", due on " : ", the first due on ";
  return text + date_in_words(own.first_due) + ". A list of them has been issued to you";
}

std::string where_it_is(const MailMatter& matter) {
  if (matter.mailing.attach) return "It is attached.";
  if (!matter.mailings.link.empty())
    return "Read it here:\n" + matter.mailings.link + "/" +
           file_of_copy(matter.key, matter.copy, matter.digest, matter.mailing.format);
  return "Whoever runs Moot for the partnership hands it out. They get these very bytes with\nmoot document fetch " +
         matter.digest.substr(0, 16) + " --output FILE";
}

}  // namespace

std::string file_of_copy(const MailKey& key, std::uint32_t copy, std::string_view digest, std::string_view format) {
  std::string name = key.definition + "-" + key.on + "-copy-" + std::to_string(copy) + "-" +
                     std::string(digest.substr(0, 16)) + "." + std::string(format);
  std::replace(name.begin(), name.end(), '/', '-');
  return name;
}

Mail mail_of(const MailMatter& matter, Instant at) {
  const Mailings& mailings = matter.mailings;
  Mail mail;
  mail.from = mailings.sender;
  mail.from_name = mailings.sender_name.empty() ? matter.partnership.name : mailings.sender_name;
  mail.to = matter.recipient.email;
  mail.subject = matter.partnership.marking + ": " + headline(matter);
  mail.message_id =
      item_of(matter.key) + "." + matter.digest.substr(0, 16) + mailings.sender.substr(mailings.sender.find('@'));
  mail.at = at;
  std::string& text = mail.text;
  text = matter.partnership.marking + "\n\n" + headline(matter) + "\n\n";
  if (matter.may_have_gone != Instant{})
    text += "You may have had this message before: whether the one of " + to_local_words(matter.may_have_gone) +
            " arrived is not known.\n\n";
  text += what_it_is(matter) + ": copy " + std::to_string(matter.copy) + ", for the " + matter.recipient.role + ".\n" +
          where_it_is(matter) + "\n\n";
  text += "The copy is numbered and on record as yours. Do not pass it on, or this message.\n";
  text += "SHA-256 of the copy: " + matter.digest + "\n\n" + matter.partnership.name + "\n";
  if (!matter.partnership.notice.empty()) text += matter.partnership.notice + "\n";
  text += "\n" + matter.partnership.marking + "\n";
  return mail;
}

}  // namespace moot
