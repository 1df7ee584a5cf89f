// The document at /openapi.json and the running server agree: every address and every status that the document names is
// driven, every response is as its schema says, and no response has a status that the document does not name.
#include <csignal>

#include "tests/end_to_end/gateway_fixture.h"
#include "tests/end_to_end/json_schema.h"

namespace moot {
namespace {

namespace json = boost::json;
using std::chrono::seconds;

class GatewayOpenApi : public GatewayFixture {
 protected:
  GatewayOpenApi() {
    const auto served = HttpWire(address()).ask(http_request("GET", "/openapi.json"));
    document_ = json::parse(served->body);
    for (const json::key_value_pair& path : document_.at("paths").as_object())
      for (const json::key_value_pair& method : path.value().as_object())
        for (const json::key_value_pair& status : method.value().at("responses").as_object())
          unseen_.insert(std::string(path.key()) + " " + std::string(status.key()));
  }

  // The response is one that the document names for the path, and has the form it says there.
  void see(const std::string& path, const std::optional<WireResponse>& answer) {
    ASSERT_TRUE(answer) << path << " was never answered";
    const WireResponse& response = *answer;
    const std::string status = std::to_string(response.status);
    unseen_.erase(path + " " + status);
    const json::object& methods = document_.at("paths").at(path).as_object();
    const json::object& named = methods.begin()->value().at("responses").as_object();
    ASSERT_TRUE(named.contains(status)) << path << " answered " << status << ", which the document does not name";
    const json::value& said = resolved(named.at(status), document_);
    const std::string type = response.fields.at("content-type");
    ASSERT_TRUE(said.at("content").as_object().contains(type)) << path << " " << status << " came as " << type;
    const json::value& schema = said.at("content").at(type).at("schema");
    for (const std::string& fault : schema_faults(json::parse(response.body), schema, document_))
      ADD_FAILURE() << path << " " << status << fault << "\n" << response.body;
    if (said.as_object().contains("headers"))
      for (const json::key_value_pair& header : said.at("headers").as_object()) {
        std::string name(header.key());
        for (char& c : name) c = static_cast<char>(std::tolower(c));
        EXPECT_EQ(response.fields.count(name), 1u) << path << " " << status << " lacks " << name;
      }
  }

