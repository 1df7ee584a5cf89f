// Nothing offered is lost silently: what is not taken is refused with a reason and waits in the inbox, once (G3, G4).
#include <gtest/gtest.h>

#include <map>

#include "tests/contract/temporary_folder.h"
#include "tests/end_to_end/installation.h"
#include "tests/end_to_end/partnership_fixture.h"

namespace moot {
namespace {

namespace json = boost::json;

class Inbox : public testing::Test {
 protected:
  struct Published {
    int exit_code = -1;
    std::int64_t read = 0, accepted = 0, duplicate = 0, superseding = 0, refused = 0;
    json::object printed;
    std::string err;
  };

  Published publish(const std::filesystem::path& file, const std::string& agency,
                    const std::filesystem::path& mapping = {}) const {
    Words words = {"publish", file.string(), "--as", agency, "--backfill", "--json"};
    if (!mapping.empty()) words.insert(words.end(), {"--mapping", mapping.string()});
    const Ended ended = here_.moot(words);
    Published published;
    published.exit_code = ended.exit_code;
    published.err = ended.err;
    published.printed = json_of(ended.out);
    published.read = number_in(published.printed, "read");
    published.accepted = number_in(published.printed, "accepted");
    published.duplicate = number_in(published.printed, "duplicate");
    published.superseding = number_in(published.printed, "superseding");
    published.refused = number_in(published.printed, "refused");
    EXPECT_EQ(published.read, published.accepted + published.duplicate + published.superseding + published.refused)
        << ended.out;
    EXPECT_EQ(ended.exit_code, published.refused == 0 ? 0 : 1) << ended.err;
    return published;
  }
  Published publish_calls(const std::string& name, const std::string& text) const {
    write_text(folder_ / name, text);
    return publish(folder_ / name, PartnershipFixture::kWardens, partnership_.calls_mapping());
  }

  json::array items(const Words& as = {}) const {
    Words words = {"inbox", "list", "--json"};
    words.insert(words.end(), as.begin(), as.end());
    const Ended ended = here_.moot(words);
    EXPECT_EQ(ended.exit_code, 0) << ended.err;
    const json::object printed = json_of(ended.out);
    return printed.contains("items") ? printed.at("items").as_array() : json::array();
  }

  static std::string replaced(std::string text, const std::string& from, const std::string& to) {
    const std::size_t at = text.find(from);
    EXPECT_NE(at, std::string::npos) << from;
    if (at != std::string::npos) text.replace(at, from.size(), to);
    return text;
  }

