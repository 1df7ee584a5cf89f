// What changed between two agendas: the events that only one of them rests on, and exactly the cases that differ.
#include "consumers/document/agenda_difference.h"

#include <gtest/gtest.h>

#include <set>
#include <sstream>

#include "consumers/agenda/agenda.h"
#include "consumers/document/json.h"
#include "tests/consumers/case_events.h"

namespace moot {
namespace {

namespace json = boost::json;

json::object agenda_of(const std::vector<v1::Event>& events, const std::string& as_at = "2021-06-01") {
  Result<v1::Agenda> agenda =
      make_agenda(casebook_of(events), test_partnership(), test_policy(), test_board(), {{2021, 4, 13}, london(as_at)});
  MOOT_CHECK_OK(agenda.status());
  return *read_document(to_json(*agenda), "board", "an agenda");
}

json::object difference(const json::object& before, const json::object& after) {
  Result<json::object> found = agenda_difference(before, after);
  MOOT_CHECK_OK(found.status());
  return *found;
}

Who named(const std::string& name) { return Who("victim", "", "Casey " + name, "1980-02-29"); }

std::vector<v1::Event> some_events() {
  return {incident("north-police", "a1", "2021-03-01", named("Alpha")),
          incident("north-police", "a2", "2021-03-05", named("Alpha")),
          incident("north-homes", "b1", "2021-03-02", named("Bravo")),
          incident("north-homes", "b2", "2021-03-03", named("Bravo")),
          risk("r1", "2021-02-02", named("Charlie"), "high", 33)};
}

TEST(AgendaDifference, OfTheSameEventsIsNone) {
  const json::object same = difference(agenda_of(some_events()), agenda_of(some_events()));
  EXPECT_TRUE(same.at("same").as_bool());
  for (const char* list : {"events", "cases", "not_listed", "other"}) EXPECT_TRUE(same.at(list).as_array().empty());
  EXPECT_EQ(difference_in_words(same), "The two agendas are the same.\n");
}

TEST(AgendaDifference, AfterOneLateEventIsThatEventAndTheCaseItBelongsTo) {
  std::vector<v1::Event> events = some_events();
  const json::object before = agenda_of(events);
  events.push_back(incident("north-homes", "late", "2021-03-20", named("Alpha")));
  const json::object found = difference(before, agenda_of(events));
  EXPECT_FALSE(found.at("same").as_bool());
  ASSERT_EQ(found.at("events").as_array().size(), 1u);
  EXPECT_EQ(found.at("events").at(0).at("id").as_string(), "late");
  EXPECT_EQ(found.at("events").at(0).at("change").as_string(), "new");
  ASSERT_EQ(found.at("cases").as_array().size(), 1u) << json::serialize(found);
  const json::object& alpha = found.at("cases").at(0).as_object();
  EXPECT_EQ(alpha.at("title").as_string(), "Casey Alpha, born 29 February 1980");
  EXPECT_EQ(alpha.at("change").as_string(), "changed");
  EXPECT_LT(alpha.at("score").at("before").as_int64(), alpha.at("score").at("after").as_int64());
  EXPECT_EQ(alpha.at("case"), found.at("events").at(0).at("cases").at(0));
  // The points of the reasons that came and went make the difference of the scores.
  std::int64_t sum = 0;
  for (const json::value& reason : alpha.at("reasons").as_array())
    sum += (reason.at("change").as_string() == "new" ? 1 : -1) * reason.at("points").as_int64();
  EXPECT_EQ(sum, alpha.at("score").at("after").as_int64() - alpha.at("score").at("before").as_int64());
  EXPECT_NE(difference_in_words(found).find("1 case listed otherwise:"), std::string::npos);
  EXPECT_NE(difference_in_words(found).find("new: /north-homes/records late, of p-"), std::string::npos)
      << difference_in_words(found);
}

TEST(AgendaDifference, TellsWhatElseOfACaseIsOtherwise) {
  std::vector<v1::Event> events = some_events();
  const json::object before = agenda_of(events);
  events.push_back(make_event("uk.csp.closure.case-closed.v1", "north-health", "k", "2021-03-30", {named("Alpha")}));
  const std::string text = difference_in_words(difference(before, agenda_of(events)));
  EXPECT_NE(text.find("\n  known to north-health: not asked, now yes\n"), std::string::npos) << text;
  v1::Event kept = of_meeting("m", "kept", "2021-03-09");
  kept.mutable_personal()->add_people()->CopyFrom(events[0].personal().people(0));
  const json::object then = agenda_of(events);
  events.push_back(kept);
  const std::string decided = difference_in_words(difference(then, agenda_of(events)));
  EXPECT_NE(decided.find("also different: what was decided"), std::string::npos) << decided;
  EXPECT_NE(decided.find("1 other thing:\n- what the agencies have sent\n"), std::string::npos) << decided;
  events.push_back(of_meeting("h", "held", "2021-03-09"));
  const std::string held = difference_in_words(difference(then, agenda_of(events)));
  EXPECT_NE(held.find("- the meeting before this one: not known, now 9 March 2021\n"), std::string::npos) << held;
  events.push_back(make_event("uk.csp.closure.case-closed.v1", "north-health", "k2", "2021-04-02", {named("Alpha")}));
  const std::string newer = difference_in_words(difference(then, agenda_of(events)));
  EXPECT_NE(newer.find("from when the newest record of an agency is"), std::string::npos) << newer;
}

// A field that is added to the lines of an agenda is told of without another word here.
TEST(AgendaDifference, TellsOfAnyFieldOfACaseOrOfTheAgenda) {
  const json::object before = agenda_of(some_events());
  json::object after = before;
  for (json::value& section : after.at("sections").as_array())
    if (!section.at("items").as_array().empty()) section.at("items").at(0).as_object()["walked_past"] = true;
  after["chaired_by"] = "north-police";
  after["moved_from"] = "2021-04-12";
  const std::string text = difference_in_words(difference(before, after));
  EXPECT_NE(text.find("changed; also different: walked past\n"), std::string::npos) << text;
  EXPECT_NE(text.find("- chaired by: nothing, now north-police\n"), std::string::npos) << text;
  EXPECT_NE(text.find("- the day that this meeting was moved from: none, now 12 April 2021\n"), std::string::npos)
      << text;
}

// Who stands in a section and beside it among the previous actions has two lines, and is one case.
TEST(AgendaDifference, TellsACaseOnceHoweverManySectionsItStandsIn) {
  std::vector<v1::Event> events = some_events();
  const auto asked = [](const std::string& id) {
    return action(id, "set", "2021-03-09", "2021-03-09", "2021-03-30", {named("Alpha")});
  };
  events.push_back(asked("x1"));
  const json::object before = agenda_of(events);
  events.push_back(asked("x2"));
  events.push_back(incident("north-homes", "late", "2021-03-20", named("Alpha")));
  const json::object found = difference(before, agenda_of(events));
  EXPECT_EQ(found.at("cases").as_array().size(), 2u) << "a line in each section";
  const std::string text = difference_in_words(found);
  EXPECT_NE(text.find("1 case listed otherwise:"), std::string::npos) << text;
  std::size_t told = 0;
  for (std::size_t at = text.find("Casey Alpha"); at != std::string::npos; at = text.find("Casey Alpha", at + 1))
    ++told;
  EXPECT_EQ(told, 1u) << text;
  std::set<std::string> lines;
  std::istringstream reading(text);
  for (std::string line; std::getline(reading, line);)
    EXPECT_TRUE(line.empty() || lines.insert(line).second) << "twice: " << line;
}

TEST(AgendaDifference, TellsWhoCameWentAndMoved) {
  std::vector<v1::Event> events = some_events();
  const json::object before = agenda_of(events);
  events.erase(events.begin() + 4);                                          // Charlie's assessment
  events.push_back(risk("r2", "2021-03-02", named("Bravo"), "medium", 25));  // up into another section
  events.push_back(incident("north-homes", "d1", "2021-03-02", named("Delta")));
  events.push_back(incident("north-homes", "d2", "2021-03-04", named("Delta")));
  const json::object found = difference(before, agenda_of(events));
  std::set<std::string> changes;
  for (const json::value& one : found.at("cases").as_array())
    changes.insert(std::string(one.at("title").as_string().subview(0, 11)) + " " +
                   std::string(one.at("change").as_string()));
  EXPECT_EQ(changes,
            (std::set<std::string>{"Casey Bravo moved", "Casey Charl no longer listed", "Casey Delta listed"}));
}

TEST(AgendaDifference, RefusesWhatIsNoAgendaOrOneOfAnotherBoard) {
  for (const char* text : {"", "[]", "{\"report\": \"annual\"}", "<html>"}) {
    const Status status = read_document(text, "board", "an agenda").status();
    EXPECT_EQ(status.code(), Code::kUsage);
    EXPECT_NE(status.message().find("--diff takes an agenda written with --format json"), std::string::npos);
  }
  json::object other = agenda_of(some_events());
  other["board"] = "nag";
  const Status status = agenda_difference(other, agenda_of(some_events())).status();
  EXPECT_EQ(status.code(), Code::kUsage);
  EXPECT_NE(status.message().find("an agenda of the board \"nag\", and this is of \"jtm\""), std::string::npos);
  // Whatever stands in it, nothing ends the program.
  EXPECT_TRUE(agenda_difference(*read_document("{\"board\": \"jtm\", \"sections\": [1, {\"items\": {}}]}", "board", ""),
                                agenda_of(some_events()))
                  .ok());
}

}  // namespace
}  // namespace moot
