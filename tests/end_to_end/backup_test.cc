// `moot backup` and `moot restore` as an admin runs them, beside a broker that agencies publish to.
#include <gtest/gtest.h>

#include <csignal>
#include <iostream>
#include <regex>
#include <thread>

#include "broker/client/connection.h"
#include "tests/end_to_end/backup_fixture.h"
#include "tests/end_to_end/byte_scan.h"
#include "tests/end_to_end/personal_values.h"

namespace moot {
namespace {

namespace fs = std::filesystem;
namespace json = boost::json;
using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr std::size_t kCallsOfEach = 2'500;
constexpr std::size_t kNoteCharacters = 2'000;
constexpr int kPublishers = 3;

class Backup : public BackupFixture {
 protected:
  // The documents that rest on the history alone.
  FileTexts documents_of(const Installation& here) const {
    const fs::path out = here.data().string() + ".out";
    fs::create_directories(out);
    for (const char* format : {"html", "json"})
      for (Words words : {Words{"agenda", "table", "--on", "2022-06-14", "--as-at", "2022-06-14", "--output",
                                (out / (std::string("agenda.") + format)).string()},
                          Words{"callers", "--on", "2022-06-14", "--as-at", "2022-06-14", "--output",
                                (out / (std::string("callers.") + format)).string()}}) {
        words.insert(words.end(), {"--format", format});
        const Ended ended = here.moot(words, seconds(120));
        EXPECT_EQ(ended.exit_code, 0) << ended.err;
      }
    return read_files(out);
  }

