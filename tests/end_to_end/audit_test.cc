// The audit log as an auditor reads it: who read what and what for, what administrators did, what was refused.
#include <gtest/gtest.h>

#include <csignal>

#include "tests/end_to_end/backup_fixture.h"

namespace moot {
namespace {

namespace fs = std::filesystem;
using std::chrono::seconds;

class Audit : public BackupFixture {
 protected:
  Audit() { here_.documents(folder_ / "out"); }

  static std::vector<boost::json::object> entries_of(const Installation& of, const Words& words) {
    Words all = {"audit", "list", "--json"};
    all.insert(all.end(), words.begin(), words.end());
    const Ended listed = of.moot(all);
    EXPECT_EQ(listed.exit_code, 0) << listed.err;
    std::vector<boost::json::object> found;
    const boost::json::object printed = json_of(listed.out);
    for (const boost::json::value& entry : printed.at("entries").as_array()) found.push_back(entry.as_object());
    return found;
  }
  std::vector<boost::json::object> entries(const Words& words = {}) const { return entries_of(here_, words); }
  static std::string text(const boost::json::object& entry, const char* name) {
    return std::string(entry.at(name).as_string());
  }
};

TEST_F(Audit, TellsWhoReadWhatAndWhatForAndHowMuch) {
  const std::string wardens = PartnershipFixture::kWardens;
  const Ended replayed =
      here_.moot({"replay", "--as", wardens, "--type", "contact", "--purpose", "case-review", "--from", "2022-03-01"});
  ASSERT_EQ(replayed.exit_code, 0) << replayed.err;
  const auto begun = entries({"--actor", wardens, "--act", "read"});
  ASSERT_EQ(begun.size(), 1u);
  EXPECT_EQ(text(begun[0], "purpose"), "case-review");
  EXPECT_EQ(text(begun[0], "what"), "from=2022-03-01T00:00:00Z type=contact");
  const auto ended = entries({"--actor", wardens, "--act", "read-ended"});
  ASSERT_EQ(ended.size(), 1u);
  EXPECT_EQ(text(ended[0], "what"), "entry=" + text(begun[0], "number"));
  EXPECT_EQ(number_in(ended[0], "count"), static_cast<std::int64_t>(lines_of_text(replayed.out).size()));
  EXPECT_GT(number_in(ended[0], "count"), 0);
}

TEST_F(Audit, TellsWhatWasShownToAPerson) {
  ASSERT_EQ(here_.moot({"agenda", "table", "--on", "2022-06-14"}).exit_code, 0);
  ASSERT_EQ(here_.moot({"person", "find", "a name that nobody has"}).exit_code, 0);
  const auto documents = entries({"--act", "document"});
  ASSERT_FALSE(documents.empty());
  EXPECT_EQ(text(documents.back(), "what"), "agenda/table");
  EXPECT_EQ(text(documents.back(), "as_of"), "2022-06-14");
  EXPECT_EQ(text(documents.back(), "actor"), "operator");
  const auto found = entries({"--act", "person-find"});
  ASSERT_EQ(found.size(), 1u);
  EXPECT_EQ(here_.moot({"audit", "list"}).out.find("nobody"), std::string::npos) << "a name must not stand in it";
}

TEST_F(Audit, TellsWhatAdministratorsDidAndWhatWasRefused) {
  const auto configured = entries({"--act", "agency-add", "--actor", "operator"});
  EXPECT_TRUE(std::any_of(configured.begin(), configured.end(), [](const json::object& entry) {
    return text(entry, "what") == PartnershipFixture::kHomes;
  })) << "what the configuration names is let in by the operator too";
  ASSERT_EQ(here_.moot({"agency", "add", "north-fell", "--name", "North Fell"}).exit_code, 0);
  EXPECT_EQ(here_.moot({"agency", "add", "east-fell", "--name", "East", "--as", "north-fell"}).exit_code, 1);
  EXPECT_EQ(here_.moot({"audit", "list", "--as", "north-fell"}).exit_code, 1) << "not everybody may read it";
  const auto added = entries({"--act", "agency-add", "--from", "2023-01-01"});
  ASSERT_GE(added.size(), 2u);
  EXPECT_EQ(text(added[added.size() - 2], "what"), "north-fell");
  EXPECT_EQ(text(added[added.size() - 2], "outcome"), "ok");
  EXPECT_EQ(text(added.back(), "actor"), "north-fell");
  EXPECT_EQ(text(added.back(), "outcome"), "not-allowed");
  const auto read = entries({"--act", "audit-read", "--actor", "north-fell"});
  ASSERT_EQ(read.size(), 1u);
  EXPECT_EQ(text(read[0], "outcome"), "not-allowed");
}

// Another agency's source is refused, counted and audited (DESIGN §9).
// Whoever gives out a token lets somebody publish: that is on record, and not for everybody to do.
TEST_F(Audit, TellsOfTokensAndWhoMayNotGiveThemOut) {
  const Ended made = here_.moot({"token", "add", PartnershipFixture::kHomes, "--json"});
  ASSERT_EQ(made.exit_code, 0) << made.err;
  const std::string secret = text(json_of(made.out), "token"), id = text(json_of(made.out), "id");
  EXPECT_EQ(here_.moot({"token", "revoke", secret}).exit_code, 1) << "the secret in the place of its id";
  ASSERT_EQ(here_.moot({"token", "revoke", id}).exit_code, 0);
  const Ended other = here_.moot({"token", "add", PartnershipFixture::kHomes, "--as", PartnershipFixture::kClinic});
  EXPECT_EQ(other.exit_code, 1) << other.out;
  EXPECT_NE(other.err.find("by those who administer"), std::string::npos) << other.err;
  EXPECT_EQ(here_.moot({"token", "list", "--as", PartnershipFixture::kClinic}).exit_code, 1);
  const auto added = entries({"--act", "token-add"});
  ASSERT_EQ(added.size(), 2u);
  EXPECT_EQ(text(added[0], "what"), PartnershipFixture::kHomes);
  EXPECT_EQ(text(added[0], "outcome"), "ok");
  EXPECT_EQ(text(added[1], "actor"), PartnershipFixture::kClinic);
  EXPECT_EQ(text(added[1], "outcome"), "not-allowed");
  const auto revoked = entries({"--act", "token-revoke"});
  ASSERT_EQ(revoked.size(), 1u);
  EXPECT_EQ(text(revoked[0], "what"), id);
  EXPECT_EQ(here_.moot({"audit", "list"}).out.find(secret), std::string::npos);
}

TEST_F(Audit, NamesWhomADocumentIsIssuedTo) {
  const std::string file = (folder_ / "agenda.html").string();
  ASSERT_EQ(here_
                .moot({"agenda", "table", "--on", "2022-06-14", "--issue", "--to", PartnershipFixture::kHomes,
                       "--output", file})
                .exit_code,
            0);
  const auto documents = entries({"--act", "document"});
  ASSERT_FALSE(documents.empty());
  ASSERT_EQ(documents.back().at("recipients").as_array().size(), 1u);
  EXPECT_EQ(documents.back().at("recipients").as_array()[0].as_string(), PartnershipFixture::kHomes);
}

// Neither a name nor a line of its own gets into the log by what somebody asks for.
TEST_F(Audit, TakesNoTextOfAnybodysMaking) {
  for (const Words& words : {Words{"--purpose", "about Avery Inventedname"}, Words{"--subject", "Avery Inventedname"},
                             Words{"--area", "12 Inventedname Road"}, Words{"--purpose", "ok\nadmin  erase"}}) {
    Words all = {"replay", "--dry-run", "--as", PartnershipFixture::kHomes};
    all.insert(all.end(), words.begin(), words.end());
    const Ended ended = here_.moot(all);
    EXPECT_EQ(ended.exit_code, 1) << words[1] << ended.err;
    const bool says_what = ended.err.find("are codes") != std::string::npos ||
                           ended.err.find("visible ASCII characters") != std::string::npos;
    EXPECT_TRUE(says_what) << ended.err;
  }
  EXPECT_EQ(here_.moot({"agency", "add", "east-fell", "--name", "East\nadmin  erase"}).exit_code, 1);
  EXPECT_EQ(here_.moot({"agency", "add", "east-fell", "--name", ""}).exit_code, 1);
  EXPECT_EQ(here_.moot({"audit", "list"}).out.find("Inventedname"), std::string::npos);
  EXPECT_EQ(here_.moot({"agency", "list"}).out.find("east-fell"), std::string::npos);
}

TEST_F(Audit, TellsWhoTriedToPublishAsAnother) {
  const std::string homes = PartnershipFixture::kHomes;
  const Ended refused = here_.moot({"publish", partnership_.call_files()[0].string(), "--as", homes, "--mapping",
                                    partnership_.calls_mapping().string()});
  EXPECT_EQ(refused.exit_code, 1);
  const auto told = entries({"--act", "refused", "--actor", homes});
  ASSERT_FALSE(told.empty());
  EXPECT_EQ(text(told[0], "what"), "wrong-agency");
  EXPECT_GT(number_in(told[0], "count"), 0);
}

// What was read is on disk before it is given: a broker killed at once afterwards cannot have given it unnoticed.
TEST_F(Audit, IsThereAfterAKillThatFollowsTheReadingAtOnce) {
  std::unique_ptr<Process> broker = here_.start_broker();
  const Ended replayed = here_.moot({"replay", "--as", PartnershipFixture::kClinic});
  broker->kill();
  ASSERT_EQ(replayed.exit_code, 0);
  EXPECT_EQ(entries({"--actor", PartnershipFixture::kClinic, "--act", "read"}).size(), 1u);
}

TEST_F(Audit, IsCoveredByVerifyBackupRestoreAndRepair) {
  ASSERT_EQ(here_.moot({"replay", "--as", PartnershipFixture::kClinic}).exit_code, 0);
  ASSERT_EQ(here_.moot({"replay", "--as", PartnershipFixture::kHomes}).exit_code, 0);
  const std::string before =
      text(entries({"--actor", PartnershipFixture::kHomes, "--act", "read-ended"}).at(0), "what");
  back_up({"--keys-to", key_backup_.string()});
  EXPECT_EQ(verify(backup_).exit_code, 0);
  ASSERT_EQ(restore("restored").exit_code, 0);
  EXPECT_EQ(entries_of(restored("restored"), {"--actor", PartnershipFixture::kClinic, "--act", "read"}).size(), 1u);

  // A byte of it changed, in the middle of what was written.
  bool flipped = false;
  for (const auto& [name, bytes] : files_below(here_.data() / "audit")) {
    const std::string content = read_text(here_.data() / "audit" / name);
    // Where it began to read, as protobuf writes the actor and the act.
    const std::size_t at = content.find(PartnershipFixture::kClinic + std::string("\x22\x04read"));
    if (flipped || at == std::string::npos) continue;
    flip(here_.data() / "audit" / name, at + 1, 0);
    flipped = true;
  }
  ASSERT_TRUE(flipped);
  const Ended found = verify(here_.data());
  EXPECT_EQ(found.exit_code, 1);
  EXPECT_NE(found.out.find("/audit: "), std::string::npos) << found.out;
  // Whether the broker starts depends on where it is; nobody is shown a log without it.
  const Ended listed = here_.moot({"audit", "list"});
  EXPECT_EQ(listed.exit_code, 1);
  EXPECT_NE(listed.err.find("audit"), std::string::npos) << listed.err;
  const Ended repaired = here_.moot({"repair", here_.data().string(), "--json"});
  EXPECT_EQ(number_in(json_of(repaired.out), "events"), static_cast<std::int64_t>(partnership_.events()))
      << repaired.err;
  EXPECT_GT(number_in(json_of(repaired.out), "audit_entries"), 0) << repaired.out;
  EXPECT_GT(number_in(json_of(repaired.out), "audit_lost"), 0) << repaired.out;
  // Entries behind the hole have other numbers, and those that tell of them say so.
  const Installation sound(folder_ / "data.repaired", partnership_.config(), here_.keys());
  const auto homes = entries_of(sound, {"--actor", PartnershipFixture::kHomes});
  ASSERT_EQ(homes.size(), 2u);
  EXPECT_EQ(text(homes[1], "what"), "entry=" + text(homes[0], "number"));
  EXPECT_NE(text(homes[1], "what"), before);
  const auto clinic = entries_of(sound, {"--actor", PartnershipFixture::kClinic, "--act", "read-ended"});
  if (!clinic.empty()) {
    EXPECT_EQ(text(clinic[0], "what"), "entry=lost");
  }
}

TEST_F(Audit, RefusesWordsThatMakeNoSense) {
  const Ended ended = here_.moot({"audit", "list", "--from", "last week"});
  EXPECT_EQ(ended.exit_code, 2);
  EXPECT_NE(ended.err.find("--from"), std::string::npos) << ended.err;
  EXPECT_EQ(here_.moot({"audit"}).exit_code, 2);
}

}  // namespace
}  // namespace moot
