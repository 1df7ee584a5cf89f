// What is asked, done or found out for one person is not the other people's whom the record names beside them.
#include "consumers/callers/caller_list.h"
#include "consumers/casebook/whose_matter.h"
#include "tests/consumers/clock_findings.h"

namespace moot {
namespace {

// The one whose documents are looked at, and somebody else.
Who drew(const std::string& role) { return Who(role, "", "Drew Exampleton", "1980-02-29"); }
Who somebody(const std::string& role) { return Who(role, "", "Robin Madeup", "1975-07-08"); }

v1::Event naming(const std::string& type, const std::string& id, const std::string& at,
                 const std::vector<Who>& people) {
  return make_event("uk.csp." + type + ".v1", "north-homes", id, at, people);
}

// The people of an event by their roles, each with a reference; whose matter it is, by their roles.
std::string whose(const std::string& type, const std::vector<std::string>& roles) {
  std::vector<Who> people;
  for (const std::string& role : roles) people.emplace_back(role, "P-" + role, "", "");
  const v1::Event event = naming(type, "r", "2021-03-01", people);
  std::string text;
  for (int i = 0; i < event.personal().people_size(); ++i)
    if (is_matter_of(event, i)) text += (text.empty() ? "" : " ") + event.personal().people(i).role();
  return text;
}

TEST(WhoseMatter, IsTheVictimsFirstAndOfNobodyWhoDidHarmButAlone) {
  EXPECT_EQ(whose("referral.made", {"subject", "victim"}), "victim");
  EXPECT_EQ(whose("referral.made", {"witness", "complainant", "perpetrator"}), "complainant");
  EXPECT_EQ(whose("referral.made", {"caller", "subject"}), "caller subject")
      << "a rough sleeper whom a neighbour rang about";
  EXPECT_EQ(whose("referral.made", {"reporter", "subject"}), "reporter subject");
  EXPECT_EQ(whose("referral.made", {"suspect", "relative"}), "relative");
  EXPECT_EQ(whose("referral.made", {"perpetrator"}), "perpetrator")
      << "a course for those who did harm is made for them";
  EXPECT_EQ(first_whose_matter(naming("referral.made", "r", "2021-03-01", {Who("subject"), Who("victim")})), 1);
  EXPECT_EQ(first_whose_matter(naming("referral.made", "r", "2021-03-01", {})), 0);
}

TEST(WhoseMatter, OfAReviewIsTheirsWhoAskForItAndOfAnOrderTheirsItIsMadeAgainst) {
  EXPECT_EQ(whose("review.applied", {"reporter", "subject"}), "reporter");
  EXPECT_EQ(whose("review.applied", {"subject", "complainant"}), "complainant");
  EXPECT_EQ(whose("order.issued", {"complainant", "subject"}), "subject");
  EXPECT_EQ(whose("order.issued", {"victim", "perpetrator"}), "perpetrator");
}

// An anonymous complainant is nobody's case, and hides nobody.
TEST(WhoseMatter, IsTheirsWhoAreSomebody) {
  const v1::Event event = naming("referral.made", "r", "2021-03-01", {Who("victim", "", "", ""), drew("subject")});
  EXPECT_TRUE(is_matter_of(event, 1));
  EXPECT_EQ(first_whose_matter(event), 1);
}

TEST(WhoseMatter, AThresholdIsNotDoneByTheReviewThatSomebodyElseAskedForAgainstThem) {
  const RulePack pack = pack_of(
      clock_of("threshold",
               "count = 2\nwithin_months = 6\nroles = [\"victim\"]\n[clock.version.where]\ntype = \"incident\"\n"
               "[clock.version.done]\ntype = \"review.applied\"\n"));
  const std::vector<v1::Event> reports = {incident("north-police", "a", "2021-03-01", drew("victim")),
                                          incident("north-police", "b", "2021-03-05", drew("victim"))};
  const auto lines = [&](const v1::Event& review) {
    std::vector<v1::Event> events = reports;
    events.push_back(review);
    return lines_on("2021-04-01", events, pack);
  };
  EXPECT_EQ(lines(naming("review.applied", "r", "2021-03-20", {somebody("complainant"), drew("subject")})),
            Lines{"reached 2021-03-05"});
  EXPECT_EQ(lines(naming("review.applied", "r", "2021-03-20", {drew("complainant"), somebody("subject")})),
            Lines{"done 2021-03-05"});
}

TEST(WhoseMatter, ADeadlineIsOfThoseForWhomItBeganAndIsDoneByWhatWasDoneForThem) {
  const RulePack pack = pack_of(
      clock_of("deadline",
               "months = 3\njoined_by = \"person\"\n[clock.version.where]\ntype = \"risk.assessed\"\nband = \"high\"\n"
               "[clock.version.done]\ntype = \"risk.assessed\"\n"));
  const auto assessed = [](const std::string& id, const std::string& at, const std::string& band,
                           const std::vector<Who>& people) {
    v1::Event event = naming("risk.assessed", id, at, people);
    event.mutable_facts()->mutable_risk()->set_band(band);
    return event;
  };
  const v1::Event high = assessed("h", "2021-01-04", "high", {somebody("perpetrator"), drew("victim")});
  const Findings open = findings_on("2021-03-20", {high}, pack);
  ASSERT_EQ(open.lines, Lines{"due 2021-04-04"});
  EXPECT_EQ(open.all[0].title, "Drew Exampleton, born 29 February 1980") << "whoever is named first";
  const v1::Event of_others = assessed("o", "2021-02-04", "standard", {drew("suspect"), somebody("victim")});
  EXPECT_EQ(lines_on("2021-03-20", {high, of_others}, pack), Lines{"due 2021-04-04"});
  const v1::Event again = assessed("n", "2021-02-04", "standard", {drew("victim")});
  EXPECT_EQ(lines_on("2021-03-20", {high, again}, pack), Lines{"done 2021-04-04"});
}

TEST(WhoseMatter, ARepeatFollowsWhatWasDoneForThemAlone) {
  const RulePack pack =
      pack_of(clock_of("repeat",
                       "months = 12\nroles = [\"victim\"]\n[clock.version.after]\ntype = \"referral.made\"\n"
                       "[clock.version.where]\ntype = \"incident\"\n"));
  const v1::Event later = incident("north-police", "i", "2021-02-01", drew("victim"));
  const auto made = [](const std::vector<Who>& people) { return naming("referral.made", "m", "2021-01-01", people); };
  EXPECT_EQ(lines_on("2021-03-01", {made({somebody("victim"), drew("perpetrator")}), later}, pack),
            Lines{"watched 2022-01-01"})
      << "of the other";
  EXPECT_EQ(lines_on("2021-03-01", {made({drew("victim"), somebody("perpetrator")}), later}, pack),
            (Lines{"repeat 2021-02-01"}));
}

TEST(WhoseMatter, ABandIsOfWhomeverWasAssessed) {
  const RulePack pack = pack_of(
      clock_of("bands", "band = [{ name = \"high\", from = 20 }]\n[clock.version.where]\ntype = \"risk.assessed\"\n"));
  v1::Event assessed = naming("risk.assessed", "r", "2021-01-04", {somebody("victim"), drew("suspect")});
  assessed.mutable_facts()->mutable_risk()->set_score(25);
  assessed.mutable_facts()->mutable_risk()->set_band("medium");
  const Findings found = findings_on("2021-03-20", {assessed}, pack);
  ASSERT_EQ(found.all.size(), 1u);
  EXPECT_EQ(found.all[0].title, "Robin Madeup, born 8 July 1975");
}

TEST(WhoseMatter, AListOfCallersTellsWhatWasDoneForTheCallerAndNotForTheirVictim) {
  const auto told = [](const std::vector<Who>& people) {
    std::vector<v1::Event> events;
    for (const char* day : {"2021-03-01", "2021-03-05", "2021-03-09"}) events.push_back(call(day, day, drew("caller")));
    events.push_back(naming("referral.completed", "w", "2021-03-03", people));
    const Result<v1::CallerList> list = make_caller_list(casebook_of(events), test_partnership(), test_policy(),
                                                         CallerQuery{{2021, 4, 13}, {}, {}, {}, {}});
    MOOT_CHECK_OK(list.status());
    MOOT_CHECK(list->callers_size() == 1);
    return list->callers(0).interventions_size();
  };
  EXPECT_EQ(told({somebody("victim"), drew("perpetrator")}), 0);
  EXPECT_EQ(told({somebody("victim"), drew("subject")}), 0);
  EXPECT_EQ(told({drew("subject")}), 1);
}

// What was one incident before its teller was erased is one afterwards.
TEST(ErasedReports, OfOneEveningAreOneIncidentAsBefore) {
  const RulePack pack =
      pack_of(clock_of("threshold",
                       "count = 2\nwithin_months = 6\nroles = [\"victim\"]\n[clock.version.where]\n"
                       "type = \"incident\"\n[clock.version.same_incident]\nhours = 2\nmetres = 50\n"));
  Who at_home = drew("victim");
  at_home.postcode = "OX99 1AA";
  std::vector<v1::Event> events = {incident("north-police", "a", "2021-03-01T20:00", at_home),
                                   incident("north-homes", "b", "2021-03-01T21:00", at_home)};
  EXPECT_EQ(lines_on("2021-04-01", events, pack), Lines{});
  v1::Event written_down = make_event("uk.csp.identity.confirmed.v1", "operator", "g", "2021-03-10");
  written_down.mutable_facts()->mutable_identity()->set_person("p-drew");
  for (v1::Event& event : events) {
    add_link(written_down, "record", event);
    v1::Person& person = *event.mutable_personal()->mutable_people(0);
    person.Clear();
    person.set_role("victim");
    person.set_erased(true);
  }
  events.push_back(written_down);
  EXPECT_EQ(lines_on("2021-04-01", events, pack), Lines{});
  events.push_back(incident("north-police", "c", "2021-03-05T20:00", Who("victim", "", "", "")));
  events.back().mutable_personal()->mutable_people(0)->set_erased(true);
  events[2] = written_down;
  add_link(events[2], "record", events[3]);
  EXPECT_EQ(lines_on("2021-04-01", events, pack), Lines{"reached 2021-03-05"}) << "another evening is another incident";
}

}  // namespace
}  // namespace moot