  std::vector<Words> publishers() const {
    std::vector<Words> all;
    for (int i = 0; i < kPublishers; ++i)
      all.push_back(calls("calls-of-" + std::to_string(i) + ".csv", 100'000 + static_cast<std::size_t>(i) * 10'000,
                          kCallsOfEach, kNoteCharacters));
    for (Words& words : all) words.insert(words.end(), {"--rate", "600"});  // so that there are some to come
    return all;
  }
};

TEST_F(Backup, WhilePublishersAreAtWorkHoldsAllThatWasAcknowledgedAndGoesOnElsewhere) {
  const std::vector<Words> publications = publishers();
  const std::unique_ptr<Process> broker = here_.start_broker();
  std::vector<std::unique_ptr<Process>> running;
  for (const Words& words : publications) running.push_back(here_.start(words));
  while (here_.offset() < partnership_.events() + 1000) std::this_thread::sleep_for(milliseconds(5));

  const std::uint64_t acknowledged = here_.offset();
  const json::object made = back_up({"--keys-to", key_backup_.string()});
  for (const auto& publisher : running) ASSERT_EQ(publisher->wait(seconds(120)), 0) << publisher->err();
  const auto events = static_cast<std::uint64_t>(number_in(made, "events"));
  const std::vector<std::string> all = here_.replay();
  std::cout << "acknowledged before: " << acknowledged << "; in the backup: " << events
            << "; at the end: " << all.size() << "\n";
  EXPECT_GE(events, acknowledged) << "something acknowledged is not in the backup";
  EXPECT_LT(events, all.size()) << "the publishers were done before the backup was";
  EXPECT_EQ(all.size(), partnership_.events() + kPublishers * kCallsOfEach);
  EXPECT_EQ(verify(backup_).exit_code, 0);
  EXPECT_EQ(verify(key_backup_).exit_code, 0);

  const Ended ended = restore("elsewhere");
  ASSERT_EQ(ended.exit_code, 0) << ended.err;
  EXPECT_EQ(json_of(ended.out).at("through_offset").as_string(), std::to_string(events - 1));
  const Installation elsewhere = restored("elsewhere");
  EXPECT_EQ(verify(elsewhere.data()).exit_code, 0);
  const std::vector<std::string> there = elsewhere.replay();
  ASSERT_EQ(there.size(), events);
  EXPECT_TRUE(std::equal(there.begin(), there.end(), all.begin())) << "it is not a prefix of the log";
  EXPECT_TRUE(documents_of(elsewhere) == documents_of(here_)) << "a document differs";

  // What is missing is published again; what is there is recognised.
  std::int64_t accepted = 0, duplicates = 0;
  for (const Words& words : publications) {
    const Ended again = elsewhere.moot(Words(words.begin(), words.end() - 2), seconds(120));  // as fast as it goes
    ASSERT_EQ(again.exit_code, 0) << again.err;
    accepted += number_in(json_of(again.out), "accepted");
    duplicates += number_in(json_of(again.out), "duplicate");
  }
  EXPECT_EQ(accepted, static_cast<std::int64_t>(all.size() - events));
  EXPECT_EQ(duplicates, static_cast<std::int64_t>(events - partnership_.events()));
  EXPECT_EQ(elsewhere.offset(), all.size());
}

TEST_F(Backup, ASecondTimeCopiesOnlyWhatIsNew) {
  publish(calls("many.csv", 100'000, 3'000, kNoteCharacters));
  const json::object first = back_up({"--keys-to", key_backup_.string()});
  const std::uint64_t before = bytes_below(backup_);
  EXPECT_EQ(number_in(first, "new_bytes"), number_in(first, "bytes"));
  publish(calls("few.csv", 200'000, 20));
  const json::object second = back_up({"--keys-to", key_backup_.string()});
  const std::uint64_t added = bytes_below(backup_) - before;
  std::cout << "first backup: " << before << " bytes; the second added " << added << "\n";
  EXPECT_LT(added, before / 20) << "it copied again what was there";
  // The manifest itself is not counted.
  EXPECT_NEAR(static_cast<double>(number_in(second, "new_bytes")), static_cast<double>(added), 4096);
  EXPECT_GT(number_in(second, "bytes"), static_cast<std::int64_t>(before - before / 20));
  EXPECT_EQ(number_in(second, "events"), number_in(first, "events") + 20);
  EXPECT_EQ(number_in(second.at("keys").as_object(), "new_files"), 0);
  for (const char* generation : {"1", "2"}) {
    const Ended ended = restore(std::string("again-") + generation, {"--generation", generation});
    ASSERT_EQ(ended.exit_code, 0) << ended.err;
    EXPECT_EQ(number_in(json_of(ended.out), "events"),
              number_in(generation == std::string("1") ? first : second, "events"));
  }
}

TEST_F(Backup, KeepsSoManyGenerationsAndForgetsTheOlder) {
  for (int i = 0; i < 4; ++i) {
    publish(calls("calls.csv", 100'000 + static_cast<std::size_t>(i) * 100, 100));
    back_up({"--keep", "2", "--keys-to", key_backup_.string()});
  }
  EXPECT_FALSE(fs::exists(backup_ / "generation-000002"));
  EXPECT_FALSE(fs::exists(backup_ / "files/2"));
  EXPECT_FALSE(fs::exists(backup_ / "log/meta/2"));
  const Ended gone = restore("gone", {"--generation", "2"});
  EXPECT_EQ(gone.exit_code, 1);
  EXPECT_NE(gone.err.find("has no generation 2"), std::string::npos) << gone.err;
  const Ended third = restore("third", {"--generation", "3"});
  ASSERT_EQ(third.exit_code, 0) << third.err;
  EXPECT_EQ(restored("third").offset(), partnership_.events() + 300);
}

TEST_F(Backup, BringsTheInboxTheAgenciesAndTheirTokensBack) {
  write_text(folder_ / "bad.csv", PartnershipFixture::calls_header() + "MW-1,never,never,phone,Upper,,,,,,,,,\n");
  EXPECT_EQ(here_
                .moot({"publish", (folder_ / "bad.csv").string(), "--as", PartnershipFixture::kWardens, "--mapping",
                       partnership_.calls_mapping().string()})
                .exit_code,
            1);
  ASSERT_EQ(here_.moot({"agency", "add", "mill-trust", "--name", "Mill Trust"}).exit_code, 0);
  ASSERT_EQ(here_.moot({"token", "add", PartnershipFixture::kHomes}).exit_code, 0);
  back_up({"--keys-to", key_backup_.string()});
  ASSERT_EQ(restore("elsewhere").exit_code, 0);
  const Installation elsewhere = restored("elsewhere");
  EXPECT_EQ(read_text(elsewhere.data() / "tokens.toml"), read_text(here_.data() / "tokens.toml"));
  for (const Words& words :
       {Words{"inbox", "list", "--json"}, Words{"agency", "list", "--json"}, Words{"token", "list", "--json"}}) {
    const Ended there = elsewhere.moot(words), original = here_.moot(words);
    EXPECT_EQ(there.out, original.out);
    EXPECT_GT(there.out.size(), 20u);
  }
}

TEST_F(Backup, HoldsNoPersonalValueAndNoKey) {
  publish(calls("noted.csv", 100'000, 300, 500));
  back_up({"--keys-to", key_backup_.string()});
  PersonalValues values;
  const std::vector<std::string> columns = {"Card",     "Forename", "Surname", "Born", "Home",
                                            "Postcode", "Phone",    "Email",   "Note"};
  for (const fs::path& file : partnership_.call_files()) values.add_csv(file, columns);
  values.add_csv(folder_ / "noted.csv", columns);
  const std::set<std::string> texts = values.values();
  ASSERT_GT(texts.size(), 100u);
  const ByteScan::Below below = ByteScan(texts).found_below(backup_);
  EXPECT_GT(below.files, 10u);
  EXPECT_GT(below.bytes, 100'000u);
  EXPECT_TRUE(below.findings.empty()) << below.findings.front();
  // Keys as they stand in their files; who has which public key is in the registry too.
  std::set<std::string> secrets;
  const std::regex secret("[0-9a-f]{64}");
  for (const auto& [file, bytes] : files_below(here_.keys())) {
    std::istringstream text(read_text(file));
    std::smatch found;
    for (std::string line; std::getline(text, line);)
      if (line.find("public_key") == std::string::npos && std::regex_search(line, found, secret))
        secrets.insert(found.str());
  }
  ASSERT_GT(secrets.size(), 4u);
  const ByteScan::Below keys = ByteScan(secrets).found_below(backup_);
  EXPECT_TRUE(keys.findings.empty()) << "a key is in the backup";
}

TEST_F(Backup, IsMadeOneAtATimeAndOnlyForTheOperator) {
  publish(calls("many.csv", 100'000, 2'000, kNoteCharacters));
  const std::unique_ptr<Process> broker = here_.start_broker();
  const Ended agency = here_.moot({"backup", backup_.string(), "--as", PartnershipFixture::kWardens});
  EXPECT_EQ(agency.exit_code, 1);
  EXPECT_NE(agency.err.find("make backups"), std::string::npos) << agency.err;

  KeyFile key = *read_key_file(here_.key_file(std::string(kOperator)));
  key.run_file = here_.data() / "run.json";
  Connection connection(key);
  ASSERT_TRUE(connection.open(seconds(10)).ok());
  v1::Request start;
  start.mutable_backup_start()->set_to(backup_.string());
  const Result<v1::Reply> first = connection.call(start, seconds(10));
  ASSERT_TRUE(first.ok()) << first.status().message();
  const Result<v1::Reply> second = connection.call(start, seconds(10));
  EXPECT_EQ(second.status().code(), Code::kExists);
  EXPECT_NE(second.status().message().find("being made already"), std::string::npos);

  v1::Request query;
  query.mutable_backup_query()->set_number(first->backup().number());
  Result<v1::Reply> state = connection.call(query, seconds(10));
  for (int i = 0; i < 600 && state.ok() && state->backup().running(); ++i) {
    std::this_thread::sleep_for(milliseconds(50));
    state = connection.call(query, seconds(10));
  }
  ASSERT_TRUE(state.ok());
  EXPECT_EQ(state->backup().generation(), 1u) << state->backup().failure().reason();
  EXPECT_EQ(state->backup().events(), partnership_.events() + 2'000);
  back_up();
}

TEST_F(Backup, SaysInWordsWhatItHoldsAndThatTheKeysAreNotInIt) {
  const Ended ended = here_.moot({"backup", backup_.string()});
  ASSERT_EQ(ended.exit_code, 0) << ended.err;
  const std::string events = std::to_string(partnership_.events());
  EXPECT_NE(ended.out.find(events + " events, through offset " + std::to_string(partnership_.events() - 1)),
            std::string::npos)
      << ended.out;
  EXPECT_NE(ended.out.find("The keys are not in it"), std::string::npos) << ended.out;
  EXPECT_TRUE(ended.err.empty()) << ended.err;
  const Ended without = run(Installation(folder_ / "elsewhere").command({"restore", backup_.string()}));
  EXPECT_EQ(without.exit_code, 1);
  EXPECT_NE(without.err.find("--keys-from"), std::string::npos) << without.err;
  EXPECT_FALSE(fs::exists(folder_ / "elsewhere"));
  EXPECT_EQ(verify(fs::relative(backup_)).exit_code, 0) << "by a path that does not begin with /";
  // Into the key directory that is still there.
  const Ended with = run(
      Installation(folder_ / "elsewhere", partnership_.config(), here_.keys()).command({"restore", backup_.string()}));
  EXPECT_EQ(with.exit_code, 0) << with.err;
  EXPECT_NE(with.out.find("through offset"), std::string::npos) << with.out;
}

}  // namespace
}  // namespace moot
