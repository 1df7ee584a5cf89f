// Who is who, by hand as an officer would: find, explain, link, unlink, and the model that tells it. Over another
// partnership's folder too.
#include <gtest/gtest.h>

#include <cmath>
#include <set>

#include "tests/contract/temporary_folder.h"
#include "tests/end_to_end/installation.h"
#include "tests/end_to_end/partnership_fixture.h"

namespace moot {
namespace {

namespace json = boost::json;

// An incident that names one person, as an agency's system would write it.
std::string incident(const std::string& agency, const std::string& id, const std::string& person) {
  return R"({"specversion":"1.0","id":")" + id + R"(","source":"/)" + agency +
         R"(/records","type":"uk.csp.incident.reported.v1","time":"2022-03-01T10:00:00Z",)" +
         R"("knowntime":"2022-03-02T10:00:00Z","data":{"facts":{"incident":{"category":"asb"}},)" +
         R"("personal":{"people":[{"role":"victim",)" + person + "}]}}}\n";
}

std::string named(const std::string& given, const std::string& family, const std::string& more) {
  return R"("names":[{"given":")" + given + R"(","family":")" + family + R"("}])" + (more.empty() ? "" : "," + more);
}

const std::string kBornOn = R"("born":"1980-02-29")";

class PersonTest : public testing::Test {
 protected:
  PersonTest() : partnership_(folder_ / "partnership"), here_(folder_ / "data", partnership_.config()) {
    broker_ = here_.start_broker();
  }
  void publish(const std::string& agency, const std::string& events, bool backfill = true) {
    const std::filesystem::path file = folder_ / ("events-" + std::to_string(++files_) + ".jsonl");
    write_text(file, events);
    Words words = {"publish", file.string(), "--as", agency};
    if (backfill) words.emplace_back("--backfill");
    const Ended ended = here_.moot(words);
    ASSERT_EQ(ended.exit_code, 0) << ended.err;
  }
  json::object asked(Words words, int exit_code = 0) {
    words.emplace_back("--json");
    const Ended ended = here_.moot(words);
    EXPECT_EQ(ended.exit_code, exit_code) << ended.err;
    return json_of(ended.out);
  }
  std::vector<std::string> people(const std::string& name) {
    std::vector<std::string> ids;
    const json::object found = asked({"person", "find", name});
    for (const json::value& one : found.at("people").as_array())
      ids.emplace_back(one.as_object().at("person").as_string());
    return ids;
  }
  std::size_t possible_links() {
    std::size_t count = 0;
    const json::object inbox = asked({"inbox", "list"});
    for (const json::value& item : inbox.at("items").as_array())
      count += item.as_object().at("kind").as_string() == "possible-link";
    return count;
  }

  const TemporaryFolder folder_;
  const PartnershipFixture partnership_;
  const Installation here_;
  std::unique_ptr<Process> broker_;
  int files_ = 0;
  const std::string homes_ = PartnershipFixture::kHomes;
  const std::string clinic_ = PartnershipFixture::kClinic;
};

TEST_F(PersonTest, FindsByNameOrReferenceHoweverItIsSpelt) {
  publish(homes_, incident(homes_, "H1", R"("reference":"T-7",)" + named("Casey", "Exampleton", kBornOn)));
  publish(clinic_, incident(clinic_, "C1", named("Casey", "Exampelton", kBornOn)));
  const json::object found = asked({"person", "find", "exampleton casey"});
  ASSERT_EQ(found.at("people").as_array().size(), 1u) << "a slip of the pen is no other person";
  const json::object& person = found.at("people").as_array()[0].as_object();
  EXPECT_EQ(person.at("born").as_string(), "1980-02-29");
  EXPECT_EQ(person.at("names").as_array().size(), 2u);
  EXPECT_EQ(person.at("agencies").as_array(), (json::array{homes_, clinic_}));
  EXPECT_EQ(person.at("records").as_array().size(), 2u);
  EXPECT_EQ(people("T-7"), people("Casey Exampleton"));
  EXPECT_EQ(people("Nobody Of-That-Name").size(), 0u);
  EXPECT_EQ(asked({"person", "find", "Exampleton", "--born", "1981"}).at("people").as_array().size(), 0u);
  EXPECT_EQ(here_.moot({"person", "find", "Exampleton", "--born", "29/02/1980"}).exit_code, 2);
  EXPECT_EQ(here_.moot({"person", "explain", "Exampleton", "p-none"}).exit_code, 2);
  EXPECT_EQ(here_.moot({"person", "explain", "p-none", "p-none"}).exit_code, 1);
}

