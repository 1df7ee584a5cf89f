// The demonstration partnership from end to end. The one test that may know what is in it: the lists below were counted
// by hand from the agencies' files, and a caseworker can read them.
#include <gtest/gtest.h>

#include <csignal>
#include <thread>

#include "tests/contract/temporary_folder.h"
#include "tests/end_to_end/installation.h"

namespace moot {
namespace {

namespace json = boost::json;
using std::chrono::milliseconds;
using std::chrono::seconds;

const std::filesystem::path kConfig = std::filesystem::path(MOOT_SOURCE_DIR) / "deploy/south-and-vale/partnership.toml";

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
                               30,
                               {
                                   {1, "Martin Exampleton", 10, 13, 2, "staying"},
                                   {2, "Siân Inventley", 8, 9, 1, "staying"},
                                   {3, "Geraldine Samplewell", 7, 7, 0, "new"},
                                   {4, "Desmond Fauxmere", 6, 8, 0, "new"},
                                   {5, "Joan Pretendwood", 5, 6, 0, "new"},
                                   {6, "Priya Figmentley", 4, 5, 0, "new"},
                                   {7, "Tobias Madeupham", 4, 4, 0, "new"},
                                   {7, "Callum Supposeworth", 4, 4, 0, "new"},
                                   {9, "Ivor Demonstrand", 3, 3, 1, "staying"},
                                   {9, "Bronwen Fabletree", 3, 3, 0, "new"},
                                   {9, "Leon Notionham", 3, 3, 0, "new"},
                                   {9, "Agnes Specimenby", 3, 3, 2, "staying"},
                               },
                               {}};

const ExpectedList kApril = {"callers.json",
                             "2021-04-13",
                             26,
                             {
                                 {1, "Desmond Fauxmere", 7, 8, 8, "staying"},
                                 {2, "Kwame Imaginald", 6, 8, 2, "new"},
                                 {3, "Siân Inventley", 6, 7, 9, "staying"},
                                 {4, "Joan Pretendwood", 5, 5, 2, "new"},  // born 1990
                                 {4, "Geraldine Samplewell", 5, 5, 7, "staying"},
                                 {6, "Agnes Specimenby", 4, 5, 3, "staying"},
                                 {7, "Priya Figmentley", 4, 4, 6, "staying"},
                                 {7, "Joan Pretendwood", 4, 4, 6, "staying"},  // born 1944
                                 {9, "Rosalind Exemplarsson", 3, 3, 1, "new"},
                                 {9, "Bronwen Fabletree", 3, 3, 3, "staying"},
                                 {9, "Dominic Fauxmere", 3, 3, 2, "new"},
                                 {9, "Callum Supposeworth", 3, 3, 4, "staying"},
                             },
                             {"Martin Exampleton", "Tobias Madeupham", "Leon Notionham"}};

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
  EXPECT_EQ(here.offset(), 312u);
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
  EXPECT_EQ(here.offset(), 312u) << "another command finds the running broker";
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
  EXPECT_EQ(here.offset(), 312u);
}

}  // namespace
}  // namespace moot
