// Boards and rule packs from outside: every board of both demonstrations, clocks on agendas and in reports, another
// pack over the same events, a compartment of its own, and what is refused.
#include <gtest/gtest.h>

#include <map>

#include "tests/contract/temporary_folder.h"
#include "tests/end_to_end/installation.h"

namespace moot {
namespace {

namespace fs = std::filesystem;
namespace json = boost::json;

const fs::path kConfig = fs::path(MOOT_SOURCE_DIR) / "deploy/south-and-vale/partnership.toml";

const json::object& section_in(const json::object& agenda, const std::string& id) {
  for (const json::value& section : agenda.at("sections").as_array())
    if (id == section.at("id").as_string().c_str()) return section.as_object();
  ADD_FAILURE() << "no section " << id;
  return agenda;
}

std::string texts_of(const json::object& section) {
  std::string texts;
  for (const json::value& item : section.at("items").as_array()) {
    texts += std::string(item.at("title").as_string()) + " [" + std::string(item.at("state").as_string()) + "]\n";
    for (const json::value& reason : item.at("reasons").as_array())
      texts += "  " + std::string(reason.at("text").as_string()) + "\n";
  }
  return texts;
}

// One data directory for all: to fill it takes longer than all that is asked of it.
class DemonstrationBoards : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    folder_ = std::make_unique<TemporaryFolder>();
    here_ = std::make_unique<Installation>(*folder_ / "data", kConfig);
    here_->documents(*folder_ / "out");
  }
  static void TearDownTestSuite() {
    here_.reset();
    folder_.reset();
  }
  static json::object json_from(Words words) {
    words.push_back("--json");
    const Ended ended = here_->moot(words);
    EXPECT_EQ(ended.exit_code, 0) << ended.err;
    return json_of(ended.out);
  }
  static std::unique_ptr<TemporaryFolder> folder_;
  static std::unique_ptr<Installation> here_;
};
std::unique_ptr<TemporaryFolder> DemonstrationBoards::folder_;
std::unique_ptr<Installation> DemonstrationBoards::here_;

TEST_F(DemonstrationBoards, HaveTheClocksOfTheLawOnTheAgendaOfTheirDay) {
  const json::object june = json_from({"agenda", "jtm", "--on", "2020-06-09"});
  EXPECT_NE(june.at("rules").as_string().find("england 2025-2"), std::string::npos);
  const std::string clocks = texts_of(section_in(june, "clocks"));
  EXPECT_NE(clocks.find("Community protection: written warning on 6 August 2019, community protection notice on 19 "
                        "November 2019 then fixed penalty on 2 June 2020. Next lawful step: prosecution, if it is not "
                        "paid."),
            std::string::npos)
      << clocks;
  EXPECT_NE(clocks.find("Fixed penalty to be paid: due 16 June 2020, in 5 working days"), std::string::npos) << clocks;
  // Made in May 2018 for three years; extended on 11 March 2021.
  const std::string january = texts_of(section_in(json_from({"agenda", "jtm", "--on", "2021-01-12"}), "clocks"));
  EXPECT_NE(january.find("PSPO N18-011, Thame and Henley [expiring]"), std::string::npos) << january;
  EXPECT_NE(january.find("Public spaces protection order expires: 22 May 2021, in 90 working days"), std::string::npos)
      << january;
  const std::string april = texts_of(section_in(json_from({"agenda", "jtm", "--on", "2021-04-13"}), "clocks"));
  EXPECT_EQ(april.find("PSPO"), std::string::npos) << april;
  EXPECT_NE(april.find("Closure order expires: 30 April 2021"), std::string::npos) << april;
  EXPECT_EQ(april.find("the most that the rule allows"), std::string::npos) << "no court made one for longer";
}

// A camera put in on 24 February 2021 is looked at again in May, after the year's end: no review of the year's.
TEST_F(DemonstrationBoards, PutACamerasReviewBeyondTheYearsEndIntoTheNextYear) {
  const std::string due = texts_of(section_in(json_from({"agenda", "jtm", "--on", "2021-04-27"}), "reviews-due"));
  EXPECT_NE(due.find("Three-month review of the camera: due 24 May 2021"), std::string::npos) << due;
  std::vector<std::int64_t> reviews;
  for (const char* quarter : {"2020-21-q1", "2020-21-q2", "2020-21-q3", "2020-21-q4", "2021-22-q1"}) {
    const json::object report = json_from({"report", "quarterly", "--period", quarter, "--as-at", "2021-11-16"});
    for (const json::value& measure : report.at("measures").as_array())
      if (measure.at("id").as_string() == "camera-reviews") reviews.push_back(measure.at("value").as_int64());
    EXPECT_NE(report.at("rules").as_string().find("england 2025-2"), std::string::npos);
  }
  ASSERT_EQ(reviews.size(), 5u);
  EXPECT_GT(reviews[4], 0) << "those put in from January to March";
  std::int64_t all = 0;
  for (const std::int64_t count : reviews) all += count;
  // 121 cameras were put in in two years; the reviews of those put in before 1 January 2020 fell due before.
  EXPECT_LT(all, 121);
  EXPECT_GE(all, 72);
}

