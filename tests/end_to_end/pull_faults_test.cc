// Open311 servers that misbehave: each is told in one sentence, and nothing is lost or taken by mistake.
#include <csignal>

#include "tests/end_to_end/byte_scan.h"
#include "tests/end_to_end/pull_fixture.h"

namespace moot {
namespace {

namespace json = boost::json;
namespace fs = std::filesystem;

class PullFaults : public PullFixture {
 protected:
  PullFaults() { serve({request(1, 300), request(2, 200, "closed"), request(3, 100)}); }

  void expect_failure(const std::string& mode, const std::string& sentence) const {
    const std::uint64_t before = here_.offset();
    const std::string state = fs::exists(state_file()) ? read_text(state_file()) : "";
    misbehave(mode);
    const Ended ended = pull_once({"--json"});
    EXPECT_EQ(ended.exit_code, 1) << mode;
    EXPECT_NE(ended.err.find(sentence), std::string::npos) << mode << ": " << ended.err;
    EXPECT_EQ(lines_of_text(ended.err).size(), 1u) << mode << ": " << ended.err;
    EXPECT_EQ(ended.err.find("Inventedname"), std::string::npos) << "a word of the server's: " << ended.err;
    EXPECT_EQ(ended.err.find('?'), std::string::npos) << "what it was asked: " << ended.err;
    const json::object counted = counts(ended);
    const json::value* failed = counted.if_contains("failed");
    EXPECT_TRUE(failed != nullptr && failed->is_string()) << ended.out;
    EXPECT_EQ(here_.offset(), before) << mode;
    EXPECT_EQ(fs::exists(state_file()) ? read_text(state_file()) : "", state) << mode;
  }
  void expect_all_there() const {
    misbehave("serve");
    const Ended ended = pull_once({"--json"});
    EXPECT_EQ(ended.exit_code, 0) << ended.err;
    EXPECT_EQ(here_.offset(), 4u);
    EXPECT_EQ(pulled().size(), 4u);
  }
};

TEST_F(PullFaults, EachIsToldInASentenceAndTheWindowIsAskedForAgain) {
  define_pull(since(20));
  for (const auto& [mode, sentence] :
       std::vector<std::pair<std::string, std::string>>{{"status 500", "it answers 500"},
                                                        {"status 503 30", "it answers 503"},
                                                        {"status 404", "it answers 404"},
                                                        {"status 401", "it answers 401: it wants another key"},
                                                        {"status 204", "it answers 204"},
                                                        {"stall", "it did not answer whole in time"},
                                                        {"trickle", "it did not answer whole in time"},
                                                        {"drop", "it broke off"},
                                                        {"broken", "it broke off"},
                                                        {"endless-head", "its answer is larger than is taken"},
                                                        {"html", "its answer is not service requests"},
                                                        {"errors", "its answer is not service requests"},
                                                        {"truncated", "its answer is not service requests"}}) {
    expect_failure(mode, sentence);
  }
  expect_all_there();
}

TEST_F(PullFaults, TheSameInJson) {
  define_pull(since(20) + "format = \"json\"\n");
  for (const char* mode : {"html", "errors", "truncated"}) expect_failure(mode, "its answer is not service requests");
  expect_failure("broken", "it broke off");
  expect_all_there();
}

TEST_F(PullFaults, AnAnswerWithoutEndIsGivenUp) {
  define_pull(since(20) + "timeout_seconds = 30\n");
  expect_failure("endless", "its answer is larger than is taken");
  expect_all_there();
}

TEST_F(PullFaults, ARedirectIsNotFollowed) {
  const std::string elsewhere = "http://127.0.0.1:" + read_text(server_ / "port") + "/elsewhere?token=secret";
  (void)asked();
  expect_failure("redirect " + elsewhere, "it answers 302, a redirect, which is not followed");
  expect_failure("redirect file:///etc/passwd", "it answers 302, a redirect, which is not followed");
  for (const std::string& question : asked()) EXPECT_EQ(question.find("elsewhere"), std::string::npos) << question;
  expect_all_there();
}

TEST_F(PullFaults, NobodyThereIsToldAndTriedAgain) {
  process_->kill();
  expect_failure("serve", "it cannot be reached");
  start_server();
  define_pull();
  expect_all_there();
}

TEST_F(PullFaults, RequestsOfOtherTimesAreNotTakenForThoseAskedFor) {
  json::array old;
  for (std::size_t i = 0; i < 5; ++i) {
    old.push_back(request(i, 60 * 24 * 500));
    change(old.back().as_object(), 60 * 24 * 400, "description", "It was seen to");
  }
  serve(old);
  define_pull(since(30));
  expect_failure("no-times", "it does not know updated_after and updated_before");
  define_pull(since(30) + "by = \"requested\"\n");
  expect_failure("no-times", "it does not keep to start_date and end_date");
}

TEST_F(PullFaults, WhatIsWrongWithOneRequestWaitsInTheInboxOnceHoweverOftenItIsPulled) {
  json::object odd = request(9, 10);
  odd["status"] = "Secretstatus";
  serve({request(1, 30), odd, request(3, 20)});
  for (int pull = 0; pull < 3; ++pull) {
    const Ended ended = pull_once();
    EXPECT_EQ(ended.exit_code, 1);
    EXPECT_NE(ended.out.find(pull == 0 ? "3 read, 2 accepted, 0 there already" : "3 read, 0 accepted, 2 there already"),
              std::string::npos)
        << ended.out << ended.err;
    EXPECT_NE(ended.out.find("1 refused"), std::string::npos) << ended.out;
    EXPECT_EQ((ended.out + ended.err).find("Secretstatus"), std::string::npos);
  }
  const Ended listed = here_.moot({"inbox", "list", "--json"});
  const json::object inbox = json_of(listed.out);
  const json::array& items = inbox.at("items").as_array();
  ASSERT_EQ(items.size(), 1u) << listed.out;
  EXPECT_EQ(items[0].at("file").as_string(), "pull brook-homes open311");
  EXPECT_EQ(items[0].at("agency").as_string(), kAgency);
  EXPECT_EQ(items[0].at("reason").as_string(), "status: expected open or closed");
}

TEST_F(PullFaults, ADamagedStateIsToldAndNothingIsPulledUntilItIsRemoved) {
  expect_all_there();
  write_text(state_file(), read_text(state_file()).substr(0, 30));
  (void)asked();
  const Ended ended = pull_once();
  EXPECT_EQ(ended.exit_code, 1);
  EXPECT_NE(ended.err.find("brook-homes.json: is damaged"), std::string::npos) << ended.err;
  EXPECT_TRUE(asked().empty());
  EXPECT_NE(here_.moot({"status"}).out.find("how far it was pulled cannot be read"), std::string::npos);
  fs::remove(state_file());
  const json::object again = counts(pull_once({"--json"}));
  EXPECT_EQ(number_in(again, "duplicate"), 4);
  EXPECT_EQ(here_.offset(), 4u);
}

TEST_F(PullFaults, TheRunningPullSaysATroubleOnceAndTriesAgain) {
  misbehave("status 503 1");
  const std::unique_ptr<Process> pull = here_.start({"pull"});
  ASSERT_TRUE(comes_true([&] { return pull->err().find("it answers 503") != std::string::npos; })) << pull->err();
  EXPECT_NE(pull->err().find("; it is tried again in 10 seconds"), std::string::npos) << pull->err();
  misbehave("serve");
  ASSERT_TRUE(
      comes_true([&] { return pull->err().find("4 read, 4 accepted") != std::string::npos; }, std::chrono::seconds(40)))
      << pull->err();
}

TEST_F(PullFaults, TheRunningPullStopsWhileAServerStalls) {
  define_pull("timeout_seconds = 600\n");
  misbehave("stall");
  const std::unique_ptr<Process> pull = here_.start({"pull"});
  ASSERT_TRUE(comes_true([&] { return fs::exists(server_ / "asked"); })) << pull->err();
  pull->signal(SIGTERM);
  EXPECT_EQ(pull->wait(std::chrono::seconds(15)), 0) << pull->err();
  expect_all_there();
}

TEST_F(PullFaults, AKeyIsReadFromItsFileAndSeenByTheServerAlone) {
  write_text(server_ / "key", "Verysecretkey");
  expect_failure("serve", "it answers 403: it wants another key, or none is sent");
  define_pull("api_key_file = \"council.key\"\n");
  expect_failure("serve", "council.key");
  write_text(partnership_.folder() / "council.key", "Verysecret\nkey\n");
  expect_failure("serve", "council.key: expected a key on one line");
  write_text(partnership_.folder() / "council.key", "Verysecretkey\n");
  misbehave("serve");
  const Ended ended = pull_once();
  EXPECT_EQ(ended.exit_code, 0) << ended.err;
  EXPECT_EQ(here_.offset(), 4u);
  const ByteScan scan({"Verysecretkey"});
  EXPECT_EQ(scan.found_in(ended.out + ended.err + read_text(server_ / "asked")), std::set<std::string>());
  EXPECT_EQ(scan.found_below(here_.data()).findings, std::vector<std::string>());
}

TEST_F(PullFaults, OverTlsACertificateIsBelievedOnlyWhereItIsTrusted) {
  const std::string certificate = (folder_ / "cert.pem").string(), key = (folder_ / "key.pem").string();
  const Ended made = run({"/usr/bin/env", "openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt",
                          "ec_paramgen_curve:P-256", "-nodes", "-days", "1", "-subj", "/CN=localhost", "-addext",
                          "subjectAltName=DNS:localhost,IP:127.0.0.1", "-keyout", key, "-out", certificate});
  if (made.exit_code != 0) GTEST_SKIP() << "there is no openssl to make a certificate with";
  process_->kill();
  start_server({"--tls", certificate, key});
  define_pull();
  expect_failure("serve", "its encryption cannot be trusted");
  define_pull("certificates = \"absent.pem\"\n");
  expect_failure("serve", "the file of certificates cannot be read");
  define_pull("certificates = \"" + certificate + "\"\n");
  expect_all_there();
}

}  // namespace
}  // namespace moot
