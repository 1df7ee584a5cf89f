#include "broker/core/calendar.h"

#include <gtest/gtest.h>
#include <unicode/basictz.h>
#include <unicode/tztrans.h>

#include <memory>
#include <random>

namespace moot {
namespace {

Instant utc(const std::string& text) { return *parse_rfc3339(text); }

TEST(Calendar, LocalMidnightFollowsSummerTime) {
  EXPECT_EQ(to_rfc3339(local_midnight({2021, 1, 12})), "2021-01-12T00:00:00Z");
  EXPECT_EQ(to_rfc3339(local_midnight({2020, 4, 1})), "2020-03-31T23:00:00Z");
}

TEST(Calendar, HalfPastMidnightOnTheFirstOfAprilBelongsToTheNewYear) {
  EXPECT_EQ(local_date(utc("2020-03-31T23:30:00Z")), (Date{2020, 4, 1}));
  EXPECT_EQ(local_date(utc("2020-03-31T22:59:59Z")), (Date{2020, 3, 31}));
}

TEST(Calendar, TheAutumnHourThatHappensTwiceIsItsFirstOccurrence) {
  const Instant first = Zone::london().instant({{2020, 10, 25}, 1, 30, 0});
  EXPECT_EQ(to_rfc3339(first), "2020-10-25T00:30:00Z");
  EXPECT_EQ(Zone::london().local(utc("2020-10-25T01:30:00Z")).hour, 1);
}

TEST(Calendar, TheSpringHourThatNeverHappensIsReadWithTheOffsetBefore) {
  EXPECT_EQ(to_rfc3339(Zone::london().instant({{2021, 3, 28}, 1, 30, 0})), "2021-03-28T01:30:00Z");
}

TEST(Calendar, LocalAndInstantAreInverseOverTwentyYears) {
  for (Instant at = utc("2010-01-01T00:00:00Z"); at < utc("2030-01-01T00:00:00Z");
       at.us += 6 * kHourUs + 7 * kSecondUs) {
    const LocalTime local = Zone::london().local(at);
    const Instant back = Zone::london().instant(local);
    EXPECT_TRUE(back == at || back.us == at.us - kHourUs) << to_rfc3339(at);  // an hour earlier only in the autumn hour
  }
}

// Offsets are remembered by the stretch of time that they hold for; ICU, asked for each time, must say the same.
TEST(Calendar, EveryTimeIsAsIcuHasItInAnyOrderAndZone) {
  std::mt19937_64 random(20261127);
  const std::int64_t first = utc("1948-01-01T00:00:00Z").us, last = utc("2060-01-01T00:00:00Z").us;
  for (const std::string name : {"Europe/London", "America/New_York", "Asia/Kathmandu", "Pacific/Apia", "UTC"}) {
    const std::unique_ptr<icu::TimeZone> icu(icu::TimeZone::createTimeZone(icu::UnicodeString::fromUTF8(name)));
    const auto* basic = dynamic_cast<const icu::BasicTimeZone*>(icu.get());
    ASSERT_NE(basic, nullptr);
    const Zone zone = *Zone::named(name);
    const auto check = [&](Instant at) {
      std::int32_t raw = 0, saving = 0;
      UErrorCode error = U_ZERO_ERROR;
      const double ms = static_cast<double>(at.us / 1000);
      icu->getOffset(ms, false, raw, saving, error);
      const LocalTime local = zone.local(at);
      const std::int64_t wall_s =
          days_since_epoch(local.date) * 86'400 + local.hour * 3600 + local.minute * 60 + local.second;
      ASSERT_EQ(wall_s * 1000, at.us / 1000 + raw + saving) << name << " " << to_rfc3339(at);
      basic->getOffsetFromLocal(static_cast<double>(wall_s * 1000), UCAL_TZ_LOCAL_FORMER, UCAL_TZ_LOCAL_FORMER, raw,
                                saving, error);
      ASSERT_EQ(zone.instant(local).us, (wall_s * 1000 - raw - saving) * 1000) << name << " " << to_rfc3339(at);
    };
    std::uniform_int_distribution<std::int64_t> seconds(first / kSecondUs, last / kSecondUs);
    for (int i = 0; i < 20'000; ++i) check(Instant{seconds(random) * kSecondUs});
    // And around every change there was, each quarter of an hour and the second before.
    icu::TimeZoneTransition change;
    double from = static_cast<double>(first / 1000);
    while (basic->getNextTransition(from, false, change) && change.getTime() < static_cast<double>(last / 1000)) {
      from = change.getTime();
      for (int quarter = -16; quarter <= 16; ++quarter)
        for (const int less : {0, 1})
          check(Instant{static_cast<std::int64_t>(from) * 1000 + quarter * kHourUs / 4 - less * kSecondUs});
    }
  }
}

TEST(Calendar, OtherZonesAreKnownByName) {
  EXPECT_EQ(to_rfc3339(Zone::named("UTC")->instant({{2021, 7, 1}, 12, 0, 0})), "2021-07-01T12:00:00Z");
  EXPECT_FALSE(Zone::named("Europe/Oxford").ok());
}

TEST(Calendar, DatesAreReadStrictly) {
  EXPECT_EQ(*parse_date("2020-02-29"), (Date{2020, 2, 29}));
  for (const std::string text : {"2021-02-29", "2021-2-28", "28/02/2021", "2021-13-01", "2021-00-10", "2021-04-31", "",
                                 "2021-04-3 ", "+021-04-03", "2021-04-03T", "0000-01-01"})
    EXPECT_FALSE(parse_date(text).ok()) << text;
}

TEST(Calendar, MonthsAreAddedToTheirLastDay) {
  EXPECT_EQ(plus_months({2021, 1, 31}, 1), (Date{2021, 2, 28}));
  EXPECT_EQ(plus_months({2021, 1, 31}, -2), (Date{2020, 11, 30}));
  EXPECT_EQ(plus_months({2020, 12, 15}, 1), (Date{2021, 1, 15}));
  EXPECT_EQ(plus_days({2020, 2, 28}, 2), (Date{2020, 3, 1}));
}

// Many systems write 9999-12-31 for "never"; a rule that adds to it must come to an end.
TEST(Calendar, MonthsAreAddedBeyondTheDatesThatCanBeWritten) {
  EXPECT_EQ(plus_months({9999, 12, 31}, 2), (Date{10000, 2, 29}));
  EXPECT_EQ(plus_months({1, 1, 31}, -1), (Date{0, 12, 31}));
  EXPECT_EQ(plus_months({1, 3, 31}, -13), (Date{0, 2, 29}));
}

TEST(Calendar, DatesAndTimesAreWrittenOut) {
  EXPECT_EQ(to_words(Date{2021, 3, 2}), "2 March 2021");
  EXPECT_EQ(to_local_words(utc("2021-06-02T08:05:00Z")), "2 June 2021 at 9:05am");
  EXPECT_EQ(to_local_words(utc("2021-06-01T23:00:00Z")), "2 June 2021 at midnight");
  EXPECT_EQ(to_local_words(utc("2021-01-02T12:00:00Z")), "2 January 2021 at midday");
  EXPECT_EQ(to_local_words(utc("2020-10-25T00:30:00Z")), "25 October 2020 at 1:30am before the clocks went back");
  EXPECT_EQ(to_local_words(utc("2020-10-25T01:30:00Z")), "25 October 2020 at 1:30am after the clocks went back");
  EXPECT_EQ(to_local_words(utc("2020-10-25T02:00:00Z")), "25 October 2020 at 2:00am");
  EXPECT_EQ(to_local_words(utc("2020-10-24T23:59:00Z")), "25 October 2020 at 12:59am");
  EXPECT_EQ(to_local_words(utc("2021-03-28T01:00:00Z")), "28 March 2021 at 2:00am");
  EXPECT_EQ(to_local_words(utc("2021-01-02T12:30:00Z")), "2 January 2021 at 12:30pm");
  EXPECT_EQ(to_local_rfc3339(utc("2021-06-01T23:00:00Z")), "2021-06-02T00:00:00+01:00");
  EXPECT_EQ(to_local_rfc3339(utc("2021-01-01T23:00:00.5Z")), "2021-01-01T23:00:00.500000+00:00");
}

TEST(Calendar, ABareDateIsItsLocalMidnight) {
  EXPECT_EQ(*parse_date_or_instant("2020-06-02"), utc("2020-06-01T23:00:00Z"));
  EXPECT_EQ(*parse_date_or_instant("2020-06-02T00:00:00+02:00"), utc("2020-06-01T22:00:00Z"));
  EXPECT_FALSE(parse_date_or_instant("2020-06-02T00:00:00").ok()) << "a time without its offset is two instants";
}

TEST(Instant, Rfc3339IsReadAndWrittenExactly) {
  for (const std::string text : {"1970-01-01T00:00:00Z", "2021-03-02T09:05:07.123456Z", "1969-12-31T23:59:59.500000Z",
                                 "9999-12-31T23:59:59Z", "0001-01-01T00:00:00Z"})
    EXPECT_EQ(to_rfc3339(utc(text)), text);
  EXPECT_EQ(to_rfc3339(utc("2021-03-02t09:05:07-05:30")), "2021-03-02T14:35:07Z");
}

TEST(Instant, WhatIsNotATimeIsRefused) {
  for (const std::string text : {"", "2021-03-02", "2021-03-02T09:05Z", "2021-03-02T24:00:00Z", "2021-03-02T09:60:00Z",
                                 "2021-03-02T09:05:00", "2021-03-02T09:05:00+0100", "2021-03-02T09:05:00.Z",
                                 "2021-02-30T09:05:00Z", "2021-03-02T09:05:00Zjunk", "20210302T090500Z"})
    EXPECT_FALSE(parse_rfc3339(text).ok()) << text;
}

TEST(Instant, SurvivesTheProtobufTimestamp) {
  for (const std::int64_t us : {0LL, 1LL, -1LL, 1'600'000'000'123'456LL, -62'135'596'800'000'000LL})
    EXPECT_EQ(from_proto(to_proto(Instant{us})).us, us);
}

}  // namespace
}  // namespace moot
