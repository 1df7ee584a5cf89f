// A meeting from the day it is scheduled until its minutes, by the commands that its secretary uses; and what each
// agency gets of it.
#include <gtest/gtest.h>

#include <set>

#include "broker/core/calendar.h"
#include "tests/contract/temporary_folder.h"
#include "tests/end_to_end/installation.h"

namespace moot {
namespace {

namespace fs = std::filesystem;
namespace json = boost::json;

class MeetingLife : public testing::Test {
 protected:
  MeetingLife() {
    fs::copy(fs::path(MOOT_SOURCE_DIR) / "tests/data/harbour-and-fell", folder_ / "partnership",
             fs::copy_options::recursive);
    const fs::path board = folder_ / "partnership/rules/tasking.toml";
    std::string text = read_text(board);
    text.insert(text.find("[[version]]"), "secretary = \"harbour-council\"\n");
    text.insert(text.find("subject_roles"),
                "cadence = { every = \"week\", weekday = \"tuesday\", papers_working_days = 2 }\n");
    write_text(board, text);
    // Somebody at high risk, known to the fire service alone.
    write_text(file("risk.jsonl"),
               R"({"specversion":"1.0","id":"R-1","source":"/harbour-fire/visits","type":"uk.csp.risk.assessed.v1",)"
               R"("time":")" +
                   to_rfc3339(SystemClock().now()) +
                   R"(","data":{"facts":{"risk":{"tool":"ram","band":"high","score":40}},"personal":{"people":[)"
                   R"({"role":"subject","names":[{"given":"Una","family":"Newcomer"}],"born":"1990-01-02"}]}}})"
                   "\n");
    EXPECT_EQ(here_.moot({"publish", file("risk.jsonl"), "--as", "harbour-fire"}).exit_code, 0);
  }

  std::string file(const std::string& name) const { return (folder_ / name).string(); }
  std::string done(const Words& words) const {
    const Ended ended = here_.moot(words);
    EXPECT_EQ(ended.exit_code, 0) << ended.err;
    return ended.out;
  }
  void refused(const Words& words, const std::string& says, int code = 2) const {
    const Ended ended = here_.moot(words);
    EXPECT_EQ(ended.exit_code, code) << ended.out << ended.err;
    EXPECT_NE(ended.err.find(says), std::string::npos) << ended.err;
  }
  json::object agenda(const std::string& on) const {
    return json_of(done({"agenda", "tasking", "--on", on, "--json"}));
  }
  json::object una(const std::string& on) const {
    const json::object agenda = this->agenda(on);
    for (const json::value& section : agenda.at("sections").as_array())
      for (const json::value& item : section.at("items").as_array())
        if (item.at("name").as_string() == "Una Newcomer" && section.at("kind").as_string() == "high-risk")
          return item.as_object();
    return {};
  }
  std::vector<json::object> actions(const std::string& on) const {
    std::vector<json::object> found;
    const json::object agenda = this->agenda(on);
    for (const json::value& section : agenda.at("sections").as_array())
      for (const json::value& item : section.at("items").as_array())
        for (const json::value& action : item.at("actions").as_array())
          if (section.at("kind").as_string() == "previous-actions") found.push_back(action.as_object());
    return found;
  }
  json::object only_action(const std::string& on) const {
    const std::vector<json::object> found = actions(on);
    EXPECT_EQ(found.size(), 1u);
    return found.empty() ? json::object{{"state", "none"}} : found.front();
  }
  std::set<std::string> states(const std::string& on) const {
    std::set<std::string> found;
    for (const json::object& action : actions(on)) found.insert(std::string(action.at("state").as_string()));
    return found;
  }
  // What is addressed to an agency is its own to read, where an agreement says so.
  void agree() const {
    std::string clauses =
        "id = \"core\"\nversion = \"1\"\ntitle = \"Core\"\nstarts = 2022-01-01\n"
        "[[clause]]\nreaders = [\"casebook\"]\ngrade = \"content\"\n";
    for (const char* agency : {"harbour-fire", "fell-probation"})
      clauses += "[[clause]]\nreaders = [\"" + std::string(agency) +
                 "\"]\nproviders = [\"harbour-council\", \"fell-probation\"]\ngrade = " +
                 "\"content\"\nbodies = [\"action\", \"knowledge\"]\ncategories = [\"" + agency + "\"]\n";
    write_text(file("core.toml"), clauses);
    done({"agreement", "add", file("core.toml")});
  }
  std::string answer_of(const std::string& agency) const {
    const json::object item = una(on_);
    for (const json::value& known : item.at("known_to").as_array())
      if (known.at("agency").as_string() == agency) return std::string(known.at("answer").as_string());
    return "";
  }
  json::array questions(const Words& more = {}) const {
    Words words = {"inbox", "list", "--json"};
    words.insert(words.end(), more.begin(), more.end());
    json::array found;
    const json::object listed = json_of(done(words));
    for (const json::value& item : listed.at("items").as_array())
      if (item.at("kind").as_string() == "unanswered") found.push_back(item);
    return found;
  }
  std::string question_to(const std::string& agency) const {
    for (const json::value& item : questions())
      if (item.at("agency").as_string() == agency) return std::string(item.at("item").as_string());
    return "";
  }

  const TemporaryFolder folder_;
  const Installation here_{folder_ / "data", folder_ / "partnership" / "partnership.toml"};
  const std::string on_ = to_iso(plus_days(local_date(SystemClock().now()), 7));
};

TEST_F(MeetingLife, IsScheduledByTheBoardsDays) {
  const Words schedule = {"meeting", "schedule", "tasking", "--from", "2027-03-22", "--to", "2027-04-08"};
  EXPECT_EQ(done(schedule),
            "Scheduled: Weekly Tasking on 23 March 2027; papers by 19 March 2027\n"
            "Scheduled: Weekly Tasking on 30 March 2027; papers by 26 March 2027\n"
            "Scheduled: Weekly Tasking on 6 April 2027; papers by 2 April 2027\n");
  EXPECT_EQ(done(schedule), "Nothing is left to be scheduled.\n");
  EXPECT_EQ(agenda("2027-03-24").at("next_meeting").as_string(), "2027-03-30");
  EXPECT_EQ(done({"meeting", "schedule", "tasking", "--on", "2027-04-03", "--instead-of", "2027-03-30"}),
            "Given up: Weekly Tasking on 30 March 2027\nScheduled: Weekly Tasking on 3 April 2027\n"
            "Note: 3 April 2027 is no working day\n");
  EXPECT_EQ(agenda("2027-03-24").at("next_meeting").as_string(), "2027-04-03");
  for (const std::string& event : here_.replay({"--type", "uk.csp.meeting.scheduled.v1"}))
    EXPECT_EQ(json_of(event).at("source").as_string(), "/harbour-council/meetings");
}

TEST_F(MeetingLife, TellsProgramsWhatWasSaidAndByWhichEvents) {
  const json::object scheduled =
      json_of(done({"meeting", "schedule", "tasking", "--from", "2027-03-22", "--to", "2027-03-25", "--json"}));
  EXPECT_EQ(scheduled.at("board").as_string(), "tasking");
  EXPECT_EQ(scheduled.at("told").at(0).as_string(),
            "Scheduled: Weekly Tasking on 23 March 2027; papers by 19 March 2027");
  ASSERT_EQ(scheduled.at("events").as_array().size(), 1u);
  const json::value& event = scheduled.at("events").at(0);
  EXPECT_EQ(json_of(here_.replay({"--type", "uk.csp.meeting.scheduled.v1"}).at(0)).at("id"), event.at("id"));
  write_text(file("ask.txt"), "Call on the tenant");
  const json::object action = json_of(done({"meeting", "action", "tasking", "--on", "2024-03-26", "--owner",
                                            "harbour-fire", "--text", file("ask.txt"), "--json"}));
  const std::string number(action.at("events").at(0).at("record").as_string());
  EXPECT_EQ(action.at("told").at(0).as_string(), "Set: action " + number + " of Harbour Fire and Rescue");
  const json::object outcome = json_of(done({"meeting", "outcome", "tasking", number, "done", "--json"}));
  EXPECT_EQ(outcome.at("events").at(0).at("record").as_string(), number);
}

// It would be on record, and every document would go on as if it had not been said.
TEST_F(MeetingLife, WhatDocumentsMayNotReadOfTheSecretaryIsNotPassedOver) {
  write_text(file("fire.toml"),
             "id = \"core\"\nversion = \"1\"\ntitle = \"Agreement of spring\"\nstarts = 2022-01-01\n[[clause]]\n"
             "readers = [\"casebook\"]\nproviders = [\"harbour-fire\"]\ngrade = \"content\"\n");
  done({"agreement", "add", file("fire.toml")});
  write_text(file("ask.txt"), "Fit two smoke alarms\n");
  const std::string says = "no agreement lets documents read what \"harbour-council\" says of meetings and actions";
  refused({"meeting", "schedule", "tasking", "--on", "2027-04-03"}, says, 1);
  refused({"meeting", "held", "tasking", "--on", on_, "--mode", "email"}, says, 1);
  refused({"meeting", "action", "tasking", "--on", on_, "--owner", "harbour-fire", "--text", file("ask.txt")}, says, 1);
}

TEST_F(MeetingLife, AsksWhoKnowsTheCaseAndShowsTheAnswersWithoutDisclosure) {
  EXPECT_EQ(answer_of("fell-probation"), "not asked");
  EXPECT_NE(done({"meeting", "ask", "tasking", "--on", on_, "--dry-run"}).find("Would be asked: Fell Probation Office"),
            std::string::npos);
  EXPECT_TRUE(questions().empty());
  const std::string told = done({"meeting", "ask", "tasking", "--on", on_});
  EXPECT_NE(told.find("Asked: Harbour and Fell Council, 1 case"), std::string::npos) << told;
  EXPECT_EQ(told.find("Harbour Fire"), std::string::npos) << told;  // has a record of its own
  EXPECT_NE(done({"meeting", "ask", "tasking", "--on", on_}).find("There is nothing to ask"), std::string::npos);
  EXPECT_EQ(answer_of("fell-probation"), "not answered");
  ASSERT_EQ(questions().size(), 2u);
  for (const json::value& item : questions())
    EXPECT_EQ(std::string(item.at("reason").as_string()).find("Una"), std::string::npos);
  const std::string probation = question_to("fell-probation"), council = question_to("harbour-council");
  refused({"meeting", "answer", probation, "yes"}, "give --as AGENCY");
  refused({"meeting", "answer", probation, "yes", "--as", "harbour-fire"}, "was asked of \"fell-probation\"", 1);
  refused({"meeting", "answer", probation, "perhaps", "--as", "fell-probation"}, "expected yes, no or declined");
  refused({"inbox", "drop", probation, "--reason", "x"}, "goes when it is answered");
  EXPECT_EQ(done({"meeting", "answer", probation, "declined", "--as", "fell-probation"}), "Answered: declined\n");
  done({"meeting", "answer", council, "no", "--as", "harbour-council"});
  EXPECT_EQ(answer_of("fell-probation"), "declined");
  EXPECT_EQ(answer_of("harbour-council"), "no");
  EXPECT_TRUE(questions().empty());
  refused({"meeting", "answer", probation, "yes", "--as", "fell-probation"}, "waits for an answer (any more)", 1);
}

TEST_F(MeetingLife, IsHeldDecidesAsksAndIsMinuted) {
  write_text(file("ask.txt"), "Fit two smoke alarms\n");
  write_text(file("said.txt"), "Visited twice since March.\n");
  const std::string person(una(on_).at("case").as_string());
  refused({"meeting", "held", "tasking", "--on", on_, "--present", "harbour-council,harbour-fire", "--apologies",
           "harbour-fire"},
          "\"harbour-fire\" is named twice", 2);
  EXPECT_EQ(done({"meeting", "held", "tasking", "--on", on_, "--mode", "email", "--present", "harbour-council",
                  "--by-email", "harbour-fire", "--apologies", "fell-probation"})
                .substr(0, 22),
            "Held: Weekly Tasking o");
  done({"meeting", "decide", "tasking", "--on", on_, person, "kept", "--reason", "alarms-to-be-fitted", "--text",
        file("said.txt")});
  const std::string set = done({"meeting", "action", "tasking", "--on", on_, "--owner", "harbour-fire", "--due", on_,
                                "--person", person, "--text", file("ask.txt")});
  EXPECT_NE(set.find("of Harbour Fire and Rescue"), std::string::npos) << set;
  const json::object minutes = json_of(done({"minutes", "tasking", "--on", on_, "--json"}));
  EXPECT_EQ(minutes.at("mode").as_string(), "email");
  EXPECT_EQ(minutes.at("attendance").as_array().size(), 3u);
  ASSERT_EQ(minutes.at("decisions").as_array().size(), 1u);
  EXPECT_EQ(minutes.at("decisions").at(0).at("case").as_string(), person);
  EXPECT_EQ(minutes.at("decisions").at(0).at("note").as_string(), "Visited twice since March.");
  ASSERT_EQ(minutes.at("actions").as_array().size(), 1u);
  EXPECT_EQ(minutes.at("actions").at(0).at("text").as_string(), "Fit two smoke alarms");
  for (const char* format : {"html", "md", "odt", "csv"}) {
    const std::string out = file(std::string("minutes.") + format);
    done({"minutes", "tasking", "--on", on_, "--output", out});
    EXPECT_FALSE(read_text(out).empty()) << format;
  }
  done({"minutes", "tasking", "--on", on_, "--issue", "--to", "harbour-fire", "--output", file("issued.html")});
  EXPECT_NE(read_text(file("issued.html")).find("OFFICIAL · copy 1, for Harbour Fire and Rescue"), std::string::npos);
  // The next agenda begins with what was asked, and says what was decided.
  const std::string next = to_iso(plus_days(*parse_date(on_), 7));
  const json::object after = agenda(next);
  EXPECT_EQ(after.at("last_meeting").as_string(), on_);
  const json::array& actions = after.at("sections").at(0).at("items").as_array();
  ASSERT_EQ(actions.size(), 1u);
  EXPECT_EQ(actions[0].at("case").as_string(), person);  // of the same person, though the record is another's
  EXPECT_EQ(actions[0].at("actions").at(0).at("owner").as_string(), "harbour-fire");
  EXPECT_EQ(una(next).at("decisions").at(0).at("decision").as_string(), "kept");
}

// The secretary keeps the list of actions: what became of each stands on the next agenda.
TEST_F(MeetingLife, SaysWhatBecameOfAnAction) {
  write_text(file("ask.txt"), "Fit two smoke alarms\n");
  EXPECT_NE(done({"meeting", "held", "tasking", "--on", on_}).find("is still to come"), std::string::npos);
  const std::string today = to_iso(plus_days(*parse_date(on_), -7));
  const std::string set = done({"meeting", "action", "tasking", "--on", today, "--owner", "harbour-fire", "--due",
                                today, "--text", file("ask.txt")});
  const std::string number = set.substr(12, set.find(" of ") - 12);
  const std::string next = to_iso(plus_days(*parse_date(on_), -1)), later = to_iso(plus_days(*parse_date(on_), 1));
  const auto action = [&]() -> json::object {
    const json::object agenda = this->agenda(next);
    for (const json::value& section : agenda.at("sections").as_array())
      for (const json::value& item : section.at("items").as_array())
        for (const json::value& action : item.at("actions").as_array())
          if (action.at("action").as_string() == number) return action.as_object();
    return {{"state", "none"}, {"due", ""}, {"carried", 0}, {"text", ""}};
  };
  EXPECT_EQ(action().at("state").as_string(), "overdue");
  const Words outcome = {"meeting", "outcome", "tasking", number};
  const auto with = [&](Words more) {
    more.insert(more.begin(), outcome.begin(), outcome.end());
    return more;
  };
  EXPECT_NE(done(with({"carried", "--due", later})).find("is carried over, due on "), std::string::npos);
  EXPECT_EQ(action().at("state").as_string(), "open");
  EXPECT_EQ(action().at("due").as_string(), later);
  EXPECT_EQ(action().at("carried").as_int64(), 1);
  EXPECT_EQ(action().at("text").as_string(), "Fit two smoke alarms") << "what is not said again stays";
  EXPECT_NE(done(with({"done"})).find("Harbour Fire and Rescue is done"), std::string::npos);
  EXPECT_EQ(action().at("state").as_string(), "done");
  refused(with({"perhaps"}), "expected done, not-done");
  refused(with({"done", "--due", later}), "for an action carried over");
  refused(with({"done", "--on", later}), "is still to come");
  refused(with({"done", "--on", "2021-02-30"}), "--on");
  refused(with({"done", "--on", to_iso(plus_days(*parse_date(today), -1))}), "the action was set on ");
  refused(with({"carried", "--due", "tomorrow"}), "--due");
  refused(with({"done", "--as", "fell-probation"}), "is given no action \"" + number + "\"", 1);
  refused({"meeting", "outcome", "tasking", "A-0", "done"}, "has no action \"A-0\"", 1);
}

// Who did it may say so; the board has the last word.
TEST_F(MeetingLife, HearsFromTheOwnerWhatBecameOfAnAction) {
  agree();
  write_text(file("ask.txt"), "Fit two smoke alarms\n");
  const std::string today = to_iso(local_date(SystemClock().now()));
  const std::string set = done({"meeting", "action", "tasking", "--on", today, "--owner", "harbour-fire", "--due",
                                today, "--text", file("ask.txt")});
  const std::string number = set.substr(12, set.find(" of ") - 12);
  const Words by_owner = {"--as", "harbour-fire"};
  const auto outcome = [&](const std::string& word, const Words& more = {}) {
    Words words = {"meeting", "outcome", "tasking", number, word};
    words.insert(words.end(), more.begin(), more.end());
    return words;
  };
  refused(outcome("carried", by_owner), "an action's owner says done, not-done or overtaken");
  refused(outcome("escalated", by_owner), "an action's owner says done, not-done or overtaken");
  EXPECT_EQ(done(outcome("done", by_owner)), "On record: action " + number + " of Harbour Fire and Rescue is done\n");
  json::object action = only_action(on_);
  EXPECT_EQ(action.at("state").as_string(), "done");
  EXPECT_EQ(action.at("rag").as_string(), "green");
  EXPECT_EQ(action.at("evidence").at(0).at("text").as_string(),
            "done, as its owner said on " + to_words(local_date(SystemClock().now())));
  for (const std::string& event : here_.replay({"--type", "uk.csp.action.done.v1"}))
    EXPECT_EQ(json_of(event).at("source").as_string(), "/harbour-fire/actions") << "in its own name";
  done(outcome("not-done"));
  action = only_action(on_);
  EXPECT_EQ(action.at("state").as_string(), "not done") << "the board has the last word";
  EXPECT_EQ(action.at("text").as_string(), "Fit two smoke alarms");
}

// Another agency's list is not the board's: what it puts there binds nobody until the secretary takes it up.
TEST_F(MeetingLife, AnActionOfAnotherAgencyIsProposedUntilTheSecretaryTakesItUpOrEndsIt) {
  const auto publish = [&](const std::string& id) {
    write_text(file("proposed.jsonl"),
               R"({"specversion":"1.0","id":")" + id +
                   R"(","source":"/fell-probation/tasks","type":"uk.csp.action.set.v1","time":")" +
                   to_rfc3339(SystemClock().now()) +
                   R"(","data":{"facts":{"action":{"board":"tasking","setOn":"2024-05-07","owner":"harbour-fire",)"
                   R"("due":"2024-05-14"}},"personal":{"people":[{"role":"subject","names":[{"given":"Una",)"
                   R"("family":"Newcomer"}],"born":"1990-01-02"}],"texts":[{"field":"action","text":"Visit )" +
                   id + "\"}]}}}\n");
    done({"publish", file("proposed.jsonl"), "--as", "fell-probation"});
  };
  publish("P-1");
  json::object action = only_action(on_);
  EXPECT_EQ(action.at("state").as_string(), "proposed");
  EXPECT_EQ(action.at("rag").as_string(), "") << "nobody is late with it";
  EXPECT_EQ(action.at("evidence").at(0).at("text").as_string(), "proposed by Fell Probation Office");
  EXPECT_NE(agenda(on_).at("last_meeting").as_string(), "2024-05-07") << "nor was there a meeting";
  EXPECT_NE(done({"agenda", "tasking", "--on", on_, "--format", "md"}).find("Proposed: another agency put it"),
            std::string::npos);
  EXPECT_EQ(done({"calendar", "tasking", "--from", "2024-05-01", "--to", "2024-06-01"}).find("ACTION"),
            std::string::npos);
  const Words outcome = {"meeting", "outcome", "tasking", "P-1"};
  const auto with = [&](const Words& more) {
    Words words = outcome;
    words.insert(words.end(), more.begin(), more.end());
    return words;
  };
  refused(with({"done", "--as", "fell-probation"}), "or by the action's owner, \"harbour-fire\"", 1);  // its own record
  EXPECT_NE(done(with({"taken-up", "--due", on_})).find("of Harbour Fire and Rescue is taken up"), std::string::npos);
  action = only_action(on_);
  EXPECT_EQ(action.at("state").as_string(), "open");
  EXPECT_EQ(action.at("due").as_string(), on_);
  EXPECT_EQ(action.at("text").as_string(), "Visit P-1");
  EXPECT_NE(action.at("action").as_string(), "P-1") << "a record of the secretary's own";
  refused(with({"taken-up"}), "need not be taken up");
  done(with({"overtaken"}));  // the number of before leads to it too
  EXPECT_EQ(only_action(on_).at("state").as_string(), "overtaken");
  EXPECT_EQ(here_.replay({"--type", "action", "--agency", "harbour-council", "--from", "2025-01-01"}).size(), 2u);
  publish("P-2");
  done({"meeting", "outcome", "tasking", "P-2", "not-done"});
  EXPECT_EQ(states(on_), (std::set<std::string>{"overtaken", "not done"})) << "ended without being taken up first";
}

TEST_F(MeetingLife, SendsAnActionAndAQuestionToTheAgencyTheyAreAddressedToAlone) {
  agree();
  write_text(file("ask.txt"), "Fit two smoke alarms\n");
  done({"meeting", "ask", "tasking", "--on", on_});
  done({"meeting", "action", "tasking", "--on", on_, "--owner", "harbour-fire", "--text", file("ask.txt")});
  const auto read = [&](const std::string& agency, const std::string& body) {
    return here_.replay({"--as", agency, "--type", body, "--agency", "harbour-council"}).size();
  };
  EXPECT_EQ(read("harbour-fire", "action"), 1u);
  EXPECT_EQ(read("fell-probation", "action"), 0u);
  EXPECT_EQ(read("fell-probation", "knowledge"), 1u);
  EXPECT_EQ(read("harbour-fire", "knowledge"), 0u);
  // The agency sees its question in its own inbox, and whom it is about.
  const json::array own = questions({"--as", "fell-probation"});
  ASSERT_EQ(own.size(), 1u);
  const Ended shown =
      here_.moot({"inbox", "show", std::string(own[0].at("item").as_string()), "--as", "fell-probation"});
  EXPECT_NE(shown.out.find("About: Una Newcomer, born 2 January 1990"), std::string::npos) << shown.out << shown.err;
  EXPECT_TRUE(questions({"--as", "harbour-fire"}).empty());
}

TEST_F(MeetingLife, RefusesWhatMakesNoSense) {
  write_text(file("ask.txt"), "Fit alarms\n");
  refused({"meeting", "held", "jtm", "--on", on_}, "there is no board \"jtm\"");
  refused({"meeting", "held", "tasking", "--on", "2024-02-30"}, "--on");
  refused({"meeting", "held", "tasking", "--on", on_, "--present", "nobody"}, "there is no agency \"nobody\"");
  refused({"meeting", "schedule", "tasking"}, "give --on, or --from and --to");
  refused({"meeting", "schedule", "tasking", "--area", "harbour", "--on", on_}, "leave --area out");
  const std::string no_tuesday = to_iso(plus_days(*parse_date("2027-03-30"), 1));
  refused({"meeting", "schedule", "tasking", "--on", "2027-04-03", "--instead-of", no_tuesday},
          "no meeting of the board \"tasking\" is on record for 31 March 2027", 1);
  refused({"meeting", "decide", "tasking", "--on", on_, "p-nobody", "kept", "--reason", "x"}, "there is no person", 1);
  refused({"meeting", "decide", "tasking", "--on", on_, "p-nobody", "kept"}, "--reason says why");
  refused({"meeting", "action", "tasking", "--on", on_, "--owner", "harbour-fire,harbour-council", "--text",
           file("ask.txt")},
          "has one owner");
  refused({"meeting", "held", "tasking", "--on", on_, "--as", "harbour-fire"}, "is said by their secretary", 1);
  refused({"meeting", "decide", "tasking", "--on", on_, "p-nobody", "deferred", "--reason", "x", "--until", on_},
          "that day is not after the meeting");
  refused({"meeting", "action", "tasking", "--on", on_, "--owner", "harbour-fire", "--due", "2024-01-01", "--text",
           file("ask.txt")},
          "that day is before the meeting");
  refused({"minutes", "tasking", "--on", on_}, "nothing of a meeting of the board", 1);
  std::string board = read_text(folder_ / "partnership/rules/tasking.toml");
  board.replace(board.find("harbour-council"), 15, "harbour-nobody");
  write_text(folder_ / "partnership/rules/tasking.toml", board);
  refused({"minutes", "tasking", "--on", on_}, "none of the partnership's agencies", 1);
}

}  // namespace
}  // namespace moot
