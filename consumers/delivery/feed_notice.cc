#include "consumers/delivery/feed_notice.h"

#include "broker/core/calendar.h"
#include "consumers/document/phrase.h"

namespace moot {

std::vector<std::string> notice_lines(const FeedState& state) {
  std::vector<std::string> lines;
  const auto day_of = [](Instant instant) { return to_words(local_date(instant)); };
  // As the commands that make keys and tokens say it: midnight ends the day before.
  const auto last_day = [&](Instant end) { return day_of(Instant{end.us - 1}); };
  if (state.silent)
    lines.push_back("Nothing has come from \"" + state.agency + "\" " +
                    (state.last == Instant{} ? std::string("yet") : "since " + day_of(state.last)) +
                    "; it is expected every " +
                    (state.rhythm_days == 1 ? std::string("day") : std::to_string(state.rhythm_days) + " days") + ".");
  for (const auto& [code, count] : state.waits)
    lines.push_back(counted(static_cast<std::size_t>(count), "record") + " of \"" + state.agency +
                    (count == 1 ? "\" was refused and waits" : "\" were refused and wait") + " in the inbox (" + code +
                    ").");
  if (state.key_ends != Instant{})
    lines.push_back("The key with which \"" + state.agency + "\" publishes and reads is valid through " +
                    last_day(state.key_ends) + ".");
  for (const EndingToken& token : state.tokens)
    lines.push_back(std::string(token.certificate ? "Certificate " : "Token ") + token.id + ", with which \"" +
                    state.agency + "\" pushes over HTTP, is valid through " + last_day(token.end) + ".");
  return lines;
}

bool is_due(const MailBook& book, const std::string& recipient, const std::string& digest, Date today) {
  for (const auto& [key, record] : book.all()) {
    const Result<Date> on = parse_date(key.on);
    if (key.definition != kFeedNotices || key.recipient != recipient || !on.ok()) continue;
    if (*on == today) return record.digest == digest;  // one a day: this one, should it not have gone
    if (record.digest == digest && plus_days(*on, kTellAgainDays) > today) return false;
  }
  return true;
}

Mail notice_mail(const NoticeMatter& matter, Instant at) {
  const Mailings& mailings = matter.mailings;
  const std::string headline = "What " + matter.partnership.agency_name(matter.recipient.agency) + " sends to Moot, " +
                               date_in_words(matter.key.on);
  Mail mail;
  mail.from = mailings.sender;
  mail.from_name = mailings.sender_name.empty() ? matter.partnership.name : mailings.sender_name;
  mail.to = matter.recipient.email;
  mail.subject = matter.partnership.marking + ": " + headline;
  mail.message_id =
      item_of(matter.key) + "." + matter.digest.substr(0, 16) + mailings.sender.substr(mailings.sender.find('@'));
  mail.at = at;
  std::string& text = mail.text;
  text = matter.partnership.marking + "\n\n" + headline + "\n\n";
  if (matter.may_have_gone != Instant{})
    text += "You may have had this message before: whether the one of " + to_local_words(matter.may_have_gone) +
            " arrived is not known.\n\n";
  text += "To the " + matter.recipient.role + ".\n\n";
  for (const std::string& line : matter.lines) text += "- " + line + "\n";
  text +=
      "\nUntil this is put right, documents may lack what your agency knows. Whoever runs Moot for the partnership "
      "can say what each refused record lacks (moot inbox list), and makes keys and tokens anew.\n\n";
  text += matter.partnership.name + "\n\n" + matter.partnership.marking + "\n";
  return mail;
}

}  // namespace moot
