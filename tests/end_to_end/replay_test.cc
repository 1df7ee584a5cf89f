// What was published can be read again: whole, by time, type, agency, subject and position, by its own agency only; and
// published again elsewhere it makes the same documents (promises G5, G6, G8).
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <csignal>
#include <map>
#include <thread>

#include "broker/core/calendar.h"
#include "tests/contract/temporary_folder.h"
#include "tests/end_to_end/installation.h"
#include "tests/end_to_end/partnership_fixture.h"

namespace moot {
namespace {

namespace json = boost::json;

std::string text_of(const json::object& event, const std::string& name) {
  const json::value* value = event.if_contains(name);
  return value != nullptr && value->is_string() ? value->as_string().c_str() : "";
}

class Replay : public testing::Test {
 protected:
  Replay() {
    documents_ = here_.documents(folder_ / "out");
    events_ = here_.replay();
    for (const std::string& line : events_) parsed_.push_back(json_of(line));
  }

  // The lines that a filter should let through, chosen from all of them by the test itself.
  template <typename Wanted>
  std::vector<std::string> lines_where(const Wanted& wanted) const {
    std::vector<std::string> lines;
    for (std::size_t i = 0; i < events_.size(); ++i)
      if (wanted(parsed_[i])) lines.push_back(events_[i]);
    return lines;
  }

  // Each filter lets something through and holds something back, else it has not been tried.
  template <typename Wanted>
  void expect_filter(const Words& words, const Wanted& wanted) const {
    SCOPED_TRACE(words.front() + " " + words.back());
    const std::vector<std::string> expected = lines_where(wanted);
    EXPECT_GT(expected.size(), 0u);
    EXPECT_LT(expected.size(), events_.size());
    EXPECT_TRUE(here_.replay(words) == expected);
    Words dry = {"replay", "--dry-run", "--json"};
    dry.insert(dry.end(), words.begin(), words.end());
    const Ended counted = here_.moot(dry);
    EXPECT_EQ(number_in(json_of(counted.out), "events"), static_cast<std::int64_t>(expected.size()));
  }

