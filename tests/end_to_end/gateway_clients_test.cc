// Clients that nobody here wrote, against the running gateway and bus: curl (over TLS too), the official CloudEvents
// SDKs for Python and JavaScript, and a Python client of the bus.
#include <csignal>

#include "tests/end_to_end/gateway_fixture.h"
#include "tests/end_to_end/logged_events.h"

namespace moot {
namespace {

class GatewayClients : public GatewayFixture {
 protected:
  static std::filesystem::path source(const char* path) { return std::filesystem::path(MOOT_SOURCE_DIR) / path; }
  // A program found on the path.
  static Ended run_found(Words command) {
    command.insert(command.begin(), "/usr/bin/env");
    return run(command);
  }
  static bool works(const Words& command) { return run_found(command).exit_code == 0; }

  // A certificate of this machine for an hour, by openssl; false where there is none.
  bool make_certificate() const {
    return works({"openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days",
                  "1", "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1", "-keyout",
                  (folder_ / "key.pem").string(), "-out", (folder_ / "cert.pem").string()});
  }
  void start_over_tls(const std::string& more = "") {
    std::string config = read_text(partnership_.config());
    config.insert(config.find("[[agency]]"), more + "http = \"https://127.0.0.1:0\"\ntls_certificate = \"" +
                                                 (folder_ / "cert.pem").string() + "\"\ntls_key = \"" +
                                                 (folder_ / "key.pem").string() + "\"\n\n");
    write_text(partnership_.config(), config);
    gateway_.reset();
    start_gateway({"--timeout", "30"});
    ASSERT_TRUE(address().starts_with("https://")) << address();
  }
};

TEST_F(GatewayClients, CurlPushesAnEventAndAFile) {
  if (!works({"curl", "--version"})) GTEST_SKIP() << "there is no curl";
  const std::string authorization = "Authorization: Bearer " + token(kWardens);
  write_text(folder_ / "event.json", event(kWardens, "1"));
  const Ended one = run_found({"curl", "-sS", "-w", "\n%{http_code}", address() + "/events", "-H", authorization, "-H",
                               "Content-Type: application/cloudevents+json", "--data-binary",
                               "@" + (folder_ / "event.json").string()});
  EXPECT_TRUE(one.out.ends_with("\n201")) << one.out << one.err;
  write_text(folder_ / "calls.csv", PartnershipFixture::calls_csv(0, 20'000));
  // -T streams it in chunks, and asks first (Expect: 100-continue).
  const Ended file = run_found({"curl", "-sS", "-w", "\n%{http_code}", "-X", "POST", "-H", "Expect: 100-continue", "-H",
                                authorization, "-H", "Transfer-Encoding: chunked", "-T",
                                (folder_ / "calls.csv").string(), address() + "/upload?mapping=calls&file=calls.csv"});
  EXPECT_TRUE(file.out.ends_with("\n201")) << file.out << file.err;
  EXPECT_EQ(here_.offset(), 20'001u);
}

TEST_F(GatewayClients, CurlPushesOverTlsAndOldOnesAreTurnedAway) {
  if (!works({"curl", "--version"})) GTEST_SKIP() << "there is no curl";
  if (!make_certificate()) GTEST_SKIP() << "there is no openssl to make a certificate with";
  start_over_tls();
  const std::string certificate = (folder_ / "cert.pem").string();
  const Words push = {"curl",
                      "-sS",
                      "--cacert",
                      certificate,
                      "-w",
                      "\n%{http_code} %{ssl_verify_result}",
                      address() + "/events",
                      "-H",
                      "Authorization: Bearer " + token(kHomes),
                      "-H",
                      "Content-Type: application/cloudevents+json",
                      "-d",
                      event(kHomes, "1")};
  const Ended pushed = run_found(push);
  EXPECT_TRUE(pushed.out.ends_with("\n201 0")) << pushed.out << pushed.err;
  EXPECT_EQ(run_found({"curl", "-sS", "--cacert", certificate, "--tlsv1.2", "--tls-max", "1.2", address() + "/healthz"})
                .exit_code,
            0);
  EXPECT_NE(run_found({"curl", "-sS", "--cacert", certificate, "--tlsv1.0", "--tls-max", "1.1", address() + "/healthz"})
                .exit_code,
            0);
  HttpWire plain(address());
  const auto answered = plain.ask(http_request("GET", "/healthz"));
  EXPECT_FALSE(answered) << "plain HTTP on the port of HTTPS";
  EXPECT_TRUE(run_found({"curl", "-sS", "--cacert", certificate, address() + "/healthz"}).out.find("true") !=
              std::string::npos);
  gateway_->signal(SIGTERM);
  EXPECT_EQ(gateway_->wait(std::chrono::seconds(10)), 0) << gateway_->err();
}

TEST_F(GatewayClients, CurlPushesWithACertificateInPlaceOfAToken) {
  if (!works({"curl", "--version"})) GTEST_SKIP() << "there is no curl";
  if (!make_certificate()) GTEST_SKIP() << "there is no openssl to make a certificate with";
  const auto path = [&](const std::string& name) { return (folder_ / name).string(); };
  for (const std::string name : {"homes", "stranger"})
    ASSERT_TRUE(
        works({"openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days",
               "20", "-subj", "/CN=" + name, "-keyout", path(name + ".key"), "-out", path(name + ".pem")}));
  start_over_tls("tls_client_certificates = true\n");
  const auto push = [&](const Words& more) {
    Words words = {"curl",
                   "-sS",
                   "--cacert",
                   path("cert.pem"),
                   "-o",
                   "/dev/null",
                   "-w",
                   "%{http_code}",
                   address() + "/events?trial=1",
                   "-H",
                   "Content-Type: application/cloudevents+json",
                   "-d",
                   event(kHomes, "1")};
    words.insert(words.end(), more.begin(), more.end());
    return run_found(words).out;
  };
  const Words as_homes = {"--cert", path("homes.pem"), "--key", path("homes.key")};
  EXPECT_EQ(push(as_homes), "401") << "nobody has said whose it is";
  const boost::json::object added =
      json_of(here_.moot({"token", "add", kHomes, "--certificate", path("homes.pem"), "--json"}).out);
  EXPECT_EQ(push(as_homes), "200");
  for (const std::string version : {"1.2", "1.3"}) {
    Words with = as_homes;
    with.insert(with.end(), {"--tls-max", version});
    EXPECT_EQ(push(with), "200") << version;
  }
  EXPECT_EQ(push({"--cert", path("stranger.pem"), "--key", path("stranger.key")}), "401");
  EXPECT_EQ(push({}), "401") << "none at all";
  Words with_token = as_homes;
  with_token.insert(with_token.end(), {"-H", "Authorization: Bearer nothing"});
  EXPECT_EQ(push(with_token), "401") << "a token that is shown is what counts";
  EXPECT_NE(gateway_->err().find("certificate " + text_in(added, "id") + " of agency"), std::string::npos)
      << "it ends within 30 days: " << gateway_->err();
  EXPECT_NE(here_.moot({"token", "list"}).out.find("certificate added"), std::string::npos);
  EXPECT_EQ(here_.moot({"token", "rotate", text_in(added, "id")}).exit_code, 1);
  EXPECT_EQ(here_.moot({"token", "add", kWardens, "--certificate", path("homes.pem")}).exit_code, 1) << "it is Homes'";
  write_text(folder_ / "both.pem", read_text(folder_ / "homes.pem") + read_text(folder_ / "homes.key"));
  const Ended both = here_.moot({"token", "add", kHomes, "--certificate", path("both.pem")});
  EXPECT_NE(both.err.find("holds a private key"), std::string::npos) << both.err;
  EXPECT_NE(here_.moot({"token", "add", kHomes, "--certificate", path("homes.key")}).exit_code, 0);
  EXPECT_EQ(here_.moot({"token", "revoke", text_in(added, "id")}).exit_code, 0);
  EXPECT_EQ(push(as_homes), "401");
}

TEST_F(GatewayClients, TheOfficialPythonSdkPushesInEveryMode) {
  const std::string python = source("build/sdks/venv/bin/python").string();
  if (!std::filesystem::exists(python)) GTEST_SKIP() << "run tests/install_sdks first";
  const Ended ended =
      run_found({"TOKEN=" + token(kHomes), python, source("tests/end_to_end/clients/send_cloudevents.py").string(),
                 address() + "/events", kHomes});
  EXPECT_EQ(lines_of_text(ended.out), (Words{"201", "201", "201"})) << ended.out << ended.err;
  EXPECT_EQ(here_.offset(), 4u);
}

TEST_F(GatewayClients, TheOfficialJavaScriptSdkPushesInEveryMode) {
  const std::filesystem::path modules = source("build/sdks/node_modules");
  if (!std::filesystem::exists(modules / "cloudevents")) GTEST_SKIP() << "run tests/install_sdks first";
  const Ended ended =
      run_found({"TOKEN=" + token(kHomes), "NODE_PATH=" + modules.string(), "node",
                 source("tests/end_to_end/clients/send_cloudevents.cjs").string(), address() + "/events", kHomes});
  EXPECT_EQ(lines_of_text(ended.out), (Words{"201 ", "201 ", "201 "})) << ended.out << ended.err;
  EXPECT_EQ(here_.offset(), 4u);
}

TEST_F(GatewayClients, APythonClientOfUnderAHundredLinesPublishesOverTheBus) {
  const std::string python = "/usr/bin/python3";
  if (!works({python, "-c", "import zmq, tomllib, google.protobuf"}))
    GTEST_SKIP() << "python3-zmq or python3-protobuf is missing";
  const std::filesystem::path client = source("adapters/examples/push_over_bus.py");
  EXPECT_LT(lines_of_text(read_text(client)).size(), 100u);
  const std::filesystem::path made = folder_ / "python";
  std::filesystem::create_directories(made);
  ASSERT_TRUE(works({"protoc", "--python_out=" + made.string(), "-I", MOOT_SOURCE_DIR,
                     source("proto/event.proto").string(), source("proto/bus.proto").string()}));
  const auto push = [&](const std::string& events) {
    write_text(folder_ / "events.jsonl", events);
    return run_found({"sh", "-c",
                      "PYTHONPATH=" + made.string() + " " + python + " " + client.string() + " " +
                          here_.key_file(kHomes).string() + " " + here_.bus_address() + " < " +
                          (folder_ / "events.jsonl").string()});
  };
  const std::string stage = "\"contact\":{", with_stage = "\"contact\":{\"stage\":\"RECEIVED\",";
  std::string one = event(kHomes, "1"), other = event(kWardens, "2");
  one.replace(one.find(stage), stage.size(), with_stage);
  other.replace(other.find(stage), stage.size(), with_stage);
  const Ended first = push(one + "\n");
  EXPECT_EQ(first.exit_code, 0) << first.err;
  EXPECT_EQ(first.out, "1 stored at 0\n");
  const Ended again = push(one + "\n" + other + "\n");
  EXPECT_EQ(again.exit_code, 1) << again.err;
  EXPECT_NE(again.out.find("1 there already at 0\n2 refused: "), std::string::npos) << again.out;
  // What the gateway is given is the same event.
  EXPECT_EQ(post(kHomes, "/events", kStructured, one).status, 200);
}

}  // namespace
}  // namespace moot
