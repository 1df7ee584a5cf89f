// Files of data.police.uk: what their rows say, how they are identified, and what is refused.
#include "adapters/police_uk.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "adapters/row_ordinals.h"
#include "broker/core/event_rules.h"
#include "broker/core/instant.h"
#include "tests/unit/police_uk_example.h"

namespace moot {
namespace {

using namespace police_example;

TEST(PoliceUkTest, AStreetRowIsAnIncidentReportedInItsMonth) {
  const ReadFile file = read(fixture("2021-06-north-street.csv"));
  ASSERT_EQ(file.records.size(), 6U);
  EXPECT_EQ(file.records[3].origin.row(), 5U);
  const v1::Event& event = file.event(3);
  EXPECT_EQ(event.envelope().source(), "/north-police/police-uk-street");
  EXPECT_EQ(event.envelope().type(), "uk.csp.incident.reported.v1");
  EXPECT_EQ(event.envelope().subject(), event.envelope().record());
  EXPECT_EQ(event.envelope().record().substr(0, 6), "a1a1a1");
  EXPECT_EQ(event.envelope().record().size(), 64U);
  EXPECT_TRUE(event.envelope().id().starts_with(event.envelope().record() + "/"));
  EXPECT_EQ(to_rfc3339(from_proto(event.envelope().time())), "2021-05-31T23:00:00Z");
  EXPECT_EQ(event.envelope().time_precision(), v1::MONTH);
  EXPECT_EQ(event.envelope().lsoa(), "E01000001");
  EXPECT_EQ(event.envelope().regime(), "part-3");
  EXPECT_EQ(event.envelope().marking(), "");
  EXPECT_EQ(event.envelope().revision(), 0U);
  EXPECT_EQ(event.facts().incident().stage(), v1::Incident::REPORTED);
  EXPECT_EQ(event.facts().incident().category(), "burglary");
  ASSERT_EQ(event.personal().places_size(), 1);
  EXPECT_EQ(event.personal().places(0).role(), "scene");
  EXPECT_EQ(event.personal().places(0).address().lines(), "On or near Mill Lane");
  EXPECT_EQ(event.personal().places(0).latitude(), 51.6);
  EXPECT_EQ(event.personal().places(0).longitude(), -1.2);
  for (std::size_t i = 0; i < file.records.size(); ++i)
    EXPECT_TRUE(validate(file.event(i), Limits()).ok()) << validate(file.event(i), Limits()).to_string();
}

TEST(PoliceUkTest, WhatARowDoesNotTellIsLeftOut) {
  const ReadFile file = read(fixture("2021-06-north-street.csv"));
  const v1::Event& nowhere = file.event(4);
  EXPECT_FALSE(nowhere.has_personal());
  EXPECT_EQ(nowhere.envelope().lsoa(), "");
  EXPECT_EQ(nowhere.facts().incident().category(), "violent-crime");
  const v1::Event& elsewhere = file.event(5);
  EXPECT_EQ(elsewhere.envelope().lsoa(), "") << "a code of another form than England's and Wales's";
  EXPECT_EQ(elsewhere.personal().places(0).address().lines(), "On or near Market, Hall Street");
  ASSERT_EQ(elsewhere.personal().texts_size(), 1);
  EXPECT_EQ(elsewhere.personal().texts(0).field(), "context");
  EXPECT_EQ(elsewhere.personal().texts(0).text(), "Reported twice");
  EXPECT_EQ(file.event(0).envelope().subject(), "");
  EXPECT_EQ(file.event(0).facts().incident().category(), "asb");
}

TEST(PoliceUkTest, NoPointIsEmptyOrTwoZeros) {
  StreetRow row;
  row.location = "No location";
  row.longitude = row.latitude = "0";
  EXPECT_FALSE(read(kStreetHeader + row.text()).event(0).has_personal());
  row.longitude = "";
  EXPECT_FALSE(read(kStreetHeader + row.text()).event(0).has_personal());
  row.longitude = "0";
  row.latitude = "51.478";
  EXPECT_EQ(read(kStreetHeader + row.text()).event(0).personal().places(0).latitude(), 51.478) << "Greenwich";
}

TEST(PoliceUkTest, APointOutsideTheUnitedKingdomIsRefused) {
  StreetRow row;
  row.longitude = "51.6";
  row.latitude = "-1.2";
  EXPECT_EQ(read(kStreetHeader + row.text()).refused(0).reason(),
            "column \"Latitude\": not in the United Kingdom, together with \"Longitude\"");
}

TEST(PoliceUkTest, RowsWithoutIdThatLookAlikeStayTwo) {
  const ReadFile file = read(fixture("2021-06-north-street.csv"));
  EXPECT_EQ(file.ids().size(), 6U);
  EXPECT_NE(file.event(0).envelope().record(), file.event(1).envelope().record());
  EXPECT_TRUE(file.event(0).envelope().record().ends_with("-1"));
  EXPECT_TRUE(file.event(1).envelope().record().ends_with("-2"));
  EXPECT_TRUE(file.event(2).envelope().record().ends_with("-1"));
  EXPECT_NE(file.event(0).envelope().record().substr(0, 16), file.event(2).envelope().record().substr(0, 16));
}

TEST(PoliceUkTest, ARowOfOneCrimeToldTwiceIsOneEvent) {
  StreetRow row;
  row.crime_id = kCrime;
  row.crime_type = "Robbery";
  row.last_outcome = "Under investigation";
  StreetRow later = row;
  later.last_outcome = "Local resolution";
  const ReadFile file = read(kStreetHeader + row.text() + row.text() + later.text());
  ASSERT_EQ(file.records.size(), 3U);
  EXPECT_EQ(file.ids().size(), 1U);
  EXPECT_EQ(file.event(0).SerializeAsString(), file.event(1).SerializeAsString());
  EXPECT_EQ(file.event(0).SerializeAsString(), file.event(2).SerializeAsString()) << "the last outcome is not taken";
}

TEST(PoliceUkTest, AChangedRowOfACrimeIsAnotherVersionOfItsRecord) {
  StreetRow row;
  row.crime_id = kCrime;
  row.crime_type = "Robbery";
  std::vector<StreetRow> changed(7, row);
  changed[0].month = "2021-07";
  changed[1].longitude = "-1.200001";
  changed[2].location = "On or near Mill Road";
  changed[3].lsoa_code = "E01000009";
  changed[4].crime_type = "Other theft";
  changed[5].context = "Moved";
  changed[6].location = "No Location";
  std::set<std::string> ids = {read(kStreetHeader + row.text()).id(0)};
  for (const StreetRow& other : changed) {
    const ReadFile file = read(kStreetHeader + other.text());
    EXPECT_EQ(file.event(0).envelope().record(), kCrime);
    EXPECT_TRUE(ids.insert(file.id(0)).second) << other.text();
  }
}

TEST(PoliceUkTest, NumbersAreTheSameHoweverTheyAreWritten) {
  StreetRow row;
  StreetRow shorter = row;
  shorter.longitude = "-1.2";
  shorter.latitude = "51.6000";
  EXPECT_EQ(read(kStreetHeader + row.text()).id(0), read(kStreetHeader + shorter.text()).id(0));
}

TEST(PoliceUkTest, IdsAreKeyedWithTheAgencysSecret) {
  const std::string text = kStreetHeader + StreetRow{}.text() + StreetRow{.crime_id = kCrime}.text();
  const ReadFile one = read(text, {}, publisher(1));
  const ReadFile other = read(text, {}, publisher(2));
  EXPECT_NE(one.event(0).envelope().record(), other.event(0).envelope().record());
  EXPECT_NE(one.id(1), other.id(1));
  EXPECT_EQ(one.event(1).envelope().record(), other.event(1).envelope().record());
}

TEST(PoliceUkTest, AnOutcomeIsAClosureAboutItsCrime) {
  const ReadFile file = read(fixture("2021-07-north-outcomes.csv"));
  ASSERT_EQ(file.records.size(), 5U);
  const v1::Event& event = file.event(2);
  const std::string crime = read(fixture("2021-06-north-street.csv")).event(3).envelope().record();
  EXPECT_EQ(event.envelope().source(), "/north-police/police-uk-outcomes");
  EXPECT_EQ(event.envelope().type(), "uk.csp.closure.resolved.v1");
  EXPECT_EQ(event.envelope().subject(), crime);
  EXPECT_EQ(event.envelope().record(), crime + "/2021-07/local-resolution-1");
  EXPECT_EQ(event.envelope().lsoa(), "E01000001");
  EXPECT_FALSE(event.has_personal());
  ASSERT_EQ(event.envelope().links_size(), 1);
  EXPECT_EQ(event.envelope().links(0).rel(), "about");
  EXPECT_EQ(event.envelope().links(0).source(), "/north-police/police-uk-street");
  EXPECT_EQ(event.envelope().links(0).id(), crime);
  ASSERT_EQ(event.facts().closure().outcomes_size(), 1);
  EXPECT_EQ(event.facts().closure().outcomes(0), "local-resolution");
  EXPECT_EQ(file.event(3).facts().closure().outcomes(0), "no-further-action");
  EXPECT_EQ(file.event(4).facts().closure().stage(), v1::Closure::ONGOING) << "under investigation";
  for (std::size_t i = 0; i < file.records.size(); ++i)
    EXPECT_TRUE(validate(file.event(i), Limits()).ok()) << validate(file.event(i), Limits()).to_string();
}

TEST(PoliceUkTest, TheSameOutcomeTwiceIsTwo) {
  const ReadFile file = read(fixture("2021-07-north-outcomes.csv"));
  EXPECT_EQ(file.ids().size(), 5U);
  EXPECT_TRUE(file.event(0).envelope().record().ends_with("/charged-1"));
  EXPECT_TRUE(file.event(1).envelope().record().ends_with("/charged-2"));
  EXPECT_EQ(file.event(1).facts().closure().stage(), v1::Closure::ONGOING) << "a court has yet to judge";
}

TEST(PoliceUkTest, AnOutcomeWhosePlaceWasCorrectedSupersedes) {
  const ReadFile one = read(kOutcomesHeader + outcome_row(kCrime, "Offender fined"));
  const ReadFile other = read(kOutcomesHeader + outcome_row(kCrime, "Offender fined", "E01000007"));
  EXPECT_EQ(one.event(0).envelope().record(), other.event(0).envelope().record());
  EXPECT_NE(one.id(0), other.id(0));
}

TEST(PoliceUkTest, TheFilesOf2012HaveGridPointsAndNoIds) {
  const ReadFile file = read(fixture("2012-04-north-street.csv"));
  ASSERT_EQ(file.records.size(), 3U);
  EXPECT_EQ(file.ids().size(), 3U);
  const v1::Event& event = file.event(0);
  EXPECT_EQ(event.facts().incident().category(), "violent-crime");
  EXPECT_NEAR(event.personal().places(0).latitude(), 52.657977, 5e-6);
  EXPECT_NEAR(event.personal().places(0).longitude(), 1.716053, 5e-6);
  EXPECT_EQ(file.event(2).facts().incident().category(), "public-disorder-weapons");
  EXPECT_FALSE(file.event(2).has_personal());
  EXPECT_TRUE(validate(event, Limits()).ok());
}

TEST(PoliceUkTest, LineEndsAndAByteOrderMarkMakeNoDifference) {
  const std::string crlf = fixture("2021-06-north-street.csv");
  std::string lf = crlf;
  lf.erase(std::remove(lf.begin(), lf.end(), '\r'), lf.end());
  ASSERT_NE(lf, crlf);
  const std::set<std::string> ids = read(crlf).ids();
  EXPECT_EQ(ids.size(), 6U);
  EXPECT_EQ(read(lf).ids(), ids);
  EXPECT_EQ(read("\xef\xbb\xbf" + lf).ids(), ids);
}

TEST(PoliceUkTest, ColumnsMayStandInAnyOrderWithOthersBesideThem) {
  const ReadFile file = read(
      "Crime type,Crime ID,Added,Month,Latitude,Longitude,LSOA code,Location\n"
      "Drugs," +
      kCrime + ",x,2021-06,51.600000,-1.200000,E01000001,On or near Mill Lane\n");
  ASSERT_TRUE(file.status.ok()) << file.status.to_string();
  const std::string usual = StreetRow{.crime_id = kCrime, .crime_type = "Drugs"}.text();
  EXPECT_EQ(file.id(0), read(kStreetHeader + usual).id(0));
}

struct BadHeader {
  std::string_view header;
  std::string_view reason;
};

TEST(PoliceUkTest, AHeaderOfNeitherKindNamesTheColumnsItLacks) {
  constexpr std::string_view kNot = "street.csv: is not a street or outcomes file of data.police.uk; as ";
  const std::vector<BadHeader> headers = {
      {"Crime ID,Month,Longitude,Location,LSOA code,Crime type\n", "a street file its header lacks \"Latitude\""},
      {"Month,Easting,Location,Crime type\n", "a street file its header lacks \"Northing\""},
      {"Month,Outcome type,LSOA code\n", "an outcomes file its header lacks \"Crime ID\""},
      {"Type,Date,Latitude,Longitude,Gender\n",
       "a street file its header lacks \"Crime ID\", \"Month\", \"Location\", \"LSOA code\", \"Crime type\""},
  };
  for (const BadHeader& bad : headers) {
    const ReadFile file = read(std::string(bad.header) + "1,2,3,4,5,6\n");
    EXPECT_EQ(file.status.code(), Code::kUnreadable);
    EXPECT_EQ(file.status.message(), std::string(kNot) + std::string(bad.reason));
  }
  EXPECT_EQ(read("Month,Month,Easting\n").status.message(), "street.csv: has the column \"Month\" twice");
  EXPECT_EQ(read("").status.code(), Code::kMissing);
}

struct BadRow {
  StreetRow row;
  std::string_view column;
  Code code;
  std::string_view reason;
};

TEST(PoliceUkTest, ABadRowIsRefusedWithItsColumnAndTheRestGoesOn) {
  const std::vector<BadRow> rows = {
      {{.month = ""}, "Month", Code::kMissing, "column \"Month\": is empty; it should hold the month"},
      {{.month = "June 2021"}, "Month", Code::kUnreadable, "column \"Month\": not a month of the form 2018-06"},
      {{.month = "2021-13"}, "Month", Code::kUnreadable, "column \"Month\": not a month of the form 2018-06"},
      {{.longitude = "W1.2"}, "Longitude", Code::kUnreadable, "column \"Longitude\": not a number of degrees"},
      {{.crime_type = ""},
       "Crime type",
       Code::kMissing,
       "column \"Crime type\": is empty; it should hold the crime type"},
      {{.crime_type = "Secret crime"},
       "Crime type",
       Code::kUnmapped,
       "column \"Crime type\": holds a crime type that is not known"},
      {{.context = "one,two"}, "", Code::kUnreadable, "the row has 13 cells; the header has 12"},
  };
  for (const BadRow& bad : rows) {
    const ReadFile file = read(kStreetHeader + bad.row.text() + StreetRow{}.text());
    ASSERT_EQ(file.records.size(), 2U);
    ASSERT_FALSE(file.is_event(0)) << bad.reason;
    EXPECT_EQ(file.refused(0).column(), bad.column);
    EXPECT_EQ(static_cast<Code>(file.refused(0).code()), bad.code);
    EXPECT_EQ(file.refused(0).reason(), bad.reason);
    EXPECT_EQ(file.refused(0).input() + "\n", bad.row.text());
    EXPECT_EQ(file.event(1).SerializeAsString(), read(kStreetHeader + StreetRow{}.text()).event(0).SerializeAsString());
  }
}

TEST(PoliceUkTest, ABadOutcomeOrGridPointIsRefused) {
  const ReadFile outcomes = read(kOutcomesHeader + outcome_row("", "Offender fined") + outcome_row(kCrime, "Let off"));
  EXPECT_EQ(outcomes.refused(0).reason(),
            "column \"Crime ID\": is empty; it should hold the crime that it is the outcome of");
  EXPECT_EQ(outcomes.refused(1).reason(), "column \"Outcome type\": holds an outcome that is not known");
  const std::string header = "Month,Easting,Northing,Location,Crime type\n";
  EXPECT_EQ(read(header + "2012-04,651410,9313177,Somewhere,Burglary\n").refused(0).reason(),
            "column \"Easting\": not on the National Grid, together with \"Northing\"");
  EXPECT_EQ(read(header + "2012-04,x,313177,Somewhere,Burglary\n").refused(0).reason(),
            "column \"Easting\": not a number of metres");
}

TEST(PoliceUkTest, AFileCutOffInARowLosesThatRowOnly) {
  std::string text = fixture("2021-06-north-street.csv");
  text.resize(text.size() - 40);
  const ReadFile file = read(text);
  ASSERT_EQ(file.records.size(), 6U);
  EXPECT_EQ(file.ids().size(), 5U);
  EXPECT_NE(file.refused(5).reason().find("end in the middle of this row"), std::string::npos)
      << file.refused(5).reason();
}

TEST(PoliceUkTest, EqualRowsAreCountedForAsManyDifferentRowsAsItsLimit) {
  RowOrdinals ordinals(2);
  EXPECT_EQ(ordinals.next(Digest{1}), 1U);
  EXPECT_EQ(ordinals.next(Digest{2}), 1U);
  EXPECT_EQ(ordinals.next(Digest{1}), 2U);
  EXPECT_FALSE(ordinals.next(Digest{3}).has_value());
  EXPECT_EQ(ordinals.next(Digest{2}), 2U);
}

}  // namespace
}  // namespace moot
