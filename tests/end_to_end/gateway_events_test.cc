// POST /events from outside: every mode, every answer, and what an answer promises.
#include <csignal>
#include <thread>

#include "tests/end_to_end/gateway_fixture.h"

namespace moot {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

class GatewayEvents : public GatewayFixture {};

TEST_F(GatewayEvents, AreTakenInEveryModeOfCloudEventsAndReadBack) {
  const WireResponse one = post(kHomes, "/events", kStructured, event(kHomes, "1"));
  EXPECT_EQ(one.status, 201) << one.body;
  const boost::json::object receipt = json(one).at("results").as_array().at(0).as_object();
  EXPECT_EQ(receipt.at("source").as_string(), "/brook-homes/desk");
  EXPECT_EQ(receipt.at("id").as_string(), "1");
  EXPECT_EQ(receipt.at("offset").as_string(), "0");

  const std::string data = R"({"facts":{"contact":{"channel":"web","category":"asb"}}})";
  const WireResponse binary = post(kHomes, "/events", "application/json; charset=utf-8", data,
                                   {{"ce-specversion", "1.0"},
                                    {"ce-id", "two%2Fhalves"},
                                    {"ce-source", "/brook-homes/desk"},
                                    {"CE-Type", "uk.csp.contact.received.v1"},
                                    {"ce-time", "2022-05-02T10:00:00+01:00"},
                                    {"ce-record", "two"},
                                    {"ce-revision", "3"}});
  EXPECT_EQ(binary.status, 201) << binary.body;
  const WireResponse batch =
      post(kHomes, "/events", kBatch, "[" + event(kHomes, "3") + ", \n" + event(kHomes, "4") + "]");
  EXPECT_EQ(batch.status, 201) << batch.body;
  EXPECT_EQ(number_in(json(batch), "accepted"), 2);
  EXPECT_EQ(json(batch).at("first_offset").as_string(), "2");
  EXPECT_EQ(json(batch).at("last_offset").as_string(), "3");
  EXPECT_EQ(post(kHomes, "/events", kBatch, " [ ] ").status, 200);

  const std::vector<std::string> stored = here_.replay();
  ASSERT_EQ(stored.size(), 4u);
  EXPECT_NE(stored[0].find("Avery Inventedname"), std::string::npos);
  EXPECT_NE(stored[1].find("two/halves"), std::string::npos) << stored[1];
  EXPECT_NE(stored[1].find("\"revision\":3"), std::string::npos) << stored[1];
}

// From the publisher to every reader: its own where the event has one, else the request's.
TEST_F(GatewayEvents, CarryTheTraceTheyCameWith) {
  const std::string own = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
  const std::string of_request = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
  std::string traced = event(kHomes, "traced");
  traced.insert(1, "\"traceparent\":\"" + own + "\",");
  EXPECT_EQ(post(kHomes, "/events", kStructured, traced, {{"traceparent", of_request}}).status, 201);
  EXPECT_EQ(post(kHomes, "/events", kStructured, event(kHomes, "plain"), {{"traceparent", of_request}}).status, 201);
  EXPECT_EQ(post(kHomes, "/events", kStructured, event(kHomes, "odd"), {{"traceparent", "01-what"}}).status, 201);
  const std::vector<std::string> lines = here_.replay({});
  ASSERT_EQ(lines.size(), 3u);
  const auto trace = [&](std::size_t line) {
    const boost::json::object read = json_of(lines[line]);
    const boost::json::value* found = read.if_contains("traceparent");
    return found == nullptr ? std::string() : std::string(found->as_string());
  };
  EXPECT_EQ(trace(0), own);
  EXPECT_EQ(trace(1), of_request);
  EXPECT_EQ(trace(2), "");
}

TEST_F(GatewayEvents, SentAgainAreDuplicatesWithTheFirstOffset) {
  EXPECT_EQ(post(kHomes, "/events", kStructured, event(kHomes, "1")).status, 201);
  const WireResponse again = post(kHomes, "/events", kStructured, event(kHomes, "1"));
  EXPECT_EQ(again.status, 200);
  EXPECT_EQ(number_in(json(again), "duplicate"), 1);
  EXPECT_EQ(json(again).at("results").as_array().at(0).as_object().at("offset").as_string(), "0");
  EXPECT_EQ(post(kHomes, "/events", kBatch, "[" + event(kHomes, "1") + "," + event(kHomes, "2") + "]").status, 201);
  EXPECT_EQ(here_.offset(), 2u);
}

TEST_F(GatewayEvents, AreRefusedWithTheStatusAndASentenceThatFits) {
  const auto refused = [&](const WireResponse& response, int status, const std::string& code) {
    EXPECT_EQ(response.status, status) << response.body;
    EXPECT_EQ(response.fields.at("content-type"), "application/problem+json");
    EXPECT_EQ(json(response).at("code").as_string(), code) << response.body;
    EXPECT_EQ(response.body.find("Inventedname"), std::string::npos) << "a value was repeated";
    EXPECT_EQ(response.body.find("moot_"), std::string::npos) << "a token was repeated";
  };
  refused(post(kHomes, "/events", kStructured, "{\"no json"), 400, "unreadable");
  refused(post(kHomes, "/events", kStructured, std::string(100, '[')), 400, "unreadable");
  refused(post(kHomes, "/events", kBatch, event(kHomes, "1")), 400, "unreadable");
  refused(post("", "/events", kStructured, event(kHomes, "1")), 401, "unknown-key");
  refused(post("", "/events", kStructured, "x", {{"Authorization", "Bearer moot_aaaaaaaa_guess"}}), 401, "unknown-key");
  refused(post("", "/events", kStructured, "x", {{"Authorization", "Basic YTpi"}}), 401, "unknown-key");
  refused(post(kHomes, "/events", kStructured, event(kWardens, "1")), 403, "wrong-agency");
  EXPECT_EQ(post(kHomes, "/events", kStructured, event(kHomes, "9")).status, 201);
  refused(post(kHomes, "/events", kStructured, event(kHomes, "9", "noise")), 409, "conflict");
  refused(post(kHomes, "/events", kStructured, event(kHomes, "2", "asb", std::string(70'000, 'n'))), 413, "too-large");
  refused(post(kHomes, "/events", "text/plain", "x"), 415, "invalid");
  refused(post(kHomes, "/events", "application/json", event(kHomes, "1")), 415, "invalid");
  refused(post(kHomes, "/events", "application/cloudevents+xml", "<a/>"), 415, "invalid");
  refused(post(kHomes, "/events", std::string(kStructured) + "; charset=utf-16", "x"), 415, "invalid");
  refused(post(kHomes, "/events", kStructured, event(kHomes, "3", "a free text")), 422, "invalid");
  refused(post(kHomes, "/events", kStructured, "{}"), 422, "missing");
  refused(post(kHomes, "/events", kBatch, "[{},{}]"), 422, "missing");
  refused(post(kHomes, "/events?trail=1", kStructured, event(kHomes, "4")), 400, "usage");
  refused(post(kHomes, "/events?trial=maybe", kStructured, event(kHomes, "4")), 400, "usage");
  EXPECT_EQ(post(kHomes, "/events", kStructured, std::string(1024 * 1024 + 1, ' ')).status, 413);
  EXPECT_EQ(post(kHomes, "/event", kStructured, "{}").status, 404);
  EXPECT_EQ(HttpWire(address()).ask(http_request("GET", "/events"))->status, 405);
  EXPECT_EQ(here_.offset(), 1u);
}

// A body of a mebibyte has room for so many that say nothing that their answers would fill memory; and "try again"
// would never come true.
TEST_F(GatewayEvents, ThatAreMoreThanABodyMayHaveAreRefusedAsABody) {
  const auto list = [](std::size_t records) {
    std::string text = "[{}";
    for (std::size_t i = 1; i < records; ++i) text += ",{}";
    return text + "]";
  };
  for (const std::string query : {"", "?trial=1"}) {
    const WireResponse batch = post(kHomes, "/events" + query, kBatch, list(20'001));
    EXPECT_EQ(batch.status, 413) << batch.body.substr(0, 300);
    EXPECT_NE(batch.body.find("more than 20000 records; send it in parts"), std::string::npos)
        << batch.body.substr(0, 300);
    EXPECT_EQ(post(kHomes, "/open311/v2/requests" + query, "application/json", list(20'001)).status, 413);
    EXPECT_EQ(post(kHomes, "/ihub" + query, "application/json", "{\"data\":" + list(20'001) + "}").status, 413);
  }
  const WireResponse most = post(kHomes, "/events?trial=1", kBatch, list(20'000));
  EXPECT_EQ(most.status, 422) << most.body.substr(0, 300);
  EXPECT_EQ(number_in(json(most), "refused"), 20'000);
  EXPECT_EQ(here_.offset(), 0u);
}

// As Windows' own programs write it.
TEST_F(GatewayEvents, AreTakenWithAByteOrderMarkBeforeThem) {
  const std::string mark = "\xef\xbb\xbf";
  EXPECT_EQ(post(kHomes, "/events", kStructured, mark + event(kHomes, "1")).status, 201);
  EXPECT_EQ(post(kHomes, "/events", kBatch, mark + "[" + event(kHomes, "2") + "]").status, 201);
  const std::string request = R"([{"service_request_id":"1","status":"open","service_code":"noise",)"
                              R"("requested_datetime":"2022-04-14T06:37:38Z"}])";
  EXPECT_EQ(post(kHomes, "/open311/v2/requests", "application/json", mark + request).status, 201);
  EXPECT_EQ(post(kHomes, "/open311/v2/requests", "text/xml", mark + "<service_requests/>").status, 200);
}

TEST_F(GatewayEvents, OfAnotherStandardAreTakenWithANoteOfWhatIsAmissInThem) {
  const std::string task = R"({"resourceType":"Task","id":"T1","status":"requested","authoredOn":"2022-05-02",)";
  const WireResponse taken =
      post(kHomes, "/fhir", "application/fhir+json", task + R"("Description":"Ring the tenant"})");
  EXPECT_EQ(taken.status, 201) << taken.body;
  ASSERT_EQ(json(taken).at("notes").as_array().size(), 2u) << taken.body;
  EXPECT_NE(taken.body.find("Description is taken as description"), std::string::npos) << taken.body;
  const std::string sound = task + R"("description":"Ring the tenant","meta":{"versionId":"2"}})";
  EXPECT_EQ(json(post(kHomes, "/fhir", "application/fhir+json", sound)).if_contains("notes"), nullptr);
}

TEST_F(GatewayEvents, OfABatchAreJudgedOneByOneAndWhatIsRefusedWaitsInTheInbox) {
  const std::string batch = "[" + event(kHomes, "1") + "," + event(kHomes, "2", "free text") + "," +
                            event(kWardens, "3") + ",{\"broken\":," + "]";
  const WireResponse response = post(kHomes, "/events", kBatch, batch);
  EXPECT_EQ(response.status, 207) << response.body;
  EXPECT_EQ(number_in(json(response), "read"), 4);
  EXPECT_EQ(number_in(json(response), "accepted"), 1);
  EXPECT_EQ(number_in(json(response), "refused"), 3);
  const boost::json::array results = json(response).at("results").as_array();
  const int statuses[] = {201, 422, 403, 400};
  for (std::size_t i = 0; i < 4; ++i) EXPECT_EQ(number_in(results.at(i).as_object(), "status"), statuses[i]);
  EXPECT_EQ(results.at(1).at("problem").at("code").as_string(), "invalid");

  const auto waiting = [&] { return json_of(here_.moot({"inbox", "list", "--json"}).out).at("items").as_array(); };
  ASSERT_EQ(waiting().size(), 3u);
  for (const auto& item : waiting()) EXPECT_EQ(item.at("file").as_string(), "POST /events");
  // The same again changes nothing; the event mended and sent again settles its item.
  EXPECT_EQ(post(kHomes, "/events", kBatch, batch).status, 207);
  EXPECT_EQ(waiting().size(), 3u);
  EXPECT_EQ(post(kHomes, "/events", kBatch, "[" + event(kHomes, "2") + "]").status, 201);
  EXPECT_EQ(waiting().size(), 2u);
  // One event alone is its sender's to mend.
  EXPECT_EQ(post(kHomes, "/events", kStructured, event(kHomes, "5", "free text")).status, 422);
  EXPECT_EQ(waiting().size(), 2u);
}

TEST_F(GatewayEvents, OfATrialAreCheckedAndNotKept) {
  const WireResponse good = post(kHomes, "/events?trial=1", kStructured, event(kHomes, "1"));
  EXPECT_EQ(good.status, 200) << good.body;
  EXPECT_TRUE(json(good).at("trial").as_bool());
  EXPECT_EQ(json(good).at("results").as_array().at(0).as_object().count("offset"), 0u);
  EXPECT_EQ(post(kHomes, "/events?trial=1", kStructured, event(kWardens, "1")).status, 403);
  EXPECT_EQ(post(kHomes, "/events?trial=1", kBatch, "[" + event(kHomes, "1") + ",{}]").status, 207);
  EXPECT_EQ(here_.offset(), 0u);
  EXPECT_EQ(number_in(here_.status(), "inbox"), 0);
}

TEST_F(GatewayEvents, AreHistoryOnlyWhenDeclared) {
  EXPECT_EQ(post(kHomes, "/events?backfill=1", kStructured, event(kHomes, "1")).status, 201);
  EXPECT_EQ(post(kHomes, "/events", kStructured, event(kHomes, "2")).status, 201);
  const std::vector<std::string> stored = here_.replay();
  EXPECT_NE(stored.at(0).find("\"backfill\":true"), std::string::npos);
  EXPECT_EQ(stored.at(1).find("\"backfill\":true"), std::string::npos);
}

TEST_F(GatewayEvents, OfManyAtOnceAreEachAnsweredOnceAndStoredOnce) {
  constexpr std::size_t kConnections = 40, kRounds = 10;
  std::vector<std::unique_ptr<HttpWire>> wires;
  for (std::size_t i = 0; i < kConnections; ++i) wires.push_back(std::make_unique<HttpWire>(address()));
  std::set<std::string> offsets;
  for (std::size_t round = 0; round < kRounds; ++round) {
    for (std::size_t i = 0; i < kConnections; ++i) {
      const std::string agency = i % 2 == 0 ? kHomes : kWardens;
      wires[i]->send(
          request(agency, "/events", kStructured, event(agency, std::to_string(round) + "-" + std::to_string(i))));
    }
    for (const auto& wire : wires) {
      const auto response = wire->receive();
      ASSERT_TRUE(response);
      ASSERT_EQ(response->status, 201) << response->body;
      offsets.emplace(json(*response).at("first_offset").as_string());
    }
  }
  EXPECT_EQ(offsets.size(), kConnections * kRounds);
  EXPECT_EQ(here_.offset(), kConnections * kRounds);
}

TEST_F(GatewayEvents, AcknowledgedSurviveAKilledBrokerAndTheGatewayFindsTheNextOne) {
  EXPECT_EQ(post(kHomes, "/events", kStructured, event(kHomes, "1")).status, 201);
  broker_->kill();
  start_broker();
  const WireResponse again = post(kHomes, "/events", kStructured, event(kHomes, "1"));
  EXPECT_EQ(again.status, 200) << again.body;
  EXPECT_EQ(post(kHomes, "/events", kStructured, event(kHomes, "2")).status, 201);
  // Its address stands in the new broker's run file too.
  for (int i = 0; i < 300 && read_text(here_.data() / "run.json").find(address()) == std::string::npos; ++i)
    std::this_thread::sleep_for(milliseconds(10));
  EXPECT_NE(read_text(here_.data() / "run.json").find(address()), std::string::npos);
}

TEST_F(GatewayEvents, AreAnswered503WithoutASpoolWhileTheBrokerIsAwayAnd429WhenTooMuchWaits) {
  start_gateway_without_spool();
  EXPECT_EQ(post(kHomes, "/events", kStructured, event(kHomes, "1")).status, 201);
  (void)request(kWardens, "/events", kStructured, "");  // its token
  broker_->signal(SIGSTOP);
  std::string batch = "[";
  for (int i = 0; i < 16; ++i)
    batch += (i > 0 ? "," : "") + event(kHomes, "b" + std::to_string(i), "asb", std::string(60'000, 'n'));
  batch += "]";
  std::vector<std::unique_ptr<HttpWire>> wires;
  for (int i = 0; i < 20; ++i) {
    wires.push_back(std::make_unique<HttpWire>(address()));
    wires.back()->send(request(kHomes, "/events", kBatch, batch));
  }
  // Another agency has a queue of its own; a trial needs no broker.
  EXPECT_EQ(post(kWardens, "/events?trial=1", kStructured, event(kWardens, "1")).status, 200);
  int busy = 0, away = 0;
  for (const auto& wire : wires) {
    const auto response = wire->receive();
    ASSERT_TRUE(response);
    EXPECT_EQ(response->fields.count("retry-after"), 1u);
    busy += response->status == 429 ? 1 : 0;
    away += response->status == 503 ? 1 : 0;
  }
  EXPECT_EQ(busy + away, 20);
  EXPECT_GT(busy, 0);
  EXPECT_GT(away, 0);
  broker_->signal(SIGCONT);
  EXPECT_EQ(post(kHomes, "/events", kStructured, event(kHomes, "2")).status, 201);
}

TEST_F(GatewayEvents, AreTakenByUpToo) {
  gateway_.reset();
  broker_->signal(SIGTERM);
  broker_->wait(seconds(10));
  const std::unique_ptr<Process> up = here_.start({"up", "--http", "http://127.0.0.1:0"});
  for (int i = 0; i < 3000 && up->err().find("HTTP is ") == std::string::npos; ++i)
    std::this_thread::sleep_for(milliseconds(10));
  const boost::json::object run = json_of(read_text(here_.data() / "run.json"));
  HttpWire wire(std::string(run.at("http").as_string()));
  const std::string mine = request(kHomes, "/events", kStructured, event(kHomes, "1"));
  EXPECT_EQ(wire.ask(mine)->status, 201);
  up->signal(SIGTERM);
  EXPECT_EQ(up->wait(seconds(20)), 0) << up->err();
}

}  // namespace
}  // namespace moot
