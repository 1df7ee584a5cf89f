// People of agencies, each with a key and roles of their own: what they may do on the bus, and what the audit log calls
// them.
#include <gtest/gtest.h>

#include "tests/end_to_end/gateway_fixture.h"

namespace moot {
namespace {

class PeopleRoles : public GatewayFixture {
 protected:
  PeopleRoles() {
    here_.moot({"publish", partnership_.call_files()[0].string(), "--as", kWardens, "--backfill", "--mapping",
                partnership_.calls_mapping().string()});
  }
  void add(const std::string& id, const std::string& agency, const std::string& role) {
    const Ended added =
        here_.moot({"agency", "add", id, "--name", "Somebody invented", "--of", agency, "--role", role});
    ASSERT_EQ(added.exit_code, 0) << added.err;
  }
  Ended as(const std::string& person, Words words) {
    words.insert(words.end(), {"--key", here_.key_file(person).string()});
    return here_.moot(words);
  }
  static void expect_may_not(const Ended& ended, const std::string& what) {
    EXPECT_EQ(ended.exit_code, 1) << ended.out;
    EXPECT_NE(ended.err.find("may not " + what), std::string::npos) << ended.err;
  }
};

TEST_F(PeopleRoles, APractitionerReadsAndPublishesAsTheAgencyAndAdministersNothing) {
  add("wardens-desk", kWardens, "practitioner");
  const Ended read = as("wardens-desk", {"replay"});
  EXPECT_EQ(read.exit_code, 0) << read.err;
  EXPECT_EQ(lines_of_text(read.out).size(), here_.offset()) << "what its agency may read";
  write_text(folder_ / "more.csv", PartnershipFixture::calls_csv(500, 3));
  const Ended published = as("wardens-desk", {"publish", (folder_ / "more.csv").string(), "--backfill", "--mapping",
                                              partnership_.calls_mapping().string()});
  EXPECT_EQ(published.exit_code, 0) << published.err;
  expect_may_not(as("wardens-desk", {"agency", "add", "friends", "--name", "Friends"}), "add agencies");
  expect_may_not(as("wardens-desk", {"audit", "list"}), "read the audit log");
  // It is the person that the audit log names.
  const boost::json::object audit =
      json_of(here_.moot({"audit", "list", "--json", "--actor", "wardens-desk", "--act", "read"}).out);
  EXPECT_EQ(audit.at("entries").as_array().size(), 1u);
}

TEST_F(PeopleRoles, AnAuditorReadsTheAuditLogAndNoEvent) {
  add("north-auditor", "operator", "auditor");
  const Ended audit = as("north-auditor", {"audit", "list"});
  EXPECT_EQ(audit.exit_code, 0) << audit.err;
  EXPECT_NE(audit.out.find("agency-add"), std::string::npos) << audit.out;
  expect_may_not(as("north-auditor", {"replay"}), "read events");
  expect_may_not(as("north-auditor", {"agency", "revoke", kWardens}), "revoke keys");
}

TEST_F(PeopleRoles, AnAdminSeesWhatWaitsAndNotWhatIsInIt) {
  add("north-admin", "operator", "admin");
  write_text(folder_ / "bad.csv", PartnershipFixture::calls_header() + "one cell\n");
  here_.moot({"publish", (folder_ / "bad.csv").string(), "--as", kWardens, "--mapping",
              partnership_.calls_mapping().string()});
  const boost::json::object list = json_of(as("north-admin", {"inbox", "list", "--json"}).out);
  ASSERT_EQ(list.at("items").as_array().size(), 1u);
  const std::string item(list.at("items").as_array()[0].as_object().at("item").as_string());
  const Ended inside = as("north-admin", {"inbox", "show", item});
  EXPECT_EQ(inside.exit_code, 1);
  EXPECT_NE(inside.err.find("and not what is in it"), std::string::npos) << inside.err;
  // Who protects data sees both.
  add("north-officer", "operator", "data-protection-officer");
  EXPECT_EQ(json_of(as("north-officer", {"inbox", "list", "--json"}).out).at("items").as_array().size(), 1u);
  EXPECT_EQ(as("north-officer", {"inbox", "show", item}).exit_code, 0);
  expect_may_not(as("north-admin", {"replay"}), "read events");
  expect_may_not(as("north-admin", {"audit", "list"}), "read the audit log");
  EXPECT_EQ(as("north-admin", {"agency", "rotate", kWardens}).exit_code, 0);
}

TEST_F(PeopleRoles, AreTheirAgencysToSeeAndHaveNoLimitOfTheirOwn) {
  add("wardens-desk", kWardens, "practitioner");
  EXPECT_NE(here_.moot({"agency", "list", "--as", kWardens}).out.find("wardens-desk"), std::string::npos);
  EXPECT_EQ(here_.moot({"agency", "list", "--as", kHomes}).out.find("wardens-desk"), std::string::npos);
  const Ended limited = here_.moot({"agency", "limit", "wardens-desk", "--events", "1"});
  EXPECT_EQ(limited.exit_code, 1);
  EXPECT_NE(limited.err.find("a daily limit is the agency's"), std::string::npos) << limited.err;
}

TEST_F(PeopleRoles, EndWithTheirAgencyAndCannotBeMadeForTheOperatorsMeetings) {
  add("wardens-chair", kWardens, "chair");
  ASSERT_EQ(as("wardens-chair", {"replay"}).exit_code, 0);
  ASSERT_EQ(here_.moot({"agency", "revoke", kWardens}).exit_code, 0);
  EXPECT_EQ(as("wardens-chair", {"replay"}).exit_code, 1);
  ASSERT_EQ(here_.moot({"agency", "add", kWardens, "--name", "Wardens, back again"}).exit_code, 0);
  EXPECT_EQ(as("wardens-chair", {"replay"}).exit_code, 1) << "its people do not come back with it unasked";
  const Ended refused = here_.moot({"agency", "add", "x-chair", "--name", "X", "--of", "operator", "--role", "chair"});
  EXPECT_EQ(refused.exit_code, 1);
  EXPECT_NE(refused.err.find("admin, auditor or data-protection-officer"), std::string::npos) << refused.err;
  const Ended over_all =
      here_.moot({"agency", "add", "z-officer", "--name", "Z", "--of", kHomes, "--role", "data-protection-officer"});
  EXPECT_EQ(over_all.exit_code, 1) << "it would see what other agencies' rows were refused";
  EXPECT_EQ(here_.moot({"agency", "add", "y-chair", "--name", "Y", "--of", kHomes, "--role", "king"}).exit_code, 1);
}

}  // namespace
}  // namespace moot
