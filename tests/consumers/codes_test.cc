// Words in definitions that no event can ever say are mistakes: a figure, a list or a clock would be empty for ever.
#include "consumers/report/codes.h"

#include <gtest/gtest.h>

#include "tests/consumers/clock_findings.h"
#include "tests/consumers/report_events.h"

namespace moot {
namespace {

void expect_mistake(const Status& status, const std::string& key, const std::string& word, const std::string& perhaps) {
  const std::string& message = status.message();
  EXPECT_EQ(status.code(), Code::kDefinition);
  EXPECT_NE(message.find("key \"" + key + "\""), std::string::npos) << message;
  EXPECT_NE(message.find("\"" + word + "\" is none: perhaps \"" + perhaps + "\""), std::string::npos) << message;
}

TEST(Codes, OfAMeasureAreThoseOfEvents) {
  const auto read = [](const std::string& where) {
    return try_definition(measure_of("a", "", "type = \"referral.installed\"\n" + where)).status();
  };
  EXPECT_TRUE(
      read("scheme = \"door-cam\"\ndomestic_abuse = true\ncost_pence = 5\nsex = \"Female\"\narea = \"High Fell\"\n")
          .ok());
  EXPECT_TRUE(read("role = \"victim\"\nmonth = \"2020-04\"\nsource = \"/fell-homes/Cases\"\n").ok());
  expect_mistake(read("scheme = \"Doorcam\"\n"), "measure.where.scheme", "Doorcam", "doorcam");
  expect_mistake(read("reason = [\"asb\", \"Domestic abuse\"]\n"), "measure.where.reason", "Domestic abuse",
                 "domestic-abuse");
  EXPECT_TRUE(read("rel = \"caused-by\"\n").ok());
  expect_mistake(read("rel = \"Caused by\"\n"), "measure.where.rel", "Caused by", "caused-by");
  const auto linked = [&](const std::string& to) {
    return read("[measure.linked]\nto = \"" + to + "\"\n[measure.linked.where]\ntype = \"incident\"\n");
  };
  EXPECT_TRUE(linked("caused-by").ok()) << linked("caused-by").message();
  expect_mistake(linked("Caused by"), "measure.linked.to", "Caused by", "caused-by");
  expect_mistake(read("[measure.where.not]\nrole = \"Tenant\"\n"), "measure.where.not.role", "Tenant", "tenant");
  expect_mistake(try_definition(measure_of("a", "distinct_by = \"About it\"", "type = \"incident\"\n")).status(),
                 "measure.distinct_by", "About it", "about-it");
}

TEST(Codes, OfTheLinksOfClocksAreThoseOfEvents) {
  const std::string where = "[clock.version.where]\ntype = \"order.issued\"\n";
  expect_mistake(try_pack(clock_of("deadline", "months = 3\njoined_by = \"link\"\nrel = \"Caused By\"\n" + where +
                                                   "[clock.version.done]\ntype = \"order.paid\"\n"))
                     .status(),
                 "clock.version.rel", "Caused By", "caused-by");
  expect_mistake(try_pack(clock_of("expiry", "months = 3\nrel = \"Caused By\"\n" + where +
                                                 "[clock.version.renewed]\ntype = \"order.extended\"\n"))
                     .status(),
                 "clock.version.rel", "Caused By", "caused-by");
  expect_mistake(try_pack(clock_of("escalation",
                                   "rel = \"Caused By\"\n[[clock.version.step]]\ntitle = \"warning\"\n[clock.version."
                                   "step.where]\ntype = \"order.issued\"\n[[clock.version.step]]\ntitle = "
                                   "\"notice\"\n[clock.version.step.where]\ntype = \"order.varied\"\n"))
                     .status(),
                 "clock.version.rel", "Caused By", "caused-by");
}

// A date of the body, as its rules have it: "score" and "reason" are none.
TEST(Clocks, AreDueByAFieldThatIsADateAndNoOther) {
  const auto read = [](const std::string& field) {
    return try_pack(clock_of("deadline", "field = \"" + field +
                                             "\"\n[clock.version.where]\ntype = \"risk.assessed\"\n" +
                                             "[clock.version.done]\ntype = \"risk.assessed\"\n"))
        .status();
  };
  EXPECT_TRUE(read("next_review").ok()) << read("next_review").message();
  for (const char* field : {"score", "band", "next_reviewer"})
    EXPECT_NE(read(field).message().find("clock.version.field"), std::string::npos) << read(field).message();
}

TEST(Codes, OfACallerPolicyAreThoseOfEvents) {
  const auto read = [](const std::string& channels, const std::string& categories, const std::string& more = "") {
    return CallerPolicy::parse("id = \"c\"\ntitle = \"C\"\n[[version]]\nvalid_from = 2019-04-01\nchannels = [\"" +
                                   channels + "\"]\ncategories = [\"" + categories + "\"]\n" + more,
                               "c.toml")
        .status();
  };
  EXPECT_TRUE(read("101", "asb", "roles = [\"caller\"]\n").ok());
  expect_mistake(read("10 1", "asb"), "version.channels", "10 1", "10-1");
  expect_mistake(read("101", "ASB"), "version.categories", "ASB", "asb");
  expect_mistake(read("101", "asb", "roles = [\"Caller\"]\n"), "version.roles", "Caller", "caller");
  expect_mistake(read("101", "asb", "[[version.left_out]]\nreason = \"an alarm\"\nroles = [\"Alarm line\"]\n"),
                 "version.left_out.roles", "Alarm line", "alarm-line");
}

TEST(Codes, OfABoardAreThoseOfEvents) {
  const auto read = [](const std::string& version, const std::string& section) {
    return Board::parse("id = \"b\"\ntitle = \"B\"\n[[version]]\nvalid_from = 2019-04-01\n" + version + section,
                        "b.toml")
        .status();
  };
  expect_mistake(read("factors = [\"Rough sleeping\"]\n", section_of("high-risk")), "version.factors", "Rough sleeping",
                 "rough-sleeping");
  expect_mistake(read("subject_roles = [\"Victim\"]\n", section_of("high-risk")), "version.subject_roles", "Victim",
                 "victim");
  for (const auto& [kind, key] :
       {std::pair("high-risk", "bands"), std::pair("domestic-abuse", "schemes"), std::pair("domestic-abuse", "reasons"),
        std::pair("places", "categories"), std::pair("new-referrals", "schemes"), std::pair("repeat-victims", "roles")})
    expect_mistake(read("", section_of(kind, std::string(key) + " = [\"High\"]\n")),
                   "version.section." + std::string(key), "High", "high");
}

TEST(Codes, OfARulePackAreThoseOfEvents) {
  const auto read = [](const std::string& keys) {
    return try_pack(clock_of("threshold", "count = 3\nwithin_months = 6\n" + keys)).status();
  };
  EXPECT_TRUE(read("roles = [\"victim\"]\n[clock.version.where]\ntype = \"incident\"\n").ok());
  expect_mistake(read("roles = [\"Victim\"]\n[clock.version.where]\ntype = \"incident\"\n"), "clock.version.roles",
                 "Victim", "victim");
  expect_mistake(read("roles = [\"victim\"]\n[clock.version.where]\ntype = \"order\"\npower = \"closure order\"\n"),
                 "clock.version.where.power", "closure order", "closure-order");
}

}  // namespace
}  // namespace moot
