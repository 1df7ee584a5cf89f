// An agency's contact is told by e-mail what is wrong with its feed: once a day, and nothing of anybody in it.
#include <gtest/gtest.h>

#include "broker/core/calendar.h"
#include "tests/end_to_end/mail_fixture.h"
#include "tests/faults/recording.h"

namespace moot {
namespace {

class FeedMail : public MailFixture {
 protected:
  void SetUp() override {
    if (!has_server()) GTEST_SKIP() << "there is no python3-aiosmtpd";
    start_server();
  }
  void publish_history() { (void)here_.documents(folder_ / "out"); }
};

// Of an agency that has never sent anything: once its rhythm is over since the directory was made.
TEST_F(FeedMail, TellsThatNothingComes) {
  const Recording eight_days_ago(folder_.path(), folder_ / "recording", "/dev/null");
  eight_days_ago.set_clock(std::chrono::hours(-24 * 8));
  EXPECT_EQ(run(eight_days_ago.command(here_.command({"status"}))).exit_code, 0);
  publish_history();
  write_text(here_.config(), read_text(here_.config()) +
                                 "\n[[agency]]\nid = \"fell-lodgings\"\nname = \"Fell Lodgings\"\nrhythm_days = 7\n");
  write_mailings("",
                 "[[recipient]]\nid = \"lodgings\"\nrole = \"Front desk\"\nagency = \"fell-lodgings\"\n"
                 "email = \"desk@lodgings.example\"\n"
                 "[[mailing]]\nwhat = \"feeds\"\nto = [\"lodgings\"]\nstarts = 2024-01-01\nat = \"00:00\"\n");
  const Ended ended = deliver();
  EXPECT_EQ(ended.exit_code, 0) << ended.err;
  ASSERT_EQ(kept().size(), 1u);
  const std::string text = text_of_mail(kept().at(0));
  EXPECT_NE(text.find("Nothing has come from \"fell-lodgings\" yet; it is expected every 7 days."), std::string::npos)
      << text;
  EXPECT_TRUE(mails_in(deliver()).empty()) << "told today";
}

TEST_F(FeedMail, TellsWhatIsWrongOnceADay) {
  publish_history();
  write_mailings(
      "",
      "[[recipient]]\nid = \"fire-desk\"\nrole = \"Partnership desk\"\nagency = \"harbour-fire\"\n"
      "email = \"desk@fire.example\"\n"
      "[[recipient]]\nid = \"probation\"\nrole = \"Duty officer\"\nagency = \"fell-probation\"\n"
      "email = \"duty@probation.example\"\n"
      "[[mailing]]\nwhat = \"feeds\"\nto = [\"fire-desk\", \"probation\"]\nstarts = 2024-01-01\nat = \"00:00\"\n");
  write_text(folder_ / "visits.jsonl",
             R"({"specversion":"1.0","id":"R-1","source":"/harbour-fire/visits","type":"uk.csp.risk.assessed.v1",)"
             R"("time":"2024-01-02T09:00:00Z","data":{"facts":{"risk":{"tool":"ram","band":"Zaphod Ficklestone"}}}})"
             "\n");
  EXPECT_EQ(here_.moot({"publish", (folder_ / "visits.jsonl").string(), "--as", "harbour-fire"}).exit_code, 1);
  const std::string tomorrow = to_iso(plus_days(local_date(SystemClock().now()), 1));
  EXPECT_EQ(here_.moot({"token", "add", "harbour-fire", "--expires", tomorrow}).exit_code, 0);
  const Ended ended = deliver();
  EXPECT_EQ(ended.exit_code, 0) << ended.err;
  ASSERT_EQ(kept().size(), 1u) << "nothing is wrong with what probation sends";
  const std::string text = text_of_mail(kept().at(0));
  EXPECT_EQ(head_of_mail(kept().at(0), "X-Rcpt-To"), "desk@fire.example");
  EXPECT_NE(text.find("1 record of \"harbour-fire\" was refused and waits in the inbox (invalid)."), std::string::npos)
      << text;
  const std::string last = to_words(*parse_date(tomorrow));
  EXPECT_NE(text.find("pushes over HTTP, is valid through " + last + "."), std::string::npos) << text;
  for (const char* word : {"Zaphod", "Ficklestone", "visits.jsonl"})
    EXPECT_EQ(text.find(word), std::string::npos) << word;
  EXPECT_TRUE(mails_in(deliver()).empty()) << "told today";
  EXPECT_EQ(kept().size(), 1u);
}

}  // namespace
}  // namespace moot
