#include "tests/end_to_end/pull_fixture.h"

#include <thread>

#include "broker/core/calendar.h"

namespace moot {

namespace fs = std::filesystem;
namespace json = boost::json;

namespace {

std::string time_ago(std::int64_t minutes) {
  const Instant now = SystemClock().now();
  return to_rfc3339({now.us - now.us % kSecondUs - minutes * 60 * kSecondUs});
}

}  // namespace

PullFixture::PullFixture() {
  fs::create_directories(server_);
  serve({});
  start_server();
  define_pull();
  broker_ = here_.start_broker();
}

void PullFixture::start_server(const Words& more) {
  fs::remove(server_ / "port");
  Words command = {"/usr/bin/python3",
                   (fs::path(MOOT_SOURCE_DIR) / "tests/end_to_end/clients/open311_server.py").string(),
                   server_.string()};
  command.insert(command.end(), more.begin(), more.end());
  tls_ = !more.empty();
  process_ = std::make_unique<Process>(command);
  EXPECT_TRUE(comes_true([&] { return fs::exists(server_ / "port") || !process_->running(); }));
  EXPECT_TRUE(fs::exists(server_ / "port")) << process_->err();
}

void PullFixture::define_pull(const std::string& more) {
  const std::string start = more.find("since") == std::string::npos ? since(600) : "";
  const std::string timeout = more.find("timeout") == std::string::npos ? "timeout_seconds = 2\n" : "";
  write_text(partnership_.config(), definition_ + "\n[[pull]]\nagency = \"" + kAgency + "\"\nurl = \"" +
                                        (tls_ ? "https" : "http") + "://127.0.0.1:" + read_text(server_ / "port") +
                                        "/open311/v2\"\n" + start + timeout + more);
}

std::string PullFixture::since(int days_ago) {
  return "since = " + to_iso(plus_days(local_date(SystemClock().now()), -days_ago)) + "\n";
}

json::object PullFixture::request(std::size_t number, std::int64_t minutes_ago, const std::string& status) {
  return {{"service_request_id", std::to_string(number)},
          {"status", status},
          {"service_name", "Fly tipping"},
          {"service_code", "fly-tipping"},
          {"description", "A heap of & <things> behind the yard number " + std::to_string(number)},
          {"requested_datetime", time_ago(minutes_ago)},
          {"updated_datetime", time_ago(minutes_ago)},
          {"address", std::to_string(number) + " Inventedaddress Row"},
          {"lat", "51.5"},
          {"long", "-1.25"},
          {"first_name", "Averyfirst"},
          {"last_name", kFamilyName}};
}

void PullFixture::change(json::object& request, std::int64_t minutes_ago, const std::string& field,
                         const std::string& value) {
  request[field] = value;
  request["updated_datetime"] = time_ago(minutes_ago);
}

void PullFixture::serve(const json::array& requests) const {
  write_text(server_ / "requests.new", json::serialize(requests));
  fs::rename(server_ / "requests.new", server_ / "requests.json");
}

Ended PullFixture::pull_once(const Words& more) const {
  Words words = {"pull", "--once"};
  words.insert(words.end(), more.begin(), more.end());
  return here_.moot(words, std::chrono::seconds(120));
}

json::object PullFixture::counts(const Ended& ended) const {
  const json::object told = json_of(ended.out);
  const json::value* pulls = told.if_contains("pulls");
  EXPECT_TRUE(pulls != nullptr && pulls->is_array() && pulls->as_array().size() == 1) << ended.out << ended.err;
  return pulls == nullptr ? json::object() : pulls->as_array().at(0).as_object();
}

std::vector<std::string> PullFixture::asked() const {
  const std::vector<std::string> lines = lines_of_text(read_text(server_ / "asked"));
  fs::remove(server_ / "asked");
  return lines;
}

std::vector<json::object> PullFixture::pulled() const {
  std::vector<json::object> events;
  for (const std::string& line : here_.replay()) {
    json::object event = json_of(line);
    if (event.at("source").as_string() == "/" + std::string(kAgency) + "/open311") events.push_back(std::move(event));
  }
  return events;
}

bool PullFixture::comes_true(const std::function<bool()>& condition, std::chrono::seconds patience) {
  const auto end = std::chrono::steady_clock::now() + patience;
  while (!condition() && std::chrono::steady_clock::now() < end)
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  return condition();
}

}  // namespace moot
