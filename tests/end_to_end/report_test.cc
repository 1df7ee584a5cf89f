// The annual report of the demonstration partnership, from the agencies' files through their adapters, over the bus,
// out of the log: equal to the byte to a text that a reader can lay beside the published report for 2020-21.
#include <gtest/gtest.h>

#include "tests/contract/temporary_folder.h"
#include "tests/end_to_end/installation.h"

namespace moot {
namespace {

namespace fs = std::filesystem;
namespace json = boost::json;

const fs::path kConfig = fs::path(MOOT_SOURCE_DIR) / "deploy/south-and-vale/partnership.toml";
const fs::path kExpected = fs::path(MOOT_SOURCE_DIR) / "tests/data/south-and-vale/report-2020-21.md";

const json::object& measure_in(const json::object& report, const std::string& id) {
  for (const json::value& measure : report.at("measures").as_array())
    if (id == measure.at("id").as_string().c_str()) return measure.as_object();
  ADD_FAILURE() << "no measure " << id;
  return report;
}

json::object report_of(const Installation& here, Words more = {}) {
  Words words = {"report", "annual", "--period", "2020-21", "--json"};
  words.insert(words.end(), more.begin(), more.end());
  const Ended ended = here.moot(words);
  EXPECT_EQ(ended.exit_code, 0) << ended.err;
  return json_of(ended.out);
}

// One data directory for all: to fill it takes longer than all that is asked of it.
class AnnualReport : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    folder_ = std::make_unique<TemporaryFolder>();
    here_ = std::make_unique<Installation>(*folder_ / "data", kConfig);
    documents_ = here_->documents(*folder_ / "out");
  }
  static void TearDownTestSuite() {
    here_.reset();
    folder_.reset();
  }
  static std::unique_ptr<TemporaryFolder> folder_;
  static std::unique_ptr<Installation> here_;
  static FileTexts documents_;
};
std::unique_ptr<TemporaryFolder> AnnualReport::folder_;
std::unique_ptr<Installation> AnnualReport::here_;
FileTexts AnnualReport::documents_;

TEST_F(AnnualReport, OfTheYearThatWasPublishedIsTheExpectedTextToTheByte) {
  EXPECT_EQ(documents_.at("report.md"), read_text(kExpected));
  for (const char* name : {"report.html", "report.csv", "report.json"}) EXPECT_TRUE(documents_.contains(name)) << name;
  const Ended again = here_->moot({"report", "annual", "--period", "2020-21", "--format", "md"});
  EXPECT_EQ(again.out, documents_.at("report.md")) << again.err;
}

TEST_F(AnnualReport, DrawsWhatItsDefinitionAsksForAndPrintsTheSameFiguresBeside) {
  const std::string& html = documents_.at("report.html");
  const std::size_t chart = html.find("<title id=\"chart-G02-title\">G02 Cases raised at them, 2020-21</title>");
  ASSERT_NE(chart, std::string::npos);
  const std::string figure = html.substr(chart, html.find("</figure>", chart) - chart);
  EXPECT_NE(figure.find(": 24; "), std::string::npos) << figure;  // in the description, for who cannot see it
  EXPECT_NE(figure.find("<caption>The same figures as a table</caption>"), std::string::npos) << figure;
  EXPECT_NE(figure.find("<td class=\"number\">24</td>"), std::string::npos) << figure;
  EXPECT_NE(html.find("<title id=\"chart-G09-title\">G09 Guardcams installed, 2020-21 and 2019-20</title>"),
            std::string::npos);
  EXPECT_EQ(html.find("chart-G01"), std::string::npos);           // nobody asked for it
  EXPECT_EQ(html.find("chart-G18-outcomes"), std::string::npos);  // nothing of it was supplied
}

// Rows have their dates: those of a year would count by month what its figures withhold.
TEST_F(AnnualReport, OfRecordsHasNoListForMoreThanAQuarterAndSaysSo) {
  const std::vector<std::string> words = {"report", "section-17a", "--list", "police-incidents", "--format", "csv"};
  const auto of = [&](const std::string& period) {
    std::vector<std::string> all = words;
    all.insert(all.end(), {"--period", period});
    return here_->moot(all);
  };
  const Ended year = of("2020-21");
  EXPECT_NE(year.exit_code, 0);
  EXPECT_EQ(year.out, "");
  EXPECT_NE(year.err.find("a list is written for a quarter or less, not for 2020-21"), std::string::npos) << year.err;
  const Ended quarter = of("2020-21-q3");
  EXPECT_EQ(quarter.err.find("for a quarter or less"), std::string::npos) << quarter.err;
}

