// What goes out by e-mail: its definitions, the days it goes out, the words of the mails, and what becomes of each as
// the log has it.
#include "consumers/delivery/mailings.h"

#include <gtest/gtest.h>

#include "broker/core/event_rules.h"
#include "consumers/delivery/mail_book.h"
#include "consumers/delivery/mail_text.h"
#include "consumers/delivery/mailing_day.h"
#include "tests/consumers/case_events.h"

namespace moot {
namespace {

constexpr const char* kServer = "[mail]\nserver = \"mail.example.org\"\nsender = \"moot@example.org\"\n";
constexpr const char* kChair =
    "[[recipient]]\nid = \"chair\"\nrole = \"Chair\"\nagency = \"north-council\"\nemail = \"chair@example.org\"\n";
constexpr const char* kPapers =
    "[[mailing]]\nboard = \"jtm\"\nwhat = \"papers\"\nto = [\"chair\"]\nstarts = 2021-01-01\n";

Mailings parsed(const std::string& toml) {
  Result<Mailings> mailings = Mailings::parse(toml, "mailings.toml");
  MOOT_CHECK_OK(mailings.status());
  return std::move(*mailings);
}

TEST(Mailings, ReadWhatIsSentToWhom) {
  const Mailings mailings = parsed(std::string(kServer) + "link = \"https://moot.example.org/papers/\"\n" + kChair +
                                   kPapers + "at = \"08:30\"\nattach = true\nformat = \"pdf\"\n");
  EXPECT_EQ(mailings.server.name(), "mail.example.org:587");
  EXPECT_EQ(mailings.server.encryption, MailServer::Encryption::kStartTls);
  EXPECT_EQ(mailings.link, "https://moot.example.org/papers");
  ASSERT_EQ(mailings.mailings.size(), 1u);
  EXPECT_EQ(mailings.mailings[0].definition(), "agenda/jtm");
  EXPECT_EQ(mailings.mailings[0].at, 8 * 60 + 30);
  EXPECT_TRUE(mailings.mailings[0].attach);
  EXPECT_EQ(mailings.find_recipient("chair")->email, "chair@example.org");
  EXPECT_FALSE(parsed(std::string(kServer) + kChair + kPapers).mailings[0].attach);
}

TEST(Mailings, TellAMistakeWithItsLineAndKey) {
  const auto refused = [](const std::string& toml, const std::string& says) {
    const Result<Mailings> mailings = Mailings::parse(toml, "mailings.toml");
    ASSERT_FALSE(mailings.ok()) << toml;
    EXPECT_EQ(mailings.status().code(), Code::kDefinition);
    EXPECT_NE(mailings.status().message().find(says), std::string::npos) << mailings.status().message();
  };
  const std::string server = kServer, chair = kChair, papers = kPapers;
  refused(chair + papers, "is required: the mail server and the sender");
  refused(server + "encryption = \"none\"\n", "of this machine (127.0.0.1) only");
  refused(server + "encryption = \"ssl\"\n", "expected \"starttls\", \"tls\" or \"none\"");
  refused(server + "user = \"moot\"\n", "user and password_file go together");
  refused(server + "link = \"moot.example.org\"\n", "begins with https://");
  refused(server + "atempts = 3\n", "atempts");
  refused(server + chair + chair, "stands twice");
  refused(
      server +
          "[[recipient]]\nid = \"a\"\nrole = \"Chair\"\nagency = \"north-council\"\nemail = \"a@b\\r\\nBcc: c@d\"\n",
      "expected an e-mail address");
  refused(server + "[[recipient]]\nid = \"Chair\"\nrole = \"Chair\"\nagency = \"north-council\"\n", "expected a code");
  refused(server + papers, "\"chair\" is none");
  refused(server + chair + "[[mailing]]\nboard = \"jtm\"\nwhat = \"papers\"\nto = [\"chair\"]\n",
          "key \"mailing.starts\": is required");
  refused(server + chair + papers + "at = \"24:00\"\n", "expected a time of day");
  refused(server + chair + papers + "format = \"csv\"\n", "expected html, odt, pdf, md or json");
}

Mailing mailing_of(Mailing::What what) {
  Mailing mailing;
  mailing.board = "jtm";
  mailing.what = what;
  mailing.starts = {2021, 1, 1};
  return mailing;
}

MeetingDay meeting(Date on, std::optional<Date> papers) { return {on, papers, false, false, {}, 0, {}}; }

TEST(MailingDay, IsThePapersOwnOrAfterTheMeetingAtItsHourInLondon) {
  const WorkingDays weekdays;
  const Mailing papers = mailing_of(Mailing::What::kPapers);
  const MailingDay summer =
      mailing_day(papers, meeting({2021, 4, 13}, Date{2021, 4, 6}), weekdays, london("2021-04-01T12:00"));
  EXPECT_EQ(to_rfc3339(summer.due), "2021-04-06T08:00:00Z");  // nine o'clock in summer
  EXPECT_EQ(summer.on, (Date{2021, 4, 13}));
  const MailingDay winter =
      mailing_day(papers, meeting({2021, 1, 12}, Date{2021, 1, 5}), weekdays, london("2021-01-12T23:00"));
  EXPECT_EQ(to_rfc3339(winter.due), "2021-01-05T09:00:00Z");
  EXPECT_FALSE(winter.missed);  // the day of the meeting is not over
  EXPECT_TRUE(mailing_day(papers, meeting({2021, 1, 12}, {}), weekdays, london("2021-01-13")).missed);
  // A Friday's meeting: the actions go out on Monday.
  const MailingDay actions =
      mailing_day(mailing_of(Mailing::What::kActions), meeting({2021, 4, 16}, {}), weekdays, london("2021-04-20"));
  EXPECT_EQ(actions.on, (Date{2021, 4, 19}));
  EXPECT_EQ(to_rfc3339(actions.due), "2021-04-19T08:00:00Z");
  EXPECT_FALSE(actions.missed);
  EXPECT_EQ(days_looked_at(papers, london("2021-01-20")).from, (Date{2021, 1, 1}));
}

TEST(MeetingDays, AreTheCadencesUnlessAnEventScheduledAnother) {
  const Result<Board> board = Board::parse(
      "id = \"jtm\"\ntitle = \"Joint Tasking Meeting\"\n[[version]]\nvalid_from = 2020-01-01\nminutes = 90\n"
      "minutes_per_case = 5\n"
      "cadence = { every = \"month\", weekday = \"tuesday\", which = 2, papers_working_days = 5, starts = \"14:00\" }\n"
      "[[version.section]]\nid = \"a\"\ntitle = \"A\"\nkind = \"previous-actions\"\n",
      "jtm.toml");
  ASSERT_TRUE(board.ok()) << board.status().message();
  v1::Event moved = make_event("uk.csp.meeting.scheduled.v1", "north-council", "m", "2021-01-02T10:00");
  moved.mutable_facts()->mutable_meeting()->set_board("jtm");
  moved.mutable_facts()->mutable_meeting()->set_on("2021-03-16");
  const Casebook casebook = casebook_of({moved});
  const CaseSet set = casebook.as_at(london("2021-12-01"));
  const std::vector<MeetingDay> days = meeting_days(set, *board, "", WorkingDays(), {2021, 2, 1}, {2021, 5, 1});
  ASSERT_EQ(days.size(), 3u);
  EXPECT_EQ(days[0].on, (Date{2021, 2, 9}));
  EXPECT_EQ(days[0].papers_by, (Date{2021, 2, 2}));
  EXPECT_EQ(days[0].starts, 14 * 60);
  EXPECT_EQ(days[0].minutes, 90);
  EXPECT_FALSE(days[0].scheduled);
  EXPECT_EQ(days[1].on, (Date{2021, 3, 16}));  // not the ninth, the cadence's
  EXPECT_TRUE(days[1].scheduled);
  EXPECT_EQ(days[2].on, (Date{2021, 4, 13}));
}

// --- the words -----------------------------------------------------------------------------------------------------

struct Words {
  Partnership partnership = test_partnership();
  Mailings mailings = parsed(std::string(kServer) + kChair + kPapers);
  MailKey key{"agenda/jtm", "2021-04-13", "chair"};
  std::string digest = std::string(64, 'a');

