#include "tests/end_to_end/gateway_fixture.h"

#include <thread>

namespace moot {

namespace json = boost::json;

GatewayFixture::GatewayFixture() {
  // The folder that uploads' mappings are looked for in.
  std::filesystem::create_directories(partnership_.folder() / "mappings");
  start_broker();
  start_gateway();
}

GatewayFixture::~GatewayFixture() = default;

void GatewayFixture::start_gateway(const Words& more) {
  Words words = {"gateway"};
  if (more.empty()) words.insert(words.end(), {"--http", "http://127.0.0.1:0"});
  words.insert(words.end(), more.begin(), more.end());
  gateway_.reset();  // there can be one only
  gateway_ = here_.start(words);
  const std::string mark = "The gateway is up at ";
  const auto is_up = [&] {
    const std::size_t at = gateway_->err().find(mark);
    return at != std::string::npos && gateway_->err().find('\n', at) != std::string::npos;
  };
  for (int i = 0; i < 3000 && gateway_->running() && !is_up(); ++i)
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  const std::string said = gateway_->err();
  const std::size_t at = said.find(mark);
  ASSERT_NE(at, std::string::npos) << said;
  address_ = said.substr(at + mark.size(), said.find(". ", at) - at - mark.size());
}

void GatewayFixture::start_gateway_without_spool() {
  gateway_->kill();
  write_text(partnership_.config(), "spool_megabytes = 0\n" + read_text(partnership_.config()));
  start_gateway();
}

std::string GatewayFixture::token(const std::string& agency) const {
  const Ended made = here_.moot({"token", "add", agency, "--json"});
  EXPECT_EQ(made.exit_code, 0) << made.err;
  return std::string(json_of(made.out).at("token").as_string());
}

std::string GatewayFixture::request(const std::string& agency, const std::string& target,
                                    const std::string& content_type, const std::string& body,
                                    std::map<std::string, std::string> fields) {
  if (!agency.empty() && !tokens_.contains(agency)) tokens_[agency] = token(agency);
  if (!agency.empty()) fields["Authorization"] = "Bearer " + tokens_[agency];
  if (!content_type.empty()) fields["Content-Type"] = content_type;
  return http_request("POST", target, fields, body);
}

WireResponse GatewayFixture::post(const std::string& agency, const std::string& target, const std::string& content_type,
                                  const std::string& body, std::map<std::string, std::string> fields) {
  HttpWire wire(address());
  wire.send(request(agency, target, content_type, body, std::move(fields)));
  const std::optional<WireResponse> response = wire.receive();
  EXPECT_TRUE(response) << "nobody answered " << target;
  return response.value_or(WireResponse());
}

std::string GatewayFixture::event(const std::string& agency, const std::string& id, const std::string& category,
                                  const std::string& name) {
  const json::object person = {{"role", "caller"}, {"names", json::array{json::object{{"full", name}}}}};
  return json::serialize(json::object{
      {"specversion", "1.0"},
      {"id", id},
      {"source", "/" + agency + "/desk"},
      {"type", "uk.csp.contact.received.v1"},
      {"time", "2022-05-02T09:05:00Z"},
      {"datacontenttype", "application/json"},
      {"data",
       json::object{{"facts", json::object{{"contact", json::object{{"channel", "101"}, {"category", category}}}}},
                    {"personal", json::object{{"people", json::array{person}}}}}}});
}

json::object GatewayFixture::json(const WireResponse& response) {
  json::error_code error;
  const json::value value = json::parse(response.body, error);
  EXPECT_TRUE(!error && value.is_object()) << response.body;
  return !error && value.is_object() ? value.as_object() : json::object();
}

}  // namespace moot
