// What linkage makes of values as agencies write them, and how alike two of them are.
#include <gtest/gtest.h>

#include "consumers/linkage/comparison.h"
#include "consumers/linkage/nicknames.h"
#include "consumers/linkage/person_values.h"
#include "consumers/linkage/spelling.h"

namespace moot {
namespace {

Level level_between(FieldKind kind, const std::string& a, const std::string& b) {
  ValueTable table(kind);
  const ValueId one = table.intern(normal_value(kind, a));
  const ValueId two = table.intern(normal_value(kind, b));
  KnownLevels known;
  const Level level = known.level(kind, table, one, two);
  EXPECT_EQ(level, known.level(kind, table, two, one)) << a << " / " << b;
  return level;
}

TEST(LinkageValues, ADateIsEightDigitsHoweverItIsWritten) {
  EXPECT_EQ(normal_value(FieldKind::kBorn, "1971-03-14"), "19710314");
  EXPECT_EQ(normal_value(FieldKind::kBorn, "14/03/1971"), "19710314");
  EXPECT_EQ(normal_value(FieldKind::kBorn, "4/3/1971"), "19710304");
  EXPECT_EQ(normal_value(FieldKind::kBorn, "19710314"), "19710314");
  EXPECT_EQ(normal_value(FieldKind::kBorn, "1971-03"), "197103??");
  EXPECT_EQ(normal_value(FieldKind::kBorn, "1971"), "1971????");
  EXPECT_EQ(normal_value(FieldKind::kBorn, "1770-81-01"), "17708101");
}

TEST(LinkageValues, WhatStandsForNothingCarriesNoValue) {
  EXPECT_EQ(normal_value(FieldKind::kBorn, "01/01/1900"), "");
  EXPECT_EQ(normal_value(FieldKind::kBorn, "0000-00-00"), "");
  EXPECT_EQ(normal_value(FieldKind::kBorn, "not known"), "");
  EXPECT_EQ(normal_value(FieldKind::kGiven, "Unknown male"), "");
  EXPECT_EQ(normal_value(FieldKind::kFamily, "The Occupier"), "");
  EXPECT_EQ(normal_value(FieldKind::kAddress, "NFA"), "");
  EXPECT_EQ(normal_value(FieldKind::kAddress, "No fixed abode, Didcot"), "");
  EXPECT_EQ(normal_value(FieldKind::kAddress, "c/o"), "");
  EXPECT_EQ(normal_value(FieldKind::kPhone, "00000000000"), "");
  EXPECT_EQ(normal_value(FieldKind::kPostcode, "ZZ99 3VZ"), "");
  EXPECT_EQ(normal_value(FieldKind::kEmail, "noreply@example.org"), "");
}

TEST(LinkageValues, OneSpellingForOneValue) {
  EXPECT_EQ(normal_value(FieldKind::kPhone, "+44 7700 900123"), normal_value(FieldKind::kPhone, "07700 900 123"));
  EXPECT_EQ(normal_value(FieldKind::kPostcode, "ox14 3hx"), "OX143HX");
  EXPECT_EQ(normal_value(FieldKind::kFamily, "O\xe2\x80\x99Neill"), normal_value(FieldKind::kFamily, "ONEILL"));
  EXPECT_EQ(normal_value(FieldKind::kFamily, "Smith-Jones"), "smith jones");
  EXPECT_EQ(normal_value(FieldKind::kGiven, "Zo\xc3\xab"), "zoe");
}

TEST(LinkageValues, ANameIsTakenApart) {
  const auto expect = [](const NameParts& parts, const char* given, const char* middle, const char* family) {
    EXPECT_EQ(parts.given, given);
    EXPECT_EQ(parts.middle, middle);
    EXPECT_EQ(parts.family, family);
  };
  expect(name_parts("Casey", "Example", ""), "casey", "", "example");
  expect(name_parts("", "", "Mrs Casey Anne Example"), "casey", "anne", "example");
  expect(name_parts("", "", "EXAMPLE, Casey Anne"), "casey", "anne", "example");
  expect(name_parts("", "", "EXAMPLE, Unknown"), "", "", "example");
  expect(name_parts("Sir", "Baronet", "sir casey example, 1st baronet"), "casey", "", "example");
  expect(name_parts("casey", "example", "casey anne example"), "casey", "anne", "example");
  expect(name_parts("Casey", "", ""), "casey", "", "");
  expect(name_parts("", "", "c/o Casey Example"), "casey", "", "example");
}

TEST(LinkageValues, NamesOfAnyLengthAndScriptAreTaken) {
  EXPECT_EQ(normal_value(FieldKind::kGiven, "J"), "j");
  EXPECT_EQ(normal_value(FieldKind::kGiven, std::string(200, 'a')).size(), 200U);
  EXPECT_EQ(to_letters("\xd0\x98\xd0\xb2\xd0\xb0\xd0\xbd").size(), 4U);
  const std::string arabic = "\xd9\x85\xd8\xad\xd9\x85\xd8\xaf";
  EXPECT_EQ(level_between(FieldKind::kGiven, arabic, arabic), Level::kSame);
  EXPECT_EQ(level_between(FieldKind::kFamily, "\xd0\x98\xd0\xb2\xd0\xb0\xd0\xbd\xd0\xbe\xd0\xb2",
                          "\xd0\x98\xd0\xb2\xd0\xb0\xd0\xbd\xd0\xbe\xd0\xb2\xd0\xb0"),
            Level::kClose);
  EXPECT_EQ(level_between(FieldKind::kGiven, std::string(200, 'a'), std::string(199, 'a') + "b"), Level::kSimilar);
}

TEST(LinkageLevels, OfNames) {
  EXPECT_EQ(level_between(FieldKind::kGiven, "Robert", "robert"), Level::kSame);
  EXPECT_EQ(level_between(FieldKind::kGiven, "Robert", "Bob"), Level::kAlias);
  EXPECT_EQ(level_between(FieldKind::kGiven, "Robert", "Robret"), Level::kClose);
  EXPECT_EQ(level_between(FieldKind::kFamily, "Smith", "Smyth"), Level::kClose);
  EXPECT_EQ(level_between(FieldKind::kFamily, "Philips", "Fillips"), Level::kSimilar);
  EXPECT_EQ(level_between(FieldKind::kGiven, "Robert", "R"), Level::kPart);
  EXPECT_EQ(level_between(FieldKind::kFamily, "Example-Jones", "Jones"), Level::kPart);
  EXPECT_EQ(level_between(FieldKind::kFamily, "Smith", "Jones"), Level::kDifferent);
  EXPECT_EQ(level_between(FieldKind::kGiven, "", "Robert"), Level::kMissing);
}

TEST(LinkageLevels, OfDates) {
  EXPECT_EQ(level_between(FieldKind::kBorn, "1971-03-04", "1971-04-03"), Level::kAlias);
  EXPECT_EQ(level_between(FieldKind::kBorn, "1971-03-14", "1971-03-15"), Level::kClose);
  EXPECT_EQ(level_between(FieldKind::kBorn, "1971-03-14", "1917-03-14"), Level::kClose);
  EXPECT_EQ(level_between(FieldKind::kBorn, "1971-03-14", "1988-03-14"), Level::kSimilar);
  EXPECT_EQ(level_between(FieldKind::kBorn, "1971-03-14", "1971-11-28"), Level::kPart);
  EXPECT_EQ(level_between(FieldKind::kBorn, "1971-03-14", "1971"), Level::kPart);
  EXPECT_EQ(level_between(FieldKind::kBorn, "1971-03-14", "1949-12-25"), Level::kDifferent);
}

TEST(LinkageLevels, OfPlacesAndNumbers) {
  EXPECT_EQ(level_between(FieldKind::kPostcode, "OX14 3HX", "OX14 3HZ"), Level::kClose);
  EXPECT_EQ(level_between(FieldKind::kPostcode, "OX14 3HX", "OX14 3QZ"), Level::kSimilar);
  EXPECT_EQ(level_between(FieldKind::kPostcode, "OX14 3HX", "OX14 5QZ"), Level::kPart);
  EXPECT_EQ(level_between(FieldKind::kAddress, "12 Nowhere Lane", "Nowhere Lane 12"), Level::kAlias);
  EXPECT_EQ(level_between(FieldKind::kAddress, "12 Nowhere Lane", "12 Nowhre Lane"), Level::kClose);
  EXPECT_EQ(level_between(FieldKind::kTown, "Bristol", "Bristol, City of"), Level::kPart);
  EXPECT_EQ(level_between(FieldKind::kPhone, "01632 960123", "01632 960124"), Level::kClose);
  EXPECT_EQ(level_between(FieldKind::kEmail, "casey@example.org", "caesy@example.org"), Level::kClose);
  EXPECT_EQ(level_between(FieldKind::kEmail, "casey@example.org", "casey@example-two.net"), Level::kSimilar);
}

// A helpline, a switchboard, a hostel: shared by people who have nothing to do with each other.
TEST(LinkageValues, WhatManyShareTellsNobodyApart) {
  for (const char* phone : {"0808 2000 247", "+44 808 2000 247", "0800 1111", "116 123", "0300 123 4567",
                            "0844 477 9400", "0870 123 4567", "101", "0900 123 4567"})
    EXPECT_EQ(normal_value(FieldKind::kPhone, phone), "") << phone;
  for (const char* phone : {"01632 960123", "07700 900123", "+44 20 7946 0123", "02 8012 3456"})
    EXPECT_NE(normal_value(FieldKind::kPhone, phone), "") << phone;
  for (const char* home : {"Simon House Hostel, 1 Invented Row", "Night Shelter, High Street", "HMP Nowhere"})
    EXPECT_TRUE(is_home_of_many(home)) << home;
  for (const char* home : {"12 Shelter Lane", "Hostelry Cottage", "3 Night Street"})
    EXPECT_FALSE(is_home_of_many(home));
}

TEST(LinkageSpelling, EditsAreCountedAsTypistsMakeThem) {
  EXPECT_EQ(edits_between(u"example", u"example", 3), 0);
  EXPECT_EQ(edits_between(u"example", u"exmaple", 3), 1);
  EXPECT_EQ(edits_between(u"example", u"exmple", 3), 1);
  EXPECT_EQ(edits_between(u"example", u"axampla", 3), 2);
  EXPECT_EQ(edits_between(u"example", u"something", 3), 4);
  EXPECT_EQ(edits_between(u"", u"abc", 2), 3);
  EXPECT_EQ(jaro_winkler(u"martha", u"marhta"), 961);
  EXPECT_EQ(jaro_winkler(u"dwayne", u"duane"), 840);
  EXPECT_EQ(jaro_winkler(u"abc", u"xyz"), 0);
  EXPECT_EQ(sound_of(u"katherine"), sound_of(u"catharine"));
  EXPECT_NE(sound_of(u"smith"), sound_of(u"jones"));
  EXPECT_TRUE(may_stand_for("bill", "william"));
  EXPECT_FALSE(may_stand_for("bill", "robert"));
}

}  // namespace
}  // namespace moot
