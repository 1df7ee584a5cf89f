// The two case studies of the published report for 2020-21, stage by stage, as the demonstration's files retell them:
// somebody who rang the police again and again (paragraph 13), and two neighbours' applications for a case review of
// one dispute (paragraph 16).
#include <gtest/gtest.h>

#include "tests/contract/temporary_folder.h"
#include "tests/end_to_end/installation.h"

namespace moot {
namespace {

namespace fs = std::filesystem;
namespace json = boost::json;

class CaseStudies : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    folder_ = std::make_unique<TemporaryFolder>();
    here_ = std::make_unique<Installation>(*folder_ / "data",
                                           fs::path(MOOT_SOURCE_DIR) / "deploy/south-and-vale/partnership.toml");
    here_->documents(*folder_ / "out");
  }
  static void TearDownTestSuite() {
    here_.reset();
    folder_.reset();
  }
  static json::object json_from(Words words) {
    words.emplace_back("--json");
    const Ended ended = here_->moot(words);
    EXPECT_EQ(ended.exit_code, 0) << ended.err;
    return json_of(ended.out);
  }
  static json::object agenda(const std::string& board, const std::string& on) {
    return json_from({"agenda", board, "--on", on});
  }
  // All that the section's items of this title say, a line each.
  static std::string said_of(const json::object& agenda, const std::string& section, const std::string& title) {
    std::string text;
    for (const json::value& one : agenda.at("sections").as_array()) {
      if (one.at("id").as_string() != section) continue;
      for (const json::value& item : one.at("items").as_array()) {
        if (!std::string(item.at("title").as_string()).starts_with(title)) continue;
        for (const json::value& reason : item.at("reasons").as_array())
          text += std::string(reason.at("text").as_string()) + "\n";
      }
    }
    return text;
  }
  static std::string why_not_listed(const json::object& agenda, const std::string& title) {
    for (const json::value& one : agenda.at("not_listed").as_array())
      if (std::string(one.at("title").as_string()).starts_with(title)) return std::string(one.at("reason").as_string());
    return {};
  }
  static std::int64_t figure(const std::string& report, const std::string& period, const std::string& id) {
    const json::object made = json_from({"report", report, "--period", period});
    for (const json::value& measure : made.at("measures").as_array())
      if (measure.at("id").as_string() == id)
        return measure.at("value").is_null() ? -1 : measure.at("value").as_int64();
    ADD_FAILURE() << "no measure " << id;
    return -1;
  }
  static std::unique_ptr<TemporaryFolder> folder_;
  static std::unique_ptr<Installation> here_;
};
std::unique_ptr<TemporaryFolder> CaseStudies::folder_;
std::unique_ptr<Installation> CaseStudies::here_;

const char* const kEdith = "Edith Legendwood";
const char* const kBarnaby = "Barnaby Legendless";

TEST_F(CaseStudies, OfACaseReviewFromTheApplicationUntilItsPlanIsDelivered) {
  const auto contains = [](const std::string& text, const std::string& piece) {
    EXPECT_NE(text.find(piece), std::string::npos) << piece << " in: " << text;
  };
  // Applied on 7 September: to be decided in 15 working days.
  contains(said_of(agenda("jtm", "2020-09-08"), "clocks", kEdith), "Decision on the threshold: due 28 September 2020");
  EXPECT_EQ(figure("case-reviews", "2020-09", "applications"), 2) << "his three days later";
  // Met on the 21st and the 24th, each with a day of its own by which it is to be held.
  const json::object october = agenda("jtm", "2020-10-13");
  contains(said_of(october, "clocks", kEdith), "Case review to be held: due 19 October 2020, in 4 working days");
  contains(said_of(october, "clocks", kBarnaby), "Case review to be held: due 22 October 2020");
  EXPECT_EQ(said_of(october, "case-review-threshold", kEdith), "") << "who has applied need not be told";
  // Held at that meeting, one for both; its outcome tabled in November.
  EXPECT_EQ(figure("case-reviews", "2020-10", "reviews"), 1) << "one dispute has one";
  const json::object november = agenda("jtm", "2020-11-10");
  EXPECT_EQ(said_of(november, "clocks", kEdith), "");
  EXPECT_NE(said_of(november, "high-risk", kEdith), "") << "her case goes on";
  const Ended minutes = here_->moot({"minutes", "jtm", "--on", "2020-11-10", "--format", "md"});
  contains(minutes.out, std::string(kEdith) + ", born 5 January 1958: **Discussed**");
  contains(minutes.out, "More support for her, and a look at the party wall.");
  // The plan was delivered in January, and both applications closed in February.
  contains(said_of(agenda("csp", "2021-01-19"), "reviews", "ASB Case Review CR-2020-3"),
           "Review plan delivered on 12 January 2021");
  EXPECT_EQ(figure("annual", "2020-21-q3", "G06-open"), 3) << "at the end of December: theirs and one more";
  EXPECT_EQ(figure("annual", "2020-21-q4", "G06-open"), 1);
  const json::object march = agenda("jtm", "2021-03-09");
  contains(why_not_listed(march, kEdith), "removed on 9 February 2021: plan delivered, and no new event since");
  // Six applications, five met, four reviews.
  EXPECT_EQ(figure("case-reviews", "2020-21", "applications"), 6);
  EXPECT_EQ(figure("case-reviews", "2020-21", "threshold-not-met"), 1);
  EXPECT_EQ(figure("case-reviews", "2020-21", "reviews"), 4);
}

TEST_F(CaseStudies, OfAFrequentCallerFromTheFirstListUntilTheLast) {
  struct Stage {
    std::string on, status;
    std::int64_t rank, episodes;
  };
  const std::string martin = "Martin Exampleton";
  const std::vector<Stage> stages = {
      {"2021-01-12", "new", 1, 10}, {"2021-02-09", "staying", 2, 7}, {"2021-03-09", "staying", 9, 4}};
  for (const Stage& stage : stages) {
    const json::object list = json_from({"callers", "--on", stage.on});
    bool found = false;
    for (const json::value& caller : list.at("callers").as_array()) {
      if (caller.at("name").as_string() != martin) continue;
      found = true;
      EXPECT_EQ(caller.at("rank").as_int64(), stage.rank) << stage.on;
      EXPECT_EQ(caller.at("episodes").as_int64(), stage.episodes) << stage.on;
      EXPECT_EQ(caller.at("status").as_string(), stage.status) << stage.on;
    }
    EXPECT_TRUE(found) << stage.on;
  }
  // The meeting of January brought together what health and housing knew of him.
  const Ended minutes = here_->moot({"minutes", "jtm", "--on", "2021-01-12", "--format", "md"});
  EXPECT_NE(minutes.out.find(martin + ", born 14 March 1971: **Discussed**"), std::string::npos) << minutes.out;
  const json::object april = json_from({"callers", "--on", "2021-04-13"});
  for (const json::value& caller : april.at("callers").as_array()) EXPECT_NE(caller.at("name").as_string(), martin);
  for (const json::value& left : april.at("left").as_array()) {
    if (left.at("name").as_string() != martin) continue;
    const std::string reason(left.at("reason").as_string());
    EXPECT_TRUE(
        reason.starts_with("No calls in the 90 days before 13 April 2021; 11 calls in the 90 days before that."))
        << reason;
    EXPECT_NE(reason.find("referral to Turning Point"), std::string::npos) << reason;
    return;
  }
  FAIL() << "who left the list is told, with what was done for them";
}

}  // namespace
}  // namespace moot
