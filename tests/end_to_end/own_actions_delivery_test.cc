// What an agency's own list of actions tells when it goes out: what is on record by then, also where it was typed in
// after the day had begun; and the same again when the same copy is sent again.
#include <gtest/gtest.h>

#include "broker/core/calendar.h"
#include "tests/end_to_end/mail_fixture.h"

namespace moot {
namespace {

namespace json = boost::json;

class OwnActionsDelivery : public MailFixture {
 protected:
  void SetUp() override {
    if (!has_server()) GTEST_SKIP() << "there is no python3-aiosmtpd";
    start_server();
    (void)here_.documents(folder_ / "out");
    write_text(folder_ / "ask.txt", "Fit two smoke alarms\n");
    write_mailings("attempts = 9\n",
                   "[[recipient]]\nid = \"fire-desk\"\nrole = \"Partnership desk\"\nagency = \"harbour-fire\"\n"
                   "email = \"desk@fire.example\"\n"
                   "[[recipient]]\nid = \"probation\"\nrole = \"Duty officer\"\nagency = \"fell-probation\"\n"
                   "email = \"duty@probation.example\"\n"
                   "[[mailing]]\nboard = \"tasking\"\nwhat = \"actions\"\nto = [\"fire-desk\", \"probation\"]\n"
                   "starts = 2024-01-01\nat = \"00:00\"\nformat = \"json\"\n");
  }
  static std::string days_ago(int days) { return to_iso(plus_days(local_date(SystemClock().now()), -days)); }
  // The action's number.
  std::string set_action(const std::string& on, const std::string& owner) const {
    const Ended ended = here_.moot({"meeting", "action", "tasking", "--on", on, "--owner", owner, "--due", "2031-01-30",
                                    "--text", (folder_ / "ask.txt").string()});
    EXPECT_EQ(ended.exit_code, 0) << ended.err;
    return ended.out.substr(12, ended.out.find(" of ") - 12);
  }
  void say_done(const std::string& action) const {
    EXPECT_EQ(here_.moot({"meeting", "outcome", "tasking", action, "done"}).exit_code, 0) << action;
  }
  // The open actions of the copy, made again.
  std::vector<std::string> actions_in(const std::string& digest) const {
    const Ended fetched = here_.moot({"document", "fetch", digest});
    EXPECT_EQ(fetched.exit_code, 0) << fetched.err;
    std::vector<std::string> actions;
    const json::object document = json_of(fetched.out);
    for (const json::value& item : document.at("sections").at(0).at("items").as_array())
      for (const json::value& action : item.at("actions").as_array())
        actions.emplace_back(action.at("action").as_string());
    return actions;
  }
  std::string last_text() const { return text_of_mail(kept().back()); }

  const Words meeting_ = {"tasking", "--on", "2024-01-09"};
};

TEST_F(OwnActionsDelivery, TellsWhatWasTypedInAfterItsDayHadBegun) {
  const std::string typed_in = set_action("2024-01-09", "harbour-fire");
  EXPECT_EQ(mails_in(deliver(meeting_)).at("fire-desk").at("state").as_string(), "sent");
  ASSERT_EQ(kept().size(), 1u);
  EXPECT_NE(last_text().find("Harbour Fire and Rescue has 2 open actions from the Weekly Tasking, the first due on "),
            std::string::npos)
      << last_text();
  const std::string subject = head_of_mail(kept().back(), "Subject");
  EXPECT_NE(subject.find("your actions as at " + to_words(local_date(SystemClock().now()))), std::string::npos)
      << subject;
  const std::vector<std::string> told = actions_in(std::string(documents().at(0).at("digest").as_string()));
  EXPECT_EQ(told.size(), 2u);
  EXPECT_NE(std::find(told.begin(), told.end(), typed_in), told.end());
}

TEST_F(OwnActionsDelivery, SendsTheSameCopyAgainWhateverCameSince) {
  const std::string typed_in = set_action("2024-01-09", "harbour-fire");
  mode("keep-drop");  // it has arrived, and nobody knows
  (void)deliver(meeting_);
  const std::string digest(documents().at(0).at("digest").as_string());
  const std::vector<std::string> told = actions_in(digest);
  set_action("2024-01-09", "harbour-fire");
  mode("busy");
  (void)deliver(meeting_);
  for (const std::string& action : told) say_done(action);
  mode("take");
  EXPECT_EQ(mails_in(deliver(meeting_)).at("fire-desk").at("state").as_string(), "sent");
  ASSERT_EQ(kept().size(), 2u);
  for (const std::string& mail : kept()) {
    EXPECT_NE(text_of_mail(mail).find("has 2 open actions"), std::string::npos) << text_of_mail(mail);
    EXPECT_NE(text_of_mail(mail).find(digest), std::string::npos);
    EXPECT_EQ(head_of_mail(mail, "Message-ID"), head_of_mail(kept().at(0), "Message-ID"));
  }
  EXPECT_EQ(documents().size(), 1u);
  EXPECT_EQ(actions_in(digest), told) << "made again from the events up to the instant on record";
  const Ended recalled = here_.moot({"document", "recall", digest.substr(0, 8), "--reason", "wrong-list"});
  EXPECT_EQ(recalled.exit_code, 0) << recalled.err;
}

TEST_F(OwnActionsDelivery, SendsAgainWhatFailedThoughNothingIsLeftToDo) {
  mode("busy");
  (void)deliver(meeting_);
  for (const std::string& action : actions_in(std::string(documents().at(0).at("digest").as_string())))
    say_done(action);
  mode("take");
  EXPECT_EQ(mails_in(deliver(meeting_)).at("fire-desk").at("state").as_string(), "sent");
  EXPECT_NE(last_text().find("has 1 open action"), std::string::npos) << "what the copy says";
}

// By the board's days: of several lists that are due the last is told, and who comes to have something to do later is
// told of it then, once.
TEST_F(OwnActionsDelivery, TellsWithTheLastListAloneWhatIsTypedInLate) {
  for (const int days : {24, 10})
    ASSERT_EQ(here_.moot({"meeting", "schedule", "tasking", "--on", days_ago(days)}).exit_code, 0);
  const auto first = mails_in(deliver());
  EXPECT_EQ(first.at("fire-desk").at("state").as_string(), "sent");
  ASSERT_EQ(kept().size(), 1u) << "one list, and not one for each meeting";
  EXPECT_GT(std::string(first.at("fire-desk").at("on").as_string()), days_ago(10));
  EXPECT_FALSE(first.contains("probation"));
  set_action(days_ago(24), "fell-probation");
  set_action(days_ago(24), "harbour-fire");
  const auto second = mails_in(deliver());
  ASSERT_EQ(kept().size(), 2u);
  EXPECT_EQ(second.at("probation").at("state").as_string(), "sent");
  EXPECT_FALSE(second.contains("fire-desk")) << "has had its list of that meeting";
  EXPECT_NE(last_text().find("Fell Probation Office has 1 open action"), std::string::npos) << last_text();
  (void)deliver();
  EXPECT_EQ(kept().size(), 2u);
}

}  // namespace
}  // namespace moot
