// What was refused is looked at, mended and tried again by a person, or dropped with a reason; nothing is lost on the
// way.
#include <gtest/gtest.h>

#include "tests/contract/temporary_folder.h"
#include "tests/end_to_end/installation.h"
#include "tests/end_to_end/partnership_fixture.h"

namespace moot {
namespace {

namespace json = boost::json;

class InboxRetry : public testing::Test {
 protected:
  InboxRetry() {
    // The second call came by a way that the mapping's list does not have.
    std::string text = PartnershipFixture::calls_csv(0, 3);
    const std::size_t at = text.find(",phone,");
    MOOT_CHECK(at != std::string::npos);
    good_row_ = line_around(text, at);
    text.replace(at, 7, ",pigeon,");
    bad_row_ = line_around(text, at);
    write_text(folder_ / "calls.csv", text);
    const Ended published =
        here_.moot({"publish", (folder_ / "calls.csv").string(), "--as", PartnershipFixture::kWardens, "--backfill",
                    "--mapping", partnership_.calls_mapping().string()});
    MOOT_CHECK(published.exit_code == 1);
  }

  static std::string line_around(const std::string& text, std::size_t at) {
    const std::size_t start = text.rfind('\n', at) + 1;
    return text.substr(start, text.find_first_of("\r\n", at) - start);
  }
  json::array waiting() const { return json_of(here_.moot({"inbox", "list", "--json"}).out).at("items").as_array(); }
  std::string item() const { return waiting().at(0).as_object().at("item").as_string().c_str(); }

  const TemporaryFolder folder_;
  const PartnershipFixture partnership_{folder_ / "partnership"};
  const Installation here_{folder_ / "data", partnership_.config()};
  const std::unique_ptr<Process> broker_ = here_.start_broker();
  std::string good_row_, bad_row_;
};

TEST_F(InboxRetry, ShowsTheRecordAsItWasOfferedWithItsHeader) {
  const Ended shown = here_.moot({"inbox", "show", item()});
  EXPECT_EQ(shown.exit_code, 0) << shown.err;
  EXPECT_NE(shown.out.find(bad_row_), std::string::npos) << shown.out;
  const std::string header = PartnershipFixture::calls_header();
  EXPECT_NE(shown.out.find(header.substr(0, header.find_first_of("\r\n"))), std::string::npos) << shown.out;
  EXPECT_EQ(here_.moot({"inbox", "show", item(), "--as", PartnershipFixture::kClinic}).exit_code, 1)
      << "to another agency it is not there";
}

TEST_F(InboxRetry, TakesAMendedRecordOnceAndLetsItGo) {
  const std::string id = item();
  const std::uint64_t before = here_.offset();
  EXPECT_EQ(here_.moot({"inbox", "retry", id}).exit_code, 1) << "nothing was mended yet";
  EXPECT_EQ(waiting().size(), 1u);
  write_text(folder_ / "row.csv", good_row_ + "\n");
  EXPECT_EQ(here_.moot({"inbox", "mend", id, "--input", (folder_ / "row.csv").string()}).exit_code, 0);
  EXPECT_EQ(here_.moot({"inbox", "retry", "--all", "--dry-run"}).out, "1 would be offered, 0 still refused\n");
  EXPECT_EQ(here_.offset(), before);
  const Ended retried = here_.moot({"inbox", "retry", id, "--json"});
  EXPECT_EQ(retried.exit_code, 0) << retried.err;
  EXPECT_EQ(number_in(json_of(retried.out), "taken"), 1);
  EXPECT_EQ(here_.offset(), before + 1);
  EXPECT_TRUE(waiting().empty());
  const Ended shown = here_.moot({"inbox", "show", id});
  EXPECT_NE(shown.out.find(bad_row_), std::string::npos) << "how it was offered stays on record: " << shown.out;
  // It is history like the rest of its file.
  EXPECT_NE(here_.replay().back().find("\"backfill\":true"), std::string::npos);
}

TEST_F(InboxRetry, DropsOnlyWithAReasonAndKeepsIt) {
  const std::string id = item();
  EXPECT_EQ(here_.moot({"inbox", "drop", id}).exit_code, 2);
  EXPECT_EQ(here_.moot({"inbox", "drop", id, "--reason", "a test of the export"}).exit_code, 0);
  EXPECT_TRUE(waiting().empty());
  EXPECT_NE(here_.moot({"inbox", "show", id}).out.find("a test of the export"), std::string::npos);
  EXPECT_EQ(here_.moot({"inbox", "drop", id, "--reason", "again"}).exit_code, 1);
  EXPECT_EQ(here_.moot({"inbox", "show", "nothing"}).exit_code, 1);
}

}  // namespace
}  // namespace moot
