// Service requests that are fetched from an agency's own Open311 server: all at first, then what is new and changed.
#include <csignal>
#include <map>
#include <set>
#include <thread>

#include "broker/core/instant.h"
#include "tests/end_to_end/byte_scan.h"
#include "tests/end_to_end/logged_events.h"
#include "tests/end_to_end/pull_fixture.h"

namespace moot {
namespace {

namespace json = boost::json;
namespace fs = std::filesystem;

constexpr std::int64_t kDay = 24 * 60;  // minutes

class Pull : public PullFixture {
 protected:
  // 25 requests of the last year and a half, every fifth of them closed.
  static json::array some_requests() {
    json::array requests;
    for (std::size_t i = 0; i < 25; ++i)
      requests.push_back(
          request(1000 + i, static_cast<std::int64_t>(20 + (24 - i) * 21 * kDay), i % 5 == 0 ? "closed" : "open"));
    return requests;
  }
  std::uintmax_t log_bytes() const {
    std::uintmax_t bytes = 0;
    std::error_code gone;
    for (const auto& entry : fs::directory_iterator(here_.data() / "log", gone)) {
      const std::uintmax_t size = entry.file_size(gone);
      bytes += gone ? 0 : size;
    }
    return bytes;
  }
  // How many of them are of windows that the state says are done.
  std::size_t finished(const json::array& requests) const {
    if (!fs::exists(state_file())) return 0;
    const Result<Instant> through = parse_rfc3339(json_of(read_text(state_file())).at("through").as_string());
    EXPECT_TRUE(through.ok());
    std::size_t count = 0;
    for (const json::value& request : requests)
      count += *parse_rfc3339(request.at("updated_datetime").as_string()) < *through ? 1 : 0;
    return count;
  }
  static std::map<std::string, std::size_t> by_type(const std::vector<json::object>& events) {
    std::map<std::string, std::size_t> types;
    for (const json::object& event : events) ++types[std::string(event.at("type").as_string())];
    return types;
  }
};

TEST_F(Pull, TakesAllAtFirstAndThenOnlyWhatChanged) {
  json::array requests = some_requests();
  serve(requests);
  const json::object first = counts(pull_once({"--json"}));
  EXPECT_EQ(number_in(first, "read"), 30);
  EXPECT_EQ(number_in(first, "accepted"), 30);
  EXPECT_EQ(number_in(first, "refused"), 0);
  std::map<std::string, std::size_t> types = by_type(pulled());
  EXPECT_EQ(types["uk.csp.incident.reported.v1"], 25u);
  EXPECT_EQ(types["uk.csp.closure.resolved.v1"], 5u);
  for (const std::string& question : asked())
    EXPECT_TRUE(question.starts_with("/open311/v2/requests.xml?")) << question;

  const json::object row = here_.status().at("pulls").as_array().at(0).as_object();
  EXPECT_EQ(text_in(row, "agency"), kAgency);
  EXPECT_EQ(text_in(row, "through"), text_in(json_of(read_text(state_file())), "through"));
  EXPECT_NE(here_.moot({"status"}).out.find(std::string(kAgency) + ": pulled through "), std::string::npos);

  const Ended nothing = pull_once();
  EXPECT_EQ(nothing.exit_code, 0);
  EXPECT_EQ(nothing.out + nothing.err, "") << "nothing new is nothing to say";
  EXPECT_EQ(asked().size(), 2u) << "one window, two pages";

  change(requests[3].as_object(), 1, "description", "It is twice as high by now");
  change(requests[4].as_object(), 2, "status", "closed");
  requests.push_back(request(2000, 1));
  serve(requests);
  const Ended changed = pull_once();
  EXPECT_EQ(changed.exit_code, 0) << changed.err;
  EXPECT_EQ(changed.err, "");
  // Those of the last hour are asked for again: 1024 was made 20 minutes ago. The one that is open still may have been
  // closed before.
  EXPECT_EQ(changed.out, "brook-homes, pulled: 6 read, 3 accepted, 1 there already, 2 superseding, 0 refused\n");
  types = by_type(pulled());
  EXPECT_EQ(types["uk.csp.incident.reported.v1"], 28u);
  EXPECT_EQ(types["uk.csp.closure.resolved.v1"], 6u);
  EXPECT_EQ(types["uk.csp.closure.withdrawn.v1"], 1u);
  std::size_t versions = 0;
  for (const json::object& event : pulled()) versions += event.at("record").as_string() == "1003" ? 1 : 0;
  EXPECT_EQ(versions, 2u) << "a changed request is another version";
}

TEST_F(Pull, GivesTheSameEventsInXmlAndInJson) {
  serve(some_requests());
  EXPECT_EQ(number_in(counts(pull_once({"--json"})), "accepted"), 30);
  fs::remove(state_file());
  define_pull("format = \"json\"\n");
  (void)asked();
  const Ended again = pull_once({"--json"});
  EXPECT_EQ(again.exit_code, 0) << again.err;
  EXPECT_EQ(number_in(counts(again), "read"), 30);
  EXPECT_EQ(number_in(counts(again), "duplicate"), 30);
  for (const std::string& question : asked())
    EXPECT_TRUE(question.starts_with("/open311/v2/requests.json?")) << question;
  EXPECT_EQ(here_.offset(), 30u);
}

TEST_F(Pull, GoesThroughPagesAgainWhenRequestsMoveFromOneToAnotherMeanwhile) {
  json::array requests;
  for (std::size_t i = 0; i < 40; ++i) requests.push_back(request(i, static_cast<std::int64_t>(200 - i)));
  serve(requests);
  misbehave("moving");
  define_pull("page_size = 8\n");
  const Ended ended = pull_once({"--json"});
  EXPECT_EQ(ended.exit_code, 0) << ended.err;
  EXPECT_EQ(here_.offset(), 40u) << "the first of page 2 had become the last of page 1";
}

TEST_F(Pull, MakesWindowsShorterForAServerThatGivesTheFirstFewAndKnowsNoPages) {
  json::array requests = some_requests();
  for (std::size_t i = 0; i < 133; ++i) requests.push_back(request(5000 + i, static_cast<std::int64_t>(300 + i)));
  serve(requests);
  for (const char* more : {"page_size = 100\n", "page_size = 0\nby = \"requested\"\n"}) {
    misbehave("no-pages 20");
    define_pull(more);
    const Ended ended = pull_once({"--json"});
    EXPECT_EQ(ended.exit_code, 0) << ended.err;
    EXPECT_EQ(here_.offset(), 163u) << more;
  }
}

TEST_F(Pull, MakesWindowsShorterForAnAnswerThatIsTooLarge) {
  constexpr std::size_t kRequests = 9'999, kCharacters = 2'000, kMinutesBetween = 5;
  json::array requests;
  for (std::size_t i = 0; i < kRequests; ++i) {
    requests.push_back(request(i, static_cast<std::int64_t>(100 + i * kMinutesBetween)));
    requests.back().at("description").as_string().append(kCharacters, 'x');
  }
  serve(requests);
  define_pull(since(40) + "format = \"json\"\npage_size = 0\ntimeout_seconds = 60\n");
  const Ended ended = pull_once({"--json"});
  EXPECT_EQ(ended.exit_code, 0) << ended.err;
  EXPECT_EQ(here_.offset(), kRequests);
  EXPECT_GT(asked().size(), 1u) << "the first answer was not too large";
}

TEST_F(Pull, SaysSoWhereAServerMayHaveMoreThanItGives) {
  json::array requests;
  for (std::size_t i = 0; i < 30; ++i) requests.push_back(request(i, 300));  // all in one second
  serve(requests);
  misbehave("no-pages 20");
  const Ended ended = pull_once();
  EXPECT_EQ(ended.exit_code, 1);
  EXPECT_NE(ended.err.find("gives 20 requests of"), std::string::npos) << ended.err;
  EXPECT_NE(ended.err.find("there may be some that it did not give"), std::string::npos) << ended.err;
  EXPECT_EQ(here_.offset(), 20u);
}

TEST_F(Pull, LooksBackWhereOnlyTheDateOfARequestCanBeAskedFor) {
  json::array requests = some_requests();
  serve(requests);
  define_pull("by = \"requested\"\nlook_back_days = 50\njurisdiction_id = \"a council\"\nwindow_days = 30\n");
  write_text(server_ / "jurisdiction", "a council");
  EXPECT_EQ(number_in(counts(pull_once({"--json"})), "accepted"), 30);
  change(requests[23].as_object(), 1, "status", "closed");  // made 21 days ago
  change(requests[10].as_object(), 1, "status", "closed");  // made before what is looked back on
  serve(requests);
  (void)asked();
  const json::object second = counts(pull_once({"--json"}));
  EXPECT_EQ(number_in(second, "superseding") + number_in(second, "accepted"), 2) << "the incident and its closure";
  for (const std::string& question : asked()) {
    EXPECT_NE(question.find("start_date="), std::string::npos) << question;
    EXPECT_EQ(question.find("updated_"), std::string::npos) << question;
  }
}

TEST_F(Pull, LosesAndDoublesNothingWhenItIsKilledInTheMiddle) {
  // So many and so long that a fast machine is killed in the middle too.
  constexpr std::size_t kRequests = 8'000, kCharacters = 2'000, kDays = 36;
  json::array requests;
  for (std::size_t i = 0; i < kRequests; ++i) {
    requests.push_back(request(i, static_cast<std::int64_t>(100 + i * kDays * kDay / kRequests)));
    requests.back().at("description").as_string().append(kCharacters, 'x');
  }
  serve(requests);
  define_pull(since(50) + "format = \"json\"\nwindow_days = 40\npage_size = 1000\ntimeout_seconds = 60\n");
  int in_mid_window = 0;
  for (int kill = 0; kill < 5 && finished(requests) < kRequests; ++kill) {
    const std::unique_ptr<Process> one = here_.start({"pull"});
    // Asking the broker how far it is takes longer than publishing all of it.
    const std::uintmax_t before = log_bytes();
    const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(5);
    while (log_bytes() < before + 1'000'000 && std::chrono::steady_clock::now() < end) std::this_thread::yield();
    if (kill == 1) {  // the broker too, and it comes back while the pull waits
      broker_->kill();
      broker_ = here_.start_broker();
    }
    one->kill();
    in_mid_window += here_.offset() > finished(requests) ? 1 : 0;
  }
  const Ended last = pull_once({"--json"});
  EXPECT_EQ(last.exit_code, 0) << last.err;
  std::set<std::string> ids;
  const std::vector<json::object> events = pulled();
  for (const json::object& event : events) ids.insert(std::string(event.at("id").as_string()));
  EXPECT_EQ(events.size(), kRequests);
  EXPECT_EQ(ids.size(), kRequests);
  EXPECT_EQ(finished(requests), kRequests);
  EXPECT_GT(in_mid_window, 0) << "no kill has landed in the middle of a window";
}

TEST_F(Pull, GoesOnByItselfAndWaitsForABrokerThatIsAway) {
  serve(some_requests());
  broker_->kill();
  const std::unique_ptr<Process> pull = here_.start({"pull"});
  ASSERT_TRUE(comes_true([&] { return pull->err().find("waits") != std::string::npos; })) << pull->err();
  broker_ = here_.start_broker();
  ASSERT_TRUE(comes_true([&] { return pull->err().find("30 read, 30 accepted") != std::string::npos; })) << pull->err();
  EXPECT_EQ(here_.offset(), 30u);
  const Ended second = pull_once();
  EXPECT_EQ(second.exit_code, 1);
  EXPECT_NE(second.err.find("another process pulls for this agency"), std::string::npos) << second.err;
  pull->signal(SIGTERM);
  EXPECT_EQ(pull->wait(std::chrono::seconds(15)), 0) << pull->err();
}

TEST_F(Pull, IsPartOfUpAndSealsWhatItTakes) {
  serve(some_requests());
  broker_->kill();
  broker_.reset();
  const std::unique_ptr<Process> up = here_.start({"up"});
  ASSERT_TRUE(comes_true([&] { return up->err().find("30 read, 30 accepted") != std::string::npos; })) << up->err();
  ASSERT_TRUE(comes_true([&] { return up->err().find("is up;") != std::string::npos; })) << up->err();
  const ByteScan scan({kFamilyName, "Averyfirst", "Inventedaddress", "behind the yard"});
  EXPECT_EQ(scan.found_in(up->err() + up->out()), std::set<std::string>());
  up->signal(SIGTERM);
  EXPECT_EQ(up->wait(std::chrono::seconds(15)), 0) << up->err();
  EXPECT_EQ(scan.found_below(here_.data()).findings, std::vector<std::string>());
  EXPECT_EQ(scan.found_below(here_.keys()).findings, std::vector<std::string>());
}

TEST_F(Pull, DeclaresWhatIsOlderThanTheFirstPullAsHistoryWhereAskedTo) {
  json::array requests = some_requests();
  serve(requests);
  define_pull("backfill = true\n");
  EXPECT_EQ(number_in(counts(pull_once({"--json"})), "accepted"), 30);
  const auto let_time_pass = [] { std::this_thread::sleep_for(std::chrono::milliseconds(1100)); };
  let_time_pass();  // times are whole seconds
  requests.push_back(request(2000, 0));
  serve(requests);
  let_time_pass();
  EXPECT_EQ(number_in(counts(pull_once({"--json"})), "accepted"), 1);
  std::size_t history = 0, live = 0;
  for (const json::object& event : pulled()) {
    const json::value* backfill = event.if_contains("backfill");
    (backfill != nullptr && json::serialize(*backfill).find("true") != std::string::npos ? history : live) += 1;
  }
  EXPECT_EQ(history, 30u);
  EXPECT_EQ(live, 1u);
}

TEST_F(Pull, AnotherPartnershipHasOneWithoutAChangeOfCode) {
  const fs::path other = folder_ / "other";
  fs::copy(fs::path(MOOT_SOURCE_DIR) / "tests/data/harbour-and-fell", other, fs::copy_options::recursive);
  write_text(other / "partnership.toml",
             read_text(other / "partnership.toml") + "\n[[pull]]\nagency = \"harbour-council\"\nformat = \"json\"\n" +
                 "url = \"http://127.0.0.1:" + read_text(server_ / "port") + "/open311/v2/\"\n" + since(600));
  serve(some_requests());
  const Installation there(folder_ / "other-data", other / "partnership.toml");
  const Ended ended = there.moot({"pull", "--once"});
  EXPECT_EQ(ended.out, "harbour-council, pulled: 30 read, 30 accepted, 0 there already, 0 superseding, 0 refused\n")
      << ended.err;
  EXPECT_EQ(ended.exit_code, 0) << "it ran a broker inside itself";
  EXPECT_EQ(there.replay({"--agency", "harbour-council", "--type", "closure"}).size(), 5u);
}

}  // namespace
}  // namespace moot
