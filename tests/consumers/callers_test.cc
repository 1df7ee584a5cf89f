#include <gtest/gtest.h>

#include <map>

#include "consumers/callers/caller_list.h"
#include "consumers/callers/calls.h"
#include "consumers/callers/policy.h"
#include "tests/consumers/case_events.h"

namespace moot {
namespace {

v1::CallerList list_of(const std::vector<v1::Event>& events, Date on, const CallerPolicy& policy = test_policy()) {
  Result<v1::CallerList> list =
      make_caller_list(casebook_of(events), test_partnership(), policy, CallerQuery{on, {}, {}, london("2030-01-01")});
  MOOT_CHECK_OK(list.status());
  return *list;
}

Who person(int number) {
  return Who{"caller", "ref-" + std::to_string(number), "Casey Number" + std::to_string(number), "", ""};
}

// So many calls of a person, two days apart, from 1 March 2021.
void add_calls(std::vector<v1::Event>& events, int number, int calls) {
  for (int i = 0; i < calls; ++i)
    events.push_back(call("p" + std::to_string(number) + "-" + std::to_string(i),
                          to_iso(plus_days(Date{2021, 3, 1}, i * 2)) + "T10:00", person(number)));
}

TEST(CallerPolicy, RefusesOverlappingVersionsAndMisspeltKeys) {
  const std::string head = "id = \"c\"\ntitle = \"C\"\n";
  const std::string rest = "channels = [\"101\"]\ncategories = [\"asb\"]\n";
  const std::string first = "[[version]]\nvalid_from = 2020-04-01\n";
  const std::string second = "[[version]]\nvalid_from = 2021-04-01\n";
  EXPECT_EQ(CallerPolicy::parse(head + first + rest + second + rest, "c.toml").status().code(), Code::kDefinition);
  EXPECT_TRUE(CallerPolicy::parse(head + first + "valid_to = 2021-04-01\n" + rest + second + rest, "c.toml").ok());
  EXPECT_FALSE(CallerPolicy::parse(head + first + rest + "topp = 9\n", "c.toml").ok());
  EXPECT_FALSE(CallerPolicy::parse(head + first, "c.toml").ok());
  EXPECT_FALSE(CallerPolicy::parse(head, "c.toml").ok());
}

TEST(CallerPolicy, IsChosenByTheDate) {
  const Result<CallerPolicy> policy = CallerPolicy::parse(
      "id = \"c\"\ntitle = \"C\"\n[[version]]\nvalid_from = 2020-04-01\nvalid_to = 2021-04-01\ntop = 5\n"
      "channels = [\"101\"]\ncategories = [\"asb\"]\n[[version]]\nvalid_from = 2021-04-01\ntop = 7\n"
      "channels = [\"101\"]\ncategories = [\"asb\"]\n",
      "c.toml");
  ASSERT_TRUE(policy.ok());
  EXPECT_EQ(policy->rule_on(Date{2021, 3, 31})->top, 5);
  EXPECT_EQ(policy->rule_on(Date{2021, 4, 1})->top, 7);
  EXPECT_EQ(policy->rule_on(Date{2020, 3, 31}).status().code(), Code::kDefinition);
}

TEST(CallerList, CountsCallsOfThePolicysChannelsAndCategoriesOnly) {
  v1::Event other_channel = call("c2", "2021-03-02T10:00", Who(), "council");
  v1::Event other_category = call("c3", "2021-03-03T10:00");
  other_category.mutable_facts()->mutable_contact()->set_category("traffic");
  v1::Event about = call("c4", "2021-03-04T10:00");
  about.mutable_facts()->mutable_contact()->clear_category();
  v1::Link& link = *about.mutable_envelope()->add_links();
  link.set_rel("about");
  link.set_source("/north-police/records");
  link.set_id("i1");
  const v1::CallerList list =
      list_of({call("c1", "2021-03-01T10:00"), other_channel, other_category, about,
               incident("north-police", "i1", "2021-03-04T09:00", Who{"witness", "", "Other Person"})},
              Date{2021, 4, 13});
  ASSERT_EQ(list.callers_size(), 1);
  EXPECT_EQ(list.callers(0).calls(), 2);
  EXPECT_EQ(list.callers(0).reasons(0).events_size(), 2);
}

TEST(CallerList, TakesWholeLocalDaysSoThatHalfPastMidnightInSummerIsTheFirstOfApril) {
  const v1::Event early = call("c1", "2020-04-01T00:30");  // 31 March in UTC
  EXPECT_EQ(to_rfc3339(time_of(early)), "2020-03-31T23:30:00Z");
  EXPECT_EQ(list_of({early}, Date{2020, 4, 1}).callers_size(), 0);
  EXPECT_EQ(list_of({early}, Date{2020, 4, 2}).callers_size(), 1);
  // The first day of the 90 is 1 April for 30 June, and no longer for 1 July.
  EXPECT_EQ(list_of({early}, Date{2020, 6, 30}).callers_size(), 1);
  EXPECT_EQ(list_of({early}, Date{2020, 7, 1}).callers_size(), 0);
}

TEST(Episodes, AreTwentyFourElapsedHoursAcrossTheOctoberClockChange) {
  // The clocks go back on 25 October 2020: 10:00 to 10:00 is 25 hours, 10:00 to 9:00 is 24, 10:00 to 8:59 is not.
  const auto episodes = [](const std::string& second) {
    const v1::Event a = call("a", "2020-10-24T10:00");
    const v1::Event b = call("b", second);
    return count_episodes({&a, &b}, 24);
  };
  EXPECT_EQ(episodes("2020-10-25T10:00"), 2);
  EXPECT_EQ(episodes("2020-10-25T09:00"), 2);
  EXPECT_EQ(episodes("2020-10-25T08:59"), 1);
}

TEST(Episodes, RunOnFromTheCallBefore) {
  std::vector<v1::Event> events;
  for (int i = 0; i < 4; ++i)
    events.push_back(
        call("c" + std::to_string(i), "2021-03-0" + std::to_string(i + 1) + (i % 2 ? "T09:00" : "T10:00")));
  // 10:00, 9:00 (23 hours), 10:00 (25 hours), 9:00 (23 hours).
  const v1::CallerList list = list_of(events, Date{2021, 4, 1});
  EXPECT_EQ(list.callers(0).calls(), 4);
  EXPECT_EQ(list.callers(0).episodes(), 2);
}

TEST(CallerList, SharesRanksAndListsEverybodyTiedWithTheLastPlace) {
  std::vector<v1::Event> events;
  for (const auto& [number, calls] : std::vector<std::pair<int, int>>{{1, 5}, {2, 4}, {3, 4}, {4, 3}, {5, 3}, {6, 2}})
    add_calls(events, number, calls);
  const v1::CallerList list = list_of(events, Date{2021, 4, 13}, test_policy("top = 4\n"));
  ASSERT_EQ(list.callers_size(), 5);
  std::vector<int> ranks;
  for (const v1::Caller& caller : list.callers()) ranks.push_back(caller.rank());
  EXPECT_EQ(ranks, (std::vector<int>{1, 2, 2, 4, 4}));
  EXPECT_LT(list.callers(1).person(), list.callers(2).person());
  EXPECT_EQ(list.considered(), 6);
  EXPECT_EQ(list_of(events, Date{2021, 4, 13}, test_policy("top = 3\n")).callers_size(), 3);
}

TEST(CallerList, RanksByEpisodesBeforeCalls) {
  std::vector<v1::Event> events;
  for (int i = 0; i < 6; ++i)
    events.push_back(call("many-" + std::to_string(i), "2021-03-01T1" + std::to_string(i) + ":00", person(1)));
  add_calls(events, 2, 2);
  const v1::CallerList list = list_of(events, Date{2021, 4, 13});
  ASSERT_EQ(list.callers_size(), 2);
  EXPECT_EQ(list.callers(0).name(), "Casey Number2");
  EXPECT_EQ(list.callers(1).calls(), 6);
  EXPECT_EQ(list.callers(1).episodes(), 1);
}

TEST(CallerList, CountsCallsOnBehalfApartAndCallsByNobodyInTheNotes) {
  v1::Event behalf = call("b1", "2021-03-05T10:00", Who{"subject", "ref-1", "", "", ""});
  behalf.mutable_facts()->mutable_contact()->set_on_behalf_of(true);
  v1::Event nobody = call("n1", "2021-03-06T10:00", Who{"caller", "", "Unknown", "", ""});
  std::vector<v1::Event> events = {behalf, nobody};
  add_calls(events, 1, 2);
  const v1::CallerList list = list_of(events, Date{2021, 4, 13});
  ASSERT_EQ(list.callers_size(), 1);
  EXPECT_EQ(list.callers(0).calls(), 2);
  bool told = false;
  for (const v1::Reason& reason : list.callers(0).reasons()) {
    told |=
        reason.text() == "1 call made for them by somebody else, not counted above." && reason.events(0).id() == "b1";
    EXPECT_GT(reason.events_size(), 0) << reason.text();
  }
  EXPECT_TRUE(told);
  ASSERT_EQ(list.notes_size(), 2);
  EXPECT_EQ(list.notes(0), "Calls less than 24 hours apart are one episode.");
  EXPECT_EQ(list.notes(1), "1 call names nobody who could be the caller, and counts for nobody here.");
}

TEST(CallerList, SaysWhoStaysWhoIsNewAndWhatIsKnownOfThoseWhoLeft) {
  std::vector<v1::Event> events;
  add_calls(events, 1, 6);  // 1 to 11 March 2021
  events.push_back(call("s1", "2021-03-10T10:00", person(2)));
  events.push_back(call("s2", "2021-06-10T10:00", person(2)));
  events.push_back(call("new", "2021-06-10T11:00", person(3)));
  v1::Event before = make_event("uk.csp.referral.made.v1", "north-health", "r0", "2021-03-02T10:00", {person(1)});
  before.mutable_facts()->mutable_referral()->set_scheme("too-early");
  before.mutable_personal()->mutable_people(0)->set_reference("H1");
  before.mutable_personal()->mutable_people(0)->set_born("1971-03-14");
  v1::Event after = before;
  after.mutable_envelope()->set_id("r1");
  *after.mutable_envelope()->mutable_time() = to_proto(london("2021-03-18T10:00"));
  after.mutable_facts()->mutable_referral()->set_stage(v1::Referral::ACCEPTED);
  after.mutable_facts()->mutable_referral()->set_scheme("harbour-light");
  for (v1::Event& event : events)
    if (event.personal().people(0).reference() == "ref-1")
      event.mutable_personal()->mutable_people(0)->set_born("1971-03-14");
  events.push_back(before);
  events.push_back(after);
  const v1::CallerList list = list_of(events, Date{2021, 6, 29});
  ASSERT_EQ(list.callers_size(), 2);
  for (const v1::Caller& caller : list.callers())
    EXPECT_EQ(caller.status(), caller.name() == "Casey Number2" ? "staying" : "new");
  ASSERT_EQ(list.left_size(), 1);
  EXPECT_EQ(list.left(0).name(), "Casey Number1");
  EXPECT_EQ(
      list.left(0).reason(),
      "No calls in the 90 days before 29 June 2021; 6 calls in the 90 days before that. Since the last call on 11 "
      "March 2021: referral to Harbour Light accepted on 18 March 2021 (North Health Trust).");
  EXPECT_EQ(list.left(0).events_size(), 7);
}

TEST(CallerList, NamesTheAgenciesThatKnowThePersonAndNotThoseThatOnlyAnsweredNo) {
  std::vector<v1::Event> events;
  add_calls(events, 1, 1);
  events.push_back(make_event("uk.csp.knowledge.no.v1", "north-homes", "k1", "2021-03-05",
                              {Who{"subject", "H", "Casey Number1", "1971-03-14"}}));
  events.push_back(make_event("uk.csp.knowledge.yes.v1", "north-health", "k2", "2021-03-05",
                              {Who{"subject", "H", "Casey Number1", "1971-03-14"}}));
  events[0].mutable_personal()->mutable_people(0)->set_born("1971-03-14");
  const v1::CallerList list = list_of(events, Date{2021, 4, 13});
  ASSERT_EQ(list.callers_size(), 1);
  EXPECT_EQ(std::vector<std::string>(list.callers(0).known_to().begin(), list.callers(0).known_to().end()),
            (std::vector<std::string>{"north-health", "north-police"}));
}

TEST(CallerList, SeesOnlyWhatWasKnownAtMidnight) {
  v1::Event late = call("c1", "2021-01-09T10:00");
  late.mutable_envelope()->set_backfill(true);
  *late.mutable_envelope()->mutable_known_time() = to_proto(london("2021-01-13T09:00"));
  const std::vector<v1::Event> events = {late, call("c2", "2021-02-01T10:00", person(2))};
  const Casebook casebook = casebook_of(events);
  const auto size = [&](Date on) {
    return make_caller_list(casebook, test_partnership(), test_policy(), CallerQuery{on, {}, {}, {}})->callers_size();
  };
  EXPECT_EQ(size(Date{2021, 1, 12}), 0);
  EXPECT_EQ(size(Date{2021, 1, 14}), 1);
}

TEST(CallerList, ListsAnAlarmLineAndAProfessionalAsLeftOutWithTheReason) {
  const CallerPolicy policy = test_policy(
      "[[version.left_out]]\nreason = \"an alarm line\"\nphones = [\"01632 960001\"]\nnames = [\"Lifeline Example\"]\n"
      "[[version.left_out]]\nreason = \"a professional\"\nroles = [\"professional\"]\n");
  std::vector<v1::Event> events;
  add_calls(events, 1, 2);
  v1::Event alarm = call("a1", "2021-03-02T10:00", Who{"caller", "", "Alarm Desk", ""});
  alarm.mutable_personal()->mutable_people(0)->set_reference("line-1");
  alarm.mutable_personal()->mutable_people(0)->add_phones("+44 1632 960001");
  events.push_back(alarm);
  events.push_back(call("a2", "2021-03-03T10:00", Who{"caller", "line-2", "LIFELINE Example", ""}));
  events.push_back(call("a3", "2021-03-04T10:00", Who{"professional", "nurse-1", "Nora Nurseworth", ""}));
  events.push_back(call("a4", "2019-03-04T10:00", Who{"professional", "nurse-2", "Long Ago", ""}));
  const v1::CallerList list = list_of(events, Date{2021, 3, 31}, policy);
  ASSERT_EQ(list.callers_size(), 1);
  EXPECT_EQ(list.callers(0).calls(), 2);
  std::map<std::string, std::string> reasons;
  for (const v1::LeftOutCaller& left : list.left_out()) reasons[left.name()] = left.reason();
  EXPECT_EQ(reasons, (std::map<std::string, std::string>{{"Alarm Desk", "an alarm line"},
                                                         {"LIFELINE Example", "an alarm line"},
                                                         {"Nora Nurseworth", "a professional"}}));
}

TEST(CallerPolicy, ListsWhoReachesAThresholdAndIsOfTheAge) {
  const Result<CallerPolicy> policy = CallerPolicy::parse(
      "id = \"jtm\"\ntitle = \"T\"\n[[version]]\nvalid_from = 2019-04-01\nchannels = [\"101\"]\n"
      "categories = [\"asb\"]\n[[policy]]\nid = \"adult\"\ntitle = \"Adults\"\n[[policy.version]]\n"
      "valid_from = 2019-04-01\nchannels = [\"101\"]\ncategories = [\"asb\"]\nage_from = 18\n"
      "thresholds = [{ episodes = 5, days = 30 }, { episodes = 12, days = 90 }]\n"
      "[[policy]]\nid = \"child\"\ntitle = \"Children\"\n[[policy.version]]\nvalid_from = 2019-04-01\n"
      "channels = [\"101\"]\ncategories = [\"asb\"]\nage_before = 18\n"
      "thresholds = [{ episodes = 3, days = 90 }]\n",
      "c.toml");
  ASSERT_TRUE(policy.ok()) << policy.status().message();
  EXPECT_EQ(policy->names(), (std::vector<std::string>{"jtm", "adult", "child"}));
  EXPECT_EQ(policy->named("nobody"), nullptr);
  std::vector<v1::Event> events;
  add_calls(events, 1, 5);
  add_calls(events, 2, 4);
  for (int i = 0; i < 6; ++i)
    events.push_back(call("child" + std::to_string(i), "2021-03-" + std::to_string(10 + 2 * i) + "T10:00",
                          Who{"caller", "ref-child", "Casey Young", "2005-06-01", ""}));
  const v1::CallerList adults = list_of(events, Date{2021, 3, 31}, *policy->named("adult"));
  ASSERT_EQ(adults.callers_size(), 1) << "four are not five, and a child is no adult";
  EXPECT_EQ(adults.callers(0).name(), "Casey Number1");
  EXPECT_EQ(adults.policy(), "adult 2019-04-01");
  EXPECT_NE(adults.callers(0).reasons(1).text().find("the rule asks for 5"), std::string::npos);
  const v1::CallerList children = list_of(events, Date{2021, 3, 31}, *policy->named("child"));
  ASSERT_EQ(children.callers_size(), 1);
  EXPECT_EQ(children.callers(0).name(), "Casey Young");
  EXPECT_EQ(list_of(events, Date{2021, 6, 15}, *policy->named("adult")).callers_size(), 0) << "all too long ago";
}

CallerPolicy communal_policy(const std::string& more) {
  return *CallerPolicy::parse(
      "id = \"communal\"\ntitle = \"T\"\n[[version]]\nvalid_from = 2019-04-01\nchannels = [\"101\"]\n"
      "categories = [\"asb\"]\nwindow_days = 30\nby = \"address\"\n" +
          more,
      "c.toml");
}

v1::Event call_from(const std::string& lines, const std::string& id, const std::string& time, int number) {
  static constexpr const char* kNames[] = {"", "Avery Alphaton", "Blake Bravoham", "Kit Charlieford", "Drew Deltaby"};
  v1::Event event = call(id, time, Who{"caller", "ref-" + std::to_string(number), kNames[number], ""});
  v1::Address& address = *event.mutable_personal()->mutable_people(0)->add_addresses();
  address.set_lines(lines);
  address.set_postcode("ZX1 1QZ");
  return event;
}

TEST(CallerPolicy, CountsAnAddressWithManyCallersAsAPlace) {
  std::vector<v1::Event> events;
  // A hostel: three people, of whom one calls four times and two once on the same evening; and a home of one.
  for (int i = 0; i < 4; ++i)
    events.push_back(
        call_from("Made-up House", "h" + std::to_string(i), "2021-03-0" + std::to_string(2 * i + 1) + "T10:00", 1));
  events.push_back(call_from("MADE-UP HOUSE", "h4", "2021-03-10T20:00", 2));
  events.push_back(call_from("Made-up House", "h5", "2021-03-10T21:00", 3));
  for (int i = 0; i < 9; ++i)
    events.push_back(
        call_from("1 Invented Row", "r" + std::to_string(i), "2021-03-" + std::to_string(10 + 2 * i) + "T10:00", 4));
  events.push_back(call("nowhere", "2021-03-12T10:00", person(5)));
  const v1::CallerList list =
      list_of(events, Date{2021, 3, 31}, communal_policy("thresholds = [{ episodes = 6, days = 30 }]\n"));
  ASSERT_EQ(list.callers_size(), 1) << "a home of one is somebody's, not a place";
  const v1::Caller& hostel = list.callers(0);
  EXPECT_EQ(hostel.calls(), 6);
  EXPECT_EQ(hostel.episodes(), 6) << "two people on one evening are two episodes";
  EXPECT_EQ(hostel.person().substr(0, 2), "l-") << "the case that the agenda's places have";
  EXPECT_EQ(hostel.name().substr(0, 13), "Made-up House");
  EXPECT_EQ(hostel.status(), "new");
  EXPECT_NE(hostel.reasons(0).text().find("6 calls of 3 people"), std::string::npos) << hostel.reasons(0).text();
  EXPECT_NE(hostel.reasons(1).text().find("the rule asks for 6"), std::string::npos);
  EXPECT_NE(list.notes(1).find("1 call gives no address"), std::string::npos) << list.notes(1);
  EXPECT_EQ(list_of(events, Date{2021, 3, 31}, communal_policy("callers_min = 4\n")).callers_size(), 0);
  EXPECT_EQ(list_of(events, Date{2021, 3, 31}, communal_policy("callers_min = 1\n")).callers(0).calls(), 9);
  const v1::CallerList later = list_of(events, Date{2021, 4, 29}, communal_policy(""));
  ASSERT_EQ(later.left_size(), 1);
  EXPECT_NE(later.left(0).reason().find("6 calls in the 30 days before that"), std::string::npos)
      << later.left(0).reason();
}

TEST(CallerPolicy, RefusesAnAgeThatNobodyIsOf) {
  const auto read = [](const std::string& ages) {
    return CallerPolicy::parse(
               "id = \"c\"\ntitle = \"C\"\n[[version]]\nvalid_from = 2019-04-01\nchannels = [\"101\"]\n"
               "categories = [\"asb\"]\n" +
                   ages,
               "c.toml")
        .status();
  };
  EXPECT_TRUE(read("age_from = 18\nage_before = 20\n").ok());
  EXPECT_NE(read("age_from = 20\nage_before = 20\n").message().find("key \"version.age_before\""), std::string::npos);
}

TEST(CallerPolicy, OfAddressesHasNoAge) {
  const Status refused = CallerPolicy::parse(
                             "id = \"c\"\ntitle = \"T\"\n[[version]]\nvalid_from = 2019-04-01\n"
                             "channels = [\"101\"]\ncategories = [\"asb\"]\nby = \"address\"\nage_from = 18\n",
                             "c.toml")
                             .status();
  EXPECT_EQ(refused.code(), Code::kDefinition);
  EXPECT_NE(refused.message().find("age_from"), std::string::npos) << refused.message();
}

}  // namespace
}  // namespace moot
