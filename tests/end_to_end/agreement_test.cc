// Sharing agreements, by hand as an operator would: what an agency and the documents may read follows them at once.
#include <gtest/gtest.h>

#include <map>
#include <set>

#include "broker/client/consumer.h"
#include "tests/contract/temporary_folder.h"
#include "tests/end_to_end/byte_scan.h"
#include "tests/end_to_end/installation.h"
#include "tests/end_to_end/partnership_fixture.h"

namespace moot {
namespace {

namespace json = boost::json;

class AgreementTest : public testing::Test {
 protected:
  AgreementTest() : partnership_(folder_ / "partnership"), here_(folder_ / "data", partnership_.config()) {
    broker_ = here_.start_broker();
    for (const Words& words : partnership_.publications()) EXPECT_EQ(here_.moot(words).exit_code, 0);
  }
  std::filesystem::path write(const std::string& text) {
    const std::filesystem::path file = folder_ / ("agreement-" + std::to_string(++files_) + ".toml");
    write_text(file, text);
    return file;
  }
  // One clause, signed long ago.
  Ended sign(const std::string& version, const std::string& clause) {
    return here_.moot({"agreement", "add",
                       write("id = \"core\"\nversion = \"" + version + "\"\ntitle = \"Agreement of spring\"\n" +
                             "starts = 2022-01-01\n[[clause]]\n" + clause)
                           .string()});
  }
  std::string agenda(const Words& more = {}) {
    Words words = {"agenda", "table", "--on", "2022-06-14", "--format", "json"};
    words.insert(words.end(), more.begin(), more.end());
    const Ended made = here_.moot(words);
    EXPECT_EQ(made.exit_code, 0) << made.err;
    return made.out;
  }
  static std::size_t items_in(const std::string& agenda) {
    std::size_t items = 0;
    const json::object whole = json_of(agenda);
    for (const json::value& section : whole.at("sections").as_array())
      items += section.as_object().at("items").as_array().size();
    return items;
  }
  std::size_t read_by(const std::string& agency) { return here_.replay({"--as", agency}).size(); }

