// The courier against a real broker: everything is answered once, whatever the broker does meanwhile.
#include "adapters/courier.h"

#include <gtest/gtest.h>

#include <atomic>
#include <future>
#include <set>

#include "broker/access/curve_key.h"
#include "broker/broker.h"
#include "broker/broker_metrics.h"
#include "broker/data_folder.h"
#include "tests/contract/temporary_folder.h"
#include "tests/unit/example_event.h"

namespace moot {
namespace {

using std::chrono::milliseconds;
using Answer = Result<std::vector<Outcome>>;

class CourierTest : public testing::Test {
 protected:
  CourierTest() { start(); }
  void start() {
    BrokerOptions options;
    options.data = folder_ / "data";
    options.keys = folder_ / "keys";
    options.agencies = {{*AgencyId::parse("north-police"), "North Police", 0}};
    auto started = Broker::start(options);
    MOOT_CHECK_OK(started.status());
    broker_ = std::move(*started);
  }
  KeyFile key() const {
    KeyFile file = *read_key_file(folder_ / "keys" / "agencies" / "north-police.key");
    file.run_file = DataFolder::run_file(folder_ / "data");
    return file;
  }
  static Parcel parcel(const std::vector<v1::Event>& events) {
    Parcel parcel;
    for (const v1::Event& event : events) {
      parcel.events.push_back(event.SerializeAsString());
      parcel.origins.emplace_back();
    }
    return parcel;
  }
  static std::future<Answer> send(Courier& courier, Parcel parcel) {
    auto promise = std::make_shared<std::promise<Answer>>();
    parcel.done = [promise](Answer answer) { promise->set_value(std::move(answer)); };
    std::future<Answer> future = promise->get_future();
    EXPECT_TRUE(courier.submit(std::move(parcel)));
    return future;
  }