  const TemporaryFolder folder_;
  const PartnershipFixture partnership_{folder_ / "partnership"};
  const Installation here_{folder_ / "data", partnership_.config()};
  const std::unique_ptr<Process> broker_ = here_.start_broker();
};

TEST_F(Inbox, KeepsAConflictOnceHoweverOftenItIsOffered) {
  const std::string first = PartnershipFixture::calls_csv(0, 3);
  EXPECT_EQ(publish_calls("calls.csv", first).accepted, 3);
  const std::string changed = replaced(first, "number 10007", "number 99999");
  for (int time = 0; time < 3; ++time) {
    const Published again = publish_calls("calls.csv", changed);
    EXPECT_EQ(again.duplicate, 2);
    EXPECT_EQ(again.refused, 1);
    EXPECT_NE(again.err.find("already holds this source and id with different content, at offset 1"), std::string::npos)
        << again.err;
  }
  const json::array waiting = items();
  ASSERT_EQ(waiting.size(), 1u);
  const json::object& item = waiting[0].as_object();
  EXPECT_EQ(item.at("kind").as_string(), "refused");
  EXPECT_EQ(item.at("code").as_string(), "conflict");
  EXPECT_EQ(item.at("agency").as_string(), PartnershipFixture::kWardens);
  EXPECT_EQ(item.at("file").as_string(), "calls.csv");
  EXPECT_EQ(number_in(item, "row"), 3);
  EXPECT_EQ(here_.offset(), 3u);
  EXPECT_EQ(here_.refused("conflict"), 3u) << "each offer is counted";
}

TEST_F(Inbox, KeepsEachBadRowWithItsFileAndRowAndTheRestIsTaken) {
  const std::string good = PartnershipFixture::calls_csv(0, 8);
  std::string bad = replaced(good, ",phone,Lower,CARD", ",pigeon,Lower,CARD");  // row 3
  bad = replaced(bad, "2022-04-03", "2022-04-33");
  const Published first = publish_calls("calls.csv", bad);
  EXPECT_EQ(first.read, 8);
  EXPECT_EQ(first.refused, 2);
  EXPECT_EQ(first.accepted, 6);
  std::map<std::int64_t, std::string> rows;
  for (const json::value& value : items()) {
    const json::object& item = value.as_object();
    EXPECT_EQ(item.at("file").as_string(), "calls.csv");
    EXPECT_NE(item.at("reason").as_string(), "");
    rows[number_in(item, "row")] = item.at("code").as_string().c_str();
  }
  EXPECT_EQ(rows.size(), 2u);
  EXPECT_EQ(rows[3], "unmapped");
  // Mended and offered again: only what is missing is accepted.
  const Published second = publish_calls("calls.csv", good);
  EXPECT_EQ(second.accepted, 2);
  EXPECT_EQ(second.duplicate, 6);
  EXPECT_EQ(second.refused, 0);
  EXPECT_EQ(here_.offset(), 8u);
  const Published third = publish_calls("calls.csv", good);
  EXPECT_EQ(third.duplicate, 8);
  EXPECT_EQ(third.printed.at("first_offset"), json::value(nullptr)) << "nothing was stored";
}

TEST_F(Inbox, LetsGoOfARowWhoseFileWasMendedAndPublishedAgain) {
  const std::string good = PartnershipFixture::calls_csv(0, 3);
  EXPECT_EQ(publish_calls("calls.csv", replaced(good, ",phone,Lower,CARD", ",pigeon,Lower,CARD")).refused, 1);
  EXPECT_EQ(items().size(), 1u);
  EXPECT_EQ(publish_calls("calls.csv", good).accepted, 1);
  EXPECT_EQ(items().size(), 0u) << "it waits for a person who has mended it already";
}

TEST_F(Inbox, CountsANewVersionOfARecordAsSuperseding) {
  const Published cases = publish(partnership_.cases_file(), PartnershipFixture::kHomes, partnership_.cases_mapping());
  EXPECT_EQ(cases.read, 8);
  EXPECT_EQ(cases.superseding, 2);
  EXPECT_EQ(cases.accepted, 6);
  EXPECT_EQ(cases.printed.at("first_offset").as_string(), "0");
  EXPECT_EQ(cases.printed.at("last_offset").as_string(), "7");
}

TEST_F(Inbox, KeepsAFileThatIsNotWhatItSaysAsOneItem) {
  write_text(folder_ / "scan.csv", std::string("PK\x03\x04 a spreadsheet in truth"));
  const Published published = publish(folder_ / "scan.csv", PartnershipFixture::kWardens, partnership_.calls_mapping());
  EXPECT_EQ(published.read, 1);
  EXPECT_EQ(published.refused, 1);
  const json::array waiting = items();
  ASSERT_EQ(waiting.size(), 1u);
  EXPECT_EQ(waiting[0].as_object().at("code").as_string(), "unreadable");
  EXPECT_EQ(number_in(waiting[0].as_object(), "row"), 0);
}

TEST_F(Inbox, ShowsAnAgencyItsOwnItemsOnly) {
  EXPECT_EQ(publish_calls("calls.csv", PartnershipFixture::calls_header() + "one cell\n").refused, 1);
  EXPECT_EQ(items().size(), 1u);
  EXPECT_EQ(items({"--as", PartnershipFixture::kWardens}).size(), 1u);
  EXPECT_EQ(items({"--as", PartnershipFixture::kHomes}).size(), 0u);
}

TEST_F(Inbox, ListsMoreThanOneAnswerHolds) {
  std::string rows;
  for (int row = 0; row < 1100; ++row) rows += "cell of row " + std::to_string(row) + "\n";
  EXPECT_EQ(publish_calls("calls.csv", PartnershipFixture::calls_header() + rows).refused, 1100);
  const json::array all = items();
  ASSERT_EQ(all.size(), 1100u);
  for (std::size_t i = 0; i < all.size(); ++i)
    EXPECT_EQ(number_in(all[i].as_object(), "row"), static_cast<std::int64_t>(i + 2)) << "in the order of the file";
}

TEST_F(Inbox, IsStillThereAfterTheBrokerWasKilled) {
  EXPECT_EQ(publish_calls("calls.csv", PartnershipFixture::calls_header() + "one cell\n").refused, 1);
  const json::array before = items();
  broker_->kill();
  EXPECT_EQ(items(), before);
}

TEST_F(Inbox, TakesNothingOnADryRun) {
  const Ended dry = here_.moot({"publish", partnership_.call_files()[0].string(), "--as", PartnershipFixture::kWardens,
                                "--json", "--dry-run", "--mapping", partnership_.calls_mapping().string()});
  EXPECT_EQ(dry.exit_code, 0) << dry.err;
  EXPECT_EQ(number_in(json_of(dry.out), "read"), 20);
  EXPECT_EQ(here_.offset(), 0u);
}

}  // namespace
}  // namespace moot