  const TemporaryFolder folder_;
  const PartnershipFixture partnership_;
  const Installation here_;
  std::unique_ptr<Process> broker_;
  int files_ = 0;
};

TEST_F(AgreementTest, WhatAnAgencyReadsOfOthersIsWhatAClauseGivesIt) {
  const std::size_t own = read_by(PartnershipFixture::kHomes);
  EXPECT_GT(own, 0u);
  EXPECT_LT(own, partnership_.events());
  EXPECT_EQ(
      sign("1", "readers = [\"brook-homes\"]\nproviders = [\"millbrook-wardens\"]\ngrade = \"existence\"\n").exit_code,
      0);
  const std::vector<std::string> events =
      here_.replay({"--as", PartnershipFixture::kHomes, "--agency", "millbrook-wardens"});
  EXPECT_GT(events.size(), 10u);
  for (const std::string& event : events) {
    EXPECT_EQ(event.find("\"people\""), std::string::npos) << event;
    EXPECT_EQ(event.find("\"description\""), std::string::npos) << event;
  }
  EXPECT_EQ(read_by(PartnershipFixture::kClinic), here_.replay({"--agency", "mill-clinic"}).size()) << "nobody else";
}

TEST_F(AgreementTest, TheDocumentsFollowTheCasebooksClauseAndAreEmptyOnceItIsEnded) {
  const std::string before = agenda();
  ASSERT_GT(items_in(before), 0u);
  ASSERT_EQ(sign("1", "readers = [\"casebook\"]\ngrade = \"content\"\npurposes = [\"meetings\"]\n").exit_code, 0);
  EXPECT_EQ(agenda(), before) << "all that was read before, now by agreement";
  EXPECT_EQ(items_in(agenda({"--purpose", "research"})), 0u) << "not what it was shared for";
  EXPECT_EQ(agenda(), before);
  const Ended ended = here_.moot({"agreement", "end", "core"});
  ASSERT_EQ(ended.exit_code, 0) << ended.err;
  EXPECT_EQ(items_in(agenda()), 0u);
  ASSERT_EQ(sign("2", "readers = [\"casebook\"]\nproviders = [\"mill-clinic\"]\ngrade = \"content\"\n").exit_code, 0);
  EXPECT_NE(agenda(), before);
}

TEST_F(AgreementTest, AnAgencysOwnDocumentHoldsWhatThatAgencyMayRead) {
  const std::string clinic = agenda({"--as", PartnershipFixture::kClinic});
  EXPECT_EQ(clinic.find("millbrook-wardens\",\"id"), std::string::npos) << clinic;
  ASSERT_EQ(sign("1", "readers = [\"mill-clinic\"]\ngrade = \"content\"\n").exit_code, 0);
  EXPECT_GT(items_in(agenda({"--as", PartnershipFixture::kClinic})), items_in(clinic));
  EXPECT_EQ(items_in(agenda()), 0u) << "the casebook has no clause of its own";
}

TEST_F(AgreementTest, TheListSaysWhatIsInForceAndWasThen) {
  EXPECT_NE(here_.moot({"agreement", "list"}).out.find("No agreement is on record"), std::string::npos);
  ASSERT_EQ(sign("1", "readers = [\"casebook\"]\ngrade = \"content\"\n").exit_code, 0);
  const Ended words = here_.moot({"agreement", "list"});
  EXPECT_NE(words.out.find("casebook may read content of every agency"), std::string::npos) << words.out;
  EXPECT_NE(words.out.find("from 1 January 2022 (in force)"), std::string::npos) << words.out;
  const json::object then = json_of(here_.moot({"agreement", "list", "--as-at", "2022-06-01", "--json"}).out);
  EXPECT_TRUE(then.at("agreements").as_array().empty()) << "it was put on record later";
  EXPECT_EQ(here_.moot({"agreement", "end", "core", "--on", "2999-01-01"}).exit_code, 0);
  const json::object now = json_of(here_.moot({"agreement", "list", "--json"}).out);
  const json::object& row = now.at("agreements").as_array().at(0).as_object();
  EXPECT_EQ(row.at("ended").as_string(), "2999-01-01");
  EXPECT_TRUE(row.at("clauses").as_array().at(0).as_object().at("in_force").as_bool()) << "until that day";
}

// The ways of the table "Ways out" in README.md, for one reader: what of the wardens leaves by each.
class WaysOut : public AgreementTest {
 protected:
  WaysOut() {
    write_text(folder_ / "bad.csv", PartnershipFixture::calls_header() + "MW-1,never,never,phone,Upper,,,,,,,,,\n");
    EXPECT_EQ(here_
                  .moot({"publish", (folder_ / "bad.csv").string(), "--as", PartnershipFixture::kWardens, "--mapping",
                         partnership_.calls_mapping().string()})
                  .exit_code,
              1);
    const json::object found = json_of(here_.moot({"person", "find", name_, "--json"}).out);
    person_ = found.at("people").as_array().at(0).as_object().at("person").as_string().c_str();
  }
  static std::string name_of_a_caller() {
    const std::string row = PartnershipFixture::calls_csv(0, 1).substr(PartnershipFixture::calls_header().size());
    std::vector<std::string> cells;
    for (std::size_t at = 0, end = 0; cells.size() < 8; at = end + 1) {
      end = row.find(',', at);
      cells.push_back(row.substr(at, end - at));
    }
    return cells[6] + " " + cells[7];
  }
  std::string live() const {
    KeyFile key = *read_key_file(here_.key_file(PartnershipFixture::kHomes));
    key.run_file = here_.data() / "run.json";
    ConsumerOptions options;
    options.reader = "test";
    const auto consumer = Consumer::connect(key, options);
    MOOT_CHECK_OK(consumer.status());
    std::string all;
    for (Offset through; through.value < here_.offset();) {
      const Result<Delivery> delivery = (*consumer)->next(2000);
      MOOT_CHECK_OK(delivery.status());
      for (const v1::Event& event : delivery->events) all += event.envelope().source() + "\n";
      through = delivery->through;
    }
    return all;
  }
  std::string replayed(const Installation& here) const {
    std::string all;
    for (const std::string& line : here.replay({"--as", PartnershipFixture::kHomes})) all += line + "\n";
    return all;
  }
  std::string replayed_to_a_file() {
    const std::filesystem::path file = folder_ / ("replayed-" + std::to_string(++files_));
    EXPECT_EQ(as_homes({"replay", "--output", file.string()}).exit_code, 0);
    return read_text(file);
  }
  // As it is in a backup of now, restored elsewhere.
  std::string restored() {
    const std::filesystem::path to = folder_ / ("restored-" + std::to_string(++files_));
    EXPECT_EQ(here_.moot({"backup", (folder_ / "b").string(), "--keys-to", (folder_ / "k").string()}).exit_code, 0);
    EXPECT_EQ(run({MOOT_BINARY, "restore", (folder_ / "b").string(), "--keys-from", (folder_ / "k").string(), "--data",
                   to.string()},
                  std::chrono::seconds(60))
                  .exit_code,
              0);
    return replayed(Installation(to, partnership_.config()));
  }
  Ended as_homes(Words words) const {
    words.insert(words.end(), {"--as", PartnershipFixture::kHomes});
    return here_.moot(words);
  }
  // The ways by which something of the wardens reaches the landlord.
  std::set<std::string> open() {
    const std::map<std::string, std::string> out = {{"live", live()},
                                                    {"replay", replayed(here_)},
                                                    {"replay to a file", replayed_to_a_file()},
                                                    {"document", agenda({"--as", PartnershipFixture::kHomes})},
                                                    {"person find", as_homes({"person", "find", name_, "--json"}).out},
                                                    {"person export", as_homes({"person", "export", person_}).out},
                                                    {"restored backup", restored()},
                                                    {"inbox", as_homes({"inbox", "list", "--json"}).out}};
    std::set<std::string> open;
    for (const auto& [way, text] : out)
      if (text.find("/millbrook-wardens/") != std::string::npos || text.find("bad.csv") != std::string::npos)
        open.insert(way);
    return open;
  }