TEST_F(PersonTest, ExplainsALinkAndWhatKeptTwoApart) {
  publish(homes_, incident(homes_, "H1", named("Casey", "Exampleton", kBornOn)) +
                      incident(homes_, "H2", named("Casey", "Otherwise", R"("born":"1951-07-11")")));
  publish(clinic_, incident(clinic_, "C1", named("Casey", "Exampelton", kBornOn)));
  const std::string a = "/" + homes_ + "/records#H1";
  const std::string b = "/" + clinic_ + "/records#C1";
  const json::object linked = asked({"person", "explain", a, b});
  EXPECT_EQ(linked.at("decision").as_string(), "linked");
  EXPECT_EQ(linked.at("path").as_array().size(), 2u);
  double sum = 0;
  for (const json::value& field : linked.at("fields").as_array())
    sum += field.as_object().at("weight").to_number<double>();
  EXPECT_LT(std::abs(sum - linked.at("weight").to_number<double>()), 1e-6) << "bars sum to the weight";
  const json::object apart = asked({"person", "explain", a, "/" + homes_ + "/records#H2"});
  EXPECT_EQ(apart.at("decision").as_string(), "not linked");
  EXPECT_FALSE(apart.at("apart").as_array().empty());
  EXPECT_TRUE(apart.at("path").as_array().empty());
  const Ended words = here_.moot({"person", "explain", a, b});
  EXPECT_NE(words.out.find("the same surname but for a slip of the pen"), std::string::npos) << words.out;
  EXPECT_EQ(words.out.find("Casey"), std::string::npos);
  EXPECT_NE(here_.moot({"person", "explain", a, b, "--format", "svg"}).out.find("<svg"), std::string::npos);
}

TEST_F(PersonTest, WhatAPersonDecidesWinsSurvivesAndIsUndone) {
  publish(homes_, incident(homes_, "H1", named("Casey", "Exampleton", kBornOn)));
  publish(clinic_, incident(clinic_, "C1", named("Robin", "Otherwise", R"("born":"1990-01-02")")));
  const std::string casey = people("Casey")[0];
  const std::string robin = people("Robin")[0];
  ASSERT_NE(casey, robin);
  EXPECT_TRUE(asked({"person", "link", casey, robin}).at("holds").as_bool());
  EXPECT_EQ(people("Casey"), people("Robin"));
  const json::object why = asked({"person", "explain", "/" + homes_ + "/records#H1", "/" + clinic_ + "/records#C1"});
  EXPECT_EQ(why.at("decision").as_string(), "linked");
  EXPECT_TRUE(why.at("decided_by_a_person").as_bool());
  // It is in the log, without a name, and a view made anew from the log knows it.
  broker_->kill();
  std::filesystem::remove_all(here_.data() / "views");
  broker_ = here_.start_broker();
  EXPECT_EQ(people("Casey"), people("Robin"));
  for (const std::string& event : here_.replay({"--type", "identity"}))
    EXPECT_EQ(event.find("Casey"), std::string::npos);
  // The same two words undo it, although one of the two ids is gone by now.
  EXPECT_TRUE(asked({"person", "unlink", casey, robin}).at("holds").as_bool());
  EXPECT_EQ(people("Casey"), std::vector<std::string>{casey});
  EXPECT_EQ(people("Robin"), std::vector<std::string>{robin});
  EXPECT_EQ(here_.replay({"--type", "identity"}).size(), 2u);
  EXPECT_EQ(here_.moot({"person", "unlink", casey, casey}).exit_code, 2);
}

// One reference for two: they are told apart by a person, and have an id each, which the papers of before lead to.
TEST_F(PersonTest, TwoToldApartUnderOneReferenceHaveAnIdEach) {
  publish(homes_, incident(homes_, "H1", R"("reference":"T-7",)" + named("Casey", "Exampleton", kBornOn)) +
                      incident(homes_, "H2", R"("reference":"T-7",)" + named("Robin", "Otherwise", "")));
  const std::string both = people("Casey")[0];
  const std::string a = "/" + homes_ + "/records#H1", b = "/" + homes_ + "/records#H2";
  EXPECT_TRUE(asked({"person", "unlink", a, b}).at("holds").as_bool());
  EXPECT_NE(people("Casey"), people("Robin"));
  EXPECT_EQ(people(both), (std::vector<std::string>{both}));
  EXPECT_EQ(people(people("Robin")[0]), people("Robin"));
  EXPECT_EQ(asked({"person", "explain", people("Casey")[0], people("Robin")[0]}).at("decision").as_string(),
            "not linked");
  // Whoever of them is erased takes the other along, since one key opens both; and it is said before.
  const std::string robin = people("Robin")[0];
  const json::object dry = asked({"person", "erase", b, "--reason", "x", "--dry-run"});
  EXPECT_EQ(dry.at("records").as_int64(), 2);
  EXPECT_EQ(dry.at("others").as_array(), (json::array{both}));
  const Ended erased = here_.moot({"person", "erase", b, "--reason", "subject-request"});
  EXPECT_EQ(erased.exit_code, 0) << erased.err;
  EXPECT_NE(erased.out.find("With them went what their agency has under the same reference of " + both),
            std::string::npos)
      << erased.out;
  for (const std::string& id : {both, robin})
    EXPECT_NE(here_.moot({"person", "erase", id, "--reason", "x"}).err.find("is erased already"), std::string::npos)
        << id;
}