  Mail mail(Instant may_have_gone = {}, OwnActions actions = {}, Date known_on = {2021, 4, 6}) const {
    return mail_of({partnership, mailings, mailings.mailings[0], mailings.recipients[0], "Joint Tasking Meeting", key,
                    digest, 3, known_on, actions, may_have_gone},
                   london("2021-04-06T09:00"));
  }
};

TEST(MailText, SaysWhichMeetingAndWhereTheCopyIs) {
  Words words;
  words.mailings.link = "https://moot.example.org/papers";
  const Mail mail = words.mail();
  EXPECT_EQ(mail.to, "chair@example.org");
  EXPECT_EQ(mail.subject, words.partnership.marking + ": Joint Tasking Meeting on 13 April 2021: papers");
  EXPECT_NE(mail.text.find("https://moot.example.org/papers/agenda-jtm-2021-04-13-copy-3-aaaaaaaaaaaaaaaa.html\n"),
            std::string::npos)
      << mail.text;
  EXPECT_NE(mail.text.find("copy 3, for the Chair."), std::string::npos) << mail.text;
  EXPECT_EQ(mail.text.find("before"), std::string::npos) << mail.text;
  EXPECT_FALSE(mail.attachment);
  words.mailings.link.clear();
  EXPECT_NE(words.mail().text.find("moot document fetch aaaaaaaaaaaaaaaa"), std::string::npos);
}

TEST(MailText, SaysWhenItMayHaveGoneBeforeUnderTheSameMessageId) {
  const Words words;
  const Mail again = words.mail(london("2021-04-06T08:12"));
  EXPECT_NE(again.text.find("You may have had this message before: whether the one of 6 April 2021 at 8:12am arrived "
                            "is not known."),
            std::string::npos)
      << again.text;
  EXPECT_EQ(again.message_id, words.mail().message_id);
  EXPECT_TRUE(again.message_id.ends_with("@example.org")) << again.message_id;
}

TEST(MailText, SaysOfWhichDayAListOfActionsIs) {
  Words words;
  words.mailings.mailings[0].what = Mailing::What::kActions;
  words.key = {"actions/jtm", "2021-04-14", "chair"};
  const std::string subject = words.partnership.marking + ": Joint Tasking Meeting: your actions as at ";
  EXPECT_EQ(words.mail({}, {2, "2021-04-30"}).subject, subject + "14 April 2021")
      << "its own, where nothing came since";
  EXPECT_EQ(words.mail({}, {2, "2021-04-30"}, {2021, 4, 14}).subject, subject + "14 April 2021");
  EXPECT_EQ(words.mail({}, {2, "2021-04-30"}, {2021, 4, 20}).subject, subject + "20 April 2021") << "it goes late";
}

TEST(MailText, WritesHeadsThatEveryServerTakes) {
  EXPECT_EQ(in_head("Papers, 13 April"), "Papers, 13 April");
  EXPECT_EQ(in_head("Bwrdd Diogelwch Tŷ"), "=?utf-8?B?QndyZGQgRGlvZ2Vsd2NoIFTFtw==?=");
  const std::string folded = in_head(std::string(41, 'a') + "ŷ and more");  // the letter is not cut in two
  EXPECT_EQ(folded.substr(0, folded.find("\r\n ")),
            "=?utf-8?B?YWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWE=?=");
  EXPECT_EQ(mail_date(london("2021-07-06T09:00")), "Tue, 06 Jul 2021 08:00:00 +0000");
}

// --- what became of them -------------------------------------------------------------------------------------------

class MailBooks : public testing::Test {
 protected:
  static constexpr std::int64_t kMinute = 60 * kSecondUs;

