#include <gtest/gtest.h>

#include "consumers/linkage/normal_name.h"
#include "consumers/linkage/normal_place.h"
#include "tests/consumers/case_events.h"

namespace moot {
namespace {

v1::Name named(const std::string& full) {
  v1::Name name;
  name.set_full(full);
  return name;
}
std::string normal(const std::string& full) { return normal_name(named(full)); }

TEST(NormalName, MakesSpellingsOfOneNameEqual) {
  const std::string wanted = normal("Siân O'Inventley");
  EXPECT_EQ(wanted, "sian oinventley");
  for (const char* spelling :
       {"SIAN O'INVENTLEY", "Sia\u0302n O\u2019Inventley", "O'INVENTLEY, Siân", "Mrs Sian O'Inventley",
        "OINVENTLEY, Ms. Sian", "  sian   oinventley ", "Dr. Sian OInventley"})
    EXPECT_EQ(normal(spelling), wanted) << spelling;
  EXPECT_EQ(normal("Anne-Marie Made-Up"), normal("anne marie made up"));
  EXPECT_EQ(normal("Łukasz Przykładowy"), normal("Lukasz Przykladowy"));
  v1::Name parts;
  parts.set_given("Siân");
  parts.set_family("O'Inventley");
  EXPECT_EQ(normal_name(parts), wanted);
}

TEST(NormalName, LetsNoNameCarryALinkThatStandsForNobodyOrIsNotWhole) {
  for (const char* spelling : {"Unknown male", "The Occupier", "ANONYMOUS", "Not known", "", "Casey", "Mr Exampleton",
                               "C Exampleton", "Name withheld", "N/A"})
    EXPECT_EQ(normal(spelling), "") << spelling;
  EXPECT_TRUE(names_nobody(named("unknown MALE")));
  EXPECT_FALSE(names_nobody(named("Casey")));
}

TEST(PrintedName, PutsForenamesFirstAndKeepsTheLetters) {
  EXPECT_EQ(printed_name(named("EXAMPLETON,  Siân")), "Siân EXAMPLETON");
  EXPECT_EQ(printed_name(named(" Siân  Exampleton ")), "Siân Exampleton");
  EXPECT_EQ(printed_name(named("Exampleton, Siân, Dr")), "Exampleton, Siân, Dr");
}

TEST(NormalPostcode, TakesBritishFormsOnly) {
  EXPECT_EQ(normal_postcode("ox14 3hx"), "OX143HX");
  EXPECT_EQ(normal_postcode("OX143HX"), "OX143HX");
  EXPECT_EQ(normal_postcode("W1A 1AA"), "W1A1AA");
  for (const char* text : {"", "OX14", "unknown", "12345", "ZZ99 3VZ", "OX14-3HX"})
    EXPECT_EQ(normal_postcode(text), "") << text;
}

TEST(BirthDate, CarriesNoLinkWhereItIsAPlaceholderOrInTheFuture) {
  const Instant seen = london("2021-03-02");
  EXPECT_EQ(linking_birth_date("1980-02-29", seen), "1980-02-29");
  for (const char* text : {"1900-01-01", "1901-01-01", "2021-03-03", "1980-02", "1980", "1981-02-29", ""})
    EXPECT_EQ(linking_birth_date(text, seen), "") << text;
}

std::string place_of(const std::string& lines, const std::string& postcode, const std::string& around = "",
                     const std::string& uprn = "") {
  v1::Address address;
  address.set_lines(lines);
  address.set_postcode(postcode);
  address.set_uprn(uprn);
  return normal_place(address, around).key;
}

TEST(NormalPlace, IsEqualHoweverItIsWrittenAndDifferentNextDoor) {
  const std::string place = place_of("12 High Street", "OX14 3HX");
  for (const auto& [lines, postcode] : std::vector<std::pair<std::string, std::string>>{
           {"12, HIGH STREET", "ox143hx"}, {"12  High\nStreet,", "OX14 3HX"}, {"12 High Street, OX14 3HX", "OX143HX"}})
    EXPECT_EQ(place_of(lines, postcode), place) << lines;
  EXPECT_NE(place_of("14 High Street", "OX14 3HX"), place);
  EXPECT_NE(place_of("12 High Street", "OX14 4HX"), place);
  EXPECT_NE(place_of("", "OX14 3HX"), place);
  EXPECT_EQ(place_of("OX14 3HX", "OX14 3HX"), place_of("", "OX14 3HX"));
  EXPECT_EQ(place_of("", "", "", "100121"), "uprn 100121");
  EXPECT_EQ(place_of("", "unknown"), "");
  EXPECT_EQ(place_of("No fixed abode, Didcot", "OX14 3HX"), "");
  EXPECT_EQ(place_of("NFA", ""), "");
  EXPECT_NE(place_of("Nfallon House", ""), "");
  EXPECT_NE(place_of("12 High Street", "", "north-end"), place_of("12 High Street", "", "south-end"))
      << "without a postcode a street is one of its area";
}

TEST(NormalPlace, IsPrintedInTheAgencysOwnLetters) {
  v1::Address address;
  address.set_lines(" 12 High\n Street, ");
  address.set_postcode("ox143hx");
  EXPECT_EQ(normal_place(address, "").written, "12 High Street, OX14 3HX");
  EXPECT_EQ(normal_postcode_place(address).written, "OX14 3HX");
}

}  // namespace
}  // namespace moot
