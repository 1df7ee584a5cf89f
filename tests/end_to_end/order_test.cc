// A document is a function of the set of events: neither the order in which agencies publish, nor who publishes at the
// same time, changes one byte of it (promise G6).
#include <gtest/gtest.h>

#include <algorithm>
#include <csignal>

#include "tests/contract/temporary_folder.h"
#include "tests/end_to_end/installation.h"
#include "tests/end_to_end/partnership_fixture.h"

namespace moot {
namespace {

using std::chrono::seconds;

class Order : public testing::Test {
 protected:
  Installation fresh(const std::string& name) const {
    return Installation(folder_ / name, partnership_.config(), folder_ / "keys");
  }

  FileTexts documents_of(const Installation& here) const {
    EXPECT_EQ(here.offset(), partnership_.events());
    // The feeds are published already: `up` finds nothing new in them and writes what the log holds.
    FileTexts documents = here.documents(here.data().string() + ".out");
    EXPECT_EQ(here.offset(), partnership_.events());
    EXPECT_EQ(documents.size(), 6u);
    return documents;
  }

  // The ids in the order of the log, to show that the orders did differ.
  static std::vector<std::string> ids_of(const Installation& here) {
    std::vector<std::string> ids;
    for (const std::string& line : here.replay()) ids.push_back(json_of(line).at("id").as_string().c_str());
    return ids;
  }

  const TemporaryFolder folder_;
  const PartnershipFixture partnership_{folder_ / "partnership", 90};
};

TEST_F(Order, OfTheFilesDoesNotShowInAnyDocument) {
  const Installation one = fresh("one"), other = fresh("other");
  const FileTexts expected = one.documents(folder_ / "one.out");
  std::vector<Words> backwards = partnership_.publications();
  std::reverse(backwards.begin(), backwards.end());
  for (const Words& words : backwards) {
    const Ended published = other.moot(words);
    ASSERT_EQ(published.exit_code, 0) << published.err;
  }
  EXPECT_TRUE(documents_of(other) == expected) << "a document differs";
  EXPECT_NE(ids_of(other), ids_of(one)) << "the two logs have the same order: this test has shown nothing";
  EXPECT_EQ(expected.at("callers.json").find("\"callers\": []"), std::string::npos) << "nobody is listed";
}

TEST_F(Order, OfThreePublishersAtOnceDoesNotShowInAnyDocument) {
  const Installation one = fresh("one"), other = fresh("other");
  const FileTexts expected = one.documents(folder_ / "one.out");
  const std::unique_ptr<Process> broker = other.start_broker();
  // One process for each agency, so slow that the shorter files come in between the wardens' three.
  Words wardens = {"publish"};
  for (const auto& file : partnership_.call_files()) wardens.push_back(file.string());
  wardens.insert(wardens.end(), {"--as", PartnershipFixture::kWardens, "--backfill", "--rate", "40", "--mapping",
                                 partnership_.calls_mapping().string()});
  std::vector<Words> three = partnership_.publications();
  three.erase(three.begin(), three.begin() + 3);
  for (Words& words : three) words.insert(words.end(), {"--rate", "6"});
  three.push_back(wardens);
  ASSERT_EQ(three.size(), 3u);
  std::vector<std::unique_ptr<Process>> publishers;
  for (const Words& words : three) publishers.push_back(other.start(words));
  for (const auto& publisher : publishers) EXPECT_EQ(publisher->wait(seconds(60)), 0) << publisher->err();
  broker->signal(SIGINT);
  ASSERT_EQ(broker->wait(seconds(10)), 0) << broker->err();
  EXPECT_TRUE(documents_of(other) == expected) << "a document differs";
  EXPECT_NE(ids_of(other), ids_of(one)) << "the two logs have the same order: this test has shown nothing";
}

// Three of one agency offer the same rows at the same time: each row is stored for one of them and there already for
// the two others.
TEST_F(Order, OfThreePublishersOfTheSameFileStoresEveryRowOnce) {
  const Installation here = fresh("same");
  const std::filesystem::path file = folder_ / "same.csv";
  constexpr std::int64_t kRows = 1500;
  write_text(file, PartnershipFixture::calls_csv(0, kRows));
  const std::unique_ptr<Process> broker = here.start_broker();
  std::vector<std::unique_ptr<Process>> publishers;
  for (int i = 0; i < 3; ++i)
    publishers.push_back(here.start({"publish", file.string(), "--as", PartnershipFixture::kWardens, "--json",
                                     "--mapping", partnership_.calls_mapping().string()}));
  std::int64_t accepted = 0, duplicate = 0;
  for (const auto& publisher : publishers) {
    ASSERT_EQ(publisher->wait(seconds(60)), 0) << publisher->err();
    accepted += number_in(json_of(publisher->out()), "accepted");
    duplicate += number_in(json_of(publisher->out()), "duplicate");
  }
  EXPECT_EQ(accepted, kRows);
  EXPECT_EQ(duplicate, 2 * kRows);
  EXPECT_EQ(here.offset(), static_cast<std::uint64_t>(kRows));
}

}  // namespace
}  // namespace moot
