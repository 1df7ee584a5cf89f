// Where an Open311 server is asked for what: addresses, and the stretches of time that are asked for.
#include "adapters/open311_source.h"

#include <gtest/gtest.h>

#include <vector>

namespace moot {
namespace {

constexpr std::int64_t kOneDayUs = 24 * kHourUs;

Instant moment(std::string_view text) { return *parse_rfc3339(text); }

Open311Source source() {
  Open311Source source;
  source.agency = "harbour-council";
  source.url = "https://council.example/open311/v2";
  source.since = {2024, 5, 1};
  return source;
}

std::vector<PullWindow> all_of(PullWindows windows) {
  std::vector<PullWindow> all;
  for (; !windows.done(); windows.taken()) all.push_back(windows.window());
  return all;
}

TEST(Open311SourceTest, AsksInXmlForWhatChangedAndInPagesUnderBothNames) {
  const PullWindow window{moment("2024-05-01T00:00:00+01:00"), moment("2024-06-01T12:30:15Z")};
  EXPECT_EQ(open311_address(source(), window, 3),
            "https://council.example/open311/v2/requests.xml?updated_after=2024-04-30T23%3A00%3A00Z"
            "&updated_before=2024-06-01T12%3A30%3A15Z&page=3&page_size=100&per_page=100");
}

TEST(Open311SourceTest, AsksInJsonByTheBaseStandardWithoutPages) {
  Open311Source base = source();
  base.json = base.by_requested = true;
  base.page_size = 0;
  base.jurisdiction_id = "a city&page=7#\xc3\xa9";
  EXPECT_EQ(open311_address(base, {moment("2024-05-01T00:00:00Z"), moment("2024-05-02T00:00:00Z")}, 1),
            "https://council.example/open311/v2/requests.json?jurisdiction_id=a%20city%26page%3D7%23%C3%A9"
            "&start_date=2024-05-01T00%3A00%3A00Z&end_date=2024-05-02T00%3A00%3A00Z");
}

TEST(Open311SourceTest, TakesAddressesThatEveryProgramReadsAlike) {
  for (const char* good : {"https://council.example", "https://council.example:8443/open311/v2",
                           "https://192.0.2.7/a-b_c~d/%20", "http://127.0.0.1:8000/open311/v2", "http://localhost"})
    EXPECT_TRUE(check_open311_url(good).ok()) << good;
  for (const char* bad : {"",
                          "council.example",
                          "ftp://council.example",
                          "file:///etc/passwd",
                          "https://",
                          "https:///v2",
                          "https://user:word@council.example",
                          "https://council.example/v2?key=secret",
                          "https://council.example/#v2",
                          "https://council.example:port",
                          "https://council.example:",
                          "https://council.example:65536",
                          "https://council.example:999999999999",
                          "https://council.example/a b",
                          "https://council.example\\@other.example",
                          "https://council.example\r\nX: y",
                          "https://caf\xc3\xa9.example",
                          "HTTPS://council.example",
                          "http://council.example/v2",
                          "http://127.0.0.1.example",
                          "http://localhost.example",
                          "http://127.0.0.1@other.example",
                          "http://[::1]/"})
    EXPECT_EQ(check_open311_url(bad).code(), Code::kInvalid) << bad;
}

TEST(Open311SourceTest, WindowsCoverAllOfTheTimeAndOverlapByASecond) {
  const Instant from = moment("2024-05-01T00:00:00.7Z"), to = moment("2024-12-01T00:00:00.2Z");
  const std::vector<PullWindow> windows = all_of(PullWindows(from, to, 90));
  ASSERT_EQ(windows.size(), 3u);
  EXPECT_EQ(windows.front().from, moment("2024-05-01T00:00:00Z"));
  EXPECT_EQ(windows.back().to, moment("2024-12-01T00:00:00Z"));
  for (std::size_t i = 0; i < windows.size(); ++i) {
    EXPECT_LE(windows[i].to.us - windows[i].from.us, 90 * kOneDayUs);
    if (i > 0) {
      EXPECT_EQ(windows[i].from.us, windows[i - 1].to.us - kSecondUs);
    }
  }
  EXPECT_TRUE(PullWindows(to, to, 90).done());
  EXPECT_TRUE(PullWindows(to, from, 90).done());
}

TEST(Open311SourceTest, AWindowThatHeldTooMuchIsHalvedDownToSecondsAndGrowsAgain) {
  const Instant from = moment("2024-05-01T00:00:00Z");
  PullWindows windows(from, {from.us + 1000 * kOneDayUs}, 64);
  EXPECT_TRUE(windows.halve());
  EXPECT_EQ(windows.window().to.us, from.us + 32 * kOneDayUs);
  int halvings = 1;
  for (; windows.halve(); ++halvings) EXPECT_EQ(windows.window().from, from);
  EXPECT_EQ(halvings, 20);
  const std::int64_t shortest = windows.window().to.us - from.us;
  EXPECT_GE(shortest, 4 * kSecondUs);
  EXPECT_LT(shortest, 8 * kSecondUs);
  windows.taken();
  EXPECT_EQ(windows.window().from.us, from.us + shortest - kSecondUs);
  EXPECT_EQ(windows.window().to.us - windows.window().from.us, 2 * shortest);
  Instant last = windows.window().from;
  std::size_t count = 1;
  for (windows.taken(); !windows.done(); windows.taken(), ++count) {
    EXPECT_GT(windows.window().from, last);
    last = windows.window().from;
  }
  EXPECT_LT(count, 50u);
}

TEST(Open311SourceTest, HalvingEachWindowStillComesToTheEnd) {
  const Instant from = moment("2024-05-01T00:00:00Z");
  PullWindows windows(from, {from.us + 3600 * kSecondUs}, 1);
  Instant covered = from;
  int count = 0;
  for (; !windows.done() && count < 10'000; windows.taken(), ++count) {
    while (windows.halve()) {
    }
    EXPECT_LE(windows.window().from, covered);
    EXPECT_GT(windows.window().to, covered);
    covered = windows.window().to;
  }
  EXPECT_TRUE(windows.done());
  EXPECT_EQ(covered.us, from.us + 3600 * kSecondUs);
}

TEST(Open311SourceTest, APullBeginsALittleBeforeTheLastOneEnded) {
  const Instant now = moment("2024-09-01T12:00:00Z"), through = moment("2024-09-01T11:45:00Z");
  Open311Source asked = source();
  EXPECT_EQ(to_rfc3339(pull_start(asked)), "2024-04-30T23:00:00Z") << "midnight in London";
  EXPECT_EQ(pull_from(asked, pull_start(asked), now), pull_start(asked));
  EXPECT_EQ(pull_from(asked, through, now), moment("2024-09-01T10:45:00Z"));
  asked.by_requested = true;
  EXPECT_EQ(pull_from(asked, through, now), moment("2024-08-04T12:00:00Z"));
  asked.look_back_days = 3660;
  EXPECT_EQ(pull_from(asked, through, now), pull_start(asked)) << "never before `since`";
  asked.look_back_days = 1;
  EXPECT_EQ(pull_from(asked, moment("2024-08-01T00:00:00Z"), now), moment("2024-07-31T23:00:00Z"))
      << "not pulled for a month";
}

TEST(Open311SourceTest, FailuresAreTriedAgainMoreAndMoreSeldom) {
  std::vector<std::int64_t> seconds;
  for (const int failures : {1, 2, 3, 9, 10, 1000}) seconds.push_back(wait_after_failure(failures).count());
  EXPECT_EQ(seconds, (std::vector<std::int64_t>{10, 20, 40, 2560, 3600, 3600}));
}

}  // namespace
}  // namespace moot
