// The demonstration partnership from end to end. The one test that may know what is in it: the lists below and those of
// tests/data/south-and-vale were counted from the agencies' files by a program that shares nothing with the product,
// and a caseworker can read them; the counts of a year are those the partnership published.
#include <gtest/gtest.h>

#include <algorithm>
#include <csignal>
#include <thread>

#include "tests/contract/temporary_folder.h"
#include "tests/end_to_end/installation.h"

namespace moot {
namespace {

namespace fs = std::filesystem;
namespace json = boost::json;
using std::chrono::milliseconds;
using std::chrono::seconds;

const fs::path kConfig = fs::path(MOOT_SOURCE_DIR) / "deploy/south-and-vale/partnership.toml";

constexpr std::uint64_t kEvents = 8933;  // of the agencies' files
constexpr std::uint64_t kClauses = 4;    // of the sharing agreements, put on record before them

struct ExpectedCaller {
  int rank;
  std::string name;
  int episodes;
  int calls;
  int previous_calls;
  std::string status;
};

struct ExpectedList {
  std::string file;
  std::string on;
  int considered;
  std::vector<ExpectedCaller> callers;
  std::vector<std::string> left;
};

const ExpectedList kJanuary = {"callers-january.json",
                               "2021-01-12",
                               44,
                               {
                                   {1, "Martin Exampleton", 10, 11, 2, "new"},
                                   {2, "Siân Inventley", 8, 8, 5, "staying"},
                                   {3, "Joan Pretendwood", 6, 7, 2, "new"},  // born 1944
                                   {4, "Desmond Fauxmere", 5, 11, 1, "new"},
                                   {5, "Geraldine Samplewell", 5, 7, 2, "new"},
                                   {6, "Priya Figmentley", 4, 5, 1, "new"},
                                   {6, "Bronwen Fabletree", 4, 5, 1, "new"},
                                   {8, "Callum Supposeworth", 4, 4, 0, "new"},
                                   {9, "Agnes Specimenby", 3, 5, 4, "new"},
                                   {10, "Ivor Demonstrand", 3, 4, 3, "new"},
                                   {10, "Edith Legendwood", 3, 4, 4, "staying"},
                               },
                               {"Gethin Sampleby", "Thérèse Ficcione", "Hamish Whatiffe", "Clifford Nowhereby",
                                "Mabel Parablewood", "Edmund Allegoray", "Felix Mirageson", "Zoé Placeholder"}};

const ExpectedList kApril = {
    "callers.json",
    "2021-04-13",
    35,
    {
        {1, "Desmond Fauxmere", 8, 8, 11, "staying"},
        {2, "Kwame Imaginald", 7, 9, 1, "new"},
        {3, "Siân Inventley", 6, 9, 8, "staying"},
        {4, "Geraldine Samplewell", 6, 8, 7, "staying"},
        {5, "Rosalind Exemplarsson", 4, 6, 1, "new"},
        {6, "Dominic Fauxmere", 4, 5, 1, "new"},
        {7, "Joan Pretendwood", 4, 4, 3, "new"},      // born 1990
        {7, "Joan Pretendwood", 4, 4, 7, "staying"},  // born 1944
        {7, "Agnes Specimenby", 4, 4, 5, "staying"},
        {7, "Priya Figmentley", 4, 4, 6, "staying"},
    },
    {"Martin Exampleton", "Bronwen Fabletree", "Callum Supposeworth", "Edith Legendwood", "Tobias Madeupham"}};

std::string line_of(const ExpectedCaller& caller) {
  return std::to_string(caller.rank) + ". " + caller.name + ": " + std::to_string(caller.episodes) + " episodes, " +
         std::to_string(caller.calls) + " calls, " + std::to_string(caller.previous_calls) + " before, " +
         caller.status;
}

std::string text_in(const json::object& object, const std::string& name) {
  const json::value* value = object.if_contains(name);
  return value != nullptr && value->is_string() ? value->as_string().c_str() : "";
}

// The order within a shared rank goes by an opaque person id, so lists are compared as sorted lines.
std::multiset<std::string> expected_lines(const ExpectedList& list) {
  std::multiset<std::string> lines;
  for (const ExpectedCaller& caller : list.callers) lines.insert(line_of(caller));
  return lines;
}

std::multiset<std::string> printed_lines(const json::object& document) {
  std::multiset<std::string> lines;
  int last_rank = 0;
  for (const json::value& row : document.at("callers").as_array()) {
    const json::object& caller = row.as_object();
    const auto number = [&](const char* name) { return static_cast<int>(number_in(caller, name)); };
    EXPECT_GE(number("rank"), last_rank) << "the list is not in the order of its ranks";
    last_rank = number("rank");
    EXPECT_FALSE(caller.at("reasons").as_array().empty()) << text_in(caller, "name") << " is listed without a reason";
    lines.insert(line_of({number("rank"), text_in(caller, "name"), number("episodes"), number("calls"),
                          number("previous_calls"), text_in(caller, "status")}));
  }
  return lines;
}

void check_list(const FileTexts& documents, const ExpectedList& expected) {
  SCOPED_TRACE(expected.file);
  ASSERT_TRUE(documents.contains(expected.file));
  const json::object document = json_of(documents.at(expected.file));
  EXPECT_EQ(text_in(document, "on"), expected.on);
  EXPECT_EQ(number_in(document, "window_days"), 90);
  EXPECT_EQ(number_in(document, "considered"), expected.considered);
  EXPECT_EQ(printed_lines(document), expected_lines(expected));
  std::multiset<std::string> left;
  for (const json::value& row : document.at("left").as_array()) {
    left.insert(text_in(row.as_object(), "name"));
    EXPECT_NE(text_in(row.as_object(), "reason"), "") << "somebody left without a reason";
  }
  EXPECT_EQ(left, std::multiset<std::string>(expected.left.begin(), expected.left.end()));
}

std::string reason_of_leaving(const FileTexts& documents, const std::string& name) {
  const json::object document = json_of(documents.at(kApril.file));
  for (const json::value& row : document.at("left").as_array())
    if (text_in(row.as_object(), "name") == name) return text_in(row.as_object(), "reason");
  return "";
}

TEST(Demonstration, ListsTheFrequentCallersACaseworkerCountsFromTheFiles) {
  const TemporaryFolder folder;
  const Installation here(folder / "data", kConfig);
  const FileTexts documents = here.documents(folder / "out");
  for (const char* name : {"agenda.html", "agenda.json", "callers.html", "callers.json"})
    EXPECT_TRUE(documents.contains(name)) << name;
  check_list(documents, kJanuary);
  check_list(documents, kApril);
  // What this partnership's case study is about: he left, and the list says what was done.
  const std::string reason = reason_of_leaving(documents, "Martin Exampleton");
  EXPECT_NE(reason.find("Turning Point"), std::string::npos) << reason;
  EXPECT_EQ(here.offset(), kClauses + kEvents);
}

// The lines of one list as tests/data/south-and-vale/frequent-callers.txt has them, below its date.
std::multiset<std::string> told_lines(const json::object& document) {
  std::multiset<std::string> lines;
  for (const json::value& row : document.at("callers").as_array()) {
    const json::object& caller = row.as_object();
    std::string line = "  " + std::to_string(number_in(caller, "rank")) + "|" + text_in(caller, "name");
    for (const char* count : {"episodes", "calls", "previous_calls"})
      line += "|" + std::to_string(number_in(caller, count));
    lines.insert(line + "|" + text_in(caller, "status"));
  }
  for (const json::value& row : document.at("left").as_array())
    lines.insert("  left|" + text_in(row.as_object(), "name"));
  return lines;
}

TEST(Demonstration, ListsTheFrequentCallersOfEveryMonthOfTheTwoYears) {
  const TemporaryFolder folder;
  const Installation here(folder / "data", kConfig);
  here.documents(folder / "out");
  const std::unique_ptr<Process> broker = here.start_broker();
  std::map<std::string, std::multiset<std::string>> months;  // by date|considered
  std::string month;
  const fs::path file = fs::path(MOOT_SOURCE_DIR) / "tests/data/south-and-vale/frequent-callers.txt";
  for (const std::string& line : lines_of_text(read_text(file))) {
    if (line.starts_with("#")) continue;
    if (!line.starts_with("  ")) month = line;
    auto& lines = months[month];
    if (line.starts_with("  ")) lines.insert(line);
  }
  ASSERT_EQ(months.size(), 25u);
  for (const auto& [head, lines] : months) {
    SCOPED_TRACE(head);
    const std::string on = head.substr(0, head.find('|'));
    const Ended ended = here.moot({"callers", "--on", on, "--format", "json"});
    ASSERT_EQ(ended.exit_code, 0) << ended.err;
    const json::object document = json_of(ended.out);
    EXPECT_EQ(on + "|" + std::to_string(number_in(document, "considered")), head);
    EXPECT_EQ(told_lines(document), lines);
  }
}

// How many events of 2020-21, which began at midnight in London and not in Greenwich, hold all of these texts.
class Year {
 public:
  explicit Year(const Installation& here) {
    for (const std::string& line : here.replay()) {
      const std::string time = text_in(json_of(line), "time");
      if ("2020-03-31T23:00:00Z" <= time && time < "2021-03-31T23:00:00Z") lines_.push_back(line);
    }
  }
  std::ptrdiff_t count(const Words& texts) const {
    return std::count_if(lines_.begin(), lines_.end(), [&](const std::string& line) {
      return std::all_of(texts.begin(), texts.end(),
                         [&](const std::string& text) { return line.find(text) != std::string::npos; });
    });
  }