TEST_F(DemonstrationBoards, RunAnotherPublishedThresholdOverTheSameEvents) {
  const auto threshold = [&](const Words& more) {
    Words words = {"agenda", "jtm", "--on", "2021-04-13"};
    words.insert(words.end(), more.begin(), more.end());
    return json_from(words);
  };
  const json::object by_law = threshold({}), other = threshold({"--rules", "linked-reports"});
  EXPECT_NE(other.at("rules").as_string().find("linked-reports 2024-2"), std::string::npos);
  EXPECT_EQ(section_in(by_law, "case-review-threshold").at("items").as_array().size(),
            section_in(other, "case-review-threshold").at("items").as_array().size())
      << "of one person the two ask for the same";
  EXPECT_NE(section_in(other, "clocks").at("notes").as_array().size(), 0u) << "it has no closure orders";
  // A file of one's own: what if five were asked for?
  std::string pack = read_text(fs::path(MOOT_SOURCE_DIR) / "deploy/rules/england.toml");
  const std::size_t three = pack.find("count                  = 3");
  ASSERT_NE(three, std::string::npos);
  pack.replace(three, 26, "count                  = 5");
  const fs::path file = *folder_ / "five.toml";
  write_text(file, pack);
  fs::copy_file(fs::path(MOOT_SOURCE_DIR) / "deploy/rules/bank-holidays-england.toml",
                *folder_ / "bank-holidays-england.toml", fs::copy_options::overwrite_existing);
  const json::object five = threshold({"--rules", file.string()});
  EXPECT_LT(section_in(five, "case-review-threshold").at("items").as_array().size(),
            section_in(by_law, "case-review-threshold").at("items").as_array().size());
}

TEST_F(DemonstrationBoards, RefuseARulePackWithAMistakeByFileLineAndKey) {
  const auto refused = [&](const std::string& pack, int code, const std::string& says) {
    const Ended ended = here_->moot({"agenda", "jtm", "--on", "2021-04-13", "--rules", pack});
    EXPECT_EQ(ended.exit_code, code) << ended.err;
    EXPECT_NE(ended.err.find(says), std::string::npos) << ended.err;
  };
  refused("scotland", 2, "there is no rule pack \"scotland\" in the configuration; it has england and linked-reports");
  const fs::path rules = fs::path(MOOT_SOURCE_DIR) / "deploy/rules";
  std::string pack = read_text(rules / "linked-reports.toml");
  fs::copy_file(rules / "bank-holidays-england.toml", *folder_ / "bank-holidays-england.toml",  // which it names
                fs::copy_options::overwrite_existing);
  const std::size_t from = pack.find("valid_from");
  ASSERT_NE(from, std::string::npos);
  const fs::path file = *folder_ / "ends.toml";
  write_text(file, pack.insert(from, "valid_to = 2010-01-01\n"));
  refused(file.string(), 1, "ends.toml, line 13, key \"clock.version.valid_to\": expected a date after valid_from");
  refused((*folder_ / "nowhere.toml").string(), 1, "nowhere.toml: cannot be read");
}

TEST_F(DemonstrationBoards, EachHaveAnAgendaAndTellWhenTheyMeetNext) {
  const std::map<std::string, std::string> next = {{"jtm", "2021-05-11"},
                                                   {"ymag", "2021-04-15"},
                                                   {"csp", "2021-04-20"},
                                                   {"licensing", "2021-05-13"},
                                                   {"channel", "2021-04-30"}};
  for (const auto& [board, date] : next) {
    const json::object agenda = json_from({"agenda", board, "--on", "2021-04-13"});
    EXPECT_EQ(agenda.at("next_meeting").as_string(), date) << board;
    EXPECT_EQ(here_->moot({"agenda", board, "--on", "2021-04-13", "--format", "html"}).exit_code, 0) << board;
  }
  const json::object nag = json_from({"agenda", "nag", "--area", "Thame", "--on", "2021-04-13"});
  EXPECT_EQ(nag.at("area").as_string(), "thame-and-henley");
  EXPECT_EQ(nag.at("next_meeting").as_string(), "2021-05-04") << "Monday 3 May was a bank holiday";
}

