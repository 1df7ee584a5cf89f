// Finding people by their names, in whatever letters they are written.
#include "consumers/casework/person_search.h"

#include <gtest/gtest.h>

#include "tests/consumers/case_events.h"

namespace moot {
namespace {

std::vector<std::string> names_found(const CaseSet& cases, const std::string& words) {
  std::vector<std::string> names;
  for (const FoundPerson& person : find_people(cases, {words, ""}))
    names.insert(names.end(), person.names.begin(), person.names.end());
  return names;
}

TEST(PersonSearch, FindsACyrillicAndAGreekNameByItsLatinLettersAndByItself) {
  const std::string yuriy = "\u042e\u0440\u0438\u0439 \u0418\u0432\u0430\u043d\u043e\u0432";
  const std::string georgios =
      "\u0393\u03b5\u03ce\u03c1\u03b3\u03b9\u03bf\u03c2 "
      "\u03a0\u03b1\u03c0\u03b1\u03b4\u03cc\u03c0\u03bf\u03c5\u03bb\u03bf\u03c2";
  const Casebook casebook = casebook_of({call("a", "2021-03-01T09:00", Who("caller", "1", yuriy)),
                                         call("b", "2021-03-02T09:00", Who("caller", "2", georgios, "1971-01-02"))});
  const CaseSet cases = casebook.as_at(london("2022-01-01"));
  for (const char* words : {"Yuriy Ivanov", "ivanov", "\u0418\u0412\u0410\u041d\u041e\u0412 \u042e\u0440\u0438\u0439"})
    EXPECT_EQ(names_found(cases, words), std::vector{yuriy}) << words;
  for (const char* words :
       {"Georgios Papadopoulos", "papadopoulos", "\u0393\u0395\u03a9\u03a1\u0393\u0399\u039f\u03a3"})
    EXPECT_EQ(names_found(cases, words), std::vector{georgios}) << words;
  EXPECT_TRUE(names_found(cases, "Ivan Georgiou Example").empty());
}

// One agency's capitals are no other name.
TEST(PersonSearch, TellsASpellingOnceWhateverItsCapitals) {
  const Casebook casebook = casebook_of({call("a", "2021-03-01T09:00", Who("caller", "1", "Casey EXAMPLETON")),
                                         call("b", "2021-03-02T09:00", Who("caller", "1", "Casey Exampleton")),
                                         call("c", "2021-03-03T09:00", Who("caller", "1", "Casey EXAMPLETON")),
                                         call("d", "2021-03-04T09:00", Who("caller", "1", "Cassie Exampleton"))});
  EXPECT_EQ(names_found(casebook.as_at(london("2022-01-01")), "exampleton"),
            (std::vector<std::string>{"Casey Exampleton", "Cassie Exampleton"}));
}

}  // namespace
}  // namespace moot
