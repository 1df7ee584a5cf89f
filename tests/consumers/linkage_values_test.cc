// What linkage makes of values as agencies write them, and how alike two of them are.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "consumers/linkage/comparison.h"
#include "consumers/linkage/nicknames.h"
#include "consumers/linkage/normal_name.h"
#include "consumers/linkage/person_values.h"
#include "consumers/linkage/spelling.h"

namespace moot {
namespace {

Level level_between(FieldKind kind, const std::string& a, const std::string& b) {
  ValueTable table(kind);
  const ValueId one = table.intern(normal_value(kind, a));
  const ValueId two = table.intern(normal_value(kind, b));
  KnownLevels known(kind);
  const Level level = known.level(table, one, two);
  EXPECT_EQ(level, known.level(table, two, one)) << a << " / " << b;
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

// An agency that writes down what a passport says and one that writes down what it hears mean one person.
TEST(LinkageValues, GreekAndCyrillicNamesAreThoseOfBritishForms) {
  const auto family = [](const char* name) { return normal_value(FieldKind::kFamily, name); };
  EXPECT_EQ(family("\u041f\u0440\u0438\u043c\u0435\u0440\u043e\u0432"), "primerov");
  EXPECT_EQ(family("\u0429\u0435\u0440\u0431\u0430\u043a\u043e\u0432"), "shcherbakov");
  EXPECT_EQ(family("\u0413\u0440\u0438\u0433\u043e\u0440\u044c\u0435\u0432"), "grigoryev");  // no soft sign
  EXPECT_EQ(family("\u041e\u043b\u0435\u043a\u0441\u0456\u0439"), "oleksiy");                // Ukrainian
  EXPECT_EQ(family("\u03a0\u03b1\u03c1\u03ac\u03b4\u03b5\u03b9\u03b3\u03bc\u03b1"), "paradeigma");
  const NameParts parts =
      name_parts("", "", "\u0418\u0432\u0430\u043d \u041f\u0440\u0438\u043c\u0435\u0440\u043e\u0432");
  EXPECT_EQ(parts.given + " " + parts.family, "ivan primerov");
  // A letter with its mark apart, as some systems export them, and one of the extended Greek block.
  EXPECT_EQ(family("\u042e\u0440\u0438\u0439"), family("\u042e\u0440\u0438\u0438\u0306"));
  EXPECT_EQ(family("\u042e\u0440\u0438\u0439"), "yuriy");
  EXPECT_EQ(family("\u1f41"), family("\u1f40"));
  const std::string arabic = "\u0645\u062d\u0645\u062f";  // its vowels are not written: left as it is
  EXPECT_EQ(normal_value(FieldKind::kGiven, arabic), arabic);
  EXPECT_EQ(in_latin_letters("Zo\u00eb"), "Zo\u00eb");
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
  // However alike they are, neither is a slip of the other; spellings of one name are.
  EXPECT_EQ(level_between(FieldKind::kGiven, "Joan", "Jean"), Level::kDifferent);
  EXPECT_EQ(level_between(FieldKind::kGiven, "Marion", "Martin"), Level::kDifferent);
  EXPECT_EQ(level_between(FieldKind::kGiven, "Joan", "Jaon"), Level::kClose);
  EXPECT_EQ(level_between(FieldKind::kGiven, "Clare", "Claire"), Level::kAlias);
  EXPECT_EQ(level_between(FieldKind::kFamily, "Martin", "Martyn"), Level::kClose);
}

// What is declared another forename cannot be a slip of the pen any more; so two spellings of one name may not be.
// Those so alike that they could be are told one by one.
TEST(LinkageLevels, NoTwoForenamesAreDeclaredOthersThatAreSpellingsOfOne) {
  const std::set<std::pair<std::string_view, std::string_view>> meant = {
      {"april", "avril"},   {"austin", "justin"}, {"bryn", "bryony"}, {"carla", "carly"}, {"carmel", "carmen"},
      {"chloe", "cole"},    {"clara", "lara"},    {"clive", "olive"}, {"cole", "kyle"},   {"dawn", "dean"},
      {"dean", "demi"},     {"dean", "dina"},     {"dina", "donna"},  {"dina", "nina"},   {"ella", "elsa"},
      {"harley", "harvey"}, {"harley", "marley"}, {"jade", "jude"},   {"joel", "noel"},   {"jude", "june"},
      {"kayla", "kyle"},    {"kian", "sian"},     {"lara", "tara"},   {"lara", "zara"},   {"leon", "leona"},
      {"leona", "luna"},    {"luna", "una"},      {"moira", "myra"},  {"ronan", "rowan"}, {"rory", "roy"},
      {"rowan", "ryan"},    {"shane", "shauna"},  {"shane", "sian"},  {"tara", "zara"}};
  std::set<std::pair<std::string_view, std::string_view>> alike;
  const std::vector<std::string_view> names = forenames_of_their_own();
  ASSERT_GT(names.size(), 150u);
  for (const std::string_view a : names)
    for (const std::string_view b : names) {
      if (a >= b || !are_two_forenames(a, b)) continue;
      const int edits = edits_between(to_letters(a), to_letters(b), 2);
      if (edits == 1 || (edits == 2 && sound_of(to_letters(a)) == sound_of(to_letters(b)))) alike.emplace(a, b);
    }
  EXPECT_EQ(alike, meant);
  for (const auto& [a, b] : std::initializer_list<std::pair<const char*, const char*>>{{"Aisha", "Ayesha"},
                                                                                       {"Cara", "Kara"},
                                                                                       {"Mariam", "Miriam"},
                                                                                       {"Elena", "Helena"},
                                                                                       {"Helen", "Helena"},
                                                                                       {"Linda", "Lynda"},
                                                                                       {"Susanna", "Susannah"}})
    EXPECT_EQ(level_between(FieldKind::kGiven, a, b), Level::kAlias) << a << " / " << b;
  EXPECT_EQ(level_between(FieldKind::kGiven, "Cara", "Clara"), Level::kDifferent);
}

TEST(LinkageLevels, APetFormIsOneHoweverItsEndingIsWritten) {
  EXPECT_TRUE(may_stand_for("jimmie", "james"));
  EXPECT_TRUE(may_stand_for("robert", "robbey"));
  EXPECT_TRUE(may_stand_for("tommi", "thomas"));
  EXPECT_FALSE(may_stand_for("jimmie", "thomas"));
  EXPECT_FALSE(may_stand_for("jimmie", "timothy"));
  EXPECT_TRUE(are_two_forenames("jimmie", "timmy"));
  EXPECT_FALSE(may_stand_for("ie", "al"));
}

TEST(LinkageValues, AMobileIsTheNumberOfAHandset) {
  for (const char* phone : {"07700 900123", "+44 7700 900123", "0044 7624 123456", "07700 90012"})
    EXPECT_TRUE(is_mobile(normal_value(FieldKind::kPhone, phone))) << phone;
  for (const char* phone : {"01632 960123", "020 7946 0123", "070 1234 5678", "07600 123456", "", "7"})
    EXPECT_FALSE(is_mobile(normal_value(FieldKind::kPhone, phone))) << phone;
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
  EXPECT_EQ(level_between(FieldKind::kMobile, "07700 900123", "07700 900124"), Level::kClose);
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

// The textbook's table, cell by cell: a neighbour swapped counts one, and is not touched again.
int edits_by_the_table(const std::u16string& a, const std::u16string& b) {
  std::vector<std::vector<int>> edits(a.size() + 1, std::vector<int>(b.size() + 1));
  for (std::size_t i = 0; i <= a.size(); ++i)
    for (std::size_t j = 0; j <= b.size(); ++j) {
      if (i == 0 || j == 0) {
        edits[i][j] = static_cast<int>(i + j);
        continue;
      }
      edits[i][j] =
          std::min({edits[i - 1][j] + 1, edits[i][j - 1] + 1, edits[i - 1][j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1)});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
        edits[i][j] = std::min(edits[i][j], edits[i - 2][j - 2] + 1);
    }
  return edits[a.size()][b.size()];
}

// As it is defined: letter by letter, each letter's match looked for from where it may stand.
int jaro_winkler_by_looking(std::u16string a, std::u16string b) {
  if (a.size() > b.size()) std::swap(a, b);
  if (a.empty()) return b.empty() ? 1000 : 0;
  const std::size_t reach = std::max<std::size_t>(b.size() / 2, 1) - 1;
  std::vector<bool> used(b.size());
  std::u16string of_a, of_b;
  for (std::size_t i = 0; i < a.size(); ++i)
    for (std::size_t j = i > reach ? i - reach : 0; j < std::min(i + reach + 1, b.size()); ++j)
      if (!used[j] && a[i] == b[j]) {
        used[j] = true;
        of_a += a[i];
        break;
      }
  for (std::size_t j = 0; j < b.size(); ++j)
    if (used[j]) of_b += b[j];
  if (of_a.empty()) return 0;
  std::size_t moved = 0, prefix = 0;
  for (std::size_t k = 0; k < of_a.size(); ++k) moved += of_a[k] != of_b[k] ? 1 : 0;
  while (prefix < std::min<std::size_t>(a.size(), 4) && a[prefix] == b[prefix]) ++prefix;
  const auto m = static_cast<double>(of_a.size());
  const double jaro = (m / static_cast<double>(a.size()) + m / static_cast<double>(b.size()) +
                       (m - static_cast<double>(moved / 2)) / m) /
                      3;
  return static_cast<int>(1000 * (jaro + 0.1 * static_cast<double>(prefix) * (1 - jaro)));
}

TEST(LinkageSpelling, EditsAndLikenessAreThoseOfTheTable) {
  std::mt19937 random(20210302);
  const std::u16string letters = u"abc \u0430\u0628";  // few, so that texts are often near; two that are not ASCII
  const auto pick = [&](std::size_t below) { return static_cast<std::size_t>(random() % below); };
  for (int round = 0; round < 20'000; ++round) {
    std::u16string a(pick(round % 50 == 0 ? kLettersMax + 1 : 12), u'a');
    for (char16_t& letter : a) letter = letters[pick(letters.size())];
    std::u16string b = a;
    for (std::size_t slip = pick(5); slip > 0 && !b.empty(); --slip) {
      const std::size_t at = pick(b.size());
      switch (pick(4)) {
        case 0:
          b.erase(at, 1);
          break;
        case 1:
          if (b.size() < kLettersMax) b.insert(at, 1, letters[pick(letters.size())]);
          break;
        case 2:
          b[at] = letters[pick(letters.size())];
          break;
        default:
          std::swap(b[at], b[pick(b.size())]);
      }
    }
    ASSERT_EQ(jaro_winkler(a, b), jaro_winkler_by_looking(a, b)) << "round " << round;
    const int edits = edits_by_the_table(a, b);
    for (int most = 0; most < 5; ++most) {
      ASSERT_EQ(edits_between(a, b, most), std::min(edits, most + 1)) << "round " << round;
      ASSERT_EQ(edits_between(b, a, most), std::min(edits, most + 1)) << "round " << round;
    }
  }
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

// Which of two values is known first depends on which record came first.
TEST(Levels, AreTheSameBothWays) {
  const std::vector<std::string> words = {"flat", "3", "12", "elm", "oak", "park", "road", "way", "upland", "st"};
  std::mt19937 random(1);
  for (const FieldKind kind : {FieldKind::kAddress, FieldKind::kText, FieldKind::kFamily, FieldKind::kGiven}) {
    for (int round = 0; round < 20'000; ++round) {
      ValueTable table(kind);
      std::array<ValueId, 2> values{};
      for (ValueId& value : values) {
        std::string text;
        for (std::size_t i = 2 + random() % 4; i > 0; --i) text += (text.empty() ? "" : " ") + words[random() % 10];
        value = table.intern(text);
      }
      const auto [a, b] = values;
      ASSERT_EQ(level_of(kind, table, a, b), level_of(kind, table, b, a)) << table.text(a) << " / " << table.text(b);
    }
  }
}

}  // namespace
}  // namespace moot