// Whose minutes they are is who may say what their meetings say: decisions of months ago count, and actions have ends.
TEST_F(DemonstrationBoards, GoByTheMinutesThatTheirSecretaryKeeps) {
  std::size_t decided = 0;
  const json::object agenda = json_from({"agenda", "jtm", "--on", "2021-04-13"});
  for (const json::value& section : agenda.at("sections").as_array())
    for (const json::value& item : section.at("items").as_array()) decided += item.at("decisions").as_array().size();
  EXPECT_GT(decided, 20u) << "kept and removed by the meetings before";
  const Ended done = here_->moot({"meeting", "outcome", "jtm", "JTM-2021-03-09/A4", "done"});
  EXPECT_EQ(done.exit_code, 0) << done.err;
  EXPECT_NE(done.out.find("action JTM-2021-03-09/A4 of Thames Valley Police is done"), std::string::npos) << done.out;
}

TEST_F(DemonstrationBoards, OfANeighbourhoodListTheCasesThatAreStillOpenThere) {
  std::size_t listed = 0;
  for (const char* area : {"abingdon", "didcot-and-wallingford", "wantage-and-faringdon", "thame-and-henley"}) {
    const json::object agenda = json_from({"agenda", "neighbourhood", "--area", area, "--on", "2021-04-21"});
    EXPECT_EQ(agenda.at("area").as_string(), area);
    EXPECT_NE(agenda.at("last_meeting").as_string(), "") << area;
    listed += section_in(agenda, "open-cases").at("items").as_array().size();
  }
  // The annual report says 30 ongoing at the year's end; some of them name nobody or were raised longer ago.
  EXPECT_GT(listed, 10u);
  EXPECT_LE(listed, 40u);
  const Ended unsaid = here_->moot({"agenda", "neighbourhood", "--on", "2021-04-21"});
  EXPECT_EQ(unsaid.exit_code, 2);
  EXPECT_NE(unsaid.err.find("meets in each area apart; --area says in which: abingdon, "), std::string::npos)
      << unsaid.err;
}

TEST_F(DemonstrationBoards, KeepWhatIsInTheCompartmentOfChannelToItsPanel) {
  const fs::path file = *folder_ / "prevent.jsonl";
  write_text(file, R"({"specversion":"1.0","id":"PV-1","source":"/thames-valley-police/prevent",)"
                   R"("type":"uk.csp.notification.prevent.v1","time":"2021-03-30T10:00:00+01:00",)"
                   R"("knowntime":"2021-03-30T11:00:00+01:00","compartment":"channel","area":"abingdon",)"
                   R"("data":{"facts":{"notification":{"to":"channel"}},"personal":{"people":[{"role":"subject",)"
                   R"("names":[{"given":"Quentin","family":"Secretsworth"}],"born":"2003-05-06"}]}}})"
                   "\n");
  ASSERT_EQ(here_->moot({"publish", file.string(), "--as", "thames-valley-police", "--backfill"}).exit_code, 0);
  const auto text_of_agenda = [&](const Words& more) {
    Words words = {"agenda"};
    words.insert(words.end(), more.begin(), more.end());
    const Ended ended = here_->moot(words);
    EXPECT_EQ(ended.exit_code, 0) << ended.err;
    return ended.out;
  };
  const Words on = {"--on", "2021-04-13", "--json"};
  const auto with = [&](Words words) {
    words.insert(words.end(), on.begin(), on.end());
    return text_of_agenda(words);
  };
  EXPECT_NE(with({"channel", "--purpose", "channel"}).find("Secretsworth"), std::string::npos);
  EXPECT_EQ(with({"channel"}).find("Secretsworth"), std::string::npos) << "not for the purpose of other meetings";
  EXPECT_EQ(with({"jtm", "--purpose", "channel"}).find("Secretsworth"), std::string::npos) << "another board";
  EXPECT_EQ(with({"jtm"}).find("Secretsworth"), std::string::npos);
}

TEST(SecondDemonstration, HasBoardsThatListNothingAndSaySo) {
  const TemporaryFolder folder;
  const Installation there(folder / "data", fs::path(MOOT_SOURCE_DIR) / "deploy/west-oxfordshire/partnership.toml");
  there.documents(folder / "out");
  for (const char* board : {"jtm", "ymag", "nag", "csp", "licensing", "channel"}) {
    const Ended ended = there.moot({"agenda", board, "--on", "2011-06-08", "--json"});
    ASSERT_EQ(ended.exit_code, 0) << board << ": " << ended.err;
    const json::object agenda = json_of(ended.out);
    EXPECT_NE(agenda.at("next_meeting").as_string(), "") << board;
    EXPECT_NE(ended.out.find("No section of this board lists anything on this date."), std::string::npos) << board;
  }
}

}  // namespace
}  // namespace moot