  void drive_events() {
    const auto events = [&](const std::string& body, const std::string& type = kStructured,
                            const std::string& agency = kHomes) {
      see("/events", post(agency, "/events", type, body));
    };
    const std::string batch = "[" + event(kHomes, "2") + "," + event(kHomes, "3", "free text") + "]";
    events(event(kHomes, "1"));
    events(event(kHomes, "1"));
    events(batch, kBatch);
    events("{");
    events("{}", kStructured, "");
    events(event(kWardens, "1"));
    events(event(kHomes, "1", "noise"));
    events(event(kHomes, "4", "asb", std::string(70'000, 'n')));
    events("x", "text/plain");
    events("{}");
    see("/events", post(kHomes, "/events?trial=1", kStructured, event(kHomes, "9")));
  }

  static std::string requests(int count, std::size_t note, const std::string& code = "graffiti") {
    std::string list = "[";
    for (int i = 0; i < count; ++i)
      list += (i > 0 ? "," : "") + json::serialize(json::object{{"service_request_id", i},
                                                                {"status", "open"},
                                                                {"service_code", code},
                                                                {"requested_datetime", "2022-05-02T09:05:00Z"},
                                                                {"description", std::string(note, 'n')}});
    return list + "]";
  }

  void drive_open311() {
    const std::string target = "/open311/v2/requests";
    const auto push = [&](const std::string& body, const std::string& type = "application/json",
                          const std::string& agency = kHomes) { see(target, post(agency, target, type, body)); };
    push(requests(1, 10));
    push(requests(1, 10));
    push("[{}," + requests(2, 10).substr(1));
    push("nonsense");
    push("[]", "application/json", "");
    push(requests(1, 70'000));
    push("x", "text/plain");
    push("[{}]");
  }

  // A body that is in order, one with a record that is not, one that no record can be too large for, and the rest.
  using Body = std::function<std::string(int count, std::size_t note)>;
  static std::string tasks(int count, std::size_t note) {
    json::array entries;
    for (int i = 0; i < count; ++i)
      entries.push_back(json::object{{"resource", json::object{{"resourceType", "Task"},
                                                               {"id", std::to_string(i)},
                                                               {"status", "requested"},
                                                               {"description", std::string(note, 'n')},
                                                               {"authoredOn", "2022-05-02T09:05:00Z"}}}});
    return json::serialize(json::object{{"resourceType", "Bundle"}, {"entry", std::move(entries)}});
  }
  static std::string incidents(int count, std::size_t note) {
    json::array data;
    for (int i = 0; i < count; ++i)
      data.push_back(json::object{{"type", "incident"},
                                  {"id", std::to_string(i)},
                                  {"attributes", json::object{{"incidentStartDateTime", "2022-05-02T09:05:00"},
                                                              {"incidentDescription", std::string(note, 'n')}}}});
    return json::serialize(json::object{{"data", std::move(data)}});
  }

  void drive_documents(const std::string& target, const std::string& type, const Body& body, const std::string& spoilt,
                       const std::string& from, const std::string& to) {
    const auto push = [&](const std::string& text, const std::string& as, const std::string& agency = kHomes) {
      see(target, post(agency, target, as, text));
    };
    push(body(1, 10), type);
    push(body(1, 10), type);
    std::string mixed = body(3, 10);
    mixed.replace(mixed.find(from), from.size(), to);
    push(mixed, type);
    push("nonsense", type);
    push(body(1, 10), type, "");
    push(body(1, 70'000), type);
    push(body(1, 10), "image/png");
    push(spoilt, type);
  }

  void drive_upload() {
    const std::string file = PartnershipFixture::calls_csv(0, 3), target = "/upload?mapping=calls&file=a.csv";
    const auto upload = [&](const std::string& body, const std::string& type = "text/csv",
                            const std::string& agency = kWardens) { see("/upload", post(agency, target, type, body)); };
    upload(file);
    upload(file);
    upload(file + "one cell\n");
    upload(PartnershipFixture::calls_header() + "\none cell\n");
    upload(file, "text/csv", "");
    upload(file, "text/csv", kHomes);
    upload(file, "image/png");
    see("/upload", post(kWardens, "/upload", "text/csv", file));
    see("/upload", post(kWardens, "/upload?mapping=none", "text/csv", file));
    HttpWire large(address());
    std::string head = request(kWardens, target, "text/csv", "");
    see("/upload", large.ask(head.insert(head.size() - 2, "Content-Length: 268435457\r\n")));
    std::vector<std::unique_ptr<HttpWire>> open;
    const std::string bytes = request(kWardens, target, "text/csv", file);
    for (int i = 0; i < 4; ++i) {
      open.push_back(std::make_unique<HttpWire>(address()));
      open.back()->send(bytes.substr(0, bytes.size() - 5));
    }
    WireResponse busy;
    for (int i = 0; i < 200 && busy.status != 429; ++i) busy = post(kWardens, target, "text/csv", file);
    see("/upload", busy);
    for (const auto& wire : open) {
      wire->send(bytes.substr(bytes.size() - 5));
      see("/upload", wire->receive());
    }
  }

  void drive_without_broker() {
    broker_->signal(SIGSTOP);
    std::string batch = "[";
    for (int i = 0; i < 16; ++i)
      batch += (i > 0 ? "," : "") + event(kHomes, "b" + std::to_string(i), "asb", std::string(60'000, 'n'));
    HttpWire fhir(address()), ihub(address());  // first in the queue, while there is room
    fhir.send(request(kHomes, "/fhir", "application/fhir+json", tasks(1, 11)));
    ihub.send(request(kHomes, "/ihub", "application/json", incidents(1, 11)));
    see("/events", post(kHomes, "/events?trial=1", kStructured, event(kHomes, "9")));  // they have been read by then
    std::vector<std::unique_ptr<HttpWire>> wires;
    for (int i = 0; i < 20; ++i) {
      wires.push_back(std::make_unique<HttpWire>(address()));
      wires.back()->send(request(kHomes, "/events", kBatch, batch + "]"));
    }
    for (int i = 0; i < 3; ++i) {
      wires.push_back(std::make_unique<HttpWire>(address()));
      wires.back()->send(request(kHomes, "/events", kBatch, batch + "]"));
    }
    WireResponse full;
    for (int i = 0; i < 100 && full.status != 429; ++i)
      full = post(kHomes, "/fhir", "application/fhir+json", tasks(250, 3800));
    see("/fhir", full);
    see("/ihub", post(kHomes, "/ihub", "application/json", incidents(250, 3800)));
    see("/fhir", fhir.receive());
    see("/ihub", ihub.receive());
    std::vector<std::unique_ptr<HttpWire>> open311;
    for (int i = 0; i < 20; ++i) {
      open311.push_back(std::make_unique<HttpWire>(address()));
      open311.back()->send(request(kWardens, "/open311/v2/requests", "application/json", requests(250, 3900)));
    }
    see("/upload", post(kWardens, "/upload?mapping=calls", "text/csv", PartnershipFixture::calls_csv(0, 3)));
    for (const auto& wire : wires) see("/events", wire->receive());
    for (const auto& wire : open311) see("/open311/v2/requests", wire->receive());
    broker_->signal(SIGCONT);
  }

  // The broker ends, and this gateway keeps what comes.
  void drive_spool() {
    std::string config = read_text(partnership_.config());
    write_text(partnership_.config(), config.substr(config.find('\n') + 1));
    gateway_->kill();
    broker_->kill();
    start_gateway();
    see("/events", post(kHomes, "/events", kStructured, event(kHomes, "kept")));
    see("/fhir", post(kHomes, "/fhir", "application/fhir+json", tasks(1, 12)));
    see("/ihub", post(kHomes, "/ihub", "application/json", incidents(1, 12)));
    see("/open311/v2/requests", post(kWardens, "/open311/v2/requests", "application/json", requests(1, 13)));
    see("/upload", post(kWardens, "/upload?mapping=calls", "text/csv", PartnershipFixture::calls_csv(20, 23)));
  }

  json::value document_;
  std::set<std::string> unseen_;  // "PATH STATUS"
};

TEST_F(GatewayOpenApi, NamesEveryAddressAndStatusAndTheServerGivesThemAll) {
  EXPECT_EQ(document_.at("openapi").as_string(), "3.1.0");
  see("/openapi.json", HttpWire(address()).ask(http_request("GET", "/openapi.json")));
  see("/healthz", HttpWire(address()).ask(http_request("GET", "/healthz")));
  drive_events();
  drive_open311();
  drive_documents("/fhir", "application/fhir+json", tasks, R"({"resourceType":"Patient","id":"1"})", "requested",
                  "draft");
  drive_documents("/ihub", "application/json", incidents, R"({"data":{"type":"person","id":"1"}})", "\"incident\"",
                  "\"person\"");
  drive_upload();
  see("/readyz", HttpWire(address()).ask(http_request("GET", "/readyz")));
  start_gateway_without_spool();
  drive_without_broker();
  drive_spool();
  see("/readyz", HttpWire(address()).ask(http_request("GET", "/readyz")));
  for (const std::string& unseen : unseen_) ADD_FAILURE() << "the document names " << unseen << ", which never came";
}

TEST_F(GatewayOpenApi, TheCheckOfSchemasFindsFaults) {
  const json::value schema = document_.at("components").at("schemas").at("Report");
  const WireResponse good = post(kHomes, "/events", kStructured, event(kHomes, "1"));
  EXPECT_TRUE(schema_faults(json::parse(good.body), schema, document_).empty());
  json::value bad = json::parse(good.body);
  bad.as_object()["read"] = "one";
  bad.as_object()["more"] = 1;
  bad.as_object()["results"].as_array()[0].as_object()["outcome"] = "lost";
  bad.as_object().erase("accepted");
  EXPECT_EQ(schema_faults(bad, schema, document_).size(), 4u);
}

}  // namespace
}  // namespace moot
