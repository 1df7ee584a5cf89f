// "Known to you?" from the moment it is asked until it is answered or taken back: once for each case and agency, and
// never without a way for the agency to be rid of it.
#include <gtest/gtest.h>

#include "broker/core/calendar.h"
#include "tests/contract/temporary_folder.h"
#include "tests/end_to_end/installation.h"

namespace moot {
namespace {

namespace fs = std::filesystem;
namespace json = boost::json;

// A risk pack of one clock, so that whoever is at high risk stands in two sections.
constexpr const char* kPack =
    "id = \"ours\"\ntitle = \"Ours\"\nversion = \"1\"\n[[clock]]\nid = \"visit\"\ntitle = \"Visit\"\n"
    "kind = \"deadline\"\n[[clock.version]]\nvalid_from = 2020-01-01\nsource = \"Ours\"\ndays = 10\n"
    "[clock.version.where]\ntype = \"risk.assessed\"\n[clock.version.done]\ntype = [\"referral.completed\"]\n";

class MeetingQuestions : public testing::Test {
 protected:
  MeetingQuestions() {
    fs::copy(fs::path(MOOT_SOURCE_DIR) / "tests/data/harbour-and-fell", folder_ / "partnership",
             fs::copy_options::recursive);
    std::string config = read_text(here_.config());
    write_text(here_.config(), config.insert(config.find("[[agency]]"), "rules = [\"rules/pack.toml\"]\n"));
    write_text(folder_ / "partnership/rules/pack.toml", kPack);
    const fs::path board = folder_ / "partnership/rules/tasking.toml";
    std::string text = read_text(board);
    text.insert(text.find("[[version]]"), "secretary = \"harbour-council\"\n");
    text += "\n[[version.section]]\nid = \"clocks\"\ntitle = \"Clocks\"\nkind = \"clocks\"\nclocks = [\"visit\"]\n";
    write_text(board, text);
    // Somebody at high risk, known to the fire service alone.
    publish("R-1", "/harbour-fire/visits", "uk.csp.risk.assessed.v1",
            R"({"facts":{"risk":{"tool":"ram","band":"high","score":40}},"personal":{"people":[)"
            R"({"role":"subject","names":[{"given":"Una","family":"Newcomer"}],"born":"1990-01-02"}]}})");
  }

  void publish(const std::string& id, const std::string& source, const std::string& type,
               const std::string& data) const {
    write_text(folder_ / "events.jsonl", R"({"specversion":"1.0","id":")" + id + R"(","source":")" + source +
                                             R"(","type":")" + type + R"(","time":")" + yesterday() + R"(","data":)" +
                                             data + "}\n");
    done({"publish", (folder_ / "events.jsonl").string(), "--as", source.substr(1, source.find('/', 1) - 1)});
  }
  // As a system of the secretary's says it, rather than `moot meeting held`.
  void held_by_export() const {
    publish("M-1", "/harbour-council/calendar", "uk.csp.meeting.held.v1",
            R"({"facts":{"meeting":{"board":"tasking","on":")" + today_ + R"("}}})");
  }
  // What is addressed to an agency is its own to read; that a meeting was held is not.
  void agree() const {
    write_text(folder_ / "core.toml",
               "id = \"core\"\nversion = \"1\"\ntitle = \"Core\"\nstarts = 2022-01-01\n"
               "[[clause]]\nreaders = [\"casebook\"]\ngrade = \"content\"\n"
               "[[clause]]\nreaders = [\"fell-probation\"]\nproviders = [\"harbour-council\"]\ngrade = \"content\"\n"
               "bodies = [\"action\", \"knowledge\"]\ncategories = [\"fell-probation\"]\n");
    done({"agreement", "add", (folder_ / "core.toml").string()});
  }
  std::string done(const Words& words) const {
    const Ended ended = here_.moot(words);
    EXPECT_EQ(ended.exit_code, 0) << ended.err;
    return ended.out;
  }
  std::string ask(const std::string& on) const { return done({"meeting", "ask", "tasking", "--on", on}); }
  json::array questions(const Words& more = {}) const {
    Words words = {"inbox", "list", "--json"};
    words.insert(words.end(), more.begin(), more.end());
    json::array found;
    const json::object listed = json_of(done(words));
    for (const json::value& item : listed.at("items").as_array())
      if (item.at("kind").as_string() == "unanswered") found.push_back(item);
    return found;
  }
  json::array of_probation() const { return questions({"--as", "fell-probation"}); }
  // What an agenda of the day, as at an instant, says of whether probation knows her.
  std::string known(const std::string& on, const std::string& as_at) const {
    const json::object agenda = json_of(done({"agenda", "tasking", "--on", on, "--as-at", as_at, "--json"}));
    for (const json::value& section : agenda.at("sections").as_array())
      for (const json::value& item : section.at("items").as_array())
        for (const json::value& known : item.at("known_to").as_array())
          if (known.at("agency").as_string() == "fell-probation") return std::string(known.at("answer").as_string());
    return "";
  }
  static std::string yesterday() { return to_rfc3339(Instant{SystemClock().now().us - 24 * kHourUs}); }
  static std::string now() { return to_rfc3339(SystemClock().now()); }