  void say(const std::string& stage, std::uint32_t attempt, Instant at, const std::string& reason = "",
           std::uint32_t reply = 0) {
    MailRecord about;
    about.agency = "north-council";
    about.digest = std::string(64, 'a');
    about.copy = 3;
    about.dropped = stage == "delivery-dropped" ? "handed-over" : "";
    about.attempts[attempt] = {at, true, at, false, reason, reply, "mail.example.org:587"};
    const v1::Event event = mail_event("operator", stage, key_, about, attempt, at);
    EXPECT_TRUE(validate(event, Limits()).ok()) << validate(event, Limits()).message();
    book_.apply(event);
    book_.apply(event);  // twice is as good as once
  }
  MailStanding::What standing(Instant now) const { return standing_of(book_.find(key_), mailings_, now).what; }
  Instant after(std::int64_t minutes) const { return Instant{start_.us + minutes * kMinute}; }

  using What = MailStanding::What;
  const Mailings mailings_ = parsed(std::string(kServer) + "attempts = 3\n" + kChair + kPapers);
  const MailKey key_{"agenda/jtm", "2021-04-13", "chair"};
  const Instant start_ = london("2021-04-06T09:00");
  MailBook book_;
};

TEST_F(MailBooks, TryAgainLaterAndLaterAndThenWaitForAPerson) {
  EXPECT_EQ(standing(start_), What::kToSend);
  say("delivery-started", 1, start_);
  EXPECT_EQ(standing(start_), What::kUnderWay);
  say("undelivered", 1, start_, "busy-by-a-newer-version");
  EXPECT_EQ(standing(after(9)), What::kLater);
  EXPECT_EQ(standing(after(10)), What::kToSend);
  EXPECT_EQ(next_attempt(book_.find(key_)), 2u);
  say("delivery-started", 2, after(10));
  say("undelivered", 2, after(10), "refused-for-now", 451);
  EXPECT_EQ(standing(after(29)), What::kLater);  // twice as long
  EXPECT_EQ(standing(after(30)), What::kToSend);
  say("delivery-started", 3, after(30));
  say("undelivered", 3, after(30), "unreachable");
  EXPECT_EQ(standing(after(100'000)), What::kWaits);
  EXPECT_EQ(why_not(*book_.find(key_)), "the mail server cannot be reached");
  EXPECT_EQ(standing_of(book_.find(key_), mailings_, after(30)).may_have_gone, Instant{});
  say("delivery-dropped", 3, after(31));
  EXPECT_EQ(standing(after(32)), What::kDone);
}

TEST_F(MailBooks, WaitForAPersonAtOnceWhereTryingAgainChangesNothing) {
  say("delivery-started", 1, start_);
  say("undelivered", 1, start_, "refused", 550);
  EXPECT_EQ(standing(after(1000)), What::kWaits);
  EXPECT_EQ(why_not(*book_.find(key_)), "the mail server refused it (550)");
  say("delivery-started", 2, after(1000));  // somebody tried it again
  say("delivered", 2, after(1000), "", 250);
  EXPECT_EQ(standing(after(1001)), What::kDone);
}

TEST_F(MailBooks, CountNoAttemptWhereNoServerWasAsked) {
  say("undelivered", 1, start_, "no-recipient");
  EXPECT_EQ(standing(after(1)), What::kWaits);
  EXPECT_EQ(book_.find(key_)->made(), 0u);
  EXPECT_FALSE(book_.find(key_)->attempts.at(1).is_one());
  say("delivery-started", 2, after(10));
  EXPECT_EQ(book_.find(key_)->made(), 1u) << "under way";
  say("undelivered", 2, after(10), "refused", 550);
  EXPECT_EQ(book_.find(key_)->made(), 1u);
  for (const char* none : {"no-address", "not-an-agency", "not-made", "missed", "no-password"})
    EXPECT_FALSE(was_tried(none)) << none;
  for (const char* one : {"unreachable", "refused-for-now", "not-confirmed", "a-newer-version-says"})
    EXPECT_TRUE(was_tried(one)) << one;
}

// A program that was killed says nothing any more: after the time that an attempt may take it is made again, and what
// may have gone is known.
TEST_F(MailBooks, KnowOfAnAttemptWhoseEndNobodyRecorded) {
  say("delivery-started", 1, start_);
  EXPECT_EQ(standing(after(1)), What::kUnderWay);  // 60 seconds are allowed, and some to say how it ended
  const MailStanding lost = standing_of(book_.find(key_), mailings_, after(2));
  EXPECT_EQ(lost.what, What::kToSend);
  EXPECT_EQ(lost.may_have_gone, start_);
  say("delivery-started", 2, after(2));
  say("undelivered", 2, after(2), "not-confirmed", 354);
  EXPECT_EQ(standing_of(book_.find(key_), mailings_, after(2)).may_have_gone, after(2));
  say("delivery-started", 3, after(12));
  EXPECT_EQ(standing(after(20)), What::kWaits);  // three were allowed: no crash makes it go on for ever
}

TEST_F(MailBooks, HaveOneItemForEachMail) {
  EXPECT_EQ(item_of(key_), item_of(key_));
  EXPECT_NE(item_of(key_), item_of({"agenda/jtm", "2021-04-13", "clerk"}));
  EXPECT_TRUE(item_of(key_).starts_with("mail-"));
}

}  // namespace
}  // namespace moot