TEST_F(PersonTest, AnIdOfBeforeFindsThePersonStill) {
  publish(homes_, incident(homes_, "H2", named("Casey", "Exampleton", kBornOn)));
  const std::string before = people("Casey")[0];
  std::string earlier = incident(clinic_, "C1", named("Casey", "Exampleton", kBornOn));
  earlier.replace(earlier.find("2022-03-01"), 10, "2021-03-01");
  publish(clinic_, earlier);
  ASSERT_NE(people("Casey")[0], before) << "the earliest record names them";
  EXPECT_EQ(people(before), people("Casey"));
}

TEST_F(PersonTest, WhoIsLinkedToSomebodyErasedCanBeErasedToo) {
  publish(homes_, incident(homes_, "H1", named("Casey", "Exampleton", kBornOn)));
  const std::string a = "/" + homes_ + "/records#H1", b = "/" + clinic_ + "/records#C1";
  ASSERT_EQ(here_.moot({"person", "erase", a, "--reason", "subject-request"}).exit_code, 0);
  publish(clinic_, incident(clinic_, "C1", named("Casey", "Exampleton", kBornOn)));
  ASSERT_TRUE(asked({"person", "link", a, b}).at("holds").as_bool());
  ASSERT_EQ(people("Casey").size(), 1u);
  EXPECT_NE(here_.moot({"person", "explain", a, b}).err.find("erased"), std::string::npos);
  const Ended erased = here_.moot({"person", "erase", b, "--reason", "subject-request"});
  EXPECT_EQ(erased.exit_code, 0) << erased.err;
  EXPECT_TRUE(people("Casey").empty());
}

// A decision of an agency about another's record would have no force, and tell of the record.
TEST_F(PersonTest, AnAgencyDecidesOfItsOwnRecordsAlone) {
  publish(homes_, incident(homes_, "H1", named("Casey", "Exampleton", kBornOn)));
  publish(clinic_, incident(clinic_, "C1", named("Robin", "Otherwise", "")));
  write_text(folder_ / "all.toml",
             "id = \"core\"\nversion = \"1\"\ntitle = \"Core\"\nstarts = 2022-01-01\n[[clause]]\nreaders = [\"" +
                 homes_ + "\", \"casebook\"]\ngrade = \"content\"\n");
  ASSERT_EQ(here_.moot({"agreement", "add", (folder_ / "all.toml").string()}).exit_code, 0);
  const Ended refused =
      here_.moot({"person", "link", "/" + homes_ + "/records#H1", "/" + clinic_ + "/records#C1", "--as", homes_});
  EXPECT_EQ(refused.exit_code, 1);
  EXPECT_NE(refused.err.find("an agency decides of its own records alone"), std::string::npos) << refused.err;
  EXPECT_TRUE(here_.replay({"--type", "identity"}).empty());
  // What is typed may be a name: it goes to no log. What was read, and what for, stands in the audit log.
  EXPECT_EQ(here_.moot({"--log-json", "person", "explain", "Zebedee Hiddenman", "p-x"}).err.find("Zebedee"),
            std::string::npos);
  people("Casey");
  const json::object audit = asked({"audit", "list", "--act", "person-find"});
  ASSERT_FALSE(audit.at("entries").as_array().empty());
  EXPECT_EQ(audit.at("entries").as_array().back().as_object().at("purpose").as_string(), "meetings");
}

// "N/A" is no reference: two who have it are two.
TEST_F(PersonTest, AFillerInThePlaceOfAReferenceMakesNobodyOne) {
  publish(homes_, incident(homes_, "H1", R"("reference":"N/A",)" + named("Casey", "Exampleton", kBornOn)) +
                      incident(homes_, "H2", R"("reference":"N/A",)" + named("Robin", "Otherwise", "")));
  EXPECT_NE(people("Casey"), people("Robin"));
}