 private:
  std::vector<std::string> lines_;
};

TEST(Demonstration, HoldsTheCountsThatThePartnershipPublishedFor2020To2021) {
  const TemporaryFolder folder;
  const Installation here(folder / "data", kConfig);
  here.documents(folder / "out");
  const Year year(here);
  const std::string south = R"("area":"south-oxfordshire")", vale = R"("area":"vale-of-white-horse")";
  EXPECT_EQ(year.count({"/odas/helpline"}), 1757);
  EXPECT_EQ(year.count({"/odas/helpline", south}) + year.count({"/odas/helpline", vale}), 406);
  EXPECT_EQ(year.count({R"("scheme":"outreach")"}), 232);
  EXPECT_EQ(year.count({R"("scheme":"outreach")", south}), 45);
  EXPECT_EQ(year.count({R"("scheme":"outreach")", vale}), 40);
  EXPECT_EQ(year.count({R"("scheme":"idva")", south}), 31);
  EXPECT_EQ(year.count({R"("scheme":"idva")", vale}), 49);
  EXPECT_EQ(year.count({R"("scheme":"sanctuary")", "referral.made"}), 60);
  EXPECT_EQ(year.count({R"("scheme":"security-works")", "referral.completed"}), 11);
  EXPECT_EQ(year.count({R"("scheme":"guardcam")", "referral.installed"}), 72);
  EXPECT_EQ(year.count({R"("scheme":"guardcam")", "referral.installed", R"("reason":"domestic-abuse")"}), 35);
  EXPECT_EQ(year.count({R"("scheme":"guardcam")", "referral.purchased"}), 11);
  EXPECT_EQ(year.count({R"("scheme":"mediation")", "referral.offered"}), 22);
  EXPECT_EQ(year.count({R"("scheme":"mediation")", "referral.made"}), 10);
  EXPECT_EQ(year.count({R"("scheme":"mediation")", "referral.completed"}), 6);
  const std::string neighbourhood = "/community-safety/neighbourhood-meetings\",\"type";
  EXPECT_EQ(year.count({neighbourhood, "meeting.held"}), 26);
  EXPECT_EQ(year.count({neighbourhood, "meeting.raised"}), 64);
  EXPECT_EQ(year.count({neighbourhood, "closure.resolved"}), 34);
}

TEST(Demonstration, RunAgainChangesNoByteAndPublishesNothingTwice) {
  const TemporaryFolder folder;
  const Installation here(folder / "data", kConfig);
  const FileTexts first = here.documents(folder / "out");
  const std::uint64_t offset = here.offset();
  const std::vector<std::string> events = here.replay();
  EXPECT_TRUE(here.documents(folder / "out") == first) << "a document differs";
  EXPECT_EQ(here.offset(), offset);
  EXPECT_TRUE(here.replay() == events) << "the log has changed";
  // Nor into another folder, from the log alone.
  EXPECT_TRUE(here.documents(folder / "elsewhere") == first) << "a document differs";
}

TEST(Demonstration, RunsUntilItIsInterruptedAndStopsWithinFiveSeconds) {
  const TemporaryFolder folder;
  const Installation here(folder / "data", kConfig);
  const std::unique_ptr<Process> up = here.start({"up", "--out", (folder / "out").string()});
  const auto deadline = std::chrono::steady_clock::now() + seconds(60);
  while (up->running() && up->err().find("is up") == std::string::npos && std::chrono::steady_clock::now() < deadline)
    std::this_thread::sleep_for(milliseconds(20));
  ASSERT_TRUE(up->running()) << up->err();
  EXPECT_EQ(here.offset(), kClauses + kEvents) << "another command finds the running broker";
  EXPECT_FALSE(up->wait(milliseconds(500))) << "it ended by itself: " << up->err();
  up->signal(SIGINT);
  EXPECT_EQ(up->wait(seconds(5)), 0) << up->err();
  EXPECT_TRUE(read_files(folder / "out").contains("agenda.html"));
}

TEST(Demonstration, StopsWithinFiveSecondsWhileItStillPublishes) {
  const TemporaryFolder folder;
  const Installation here(folder / "data", kConfig);
  for (const milliseconds moment : {milliseconds(30), milliseconds(120), milliseconds(250)}) {
    const std::unique_ptr<Process> up = here.start({"up", "--out", (folder / "out").string()});
    std::this_thread::sleep_for(moment);
    up->signal(SIGINT);
    EXPECT_TRUE(up->wait(seconds(5))) << up->err();
  }
  // What was interrupted is made up for at the next start.
  check_list(here.documents(folder / "out"), kApril);
  EXPECT_EQ(here.offset(), kClauses + kEvents);
}

}  // namespace
}  // namespace moot