  const TemporaryFolder folder_;
  const PartnershipFixture partnership_{folder_ / "partnership"};
  const Installation here_{folder_ / "data", partnership_.config(), folder_ / "keys"};
  FileTexts documents_;
  std::vector<std::string> events_;
  std::vector<json::object> parsed_;
};

// `moot replay --output` with its power cut after a few lines; the first of them is marked, so that one sees them
// again.
class InterruptedReplay : public Replay {
 protected:
  InterruptedReplay() {
    const std::unique_ptr<Process> broker = here_.start_broker();
    const std::unique_ptr<Process> slow = here_.start({"replay", "--output", out_.string(), "--rate", "40"});
    const auto lines = [&] { return std::filesystem::exists(part_) ? lines_of_text(read_text(part_)).size() : 0; };
    for (int i = 0; i < 500 && lines() < 6; ++i) std::this_thread::sleep_for(std::chrono::milliseconds(20));
    slow->kill();
    std::string text = read_text(part_);
    text = text.substr(0, text.rfind('\n') + 1);
    there_ = lines_of_text(text);
    MOOT_CHECK(there_.size() >= 5 && there_.size() < events_.size());
    marked_ = there_.front();
    marked_.replace(marked_.find("\"specversion\":\"1.0\""), 19, "\"specversion\":\"1.x\"");
    write_text(part_, marked_ + text.substr(there_.front().size()) + "{\"torn\":\"li");
  }
  const std::filesystem::path out_ = folder_ / "out.jsonl", part_ = folder_ / "out.jsonl.part";
  std::vector<std::string> there_;
  std::string marked_;
};

TEST_F(InterruptedReplay, GoesOnAfterItsLastWholeLine) {
  const Ended again = here_.moot({"replay", "--output", out_.string()});
  EXPECT_EQ(again.exit_code, 0) << again.err;
  EXPECT_NE(again.err.find("goes on after offset " + std::to_string(there_.size() - 1)), std::string::npos)
      << again.err;
  std::vector<std::string> expected = events_;
  expected.front() = marked_;
  EXPECT_TRUE(lines_of_text(read_text(out_)) == expected);
  EXPECT_FALSE(std::filesystem::exists(part_));
  EXPECT_FALSE(std::filesystem::exists(part_.string() + ".order"));
}

TEST_F(InterruptedReplay, OfAnotherOrderBeginsAgain) {
  const Words only = {"--agency", PartnershipFixture::kClinic};
  const Ended again = here_.moot({"replay", "--output", out_.string(), only[0], only[1]});
  EXPECT_EQ(again.exit_code, 0) << again.err;
  EXPECT_TRUE(lines_of_text(read_text(out_)) == here_.replay(only));
}

TEST_F(InterruptedReplay, BeginsAgainWhenNothingOfItCanBeRead) {
  write_text(part_, "not a line of ours\n");
  const Ended again = here_.moot({"replay", "--output", out_.string()});
  EXPECT_EQ(again.exit_code, 0) << again.err;
  EXPECT_TRUE(lines_of_text(read_text(out_)) == events_);
}

TEST_F(Replay, PrintsEveryEventOnceInTheOrderOfTheLogWithAllItsTimes) {
  ASSERT_EQ(events_.size(), partnership_.events());
  std::int64_t last_recorded = 0;
  for (std::size_t i = 0; i < parsed_.size(); ++i) {
    const json::object& event = parsed_[i];
    EXPECT_EQ(text_of(event, "specversion"), "1.0");
    EXPECT_EQ(text_of(event, "offset"), std::to_string(i));
    for (const char* name : {"id", "source", "type", "time", "knowntime", "recordedtime", "agency"})
      EXPECT_NE(text_of(event, name), "") << name << " of the event at offset " << i;
    const Result<Instant> recorded = parse_rfc3339(text_of(event, "recordedtime"));
    ASSERT_TRUE(recorded.ok()) << recorded.status().to_string();
    EXPECT_GE(recorded->us, last_recorded);
    last_recorded = recorded->us;
    EXPECT_TRUE(event.at("backfill").as_bool());
    EXPECT_TRUE(event.at("data").as_object().contains("facts"));
  }
}

TEST_F(Replay, FiltersByTimeTypeAgencySubjectAreaAndOffset) {
  // Bare dates are local midnights: in April and May an hour before midnight UTC.
  const auto time = [](const json::object& event) { return text_of(event, "time"); };
  expect_filter({"--from", "2022-05-10"}, [&](const auto& e) { return time(e) >= "2022-05-09T23:00:00"; });
  expect_filter({"--to", "2022-05-10"}, [&](const auto& e) { return time(e) < "2022-05-09T23:00:00"; });
  expect_filter({"--from", "2022-04-20", "--to", "2022-05-01"},
                [&](const auto& e) { return time(e) >= "2022-04-19T23:00:00" && time(e) < "2022-04-30T23:00:00"; });
  expect_filter({"--type", "incident"},
                [](const auto& e) { return text_of(e, "type").starts_with("uk.csp.incident."); });
  expect_filter({"--type", "uk.csp.incident.updated.v1"},
                [](const auto& e) { return text_of(e, "type") == "uk.csp.incident.updated.v1"; });
  expect_filter({"--agency", PartnershipFixture::kClinic},
                [](const auto& e) { return text_of(e, "agency") == PartnershipFixture::kClinic; });
  expect_filter({"--subject", "BH-3"}, [](const auto& e) { return text_of(e, "subject") == "BH-3"; });
  expect_filter({"--area", "upper-brook"}, [](const auto& e) { return text_of(e, "area") == "upper-brook"; });
  const auto offset = [](const json::object& event) { return std::stoi(text_of(event, "offset")); };
  expect_filter({"--offset", "10..20"}, [&](const auto& e) { return offset(e) >= 10 && offset(e) < 20; });
  expect_filter({"--offset", "60.."}, [&](const auto& e) { return offset(e) >= 60; });
  expect_filter({"--offset", "..3"}, [&](const auto& e) { return offset(e) < 3; });
  expect_filter({"--type", "contact", "--from", "2022-04-20", "--offset", "0..50"}, [&](const auto& e) {
    return text_of(e, "type").starts_with("uk.csp.contact.") && time(e) >= "2022-04-19T23:00:00" && offset(e) < 50;
  });
}

TEST_F(Replay, CountsByTypeAndAgencyOnADryRun) {
  const Ended dry = here_.moot({"replay", "--dry-run", "--json"});
  ASSERT_EQ(dry.exit_code, 0) << dry.err;
  const json::object counts = json_of(dry.out);
  EXPECT_EQ(number_in(counts, "events"), static_cast<std::int64_t>(events_.size()));
  std::map<std::string, std::int64_t> agencies, types;
  for (const json::object& event : parsed_) {
    ++agencies[text_of(event, "agency")];
    ++types[text_of(event, "type")];
  }
  EXPECT_EQ(counts.at("agencies").as_object().size(), agencies.size());
  for (const auto& [agency, count] : agencies)
    EXPECT_EQ(number_in(counts.at("agencies").as_object(), agency), count) << agency;
  for (const auto& [type, count] : types) EXPECT_EQ(number_in(counts.at("types").as_object(), type), count) << type;
}

TEST_F(Replay, GivesAnAgencyItsOwnEventsOnly) {
  for (const char* agency : {PartnershipFixture::kWardens, PartnershipFixture::kHomes, PartnershipFixture::kClinic}) {
    const std::vector<std::string> own = lines_where([&](const auto& e) { return text_of(e, "agency") == agency; });
    EXPECT_TRUE(here_.replay({"--as", agency}) == own) << agency;
    // Nor by asking for another's by name, with its own key file.
    EXPECT_TRUE(here_.replay({"--key", here_.key_file(agency).string()}) == own) << agency;
  }
  EXPECT_TRUE(here_.replay({"--as", PartnershipFixture::kHomes, "--agency", PartnershipFixture::kClinic}).empty());
}

TEST_F(Replay, PublishedIntoAFreshDirectoryMakesTheSameDocuments) {
  const Installation fresh(folder_ / "fresh", partnership_.config(), folder_ / "keys");
  for (const char* agency : {PartnershipFixture::kClinic, PartnershipFixture::kHomes, PartnershipFixture::kWardens}) {
    const std::filesystem::path file = folder_ / (std::string(agency) + ".jsonl");
    const Ended written = here_.moot({"replay", "--agency", agency, "--output", file.string()});
    ASSERT_EQ(written.exit_code, 0) << written.err;
    const Ended published = fresh.moot({"publish", file.string(), "--as", agency, "--backfill", "--json"});
    ASSERT_EQ(published.exit_code, 0) << published.err;
    EXPECT_EQ(number_in(json_of(published.out), "refused"), 0);
  }
  EXPECT_EQ(fresh.offset(), events_.size());
  // `up` publishes the feeds too: every event of theirs must be there already, the same to the byte.
  EXPECT_TRUE(fresh.documents(folder_ / "fresh.out") == documents_) << "a document differs";
  EXPECT_EQ(fresh.offset(), events_.size()) << "an event came back from replay under another id";
}

TEST_F(Replay, OfTwoToOneFileTheSecondDoesNotBegin) {
  const std::filesystem::path out = folder_ / "out.jsonl", part = folder_ / "out.jsonl.part";
  const std::unique_ptr<Process> broker = here_.start_broker();
  const std::unique_ptr<Process> slow = here_.start({"replay", "--output", out.string(), "--rate", "200"});
  for (int i = 0; i < 500 && (!std::filesystem::exists(part) || std::filesystem::file_size(part) == 0); ++i)
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  slow->signal(SIGSTOP);  // it must not come to its end while the second starts
  const Ended second = here_.moot({"replay", "--output", out.string()});
  slow->signal(SIGCONT);
  EXPECT_EQ(second.exit_code, 1);
  EXPECT_NE(second.err.find("another replay writes it just now"), std::string::npos) << second.err;
  EXPECT_EQ(slow->wait(std::chrono::seconds(60)), 0) << slow->err();
  EXPECT_TRUE(lines_of_text(read_text(out)) == events_);
}

TEST_F(Replay, WritesFilesAndThroughLinksAndReplacesNothingElse) {
  std::filesystem::create_symlink(folder_ / "meant.jsonl", folder_ / "link.jsonl");
  ASSERT_EQ(here_.moot({"replay", "--output", (folder_ / "link.jsonl").string()}).exit_code, 0);
  EXPECT_TRUE(std::filesystem::is_symlink(folder_ / "link.jsonl"));
  EXPECT_TRUE(lines_of_text(read_text(folder_ / "meant.jsonl")) == events_);
  const std::filesystem::path pipe = folder_ / "pipe";
  ASSERT_EQ(::mkfifo(pipe.c_str(), 0600), 0);
  for (const Words& words : {Words{"replay"}, Words{"agenda", "table", "--on", "2022-06-14"}}) {
    Words all = words;
    all.insert(all.end(), {"--output", pipe.string()});
    const Ended ended = here_.moot(all);
    EXPECT_EQ(ended.exit_code, 2) << ended.err;
    EXPECT_NE(ended.err.find("is no file that could be written anew"), std::string::npos) << ended.err;
    EXPECT_TRUE(std::filesystem::is_fifo(pipe));
  }
}

TEST_F(Replay, SaysSoWhenItsOutputIsLost) {
  for (const std::string command : {"status", "audit list", "replay --dry-run", "agency list"}) {
    const Ended ended = run({"/bin/sh", "-c",
                             std::string(MOOT_BINARY) + " " + command + " --data '" + here_.data().string() +
                                 "' --keys '" + here_.keys().string() + "' > /dev/full"});
    EXPECT_EQ(ended.exit_code, 1) << command;
    EXPECT_NE(ended.err.find("the output cannot be written"), std::string::npos) << command << ": " << ended.err;
  }
}

TEST_F(Replay, EndsBeforeTheFirstInstantToo) {
  EXPECT_EQ(here_.replay({"--to", "1970-01-01T00:00:00Z"}).size(), 0u);
  EXPECT_EQ(here_.replay({"--from", "1970-01-01T00:00:00Z"}).size(), events_.size());
}

TEST_F(Replay, RefusesWhatItCannotMeanAsAMistakeOfUsage) {
  for (const Words& words :
       {Words{"replay", "--offset", "7"}, Words{"replay", "--offset", "5..5"}, Words{"replay", "--from", "yesterday"},
        Words{"replay", "--type", "nonsense"}, Words{"replay", "--type", "contact", "--rate", "-1"},
        Words{"callers", "--on", "2022-13-01"}, Words{"no-such-command"}}) {
    const Ended ended = here_.moot(words);
    EXPECT_EQ(ended.exit_code, 2) << words.back() << ": " << ended.err;
    EXPECT_NE(ended.err, "") << words.back();
  }
}

}  // namespace
}  // namespace moot
