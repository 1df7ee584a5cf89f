// Copies of documents that are issued: numbered, marked, on record with their digest, and recalled. And what changed
// between a document and the same one later.
#include <gtest/gtest.h>

#include "broker/core/sha256.h"
#include "tests/contract/temporary_folder.h"
#include "tests/end_to_end/installation.h"

namespace moot {
namespace {

namespace fs = std::filesystem;
namespace json = boost::json;

class IssuedDocuments : public testing::Test {
 protected:
  IssuedDocuments() { here_.documents(folder_ / "out"); }

  std::string file(const std::string& name) const { return (folder_ / name).string(); }
  Ended agenda(const Words& more) const {
    Words words = {"agenda", "tasking", "--on", "2024-02-06"};
    words.insert(words.end(), more.begin(), more.end());
    return here_.moot(words);
  }
  json::array listed() const {
    const Ended ended = here_.moot({"document", "list", "--json"});
    EXPECT_EQ(ended.exit_code, 0) << ended.err;
    return json_of(ended.out).at("documents").as_array();
  }

  const TemporaryFolder folder_;
  const Installation here_{folder_ / "data",
                           fs::path(MOOT_SOURCE_DIR) / "tests/data/harbour-and-fell/partnership.toml"};
};

TEST_F(IssuedDocuments, AreNumberedMarkedAndOnRecordWithTheDigestOfTheirBytes) {
  const Ended issued = agenda({"--issue", "--to", "harbour-fire,fell-probation", "--output", file("pack.html")});
  ASSERT_EQ(issued.exit_code, 0) << issued.err;
  EXPECT_FALSE(fs::exists(file("pack.html")));
  const std::string first = read_text(file("pack-copy-1.html")), second = read_text(file("pack-copy-2.html"));
  EXPECT_NE(first.find("OFFICIAL · copy 1, for Harbour Fire and Rescue"), std::string::npos);
  EXPECT_NE(second.find("OFFICIAL · copy 2, for Fell Probation Office"), std::string::npos);
  ASSERT_EQ(agenda({"--issue", "--output", file("third.json")}).exit_code, 0);
  EXPECT_EQ(json_of(read_text(file("third.json"))).at("copy").at("number").as_int64(), 3);
  const json::array list = listed();
  ASSERT_EQ(list.size(), 3u);
  EXPECT_EQ(list[0].at("document").as_string(), "agenda/tasking");
  EXPECT_EQ(list[0].at("on").as_string(), "2024-02-06");
  EXPECT_EQ(list[0].at("recipient").as_string(), "harbour-fire");
  EXPECT_EQ(list[0].at("digest").as_string(), sha256_hex(first));
  EXPECT_EQ(list[1].at("digest").as_string(), sha256_hex(second));
  EXPECT_EQ(list[2].at("digest").as_string(), sha256_hex(read_text(file("third.json"))));
  EXPECT_EQ(list[2].at("recipient").as_string(), "");
  EXPECT_EQ(list[2].at("by").as_string(), "operator");
  // What is issued is no part of what later documents say.
  EXPECT_EQ(agenda({"--json"}).out, read_text(folder_ / "out" / "pack.json"));
  EXPECT_EQ(here_.moot({"callers", "--on", "2024-02-06", "--issue", "--output", file("list.odt")}).exit_code, 0);
  EXPECT_EQ(listed().at(3).at("document").as_string(), "callers/repeat-reporters");
}

TEST_F(IssuedDocuments, AreRecalledByTheirDigestAndStayOnRecord) {
  ASSERT_EQ(agenda({"--issue", "--to", "harbour-fire", "--output", file("pack.md")}).exit_code, 0);
  const std::string digest(listed().at(0).at("digest").as_string());
  const auto recall = [&](const std::string& given, const std::string& reason) {
    return here_.moot({"document", "recall", given, "--reason", reason});
  };
  EXPECT_EQ(recall("0123456789", "wrong-recipient").exit_code, 1);
  EXPECT_EQ(recall(digest.substr(0, 7), "wrong-recipient").exit_code, 2);
  EXPECT_EQ(recall(digest.substr(0, 8), "Sent to the wrong person").exit_code, 2);
  const Ended recalled = recall(digest.substr(0, 8), "wrong-recipient");
  EXPECT_EQ(recalled.exit_code, 0) << recalled.err;
  EXPECT_EQ(listed().at(0).at("recalled").as_string(), "wrong-recipient");
  const Ended again = recall(digest, "wrong-recipient");
  EXPECT_EQ(again.exit_code, 1);
  EXPECT_NE(again.err.find("was recalled already"), std::string::npos) << again.err;
}

TEST_F(IssuedDocuments, RefuseWhatMakesNoSense) {
  const auto refused = [&](const Words& words, const std::string& says) {
    const Ended ended = agenda(words);
    EXPECT_EQ(ended.exit_code, 2) << ended.err;
    EXPECT_NE(ended.err.find(says), std::string::npos) << ended.err;
  };
  refused({"--to", "harbour-fire"}, "give --issue too");
  refused({"--issue", "--to", "harbour-fire,fell-probation"}, "--output must name a file");
  refused({"--issue", "--to", "Harbour Fire", "--output", file("x.html")}, "--to takes codes");
  refused({"--issue", "--output", file("x.csv")}, "CSV has no place");
  refused({"--diff", file("pack.html"), "--format", "html"}, "written as text, or with --json");
  EXPECT_TRUE(listed().empty());
}

TEST_F(IssuedDocuments, ChangeByOneLateEventExactlyAsTheDifferenceSays) {
  ASSERT_EQ(agenda({"--output", file("before.json")}).exit_code, 0);
  EXPECT_EQ(agenda({"--diff", file("before.json")}).out, "The two agendas are the same.\n");
  write_text(
      file("late.jsonl"),
      R"({"specversion":"1.0","id":"late-1","source":"/harbour-fire/late","type":"uk.csp.risk.assessed.v1",)"
      R"("time":"2024-02-01T10:00:00+00:00","knowntime":"2024-02-02T10:00:00+00:00",)"
      R"("data":{"facts":{"risk":{"tool":"ram","band":"high","score":40}},"personal":{"people":[{"role":"subject",)"
      R"("names":[{"given":"Una","family":"Latecomer"}],"born":"1990-01-02"}]}}})"
      "\n");
  ASSERT_EQ(here_.moot({"publish", file("late.jsonl"), "--as", "harbour-fire", "--backfill"}).exit_code, 0);
  const Ended ended = agenda({"--diff", file("before.json"), "--json"});
  ASSERT_EQ(ended.exit_code, 0) << ended.err;
  const json::object difference = json_of(ended.out);
  ASSERT_EQ(difference.at("events").as_array().size(), 1u) << ended.out;
  EXPECT_EQ(difference.at("events").at(0).at("id").as_string(), "late-1");
  ASSERT_EQ(difference.at("cases").as_array().size(), 1u) << ended.out;
  EXPECT_EQ(difference.at("cases").at(0).at("title").as_string(), "Una Latecomer, born 2 January 1990");
  EXPECT_EQ(difference.at("cases").at(0).at("change").as_string(), "listed");
  EXPECT_TRUE(difference.at("not_listed").as_array().empty()) << ended.out;
}

// The closure order of March 2021 that was written down on 19 April: as at the year's end it is not there.
TEST(ReportDifference, NamesTheFigureAndTheEventThatCameLate) {
  const TemporaryFolder folder;
  const Installation here(folder / "data", fs::path(MOOT_SOURCE_DIR) / "deploy/south-and-vale/partnership.toml");
  here.documents(folder / "out");
  const std::string before = (folder / "out" / "report.json").string();
  const Words annual = {"report", "annual", "--period", "2020-21"};
  const auto report = [&](const Words& more) {
    Words words = annual;
    words.insert(words.end(), more.begin(), more.end());
    return here.moot(words);
  };
  EXPECT_EQ(report({"--diff", before}).out, "The two reports are the same.\n");
  const Ended later = report({"--diff", before, "--as-at", "2021-11-16", "--json"});
  ASSERT_EQ(later.exit_code, 0) << later.err;
  const json::object difference = json_of(later.out);
  const json::object* orders = nullptr;
  for (const json::value& measure : difference.at("measures").as_array())
    if (measure.at("id").as_string() == "G23") orders = &measure.as_object();
  ASSERT_NE(orders, nullptr) << later.out;
  EXPECT_EQ(orders->at("before").as_int64(), 20);
  EXPECT_EQ(orders->at("after").as_int64(), 21);
  ASSERT_EQ(orders->at("events").as_array().size(), 1u) << later.out;
  EXPECT_EQ(orders->at("events").at(0).at("source").as_string(), "/thames-valley-police/closures");
  const Ended other = here.moot({"report", "quarterly", "--period", "2020-21-q1", "--diff", before});
  EXPECT_EQ(other.exit_code, 2);
  EXPECT_NE(other.err.find("that is the report \"annual\", and this is \"quarterly\""), std::string::npos) << other.err;
}

}  // namespace
}  // namespace moot
