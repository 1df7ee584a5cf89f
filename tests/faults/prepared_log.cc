#include "tests/faults/prepared_log.h"

#include <gtest/gtest.h>

#include <google/protobuf/util/message_differencer.h>

#include <algorithm>
#include <csignal>
#include <regex>

#include "broker/client/connection.h"
#include "broker/client/producer.h"

namespace moot {

namespace fs = std::filesystem;
using std::chrono::seconds;

namespace {

template <typename Message>
bool same(const std::vector<Message>& a, const std::vector<Message>& b) {
  return a.size() == b.size() && std::equal(a.begin(), a.end(), b.begin(), [](const Message& x, const Message& y) {
           return x.SerializeAsString() == y.SerializeAsString() ||
                  google::protobuf::util::MessageDifferencer::Equals(x, y);
         });
}

const Words kBroker = {"broker", "--bus", "tcp://127.0.0.1:0"};

}  // namespace

PreparedLog::PreparedLog() {
  const Installation here = installation(sound_);
  const std::atomic<bool> gone = false;
  // Twice, so that the first half is in tables; the second is left in the write-ahead log.
  for (int half = 0; half < 2; ++half) {
    const Recording recording(sound_, folder_ / "recording", "/dev/null");
    Process broker(recording.command(here.command(kBroker)));
    EXPECT_TRUE(here.wait_until_up(broker)) << broker.err();
    for (Stream* stream : {&wardens_, &homes_}) {
      Result<KeyFile> key_file = read_key_file(here.key_file(stream->agency()));
      EXPECT_TRUE(key_file.ok());
      key_file->run_file = here.data() / "run.json";
      stream->run(recording, *key_file, gone, kEvents / 2);
      EXPECT_TRUE(stream->ended().ok()) << stream->ended().message();
    }
    truth_ = read_log(here, broker);
    EXPECT_EQ(broken_promise(truth_, {&wardens_, &homes_}, 0), "");
    if (half == 1) erase_somebody(here);
    const Ended agenda = here.moot(
        {"agenda", "table", "--on", "2022-06-14", "--format", "json", "--output", (folder_ / "agenda").string()});
    EXPECT_EQ(agenda.exit_code, 0) << agenda.err;
    const Ended added = here.moot({"agency", "add", "extra-" + std::to_string(half), "--name", "Another"});
    EXPECT_EQ(added.exit_code, 0) << added.err;
    truth_ = read_log(here, broker);
    EXPECT_EQ(truth_.failed, "");
    broker.signal(SIGINT);
    EXPECT_EQ(broker.wait(seconds(10)), 0) << broker.err();
  }
}

// The caller of the second event and of all that have the same reference: their keys are gone, and the others of that
// file of keys stand in it from then on.
void PreparedLog::erase_somebody(const Installation& here) const {
  Result<KeyFile> key_file = read_key_file(here.key_file("operator"));
  ASSERT_TRUE(key_file.ok()) << key_file.status().message();
  key_file->run_file = here.data() / "run.json";
  Connection connection(*key_file);
  ASSERT_TRUE(connection.open(seconds(10)).ok());
  v1::Request request;
  v1::Link& record = *request.mutable_erase()->add_records();
  record.set_rel("record");
  record.set_source(wardens_.source());
  record.set_id(wardens_.event(1).envelope().id());
  request.mutable_erase()->add_people(0);
  request.mutable_erase()->set_reason("subject-request");
  const Result<v1::Reply> erased = connection.call(request, seconds(20));
  ASSERT_TRUE(erased.ok()) << erased.status().message();
  EXPECT_GT(erased->erased().people(), 1u);
}

// What is as it should be stays: to make all files anew costs more than to compare them.
fs::path PreparedLog::fresh_copy(std::size_t number) const {
  const fs::path root = copy(number);
  fs::create_directories(root);
  for (const auto& entry : fs::recursive_directory_iterator(sound_))
    if (entry.is_directory()) fs::create_directories(root / fs::relative(entry.path(), sound_));
  for (const fs::path& file : files_below(root))
    if (!fs::exists(sound_ / file)) fs::remove(root / file);
  for (const fs::path& file : files_below(sound_))
    if (!fs::exists(root / file) || read_text(root / file) != read_text(sound_ / file))
      fs::copy_file(sound_ / file, root / file, fs::copy_options::overwrite_existing);
  return root;
}

namespace {

// All that is there but what a process writes about itself.
FileTexts texts_below(const fs::path& root) {
  FileTexts texts;
  for (const fs::path& file : files_below(root))
    if (file.filename() != "LOCK" && file.filename() != "run.lock") texts[file.string()] = read_text(root / file);
  return texts;
}

std::string difference(const FileTexts& before, const FileTexts& after) {
  std::string names;
  for (const auto& [name, text] : before)
    if (!after.contains(name) || after.at(name) != text) names += " " + name;
  for (const auto& [name, text] : after)
    if (!before.contains(name)) names += " " + name + " (new)";
  return names;
}

}  // namespace

PreparedLog::Outcome PreparedLog::outcome_of(const fs::path& root) const {
  const Installation here = installation(root);
  const FileTexts before = texts_below(root);
  const Recording nowhere(root, folder_ / ("nowhere-" + root.filename().string()), "/dev/null");
  Process broker(nowhere.command(here.command(kBroker)));
  const bool up = here.wait_until_up(broker);
  Outcome outcome = up ? outcome_of_reading(here, broker) : Outcome{Outcome::kRefused, broker.err()};
  // Whoever is told that it does not start may put the file back, and have everything as it was.
  const bool refused = !up && broker.wait(seconds(5)).has_value();  // else it is slow: the machine is busy
  const std::string changed = refused ? difference(before, texts_below(root)) : std::string();
  if (!changed.empty())
    return {Outcome::kWrong, "a start that was refused changed" + changed + "; it said: " + broker.err()};
  if (outcome.kind != Outcome::kRefused) return outcome;
  // Refusing means ending by itself, or going on for others; never falling over.
  const std::optional<int> ended = broker.wait(up ? std::chrono::milliseconds(300) : seconds(5));
  if (ended && ended != 1) return {Outcome::kWrong, "ended with " + std::to_string(*ended) + ": " + broker.err()};
  if (ended) outcome.said = broker.err();
  return outcome;
}

PreparedLog::Outcome PreparedLog::outcome_of_reading(const Installation& here, Process& broker) const {
  const LogReading reading = read_log(here, broker);
  const std::size_t whole = std::min(reading.events.size(), truth_.events.size());
  const std::vector<v1::Event> there(truth_.events.begin(), truth_.events.begin() + static_cast<long>(whole));
  if (!same(there, reading.events)) return {Outcome::kWrong, "an event is served that was never stored"};
  if (!reading.failed.empty()) return {Outcome::kRefused, reading.failed};
  if (whole != truth_.events.size())
    return {Outcome::kWrong, "serves " + std::to_string(whole) + " of " + std::to_string(truth_.events.size()) +
                                 " events, and says nothing"};
  if (!same(reading.inbox, truth_.inbox)) return {Outcome::kWrong, "the inbox is another"};
  if (!same(reading.agencies, truth_.agencies)) return {Outcome::kWrong, "the agencies are others, without a word"};
  const std::string refused = publish_again(here, broker);
  if (!refused.empty()) return {Outcome::kRefused, refused};
  const LogReading after = read_log(here, broker);
  if (!after.failed.empty()) return {Outcome::kRefused, after.failed};
  if (!same(after.events, truth_.events)) return {Outcome::kWrong, "published again, an event was new"};
  if (!same(after.inbox, truth_.inbox)) return {Outcome::kWrong, "published again, an event was refused"};
  return {Outcome::kServed, ""};
}

// Everything the first publisher ever sent; why it did not get through, if it did not.
std::string PreparedLog::publish_again(const Installation& here, Process& broker) const {
  Result<KeyFile> key_file = read_key_file(here.key_file(wardens_.agency()));
  if (!key_file.ok()) return key_file.status().message();
  key_file->run_file = here.data() / "run.json";
  key_file->ended = [&broker] { return broker.running() ? Status() : Status(Code::kUnavailable, "it has stopped"); };
  ProducerOptions options;
  options.timeout_ms = 10'000;
  Result<std::unique_ptr<Producer>> producer = Producer::connect(*key_file, options);
  if (!producer.ok()) return producer.status().message();
  Status status;
  for (std::size_t number = 0; number < kEvents && status.ok(); ++number)
    status = (*producer)->publish(wardens_.event(number), v1::Origin());
  if (status.ok()) status = (*producer)->flush();
  return status.message();
}

std::string kind_of(const fs::path& relative) {
  static const std::regex id("[0-9a-f]{32}"), number("[0-9a-f]*[0-9][0-9a-f]*");
  return std::regex_replace(std::regex_replace(relative.string(), id, "ID"), number, "N");
}

std::vector<fs::path> files_below(const fs::path& folder) {
  std::vector<fs::path> files;
  for (const auto& entry : fs::recursive_directory_iterator(folder))
    if (entry.is_regular_file()) files.push_back(fs::relative(entry.path(), folder));
  std::sort(files.begin(), files.end());
  return files;
}

}  // namespace moot
