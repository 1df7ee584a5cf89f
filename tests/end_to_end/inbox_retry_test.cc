// What was refused is looked at, mended and tried again by a person, or dropped with a reason; nothing is lost on the
// way.
#include <gtest/gtest.h>

#include <csignal>
#include <thread>

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

TEST_F(InboxRetry, MendsOnlyWhatCanBeTriedAgain) {
  const std::string id = item();
  write_text(folder_ / "nothing.csv", "\n");
  EXPECT_EQ(here_.moot({"inbox", "mend", id, "--input", (folder_ / "nothing.csv").string()}).exit_code, 2);
  write_text(folder_ / "task.json", R"({"resourceType":"Task","id":"T1","status":"draft","intent":"order"})");
  EXPECT_EQ(
      here_.moot({"publish", (folder_ / "task.json").string(), "--format", "fhir", "--as", PartnershipFixture::kClinic})
          .exit_code,
      1);
  std::string task;
  for (const json::value& value : waiting())
    if (value.at("file").as_string() == "task.json") task = value.at("item").as_string();
  const Ended mended = here_.moot({"inbox", "mend", task, "--input", (folder_ / "task.json").string()});
  EXPECT_EQ(mended.exit_code, 2);
  EXPECT_NE(mended.err.find("mend it where it came from"), std::string::npos) << mended.err;
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

TEST_F(InboxRetry, TakesARowAsItIsShownBelowItsHeaderAndNoWholeFile) {
  const std::string id = item(), header = PartnershipFixture::calls_header();
  write_text(folder_ / "row.csv", header.substr(0, header.find_first_of("\r\n")) + "\n" + good_row_ + "\n");
  ASSERT_EQ(here_.moot({"inbox", "mend", id, "--input", (folder_ / "row.csv").string()}).exit_code, 0);
  EXPECT_EQ(here_.moot({"inbox", "retry", id}).exit_code, 0);
  EXPECT_TRUE(waiting().empty());
  write_text(folder_ / "large.csv", std::string(5'000'000, 'x'));
  const Ended large = here_.moot({"inbox", "mend", id, "--input", (folder_ / "large.csv").string()});
  EXPECT_EQ(large.exit_code, 1);
  EXPECT_NE(large.err.find("one record was expected"), std::string::npos) << large.err;
}

// Whatever the program on somebody's desk makes of the lines' ends, and before the first.
TEST_F(InboxRetry, TakesAMendedRowWithTheLineEndsOfAnyProgram) {
  const std::string id = item();
  std::string header = PartnershipFixture::calls_header();
  header.erase(header.find_first_of("\r\n"));
  const std::string mark = "\xef\xbb\xbf";
  for (const std::string& text :
       {header + "\r\n" + good_row_ + "\r\n", header + "\r\n" + good_row_, header + "\n" + good_row_,
        header + "\r" + good_row_ + "\r", "\r\n" + header + "\r\n\r\n" + good_row_ + "\r\n\r\n",
        mark + header + "\r\n" + good_row_ + "\r\n", mark + good_row_, good_row_ + "\r\n"}) {
    write_text(folder_ / "row.csv", text);
    EXPECT_EQ(here_.moot({"inbox", "mend", id, "--input", (folder_ / "row.csv").string()}).exit_code, 0);
    const Ended retried = here_.moot({"inbox", "retry", id, "--dry-run"});
    EXPECT_EQ(retried.out, "1 would be offered, 0 still refused\n")
        << json::serialize(json::string(text)) << retried.err;
  }
  for (const std::string& nothing : {header, header + "\r\n", mark + "\r\n"}) {
    write_text(folder_ / "row.csv", nothing);
    EXPECT_EQ(here_.moot({"inbox", "mend", id, "--input", (folder_ / "row.csv").string()}).exit_code, 2);
  }
  EXPECT_EQ(here_.moot({"inbox", "retry", id}).exit_code, 0);
}

TEST_F(InboxRetry, GoesOnAfterAnItemThatDoesNotWaitAnyMore) {
  const std::string id = item();
  write_text(folder_ / "row.csv", good_row_ + "\n");
  ASSERT_EQ(here_.moot({"inbox", "mend", id, "--input", (folder_ / "row.csv").string()}).exit_code, 0);
  const Ended twice = here_.moot({"inbox", "retry", id, id, "--json"});
  EXPECT_EQ(twice.exit_code, 1) << twice.err;
  EXPECT_EQ(number_in(json_of(twice.out), "taken"), 1);
  EXPECT_NE(twice.err.find("does not wait any more"), std::string::npos) << twice.err;
}

// Another record has its number: the item waits on, and is the only one.
TEST_F(InboxRetry, LeavesOneItemWhereWhatWasMendedIsStillRefused) {
  const std::string id = item();
  write_text(folder_ / "row.csv", good_row_ + "\n");
  ASSERT_EQ(here_.moot({"inbox", "mend", id, "--input", (folder_ / "row.csv").string()}).exit_code, 0);
  ASSERT_EQ(here_.moot({"inbox", "retry", id}).exit_code, 0);
  // The same record once more, in other words.
  std::string text = PartnershipFixture::calls_header() + bad_row_ + "\n";
  write_text(folder_ / "again.csv", text);
  ASSERT_EQ(here_
                .moot({"publish", (folder_ / "again.csv").string(), "--as", PartnershipFixture::kWardens, "--mapping",
                       partnership_.calls_mapping().string()})
                .exit_code,
            1);
  const std::string second = item();
  std::string changed = bad_row_;
  changed.replace(changed.find(",pigeon,"), 8, ",form,");
  write_text(folder_ / "row.csv", changed + "\n");
  ASSERT_EQ(here_.moot({"inbox", "mend", second, "--input", (folder_ / "row.csv").string()}).exit_code, 0);
  const Ended retried = here_.moot({"inbox", "retry", second});
  EXPECT_EQ(retried.exit_code, 1);
  EXPECT_NE(retried.err.find("with different content"), std::string::npos) << retried.err;
  ASSERT_EQ(waiting().size(), 1u);
  EXPECT_EQ(item(), second);
}

// Five more that were refused, and can be taken by now: a mapping of the same name that knows the way they came by.
class InboxRetryOfMany : public InboxRetry {
 protected:
  InboxRetryOfMany() {
    std::string text = PartnershipFixture::calls_csv(100, 20);
    int changed = 0;
    for (std::size_t at = 0; changed < 5 && (at = text.find(",phone,", at)) != std::string::npos; ++changed)
      text.replace(at, 7, ",pigeon,");
    MOOT_CHECK(changed == 5);
    write_text(folder_ / "more.csv", text);
    const Ended published =
        here_.moot({"publish", (folder_ / "more.csv").string(), "--as", PartnershipFixture::kWardens, "--backfill",
                    "--mapping", partnership_.calls_mapping().string()});
    MOOT_CHECK(published.exit_code == 1);
    std::string mapping = read_text(partnership_.calls_mapping());
    const std::size_t phone = mapping.find("phone");
    MOOT_CHECK(phone != std::string::npos);
    mapping.replace(phone, 5, "pigeon");
    write_text(mended_, mapping);
  }
  Words retry(const Words& more) const {
    Words words = {"inbox", "retry", "--all", "--mapping", mended_.string()};
    words.insert(words.end(), more.begin(), more.end());
    return words;
  }

  const std::filesystem::path mended_ = folder_ / "mended.toml";
};

TEST_F(InboxRetryOfMany, StopsAtItsLimitAndBeforeTheItemSaidAndTheRestWaits) {
  ASSERT_EQ(waiting().size(), 6u);
  const Ended limited = here_.moot(retry({"--limit", "2", "--json"}));
  EXPECT_EQ(limited.exit_code, 0) << limited.err;
  EXPECT_EQ(number_in(json_of(limited.out), "taken"), 2);
  EXPECT_EQ(number_in(json_of(limited.out), "left"), 4);
  const json::array rest = waiting();
  ASSERT_EQ(rest.size(), 4u);
  const std::string third = rest.at(2).as_object().at("item").as_string().c_str();
  const Ended stopped = here_.moot(retry({"--stop-at", third}));
  EXPECT_EQ(stopped.exit_code, 0) << stopped.err;
  EXPECT_EQ(stopped.out, "2 taken, 0 still refused\n2 not tried; they wait as before\n");
  EXPECT_EQ(waiting().size(), 2u);
  EXPECT_EQ(here_.moot(retry({"--stop-at", "nothing"})).exit_code, 2);
  EXPECT_EQ(here_.moot(retry({"--limit", "0"})).exit_code, 2);
  EXPECT_EQ(waiting().size(), 2u);
}

TEST_F(InboxRetryOfMany, TriesThoseOfAFileAnAgencyAndACode) {
  const auto would_try = [&](const Words& filter) {
    Words words = {"inbox", "retry", "--dry-run", "--json"};
    words.insert(words.end(), filter.begin(), filter.end());
    const boost::json::object told = json_of(here_.moot(words).out);
    return number_in(told, "would_be_offered") + number_in(told, "refused");
  };
  EXPECT_EQ(would_try({"--file", "more.csv"}), 5);
  EXPECT_EQ(would_try({"--agency", PartnershipFixture::kWardens}), 6);
  EXPECT_EQ(would_try({"--agency", PartnershipFixture::kHomes}), 0);
  EXPECT_EQ(would_try({"--code", "unmapped", "--file", "more.csv"}), 5);
  EXPECT_EQ(would_try({"--all", "--code", "conflict"}), 0);
  const std::string first = waiting().at(0).as_object().at("item").as_string().c_str();
  EXPECT_EQ(here_.moot({"inbox", "retry", first, "--code", "unmapped"}).exit_code, 2) << "one, or those of a kind";
}

TEST_F(InboxRetryOfMany, IsCancelledBetweenTwoItemsAndLosesNone) {
  const std::uint64_t before = here_.offset();
  const std::unique_ptr<Process> slow = here_.start(retry({"--rate", "2"}));
  for (int i = 0; i < 250 && here_.offset() < before + 1; ++i)
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  slow->signal(SIGINT);
  EXPECT_EQ(slow->wait(std::chrono::seconds(10)), 1);
  EXPECT_NE(slow->out().find("Cancelled: "), std::string::npos) << slow->out() << slow->err();
  const std::uint64_t taken = here_.offset() - before;
  EXPECT_GE(taken, 1u);
  EXPECT_LT(taken, 6u) << "it was not cancelled";
  EXPECT_EQ(waiting().size(), 6u - taken);
  EXPECT_EQ(here_.moot(retry({})).exit_code, 0);
  EXPECT_EQ(here_.offset(), before + 6);
  EXPECT_TRUE(waiting().empty());
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
