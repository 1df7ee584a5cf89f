#include "broker/core/ids.h"

#include <gtest/gtest.h>

#include "broker/core/text_form.h"

namespace moot {
namespace {

TEST(AgencyId, IsTwoToFortyLowerCaseCharacters) {
  for (const std::string& good : std::vector<std::string>{"tv", "thames-valley-police", "a1", std::string(40, 'x')})
    EXPECT_TRUE(AgencyId::parse(good).ok()) << good;
  for (const std::string& bad :
       std::vector<std::string>{"", "a", "Soha", "so_ha", "soha ", "söha", std::string(41, 'x'), "../x"})
    EXPECT_FALSE(AgencyId::parse(bad).ok()) << bad;
}

TEST(Source, StartsWithItsAgency) {
  EXPECT_EQ(agency_of_source("/soha/cases"), "soha");
  EXPECT_EQ(agency_of_source("/soha/cases/2021"), "soha");
  for (const std::string none : {"", "soha/cases", "/soha", "/soha/", "//cases", "/"})
    EXPECT_EQ(agency_of_source(none), "") << none;
}

TEST(EventKey, NoTwoPairsRunTogether) {
  EXPECT_NE(event_key("/soha/cases", "1"), event_key("/soha/case", "s1"));
  EXPECT_NE(event_key("/soha/cases", "1"), record_key("/soha/cases", "1"));
  EXPECT_EQ(event_key("/soha/cases", "1"), event_key("/soha/cases", "1"));
}

TEST(TextForm, KnowsTheUkForms) {
  EXPECT_TRUE(is_lsoa("E01000001"));
  EXPECT_FALSE(is_lsoa("E0100000A"));
  EXPECT_FALSE(is_lsoa("S01000001"));
  EXPECT_TRUE(is_traceparent("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"));
  EXPECT_FALSE(is_traceparent("00-0AF7651916CD43DD8448EB211C80319C-b7ad6b7169203331-01"));
  EXPECT_FALSE(is_traceparent("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-0"));
  EXPECT_TRUE(is_uprn("1"));
  EXPECT_TRUE(is_uprn("123456789012"));
  EXPECT_FALSE(is_uprn(""));
  EXPECT_TRUE(is_partial_date("1980"));
  EXPECT_TRUE(is_partial_date("1980-02"));
  EXPECT_TRUE(is_partial_date("1980-02-29"));
  EXPECT_FALSE(is_partial_date("1981-02-29"));
  EXPECT_FALSE(is_partial_date("80"));
  EXPECT_FALSE(is_partial_date("1980-2"));
}

}  // namespace
}  // namespace moot