  TemporaryFolder folder_;
  std::unique_ptr<Broker> broker_;
};

TEST_F(CourierTest, AnswersEachParcelWithItsOwnOutcomesInOrder) {
  Courier courier(key(), {});
  std::vector<std::future<Answer>> answers;
  for (int i = 0; i < 500; ++i)
    answers.push_back(send(courier, parcel({example_event("a" + std::to_string(i)), example_event("same"),
                                            example_event("x", "/soha/other")})));
  std::set<std::uint64_t> offsets;
  std::size_t duplicates = 0;
  for (auto& answer : answers) {
    const Answer got = answer.get();
    ASSERT_TRUE(got.ok()) << got.status().message();
    ASSERT_EQ(got->size(), 3u);
    EXPECT_EQ(got->at(0).fate, Fate::kAccepted);
    offsets.insert(got->at(0).offset.value);
    duplicates += got->at(1).fate == Fate::kDuplicate ? 1 : 0;
    EXPECT_EQ(got->at(2).status.code(), Code::kWrongAgency);
  }
  EXPECT_EQ(offsets.size(), 500u);
  EXPECT_EQ(duplicates, 499u);
}

TEST_F(CourierTest, SplitsAParcelThatIsLargerThanAMessage) {
  CourierOptions options;
  options.limits.message_events_max = 10;
  Courier courier(key(), options);
  std::vector<v1::Event> events;
  for (int i = 0; i < 95; ++i) events.push_back(example_event(std::to_string(i)));
  Parcel large = parcel(events);
  v1::RefusedInput refused;
  refused.mutable_origin()->set_file("POST /events");
  refused.set_code(static_cast<std::uint32_t>(Code::kUnreadable));
  refused.set_reason("not JSON");
  for (int i = 0; i < 15; ++i) {
    refused.mutable_origin()->set_row(static_cast<std::uint64_t>(i));
    large.refused.push_back(refused);
  }
  const Answer got = send(courier, std::move(large)).get();
  ASSERT_TRUE(got.ok()) << got.status().message();
  ASSERT_EQ(got->size(), 95u);
  for (std::size_t i = 0; i < 95; ++i) EXPECT_EQ(got->at(i).offset.value, i);
  Connection connection([&] {
    KeyFile file = *read_key_file(folder_ / "keys" / "agencies" / "operator.key");
    file.run_file = DataFolder::run_file(folder_ / "data");
    return file;
  }());
  MOOT_CHECK_OK(connection.open(milliseconds(5000)));
  v1::Request request;
  request.mutable_status();
  EXPECT_EQ(connection.call(request, milliseconds(5000))->status().inbox_items(), 15u);
}

TEST_F(CourierTest, SendsAgainWhatABrokerThatEndedLeftUnanswered) {
  Courier courier(key(), {});
  ASSERT_TRUE(send(courier, parcel({example_event("first")})).get().ok());
  std::vector<std::future<Answer>> answers;
  for (int round = 0; round < 3; ++round) {
    for (int i = 0; i < 200; ++i)
      answers.push_back(send(courier, parcel({example_event(std::to_string(round) + "-" + std::to_string(i))})));
    broker_.reset();
    start();
  }
  std::set<std::uint64_t> offsets;
  for (auto& answer : answers) {
    const Answer got = answer.get();
    ASSERT_TRUE(got.ok()) << got.status().message();
    EXPECT_EQ(got->at(0).fate, Fate::kAccepted) << "what was stored without telling is told as stored";
    offsets.insert(got->at(0).offset.value);
  }
  EXPECT_EQ(offsets.size(), 600u);
}

TEST_F(CourierTest, AnswersThatNobodyIsThereAfterItsPatience) {
  CourierOptions options;
  options.patience = milliseconds(300);
  Courier courier(key(), options);
  broker_.reset();
  const Answer got = send(courier, parcel({example_event("1")})).get();
  EXPECT_EQ(got.status().code(), Code::kUnavailable);
  start();
  EXPECT_TRUE(send(courier, parcel({example_event("1")})).get().ok());
}

TEST_F(CourierTest, TakesNoMoreThanItsQueueHolds) {
  CourierOptions options;
  options.queue_bytes_max = 1000;
  options.patience = milliseconds(300);
  Courier courier(key(), options);
  broker_.reset();
  std::vector<std::future<Answer>> answers;
  std::atomic<int> told{0};
  int taken = 0;
  for (int i = 0; i < 100; ++i) {
    Parcel one = parcel({example_event(std::to_string(i))});
    one.done = [&told](const Answer&) { ++told; };
    taken += courier.submit(std::move(one)) ? 1 : 0;
  }
  EXPECT_GT(taken, 1);
  EXPECT_LT(taken, 12);
  for (int i = 0; i < 500 && told < taken; ++i) std::this_thread::sleep_for(milliseconds(10));
  EXPECT_EQ(told, taken);
  start();
  EXPECT_TRUE(send(courier, parcel({example_event("again")})).get().ok()) << "there is room again";
}

TEST_F(CourierTest, TellsARefusedKeyAtOnceAndAnswersAllWhenItEnds) {
  KeyFile stranger = key();
  stranger.file.clear();  // else it would take the right key from there
  stranger.secret_key = random_key();
  stranger.public_key = stranger.secret_key;
  {
    Courier courier(stranger, {});
    const Answer got = send(courier, parcel({example_event("1")})).get();
    EXPECT_FALSE(got.ok());
  }
  std::future<Answer> left;
  broker_.reset();
  {
    Courier courier(key(), {});
    left = send(courier, parcel({example_event("1")}));
  }
  EXPECT_EQ(left.get().status().code(), Code::kUnavailable);
}

class CourierWithASpool : public CourierTest {
 protected:
  std::unique_ptr<Spool> spool(std::uint64_t bytes_max = 1 << 30) const {
    auto opened = Spool::open(folder_ / "spool", spool_key_, bytes_max);
    MOOT_CHECK_OK(opened.status());
    return std::move(*opened);
  }
  CourierOptions options() const {
    CourierOptions options;
    options.keep_after = milliseconds(0);
    options.clock = &clock_;
    return options;
  }
  void wait_until_empty() const {
    Result<SpoolFigures> seen = Spool::look(folder_ / "spool");
    for (int i = 0; i < 500 && (!seen.ok() || seen->parcels > 0); ++i, seen = Spool::look(folder_ / "spool"))
      std::this_thread::sleep_for(milliseconds(20));
    ASSERT_TRUE(seen.ok()) << seen.status().message();
    EXPECT_EQ(seen->parcels, 0u);
  }
  // The offset of each event 0, 1, …, found by sending it once more.
  std::vector<std::uint64_t> offsets(Courier& courier, int events) {
    std::vector<std::uint64_t> found;
    std::vector<std::future<Answer>> answers;
    for (int i = 0; i < events; ++i) answers.push_back(send(courier, parcel({example_event(std::to_string(i))})));
    for (int i = 0; i < events; ++i) {
      const Answer again = answers[static_cast<std::size_t>(i)].get();
      MOOT_CHECK_OK(again.status());
      EXPECT_EQ(again->at(0).fate, Fate::kDuplicate) << i;
      found.push_back(again->at(0).offset.value);
    }
    return found;
  }

