// Every document of the demonstration's two years, made again and again: from the files as they stand, from the files
// in the opposite order, and from the files shuffled and published by several at once. They are the same bytes (G6).
#include <gtest/gtest.h>

#include <algorithm>
#include <csignal>
#include <iostream>
#include <random>
#include <thread>

#include "tests/contract/temporary_folder.h"
#include "tests/end_to_end/demonstration_months.h"
#include "tests/end_to_end/logged_events.h"

namespace moot {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr unsigned kSeed = 20190409;
constexpr std::size_t kAtOnce = 4;

class MonthsOrder : public testing::Test {
 protected:
  Installation fresh(const std::string& name) const {
    return Installation(folder_ / name, months_.config(), folder_ / "keys");
  }

  // Runs commands, so many at once, and gives what they printed; each must exit 0.
  static std::vector<std::string> run_all(const Installation& here, const std::vector<Words>& commands,
                                          std::size_t at_once) {
    std::vector<std::string> printed(commands.size());
    std::vector<std::pair<std::size_t, std::unique_ptr<Process>>> running;
    const auto deadline = std::chrono::steady_clock::now() + seconds(200);
    for (std::size_t next = 0; next < commands.size() || !running.empty();) {
      while (next < commands.size() && running.size() < at_once) {
        running.emplace_back(next, here.start(commands[next]));
        ++next;
      }
      std::erase_if(running, [&](auto& one) {
        if (one.second->running()) return false;
        EXPECT_EQ(one.second->wait(milliseconds(0)), 0) << one.second->err();
        printed[one.first] = one.second->out();
        return true;
      });
      EXPECT_LT(std::chrono::steady_clock::now(), deadline) << "a command does not end";
      if (std::chrono::steady_clock::now() >= deadline) return printed;
      std::this_thread::sleep_for(milliseconds(2));
    }
    return printed;
  }

  static void stop(Process& broker) {
    broker.signal(SIGINT);
    EXPECT_EQ(broker.wait(seconds(20)), 0) << broker.err();
  }

  void expect_same(const FileTexts& documents, const std::string& which) const {
    EXPECT_EQ(documents.size(), expected_.size());
    for (const auto& [name, text] : documents) {
      ASSERT_TRUE(expected_.contains(name)) << name;
      EXPECT_TRUE(expected_.at(name) == text) << name << " differs, " << which;
    }
  }

  // The names of the events in the order of the log.
  static std::vector<LoggedEvents::Name> order_of(const Installation& here) {
    std::vector<LoggedEvents::Name> names;
    for (const std::string& line : here.replay()) {
      const boost::json::object event = json_of(line);
      names.emplace_back(text_in(event, "source"), text_in(event, "id"));
    }
    return names;
  }

  static std::size_t changes_of_source(const std::vector<LoggedEvents::Name>& names) {
    std::size_t changes = 0;
    for (std::size_t i = 1; i < names.size(); ++i) changes += names[i].first != names[i - 1].first ? 1 : 0;
    return changes;
  }

  const TemporaryFolder folder_;
  const DemonstrationMonths months_{folder_ / "partnership"};
  FileTexts expected_;
};

TEST_F(MonthsOrder, OfTheFilesDoesNotShowInAnyDocumentOfTwoYears) {
  const Installation one = fresh("one"), reversed = fresh("reversed"), shuffled = fresh("shuffled");
  // As they stand; all documents twice, and those that `moot up` writes a third time.
  const FileTexts by_up = one.documents(folder_ / "one.out");
  expected_ = months_.documents(one);
  ASSERT_EQ(expected_.size(), months_.meetings().size() * 2 * 3);
  expect_same(months_.documents(one), "made a second time");
  ASSERT_GE(by_up.size(), months_.meetings().size() * 2 * 2);
  for (const auto& [name, text] : by_up) {
    ASSERT_TRUE(expected_.contains(name)) << name;
    EXPECT_TRUE(expected_.at(name) == text) << name << " differs, written by up";
  }

  std::vector<Words> files = months_.publications();
  std::reverse(files.begin(), files.end());
  std::unique_ptr<Process> broker = reversed.start_broker();
  run_all(reversed, files, 1);
  stop(*broker);
  expect_same(months_.documents(reversed), "with the files in the opposite order");

  std::mt19937 random(kSeed);
  std::shuffle(files.begin(), files.end(), random);
  for (Words& words : files) words.insert(words.end(), {"--rate", "1500"});
  broker = shuffled.start_broker();
  run_all(shuffled, files, kAtOnce);
  stop(*broker);
  expect_same(months_.documents(shuffled), "with the files shuffled by the seed " + std::to_string(kSeed));

  const auto first = order_of(one), second = order_of(reversed), third = order_of(shuffled);
  std::cout << first.size() << " events; the source changes " << changes_of_source(first) << ", "
            << changes_of_source(second) << " and " << changes_of_source(third) << " times\n";
  EXPECT_TRUE(first != second && second != third && first != third) << "two logs have the same order";
  EXPECT_GT(changes_of_source(third), 5 * changes_of_source(first)) << "the publishers hardly met";
}

// What the test above makes within itself is what the commands print: each month in one of the forms, by turns.
TEST_F(MonthsOrder, AndTheCommandsPrintWhatIsMadeHere) {
  const Installation one = fresh("one");
  one.documents(folder_ / "one.out");
  expected_ = months_.documents(one);
  std::vector<std::string> names;
  std::size_t turn = 0;
  for (const auto& [name, text] : expected_) {
    if (turn % 3 == turn / 3 % 3) names.push_back(name);  // of the three forms of each document another one each time
    ++turn;
  }
  ASSERT_EQ(names.size(), months_.meetings().size() * 2);
  const std::unique_ptr<Process> broker = one.start_broker();
  std::vector<Words> commands;
  for (const std::string& name : names) commands.push_back(DemonstrationMonths::command_of(name));
  const std::vector<std::string> printed = run_all(one, commands, 2);
  for (std::size_t i = 0; i < names.size(); ++i)
    EXPECT_TRUE(printed[i] == expected_.at(names[i])) << names[i] << " differs, printed by the command";
  stop(*broker);
}

}  // namespace
}  // namespace moot
