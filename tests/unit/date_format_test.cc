// Forms of dates and times in exports.
#include "adapters/date_format.h"

#include <gtest/gtest.h>

#include "broker/core/instant.h"

namespace moot {
namespace {

std::string read(std::string_view pattern, std::string_view text) {
  const Result<DateFormat> format = DateFormat::parse(pattern);
  EXPECT_TRUE(format.ok()) << pattern;
  const std::optional<LocalTime> time = format->read(text);
  return time ? to_rfc3339(Zone::london().instant(*time)) : "not of the form";
}

TEST(DateFormatTest, ReadsTheFormsExportsUse) {
  EXPECT_EQ(read("%d/%m/%Y %H:%M", "02/03/2021 09:05"), "2021-03-02T09:05:00Z");
  EXPECT_EQ(read("%d/%m/%Y %H:%M", "2/3/2021 9:05"), "2021-03-02T09:05:00Z");
  EXPECT_EQ(read("%Y-%m-%d %H:%M:%S", "2021-03-02 09:05:59"), "2021-03-02T09:05:59Z");
  EXPECT_EQ(read("%d%m%Y", "02032021"), "2021-03-02T00:00:00Z");
  EXPECT_EQ(read("%d %B %Y", "2 march 2021"), "2021-03-02T00:00:00Z");
  EXPECT_EQ(read("%d-%b-%y", "02-MAR-21"), "2021-03-02T00:00:00Z");
  EXPECT_EQ(read("%d-%b-%y", "02-Sept-99"), "1999-09-01T23:00:00Z");
  EXPECT_EQ(read("%m/%Y", "03/2021"), "2021-03-01T00:00:00Z");
  EXPECT_EQ(read("%d/%m/%Y %H:%M",
                 "02/03/2021\xc2\xa0"
                 "09:05"),
            "2021-03-02T09:05:00Z");
  EXPECT_EQ(read("%d/%m/%Y %I:%M %p",
                 "02/03/2021 09:05\xe2\x80\xaf"
                 "am"),
            "2021-03-02T09:05:00Z");
  EXPECT_EQ(read("100%% %d.%m.%Y", "100% 02.03.2021"), "2021-03-02T00:00:00Z");
}

TEST(DateFormatTest, ReadsAClockOfTwelveHours) {
  EXPECT_EQ(read("%d/%m/%Y %I:%M %p", "13/02/2021 11:30 PM"), "2021-02-13T23:30:00Z");
  EXPECT_EQ(read("%d/%m/%Y %I:%M%p", "13/02/2021 9:05am"), "2021-02-13T09:05:00Z");
  EXPECT_EQ(read("%d/%m/%Y %I:%M %p", "13/02/2021 12:00 am"), "2021-02-13T00:00:00Z") << "midnight";
  EXPECT_EQ(read("%d/%m/%Y %I:%M %p", "13/02/2021 12:00 pm"), "2021-02-13T12:00:00Z") << "noon";
  for (const char* text : {"13/02/2021 13:05 PM", "13/02/2021 0:05 AM", "13/02/2021 11:30", "13/02/2021 11:30 xm"})
    EXPECT_EQ(read("%d/%m/%Y %I:%M %p", text), "not of the form") << text;
  for (const char* form : {"%d/%m/%Y %I:%M", "%d/%m/%Y %H:%M %p", "%d/%m/%Y %H:%I %p", "%d/%m/%Y %p"})
    EXPECT_FALSE(DateFormat::parse(form).ok()) << form;
}

TEST(DateFormatTest, TakesTheOffsetInForceThen) {
  EXPECT_EQ(read("%d/%m/%Y %H:%M", "02/06/2021 00:30"), "2021-06-01T23:30:00Z");
}

TEST(DateFormatTest, RefusesWhatIsNotARealTimeOfTheForm) {
  for (const std::string_view text :
       {"31/02/2021 09:05", "02/13/2021 09:05", "00/01/2021 09:05", "02/03/2021 24:00", "02/03/2021 09:60",
        "02/03/21 09:05", "02/03/2021", "02/03/2021 09:05 ", "02-03-2021 09:05", "", "02/03/2021 09:0x"})
    EXPECT_EQ(read("%d/%m/%Y %H:%M", text), "not of the form") << text;
}

TEST(DateFormatTest, SaysItsFormInWords) {
  EXPECT_EQ(DateFormat::parse("%d/%m/%Y %H:%M")->words(), "day/month/year hour:minute");
  EXPECT_EQ(DateFormat::parse("%d %b %y")->words(), "day month year");
}

TEST(DateFormatTest, KnowsWhatItsFormHas) {
  EXPECT_FALSE(DateFormat::parse("%m/%Y")->has_day());
  EXPECT_FALSE(DateFormat::parse("%d/%m/%Y")->has_time_of_day());
  EXPECT_FALSE(DateFormat::parse("%d/%m/%y")->has_century());
}

TEST(DateFormatTest, RefusesFormsThatGiveNoDate) {
  for (const std::string_view pattern : {"", "%d/%m", "%Y", "%d/%m/%Y %M", "%m/%Y %H", "%d/%m/%Y %", "%x", "%m/%b/%Y"})
    EXPECT_FALSE(DateFormat::parse(pattern).ok()) << pattern;
}

}  // namespace
}  // namespace moot
