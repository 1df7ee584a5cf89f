// Working days, with a list of bank holidays and without.
#include "consumers/rules/working_days.h"

#include <gtest/gtest.h>

namespace moot {
namespace {

WorkingDays shipped() {
  Result<WorkingDays> days =
      WorkingDays::load(std::filesystem::path(MOOT_SOURCE_DIR) / "deploy/rules/bank-holidays-england.toml");
  MOOT_CHECK_OK(days.status());
  return std::move(*days);
}

TEST(WorkingDays, WithoutAListAreMondayToFriday) {
  const WorkingDays days;
  EXPECT_EQ(weekday_of({2021, 4, 13}), 1);
  EXPECT_EQ(weekday_of({1969, 12, 31}), 2);
  EXPECT_EQ(days.plus({2021, 4, 1}, 1), (Date{2021, 4, 2}));
  EXPECT_EQ(days.plus({2021, 4, 2}, 1), (Date{2021, 4, 5}));
  EXPECT_EQ(days.plus({2021, 4, 5}, -1), (Date{2021, 4, 2}));
  EXPECT_EQ(days.plus({2021, 4, 3}, 0), (Date{2021, 4, 3}));
  EXPECT_FALSE(days.covers({2021, 4, 3}));
}

TEST(WorkingDays, LeaveOutTheBankHolidaysOfTheList) {
  const WorkingDays days = shipped();
  EXPECT_EQ(days.plus({2021, 4, 1}, 1), (Date{2021, 4, 6})) << "over Easter";
  EXPECT_EQ(days.plus({2020, 12, 24}, 1), (Date{2020, 12, 29})) << "Boxing Day of 2020 was a Saturday";
  EXPECT_EQ(days.plus({2021, 12, 24}, 1), (Date{2021, 12, 29})) << "both days of Christmas fell on a weekend";
  EXPECT_TRUE(days.is_working_day({2020, 5, 4})) << "in 2020 the day was moved to 8 May";
  EXPECT_FALSE(days.is_working_day({2020, 5, 8}));
  EXPECT_FALSE(days.is_working_day({2011, 4, 29}));
  EXPECT_FALSE(days.is_working_day({2022, 9, 19}));
  EXPECT_EQ(days.on_or_after({2021, 4, 2}), (Date{2021, 4, 6}));
  EXPECT_EQ(days.on_or_before({2021, 4, 5}), (Date{2021, 4, 1}));
}

TEST(WorkingDays, AreCountedBothWays) {
  const WorkingDays days = shipped();
  EXPECT_EQ(days.between({2021, 4, 1}, {2021, 4, 6}), 1);
  EXPECT_EQ(days.between({2021, 4, 6}, {2021, 4, 1}), -1);
  EXPECT_EQ(days.between({2021, 4, 13}, {2021, 4, 13}), 0);
  for (int n = 1; n < 300; ++n) EXPECT_EQ(days.between({2020, 3, 2}, days.plus({2020, 3, 2}, n)), n);
}

TEST(WorkingDays, AreCountedAsIfDayByDay) {
  const WorkingDays days = shipped();
  for (Date from = {2021, 3, 25}; from < Date{2021, 4, 12}; from = plus_days(from, 1)) {
    int count = 0;
    for (Date to = from; to < Date{2022, 1, 20}; to = plus_days(to, 1)) {
      if (from < to && days.is_working_day(to)) ++count;
      ASSERT_EQ(days.between(from, to), count) << to_iso(from) << " to " << to_iso(to);
    }
  }
  EXPECT_GT(days.between({2021, 4, 1}, {9999, 12, 31}), 2'000'000);
}

TEST(WorkingDays, TellWhichYearsTheirListCovers) {
  const WorkingDays days = shipped();
  EXPECT_TRUE(days.covers({2021, 4, 1}));
  EXPECT_FALSE(days.covers({2008, 12, 31}));
  EXPECT_FALSE(days.covers({2199, 1, 1}));
}

TEST(WorkingDays, RefuseAListWithAMistakeByItsLine) {
  const std::string head = "id = \"h\"\nsource = \"s\"\nfrom = 2020-01-01\nto = 2021-01-01\n";
  const std::string row = "[[holiday]]\non = 2020-05-08\nname = \"n\"\n";
  EXPECT_TRUE(WorkingDays::parse(head + row, "h.toml").ok());
  for (const auto& [toml, says] :
       {std::pair(head, "holiday"), std::pair(head + row + row, "line 9, key \"holiday.on\""),
        std::pair(head + "[[holiday]]\non = 2021-05-08\nname = \"n\"\n", "line 6"),
        std::pair(head + row + "nmae = \"x\"\n", "is it misspelt")}) {
    const Status status = WorkingDays::parse(toml, "h.toml").status();
    EXPECT_EQ(status.code(), Code::kDefinition);
    EXPECT_NE(status.message().find(says), std::string::npos) << status.message();
  }
}

}  // namespace
}  // namespace moot