// From percentages, counts and shares that were supplied as figures; the counts behind the percentages are invented.
TEST(SecondReport, OfWestOxfordshireIsTheExpectedTextToTheByte) {
  const TemporaryFolder folder;
  const fs::path source = MOOT_SOURCE_DIR;
  const Installation there(folder / "data", source / "deploy/west-oxfordshire/partnership.toml");
  EXPECT_EQ(there.documents(folder / "out").at("report.md"),
            read_text(source / "tests/data/west-oxfordshire/report-2010-11.md"));
}

TEST_F(AnnualReport, PutsAnOrderThatWasWrittenDownLateIntoTheReportOfLaterOnly) {
  EXPECT_EQ(measure_in(report_of(*here_), "G23").at("value"), 20);
  EXPECT_EQ(measure_in(report_of(*here_, {"--as-at", "2021-11-16"}), "G23").at("value"), 21);
}

// A camera counts in the year in which it was put in; its review is of the year in which it is due.
TEST_F(AnnualReport, CountsACameraWhoseReviewIsDueAfterTheYearsEndAndDoesNotCallItLate) {
  const Ended ended = here_->moot({"agenda", "jtm", "--on", "2021-04-01", "--json"});
  ASSERT_EQ(ended.exit_code, 0) << ended.err;
  const json::object agenda = json_of(ended.out);
  int of_this_year = 0;
  for (const json::value& section : agenda.at("sections").as_array())
    for (const json::value& item : section.at("items").as_array()) {
      const std::string clock(item.at("clock").as_string()), due(item.at("due").as_string());
      if (!clock.starts_with("camera-review") || due < "2021-04-01") continue;
      ++of_this_year;
      EXPECT_NE(item.at("state").as_string(), "overdue") << due;
    }
  EXPECT_GT(of_this_year, 0) << "no camera was put in so late that its review falls after the year's end";
  EXPECT_EQ(measure_in(report_of(*here_), "G09").at("value"), 72);
  const Ended next = here_->moot({"report", "annual", "--period", "2021-22", "--as-at", "2021-11-16", "--json"});
  ASSERT_EQ(next.exit_code, 0) << next.err;
  const json::object later = json_of(next.out);
  const json::value& cameras = measure_in(later, "G09").at("value");
  EXPECT_TRUE(cameras.is_null() || cameras == 0) << next.out;
}

// Ten places, and everybody tied with the tenth.
TEST_F(AnnualReport, TheListOfCallersLeavesOutNobodyWhoIsTiedWithTheTenth) {
  const Ended ended = here_->moot({"callers", "--on", "2021-01-12", "--json"});
  ASSERT_EQ(ended.exit_code, 0) << ended.err;
  const json::object list = json_of(ended.out);
  const json::array& callers = list.at("callers").as_array();
  ASSERT_EQ(callers.size(), 11u);
  for (const char* what : {"rank", "episodes", "calls"}) EXPECT_EQ(callers[9].at(what), callers[10].at(what)) << what;
  EXPECT_EQ(callers[9].at("rank"), 10);
}

TEST_F(AnnualReport, OfTheYearBeforeHasItsOwnFiguresAndSaysWhatNobodySupplied) {
  const Ended ended = here_->moot({"report", "annual", "--period", "2019-20", "--json"});
  ASSERT_EQ(ended.exit_code, 0) << ended.err;
  const json::object report = json_of(ended.out);
  EXPECT_EQ(measure_in(report, "G09").at("value"), 49);
  EXPECT_EQ(measure_in(report, "G16").at("value"), 1892);
  EXPECT_TRUE(measure_in(report, "G16").at("comparator").at("value").is_null()) << "not 0";
  EXPECT_TRUE(measure_in(report, "G14").at("value").is_null());
  EXPECT_TRUE(measure_in(report, "G10").at("value").is_int64());
}

TEST_F(AnnualReport, RefusesWhatItCannotMakeOfTheCommandLine) {
  const auto says = [&](const std::string& report, const std::string& period, const Words& more,
                        const std::string& sentence) {
    Words words = {"report", report, "--period", period};
    words.insert(words.end(), more.begin(), more.end());
    const Ended ended = here_->moot(words);
    EXPECT_EQ(ended.exit_code, 2) << ended.err;
    EXPECT_NE(ended.err.find(sentence), std::string::npos) << ended.err;
  };
  says("annual", "2020-22", {}, "a period is a financial year");
  says("anual", "2020-21", {}, "it has annual");
  says("annual", "2020-21", {"--as-at", "soon"}, "--as-at");
  says("annual", "2020-21", {"--format", "docx"}, "--format");
}

}  // namespace
}  // namespace moot