  const SystemClock clock_;
  const Key spool_key_ = random_key();
};

TEST_F(CourierWithASpool, KeepsWhatComesWhileTheBrokerIsAwayAndHandsItOverInOrder) {
  Courier courier(key(), options(), spool());
  broker_.reset();
  std::vector<std::future<Answer>> answers;
  for (int i = 0; i < 60; ++i) answers.push_back(send(courier, parcel({example_event(std::to_string(i))})));
  for (auto& answer : answers) EXPECT_EQ(answer.get()->at(0).fate, Fate::kKept);
  start();
  wait_until_empty();
  const std::vector<std::uint64_t> found = offsets(courier, 60);
  for (std::size_t i = 0; i < found.size(); ++i) EXPECT_EQ(found[i], i);
  EXPECT_EQ(send(courier, parcel({example_event("new")})).get()->at(0).fate, Fate::kAccepted) << "directly again";
}

TEST_F(CourierWithASpool, LosesNothingWhateverItIsDoingWhenTheBrokerGoes) {
  Courier courier(key(), options(), spool());
  std::vector<std::future<Answer>> answers;
  int number = 0;
  for (int round = 0; round < 4; ++round) {
    for (int i = 0; i < 150; ++i) answers.push_back(send(courier, parcel({example_event(std::to_string(number++))})));
    broker_.reset();
    for (int i = 0; i < 50; ++i) answers.push_back(send(courier, parcel({example_event(std::to_string(number++))})));
    if (round % 2 == 0) std::this_thread::sleep_for(milliseconds(1500));  // longer than one attempt to reach it
    start();
  }
  int kept = 0;
  for (auto& answer : answers) {
    const Answer got = answer.get();
    ASSERT_TRUE(got.ok()) << got.status().message();
    EXPECT_TRUE(got->at(0).fate == Fate::kAccepted || got->at(0).fate == Fate::kKept);
    kept += got->at(0).fate == Fate::kKept ? 1 : 0;
  }
  EXPECT_GT(kept, 0) << "this run has tried nothing";
  wait_until_empty();
  const std::vector<std::uint64_t> found = offsets(courier, number);
  for (std::size_t i = 1; i < found.size(); ++i) EXPECT_LT(found[i - 1], found[i]) << i;
}

TEST_F(CourierWithASpool, KeepsWhatIsNotDoneWhenItEndsAndTheNextOneHandsItOver) {
  std::vector<std::future<Answer>> answers;
  {
    CourierOptions patient = options();
    patient.keep_after = milliseconds(60'000);
    Courier courier(key(), patient, spool());
    broker_.reset();
    for (int i = 0; i < 5; ++i) answers.push_back(send(courier, parcel({example_event(std::to_string(i))})));
  }
  for (auto& answer : answers) EXPECT_EQ(answer.get()->at(0).fate, Fate::kKept);
  start();
  Courier courier(key(), options(), spool());
  wait_until_empty();
  EXPECT_EQ(offsets(courier, 5), (std::vector<std::uint64_t>{0, 1, 2, 3, 4}));
}

TEST_F(CourierWithASpool, KeepsNothingForABrokerThatWillNotHaveIt) {
  KeyFile stranger = key();
  const CurveKey other = make_curve_key();
  stranger.file.clear();
  stranger.public_key = other.public_key;
  stranger.secret_key = other.secret_key;
  Courier courier(stranger, options(), spool());
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(send(courier, parcel({example_event(std::to_string(i))})).get().status().code(), Code::kUnknownKey);
    std::this_thread::sleep_for(milliseconds(300));
  }
  EXPECT_FALSE(std::filesystem::exists(folder_ / "spool"));
}

// A revoked agency's: it is left where it is, and the broker not asked four times a second for good.
TEST_F(CourierWithASpool, SaysOnceThatABrokerWillNotHaveWhatIsKeptAndAsksLessAndLess) {
  broker_.reset();
  {
    Courier courier(key(), options(), spool());
    EXPECT_EQ(send(courier, parcel({example_event("0")})).get()->at(0).fate, Fate::kKept);
  }
  start();
  KeyFile stranger = key();
  const CurveKey other = make_curve_key();
  stranger.file.clear();
  stranger.public_key = other.public_key;
  stranger.secret_key = other.secret_key;
  std::atomic<int> lines = 0;
  CourierOptions heard = options();
  heard.log = [&](const std::string& line) {
    ++lines;
    EXPECT_NE(line.find("cannot be handed over yet"), std::string::npos) << line;
  };
  {
    Courier courier(stranger, heard, spool());
    std::this_thread::sleep_for(milliseconds(4500));
    EXPECT_EQ(lines, 1);
    EXPECT_EQ(send(courier, parcel({example_event("1")})).get().status().code(), Code::kUnknownKey) << "at once";
  }
  std::this_thread::sleep_for(milliseconds(1200));  // figures are shown once a second
  const std::string figures = broker_->metrics().text();
  const std::string refusals = "moot_refusals_total{agency=\"unknown\",code=\"unknown-key\"} ";
  const std::size_t at = figures.find(refusals);
  ASSERT_NE(at, std::string::npos) << figures;
  EXPECT_LE(std::stoi(figures.substr(at + refusals.size())), 5) << "after 0, 1, 3 seconds, and for the second parcel";
  EXPECT_EQ(Spool::look(folder_ / "spool")->parcels, 1u);
}

TEST_F(CourierWithASpool, SaysSoWhenItIsFull) {
  std::atomic<int> lines = 0;
  CourierOptions heard = options();
  heard.log = [&](const std::string&) { ++lines; };
  Courier courier(key(), heard, spool(2000));
  broker_.reset();
  int kept = 0, refused = 0;
  for (int i = 0; i < 20; ++i) {
    const Answer answer = send(courier, parcel({example_event(std::to_string(i))})).get();
    ++(answer.ok() ? kept : refused);
    EXPECT_TRUE(answer.ok() || answer.status().code() == Code::kUnavailable) << answer.status().message();
  }
  EXPECT_GT(kept, 0);
  EXPECT_GT(refused, 1);
  EXPECT_EQ(lines, 1) << "a line for each request would fill the disk that the spool did not";
}

}  // namespace
}  // namespace moot
