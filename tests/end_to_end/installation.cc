#include "tests/end_to_end/installation.h"

#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <thread>

#include "broker/wire/key_file.h"

namespace moot {

namespace json = boost::json;

namespace {

constexpr std::chrono::seconds kStartDeadline{30};
constexpr std::chrono::milliseconds kLookEvery{10};

}  // namespace

Installation::Installation(std::filesystem::path data, std::filesystem::path config, std::filesystem::path keys)
    : data_(std::move(data)), config_(std::move(config)), keys_(std::move(keys)) {}

std::filesystem::path Installation::keys() const {
  return keys_.empty() ? std::filesystem::path(data_.string() + ".keys") : keys_;
}

std::filesystem::path Installation::key_file(const std::string& agency) const {
  return keys() / "agencies" / (agency + ".key");
}

Words Installation::command(const Words& words) const {
  Words command = {MOOT_BINARY};
  command.insert(command.end(), words.begin(), words.end());
  for (const std::string& word : {std::string("--data"), data_.string()}) command.push_back(word);
  if (!keys_.empty())
    for (const std::string& word : {std::string("--keys"), keys_.string()}) command.push_back(word);
  if (!config_.empty())
    for (const std::string& word : {std::string("--config"), config_.string()}) command.push_back(word);
  return command;
}

Ended Installation::moot(const Words& words, std::chrono::milliseconds deadline) const {
  return run(command(words), deadline);
}

std::unique_ptr<Process> Installation::start(const Words& words) const {
  return std::make_unique<Process>(command(words));
}

std::unique_ptr<Process> Installation::start_broker() const {
  std::unique_ptr<Process> broker = start({"broker", "--bus", "tcp://127.0.0.1:0"});
  if (!wait_until_up(*broker)) ADD_FAILURE() << "the broker of " << data_ << " is not up: " << broker->err();
  return broker;
}

bool Installation::wait_until_up(Process& broker) const {
  const auto end = std::chrono::steady_clock::now() + kStartDeadline;
  // A broker that was killed leaves its run file behind: only one that names this process is meant.
  const std::string mine = "\"pid\":" + std::to_string(broker.pid()) + ",";
  while (std::chrono::steady_clock::now() < end && broker.running()) {
    const std::filesystem::path file = data_ / "run.json";
    if (std::filesystem::exists(file) && read_text(file).find(mine) != std::string::npos) return true;
    std::this_thread::sleep_for(kLookEvery);
  }
  return false;
}

std::string Installation::bus_address() const { return bus_address_in(read_text(data_ / "run.json")); }

json::object Installation::status() const {
  const Ended ended = moot({"status", "--json"});
  EXPECT_EQ(ended.exit_code, 0) << ended.err;
  return json_of(ended.out);
}

std::uint64_t Installation::offset() const {
  const json::object status = this->status();
  const json::value* offset = status.if_contains("offset");
  return offset != nullptr && offset->is_string() ? std::stoull(offset->as_string().c_str()) : 0;
}

std::uint64_t Installation::refused(const std::string& code) const {
  const json::object status = this->status();
  const json::value* refused = status.if_contains("refused");
  if (refused == nullptr || !refused->is_object()) return 0;
  const json::value* count = refused->as_object().if_contains(code);
  return count == nullptr ? 0 : count->to_number<std::uint64_t>();
}

FileTexts Installation::documents(const std::filesystem::path& out) const {
  const Ended up = moot({"up", "--once", "--out", out.string()}, std::chrono::seconds(120));
  EXPECT_EQ(up.exit_code, 0) << up.err;
  return read_files(out);
}

std::vector<std::string> Installation::replay(const Words& words) const {
  Words all = {"replay"};
  all.insert(all.end(), words.begin(), words.end());
  const Ended ended = moot(all, std::chrono::seconds(120));
  EXPECT_EQ(ended.exit_code, 0) << ended.err;
  return lines_of_text(ended.out);
}

FileTexts read_files(const std::filesystem::path& folder) {
  FileTexts texts;
  if (!std::filesystem::is_directory(folder)) return texts;
  for (const auto& entry : std::filesystem::directory_iterator(folder))
    if (entry.is_regular_file()) texts[entry.path().filename().string()] = read_text(entry.path());
  return texts;
}

std::string read_text(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

void write_text(const std::filesystem::path& file, const std::string& text) {
  std::filesystem::create_directories(file.parent_path());
  std::ofstream out(file, std::ios::binary | std::ios::trunc);
  out << text;
  EXPECT_TRUE(out.flush().good()) << file;
}

std::vector<std::string> lines_of_text(const std::string& text) {
  std::vector<std::string> lines;
  for (std::size_t start = 0; start < text.size();) {
    const std::size_t end = std::min(text.find('\n', start), text.size());
    if (end > start) lines.push_back(text.substr(start, end - start));
    start = end + 1;
  }
  return lines;
}

json::object json_of(const std::string& text) {
  boost::system::error_code error;
  const json::value value = json::parse(text, error);
  EXPECT_TRUE(!error && value.is_object()) << "expected one JSON object: " << text;
  return !error && value.is_object() ? value.as_object() : json::object();
}

std::int64_t number_in(const json::object& object, const std::string& name) {
  const json::value* value = object.if_contains(name);
  boost::system::error_code error;
  const auto number = value == nullptr ? 0 : value->to_number<std::int64_t>(error);
  EXPECT_TRUE(value != nullptr && !error) << "no number \"" << name << "\" in " << json::serialize(object);
  return value == nullptr || error ? -1 : number;
}

}  // namespace moot
