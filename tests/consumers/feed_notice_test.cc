// What an agency's contact is told of its feed, and how often.
#include "consumers/delivery/feed_notice.h"

#include <gtest/gtest.h>

#include "broker/core/calendar.h"

namespace moot {
namespace {

Instant noon(const std::string& day) { return Instant{local_midnight(*parse_date(day)).us + 12 * kHourUs}; }

FeedState silent() {
  FeedState state;
  state.agency = "soha";
  state.silent = true;
  state.rhythm_days = 7;
  state.last = noon("2021-03-02");
  return state;
}

class FeedNotice : public testing::Test {
 protected:
  void sent(const std::string& on, const std::string& digest) {
    MailRecord about;
    about.digest = digest;
    about.attempts[1] = {noon(on), true, noon(on), true, "", 250, "mail.example.org:587"};
    const MailKey key{kFeedNotices, on, "soha-desk"};
    book_.apply(mail_event("operator", "delivery-started", key, about, 1, noon(on)));
    book_.apply(mail_event("operator", "delivered", key, about, 1, noon(on)));
  }
  bool due(const std::string& digest, const std::string& on, const std::string& recipient = "soha-desk") const {
    return is_due(book_, recipient, digest, *parse_date(on));
  }
  MailBook book_;
};

TEST_F(FeedNotice, SaysWhatIsWrongInSentences) {
  EXPECT_TRUE(notice_lines(FeedState()).empty());
  FeedState state = silent();
  state.waits = {{"invalid", 1}, {"unmapped", 12}};
  state.key_ends = noon("2021-04-03");
  state.tokens = {{"k3f9a2b1", false, noon("2021-04-04")}, {"c0ffee00", true, noon("2021-04-05")}};
  EXPECT_EQ(notice_lines(state),
            (std::vector<std::string>{
                "Nothing has come from \"soha\" since 2 March 2021; it is expected every 7 days.",
                "1 record of \"soha\" was refused and waits in the inbox (invalid).",
                "12 records of \"soha\" were refused and wait in the inbox (unmapped).",
                "The key with which \"soha\" publishes and reads is valid through 3 April 2021.",
                "Token k3f9a2b1, with which \"soha\" pushes over HTTP, is valid through 4 April 2021.",
                "Certificate c0ffee00, with which \"soha\" pushes over HTTP, is valid through 5 April 2021."}));
  state.tokens = {{"k3f9a2b1", false, local_midnight(*parse_date("2021-04-04"))}};
  EXPECT_EQ(notice_lines(state).back(),
            "Token k3f9a2b1, with which \"soha\" pushes over HTTP, is valid through 3 April 2021.");
  FeedState never = silent();
  never.last = Instant{};
  never.rhythm_days = 1;
  EXPECT_EQ(notice_lines(never).front(), "Nothing has come from \"soha\" yet; it is expected every day.");
}

TEST_F(FeedNotice, IsToldOnceAndAgainAfterAWeekOrWhenSomethingElseIsWrong) {
  EXPECT_TRUE(due("aa", "2021-03-10"));
  sent("2021-03-10", "aa");
  EXPECT_FALSE(due("bb", "2021-03-10")) << "one a day";
  EXPECT_FALSE(due("aa", "2021-03-11"));
  EXPECT_FALSE(due("aa", "2021-03-16"));
  EXPECT_TRUE(due("aa", "2021-03-17")) << "still wrong a week later";
  EXPECT_TRUE(due("bb", "2021-03-11")) << "something else";
  EXPECT_TRUE(due("aa", "2021-03-11", "soha-chair")) << "somebody else";
  sent("2021-03-11", "bb");
  EXPECT_FALSE(due("aa", "2021-03-12")) << "wrong again as it was, two days after it was told";
}

}  // namespace
}  // namespace moot