  const TemporaryFolder folder_;
  const Installation here_{folder_ / "data", folder_ / "partnership" / "partnership.toml"};
  const std::string today_ = to_iso(local_date(SystemClock().now()));
  const std::string next_ = to_iso(plus_days(local_date(SystemClock().now()), 7));
};

TEST_F(MeetingQuestions, AskOnceOfWhoeverStandsInTwoSections) {
  const json::object agenda = json_of(done({"agenda", "tasking", "--on", next_, "--json"}));
  int places = 0;
  for (const json::value& section : agenda.at("sections").as_array())
    for (const json::value& item : section.at("items").as_array())
      places += item.at("name").as_string() == "Una Newcomer" ? 1 : 0;
  ASSERT_EQ(places, 2) << "the high risk and its clock";
  EXPECT_EQ(ask(next_), "Asked: Fell Probation Office, 1 case\nAsked: Harbour and Fell Council, 1 case\n");
  EXPECT_EQ(here_.replay({"--type", "uk.csp.knowledge.asked.v1"}).size(), 2u);
  EXPECT_EQ(questions().size(), 2u);
}

TEST_F(MeetingQuestions, AreTakenBackWhenTheMeetingIsHeldAndAskedAgainForTheNext) {
  agree();
  ask(today_);
  ASSERT_EQ(of_probation().size(), 1u);
  const std::string asked = now();
  EXPECT_EQ(known(today_, asked), "not answered");
  const Words held = {"meeting", "held", "tasking", "--on", today_};
  EXPECT_NE(done(held).find("Taken back: 2 questions that nobody answered before the meeting was held\n"),
            std::string::npos);
  EXPECT_TRUE(questions().empty());
  EXPECT_TRUE(of_probation().empty()) << "though it may not read that the meeting was held";
  EXPECT_EQ(done(held).find("Taken back"), std::string::npos) << "nothing is left to be";
  for (const std::string& event : here_.replay({"--type", "uk.csp.knowledge.withdrawn.v1"}))
    EXPECT_EQ(event.find("Newcomer"), std::string::npos) << "it need not tell of whom";
  EXPECT_NE(ask(today_).find("Nothing is asked: the meeting of "), std::string::npos) << "it is over";
  EXPECT_TRUE(of_probation().empty());
  EXPECT_EQ(known(today_, asked), "not answered") << "what is as at an earlier instant stays as it was";
  EXPECT_EQ(known(next_, now()), "not asked");
  EXPECT_NE(ask(next_).find("Asked: Fell Probation Office, 1 case"), std::string::npos);
  EXPECT_EQ(known(next_, now()), "not answered");
  ASSERT_EQ(of_probation().size(), 1u);
  EXPECT_EQ(of_probation().at(0).at("on").as_string(), next_);
  EXPECT_NE(ask(next_).find("There is nothing to ask"), std::string::npos);
}

TEST_F(MeetingQuestions, AreNotTakenBackByAMeetingThatIsStillToCome) {
  ask(next_);
  EXPECT_EQ(done({"meeting", "held", "tasking", "--on", next_}).find("Taken back"), std::string::npos);
  EXPECT_TRUE(here_.replay({"--type", "uk.csp.knowledge.withdrawn.v1"}).empty());
}

// Whether an export says that the meeting was held or the command does: the agency is rid of its question by an answer.
TEST_F(MeetingQuestions, CanBeAnsweredAsLongAsTheAgencyHasThem) {
  agree();
  ask(today_);
  held_by_export();
  EXPECT_TRUE(questions().empty()) << "whoever reads that it was held waits no more";
  ASSERT_EQ(of_probation().size(), 1u);
  const std::string item(of_probation().at(0).at("item").as_string());
  EXPECT_EQ(done({"meeting", "answer", item, "no", "--as", "fell-probation"}), "Answered: no\n");
  EXPECT_TRUE(of_probation().empty());
  EXPECT_EQ(known(next_, now()), "no");
}

TEST_F(MeetingQuestions, AreAskedAgainForTheNextMeetingWhereAnExportSaysThatTheLastWasHeld) {
  agree();
  ask(today_);
  held_by_export();
  const Ended dry = here_.moot({"meeting", "ask", "tasking", "--on", next_, "--dry-run"});
  EXPECT_EQ(dry.out,
            "Would be asked: Fell Probation Office, 1 case\nWould be asked: Harbour and Fell Council, 1 case\n");
  EXPECT_NE(ask(next_).find("Asked: Fell Probation Office, 1 case"), std::string::npos);
  ASSERT_EQ(of_probation().size(), 1u) << "the one for the meeting that was held is taken back";
  EXPECT_EQ(of_probation().at(0).at("on").as_string(), next_);
  EXPECT_NE(ask(next_).find("There is nothing to ask"), std::string::npos);
}

}  // namespace
}  // namespace moot