  const std::string name_ = name_of_a_caller();
  std::string person_;
};

TEST_F(WaysOut, AreOpenWhileAnAgreementHoldsAndAtNoOtherTime) {
  EXPECT_EQ(open(), std::set<std::string>());
  ASSERT_EQ(
      sign("1", "readers = [\"brook-homes\"]\nproviders = [\"millbrook-wardens\"]\ngrade = \"content\"\n").exit_code,
      0);
  const std::set<std::string> all = {"live",        "replay",        "replay to a file", "document",
                                     "person find", "person export", "restored backup"};
  EXPECT_EQ(open(), all) << "and not the inbox, which is each agency's own";
  ASSERT_EQ(here_.moot({"agreement", "end", "core"}).exit_code, 0);
  EXPECT_EQ(open(), std::set<std::string>());
}

TEST_F(AgreementTest, SurvivesAKillAndARestart) {
  ASSERT_EQ(sign("1", "readers = [\"brook-homes\"]\ngrade = \"content\"\n").exit_code, 0);
  broker_->kill();
  broker_ = here_.start_broker();
  EXPECT_EQ(read_by(PartnershipFixture::kHomes), partnership_.events()) << "all of them, and not the operator's";
}

TEST_F(AgreementTest, EndingTwiceOrBringingAnOldVersionBackIsTold) {
  const std::string clause = "readers = [\"brook-homes\"]\ngrade = \"content\"\n";
  ASSERT_EQ(sign("1", clause).exit_code, 0);
  ASSERT_EQ(here_.moot({"agreement", "end", "core"}).exit_code, 0);
  EXPECT_EQ(here_.moot({"agreement", "end", "core"}).exit_code, 1) << "it is ended";
  const std::size_t own = read_by(PartnershipFixture::kHomes);
  ASSERT_EQ(sign("2", clause).exit_code, 0);
  EXPECT_GT(read_by(PartnershipFixture::kHomes), own);
  ASSERT_EQ(here_.moot({"agreement", "end", "core"}).exit_code, 0) << "on the same day as the one before";
  EXPECT_EQ(read_by(PartnershipFixture::kHomes), own);
  const Ended again = sign("2", clause);
  EXPECT_EQ(again.exit_code, 1) << again.out;
  EXPECT_NE(again.err.find("was ended on"), std::string::npos) << again.err;
  const Ended old = sign("1", clause);
  EXPECT_EQ(old.exit_code, 1);
  EXPECT_NE(old.err.find("new version"), std::string::npos) << old.err;
}

TEST_F(AgreementTest, MistakesAreToldAndChangeNothing) {
  const std::string before = agenda();
  const Ended grade = sign("1", "readers = [\"casebook\"]\ngrade = \"everything\"\n");
  EXPECT_EQ(grade.exit_code, 1);
  EXPECT_NE(grade.err.find("agreement-1.toml"), std::string::npos) << grade.err;
  EXPECT_NE(grade.err.find("existence, identity or content"), std::string::npos) << grade.err;
  EXPECT_EQ(sign("1", "readers = [\"casebook\"]\ngrade = \"content\"\nreader = \"x\"\n").exit_code, 1) << "misspelt";
  EXPECT_EQ(here_.moot({"agreement", "end", "core"}).exit_code, 1) << "there is none";
  EXPECT_EQ(agenda(), before);
  ASSERT_EQ(sign("1", "readers = [\"casebook\"]\ngrade = \"content\"\n").exit_code, 0);
  EXPECT_EQ(sign("1", "readers = [\"casebook\"]\ngrade = \"content\"\n").exit_code, 0) << "the same again";
  const Ended changed = sign("1", "readers = [\"casebook\"]\ngrade = \"existence\"\n");
  EXPECT_EQ(changed.exit_code, 1);
  EXPECT_NE(changed.err.find("new version"), std::string::npos) << changed.err;
  const Ended unknown = sign("2", "readers = [\"brook-hoems\"]\ngrade = \"content\"\n");
  EXPECT_EQ(unknown.exit_code, 1);
  EXPECT_NE(unknown.err.find("no agency here"), std::string::npos) << unknown.err;
  const Ended agency = here_.moot({"agreement", "add", (folder_ / "agreement-3.toml").string(), "--as", "brook-homes"});
  EXPECT_EQ(agency.exit_code, 1) << "only the operator signs";
}

}  // namespace
}  // namespace moot