TEST_F(PersonTest, APossibleLinkWaitsInTheInboxUntilSomebodyDecides) {
  // A father and a son of one name, and a record without a birth date that goes as well with either.
  const std::string place = R"("addresses":[{"lines":"7 Made-up Row","postcode":"ZX1 1QZ"}])";
  publish(homes_, incident(homes_, "H1", named("Casey", "Exampleton", R"("born":"1950-02-03",)" + place)) +
                      incident(homes_, "H2", named("Casey", "Exampleton", R"("born":"1985-11-27",)" + place)));
  publish(clinic_, incident(clinic_, "C1", named("Casey", "Exampleton", place)));
  ASSERT_EQ(people("Casey").size(), 3u) << "possible is not linked";
  const json::object inbox = asked({"inbox", "list"});
  std::vector<json::object> items;
  for (const json::value& item : inbox.at("items").as_array())
    if (item.as_object().at("kind").as_string() == "possible-link") items.push_back(item.as_object());
  ASSERT_FALSE(items.empty());
  const json::object item = items[0];
  for (const char* key : {"item", "since", "agency", "code", "reason", "file", "row"}) EXPECT_TRUE(item.contains(key));
  EXPECT_EQ(json::serialize(item).find("Casey"), std::string::npos);
  EXPECT_EQ(here_.moot({"inbox", "show", std::string(item.at("item").as_string())}).exit_code, 0);
  EXPECT_EQ(here_.moot({"inbox", "drop", std::string(item.at("item").as_string()), "--reason", "x"}).exit_code, 2);
  asked({"person", "link", "/" + homes_ + "/records#H1", "/" + clinic_ + "/records#C1"});
  EXPECT_EQ(people("Casey").size(), 2u);
  EXPECT_EQ(possible_links(), 0u);
}

TEST_F(PersonTest, AModelIsRefusedWhereThereIsTooLittleToLearnFromAndTheUsualOneCanBePinned) {
  publish(homes_, incident(homes_, "H1", named("Casey", "Exampleton", kBornOn)));
  EXPECT_EQ(here_.moot({"linkage", "estimate"}).exit_code, 1);
  const json::object shown = asked({"linkage", "show"});
  EXPECT_EQ(shown.at("model").as_string(), "usual");
  for (const json::value& field : shown.at("fields").as_array()) {
    const bool of_systems = field.as_object().at("field").as_string() == "reference";
    EXPECT_TRUE(field.as_object().contains(of_systems ? "systems_judged" : "usual_values"));
    EXPECT_FALSE(field.as_object().contains(of_systems ? "usual_values" : "systems_judged"));
  }
  const json::object seen = asked({"linkage", "preview", "--usual"});
  EXPECT_TRUE(seen.at("change").as_object().at("joined").as_array().empty());
  EXPECT_EQ(here_.moot({"linkage", "pin", "another", "--usual"}).exit_code, 1) << "not what was looked at";
  asked({"linkage", "pin", "--usual"});
  EXPECT_NE(asked({"linkage", "show"}).at("model").as_string(), "usual") << "it is an epoch now";
  EXPECT_EQ(people("Casey").size(), 1u);
  EXPECT_EQ(here_.moot({"linkage", "pin", "--usual", "--as", homes_}).exit_code, 1) << "the operator's alone";
}

TEST_F(PersonTest, ExportsEverythingHeldOfAPersonAndNobodyElse) {
  std::string two = incident(homes_, "H1", named("Casey", "Exampleton", kBornOn));
  two.insert(two.rfind("]}}}"), R"(,{"role":"suspect","names":[{"full":"Robin Otherwise"}]})");
  publish(homes_, two);
  publish(clinic_, incident(clinic_, "C1", named("Casey", "Exampleton", kBornOn)));
  const std::string casey = people("Casey")[0];
  const Ended given = here_.moot({"person", "export", casey});
  EXPECT_EQ(given.exit_code, 0) << given.err;
  EXPECT_EQ(given.out.find("Otherwise"), std::string::npos);
  EXPECT_EQ(given.err.find("Exampleton"), std::string::npos);
  const json::object held = json_of(given.out);
  EXPECT_EQ(held.at("records").as_array().size(), 2u);
  EXPECT_EQ(held.at("others_left_out").to_number<int>(), 1);
  EXPECT_EQ(here_.moot({"person", "export", "p-none"}).exit_code, 1);
}

TEST(PersonOfAnotherPartnership, IsFoundExplainedAndLinked) {
  const TemporaryFolder folder;
  const Installation here(folder / "data",
                          std::filesystem::path(MOOT_SOURCE_DIR) / "tests/data/harbour-and-fell/partnership.toml");
  here.documents(folder / "out");
  const Ended list = here.moot({"inbox", "list", "--json"});
  EXPECT_EQ(list.exit_code, 0) << list.err;
  const json::object found = json_of(here.moot({"person", "find", "Ada Pretendlow", "--json"}).out);
  ASSERT_FALSE(found.at("people").as_array().empty());
  EXPECT_EQ(json_of(here.moot({"person", "find", "CRN-EX1", "--json"}).out), found);
}

}  // namespace
}  // namespace moot
