// Bearer tokens from outside: who gets in, for how long, and that they are nowhere to be read.
#include <csignal>

#include "tests/end_to_end/byte_scan.h"
#include "tests/end_to_end/gateway_fixture.h"

namespace moot {
namespace {

class GatewayToken : public GatewayFixture {
 protected:
  int status_with(const std::string& text) {
    return post("", "/events?trial=1", kStructured, event(kHomes, "1"), {{"Authorization", "Bearer " + text}}).status;
  }
  boost::json::object make(const Words& words) {
    Words command = {"token"};
    command.insert(command.end(), words.begin(), words.end());
    command.push_back("--json");
    const Ended made = here_.moot(command);
    EXPECT_EQ(made.exit_code, 0) << made.err;
    return json_of(made.out);
  }
  static std::string text_of(const boost::json::object& made, const char* member) {
    return std::string(made.at(member).as_string());
  }
};

TEST_F(GatewayToken, IsGoodFromTheMomentItIsMadeUntilTheMomentItIsRevoked) {
  const boost::json::object made = make({"add", kHomes});
  EXPECT_EQ(status_with(text_of(made, "token")), 200);
  EXPECT_EQ(here_.moot({"token", "revoke", text_of(made, "id")}).exit_code, 0);
  EXPECT_EQ(status_with(text_of(made, "token")), 401);
  EXPECT_EQ(here_.moot({"token", "revoke", text_of(made, "id")}).exit_code, 1);
}

TEST_F(GatewayToken, IsRotatedWithTwoValidMeanwhile) {
  const boost::json::object first = make({"add", kHomes});
  const boost::json::object second = make({"rotate", text_of(first, "id")});
  EXPECT_EQ(status_with(text_of(first, "token")), 200);
  EXPECT_EQ(status_with(text_of(second, "token")), 200);
  EXPECT_EQ(here_.moot({"token", "rotate", text_of(first, "id")}).exit_code, 1) << "a third would be valid";
  EXPECT_EQ(here_.moot({"token", "revoke", text_of(first, "id")}).exit_code, 0);
  EXPECT_EQ(status_with(text_of(first, "token")), 401);
  EXPECT_EQ(status_with(text_of(second, "token")), 200);
  const boost::json::array rows = json_of(here_.moot({"token", "list", "--json"}).out).at("tokens").as_array();
  EXPECT_EQ(rows.size(), 2u);
}

TEST_F(GatewayToken, WhoseEndIsNearIsTalkedOfInListAndLog) {
  // The last day before the warning begins is too far away for this test's clock; tomorrow is not.
  const auto day = std::chrono::system_clock::now() + std::chrono::hours(24);
  const std::time_t seconds = std::chrono::system_clock::to_time_t(day);
  char date[11];
  std::strftime(date, sizeof date, "%Y-%m-%d", std::gmtime(&seconds));
  const boost::json::object made = make({"add", kHomes, "--expires", date});
  EXPECT_NE(here_.moot({"token", "list"}).out.find("EXPIRES in "), std::string::npos);
  EXPECT_EQ(status_with(text_of(made, "token")), 200);
  EXPECT_NE(gateway_->err().find("moot token rotate " + text_of(made, "id")), std::string::npos) << gateway_->err();
  EXPECT_EQ(here_.moot({"token", "add", kHomes, "--expires", "2020-01-01"}).exit_code, 2);
  EXPECT_EQ(here_.moot({"token", "add", kHomes, "--expires", "soon"}).exit_code, 2);
  EXPECT_EQ(here_.moot({"token", "add", "nobody-here"}).exit_code, 1);
  EXPECT_EQ(here_.moot({"token", "add", "operator"}).exit_code, 1);
}

TEST_F(GatewayToken, IsRevokedAlsoBesideABrokerThatHangs) {
  const boost::json::object made = make({"add", kHomes});
  const std::string id = text_of(made, "id"), text = text_of(made, "token");
  EXPECT_EQ(status_with(text), 200);
  broker_->signal(SIGSTOP);
  const Ended other = here_.moot({"token", "revoke", id, "--as", kWardens, "--timeout", "1"});
  EXPECT_EQ(other.exit_code, 1) << "nobody says that it may";
  const Ended revoked = here_.moot({"token", "revoke", id, "--timeout", "1"});
  broker_->signal(SIGCONT);
  EXPECT_EQ(revoked.exit_code, 0) << revoked.err;
  EXPECT_NE(revoked.err.find("revoked without an entry in the audit log"), std::string::npos) << revoked.err;
  EXPECT_EQ(status_with(text), 401);
}

TEST_F(GatewayToken, IsNowhereToBeReadAfterItWasShown) {
  const std::string text = text_of(make({"add", kHomes}), "token");
  EXPECT_EQ(status_with(text), 200);
  EXPECT_EQ(status_with(text + "x"), 401);
  post("", "/events/" + text, kStructured, "{", {{"Authorization", "Bearer " + text}});
  const std::string secret = text.substr(text.rfind('_') + 1);
  EXPECT_EQ((gateway_->err() + gateway_->out() + broker_->err() + here_.moot({"token", "list"}).out).find(secret),
            std::string::npos);
  const ByteScan scan({secret});
  for (const std::filesystem::path& folder : {here_.data(), here_.keys()}) {
    const ByteScan::Below found = scan.found_below(folder);
    EXPECT_TRUE(found.findings.empty()) << found.findings.front();
  }
}

TEST_F(GatewayToken, LetsNobodyInWhenTheFileIsDamaged) {
  const boost::json::object made = make({"add", kHomes});
  const std::filesystem::path file = here_.data() / "tokens.toml";
  std::string text = read_text(file);
  text[text.find("expires = \"20") + 14] ^= 1;
  std::filesystem::remove(file);
  write_text(file, text);
  EXPECT_EQ(status_with(text_of(made, "token")), 503);
  // What it says comes through a pipe, a moment after the answer.
  const auto told = [&] { return gateway_->err().find("tokens.toml") != std::string::npos; };
  for (int i = 0; i < 250 && !told(); ++i) std::this_thread::sleep_for(std::chrono::milliseconds(20));
  EXPECT_TRUE(told()) << gateway_->err();
  EXPECT_EQ(here_.moot({"token", "list"}).exit_code, 1);
}

}  // namespace
}  // namespace moot
