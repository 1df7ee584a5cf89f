// A landlord's nightly export of all its open cases: changes, what goes back, what is gone, and what must not be taken
// for gone.
#include <gtest/gtest.h>

#include <set>
#include <thread>

#include "tests/end_to_end/gateway_fixture.h"
#include "tests/end_to_end/logged_events.h"

namespace moot {
namespace {

class CompleteExport : public GatewayFixture {
 protected:
  static constexpr const char* kHeader = "Case,Opened,Category,Tenant\n";

  std::filesystem::path mapping(const std::string& record = "complete = true\ngone_percent_max = 50") const {
    write_text(partnership_.folder() / "mappings" / "open-cases.toml", R"(format = "csv"
source = "/brook-homes/open-cases"
type = "uk.csp.incident.reported.v1"
[record]
key = "Case"
)" + record + R"(
[time]
column = "Opened"
format = "%d/%m/%Y"
[facts]
category = { column = "Category", codes = { "Noise" = "noise", "Litter" = "litter" } }
[[people]]
role = "tenant"
name = "Tenant"
)");
    return partnership_.folder() / "mappings" / "open-cases.toml";
  }
  boost::json::object publish(const std::string& rows, int exit_code = 0) {
    const std::filesystem::path file = folder_ / "cases.csv";
    write_text(file, kHeader + rows);
    const Ended ended =
        here_.moot({"publish", file.string(), "--as", kHomes, "--mapping", mapping().string(), "--json"});
    EXPECT_EQ(ended.exit_code, exit_code) << ended.err << ended.out;
    return json_of(ended.out);
  }
  static std::string counts(const boost::json::object& printed) {
    std::string text;
    for (const char* name : {"read", "accepted", "duplicate", "superseding", "refused", "withdrawn"})
      text += std::string(name) + " " + std::to_string(number_in(printed, name)) + " ";
    return text;
  }

  const std::string a_ = "A1,02/03/2021,Noise,Avery Inventedname\n", b_ = "B2,03/03/2021,Litter,Rowan Madeupson\n",
                    c_ = "C3,04/03/2021,Noise,Sky O'Fiction\n";
};

TEST_F(CompleteExport, IsPublishedNightAfterNightByItself) {
  EXPECT_EQ(counts(publish(a_ + b_ + c_)), "read 3 accepted 3 duplicate 0 superseding 0 refused 0 withdrawn 0 ");
  EXPECT_EQ(counts(publish(a_ + b_ + c_)), "read 3 accepted 0 duplicate 3 superseding 0 refused 0 withdrawn 0 ");
  const std::string changed = "B2,03/03/2021,Noise,Rowan Madeupson\n";
  EXPECT_EQ(counts(publish(a_ + changed + c_)), "read 3 accepted 0 duplicate 2 superseding 1 refused 0 withdrawn 0 ");
  EXPECT_EQ(counts(publish(a_ + b_ + c_)), "read 3 accepted 0 duplicate 2 superseding 1 refused 0 withdrawn 0 ")
      << "back to what it was: a third version";
  EXPECT_EQ(counts(publish(a_ + b_)), "read 2 accepted 0 duplicate 2 superseding 0 refused 0 withdrawn 1 ");
  EXPECT_EQ(counts(publish(a_ + b_)), "read 2 accepted 0 duplicate 2 superseding 0 refused 0 withdrawn 0 ");
  EXPECT_EQ(counts(publish(a_ + b_ + c_)), "read 3 accepted 0 duplicate 2 superseding 1 refused 0 withdrawn 0 ")
      << "it is there again";
  const std::vector<std::string> events = here_.replay({"--type", "incident"});
  ASSERT_EQ(events.size(), 7u);
  EXPECT_NE(events[5].find("uk.csp.incident.withdrawn.v1"), std::string::npos) << events[5];
  EXPECT_EQ(here_.offset(), 7u);
}

TEST_F(CompleteExport, ThatWasCutOffOrHasRowsThatNobodyCanReadWithdrawsNothing) {
  publish(a_ + b_ + c_);
  const boost::json::object cut = publish(a_, 1);
  EXPECT_EQ(number_in(cut, "withdrawn"), 0);
  const std::string note(cut.at("files").as_array()[0].as_object().at("notes").as_array()[0].as_string());
  EXPECT_NE(note.find("2 records that were there are not in the file, of 3"), std::string::npos) << note;
  const boost::json::object unread = publish(a_ + b_ + ",04/03/2021,Noise,Sky O'Fiction\n", 1);
  EXPECT_EQ(number_in(unread, "withdrawn"), 0) << "the row without a key may be C3";
  // A row that is refused and says whose it is counts as there.
  const boost::json::object refused = publish(a_ + b_ + "C3,04/03/2021,Fire,Sky O'Fiction\n", 1);
  EXPECT_EQ(counts(refused), "read 3 accepted 0 duplicate 2 superseding 0 refused 1 withdrawn 0 ");
  EXPECT_EQ(here_.offset(), 3u);
}

TEST_F(CompleteExport, ThatAWatchedFolderTakesSaysInTheLogWhatIsGone) {
  publish(a_ + b_ + c_);
  const std::filesystem::path drop = folder_ / "drop";
  std::filesystem::create_directory(drop);
  const std::unique_ptr<Process> watch = here_.start(
      {"watch", drop.string(), "--as", kHomes, "--mapping", mapping().string(), "--settle", "0", "--log-json"});
  const auto put = [&](const std::string& name, const std::string& rows) {
    write_text(folder_ / "sending", kHeader + rows);
    std::filesystem::rename(folder_ / "sending", drop / name);
    for (int i = 0; i < 3000 && watch->err().find(name) == std::string::npos; ++i)
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
  };
  put("monday.csv", a_ + b_);
  put("tuesday.csv", "A1,02/03/2021\n" + b_);
  watch->kill();
  std::set<std::string> said;  // LEVEL MESSAGE, without the folder it begins with
  for (const std::string& text : lines_of_text(watch->err())) {
    const boost::json::object line = json_of(text);
    EXPECT_EQ(text_in(line, "part"), "watch") << text;
    std::string message = text_in(line, "message");
    if (message.starts_with(drop.string())) message.erase(0, drop.string().size() + 2);
    said.insert(text_in(line, "level") + " " + message);
  }
  EXPECT_EQ(said, (std::set<std::string>{
                      "info Watching 1 folder. Ctrl-C stops it.", "info is watched",
                      "info monday.csv: 2 read, 0 accepted, 2 there already, 0 superseding, 0 refused, 1 no longer in "
                      "it, withdrawn; now in done/",
                      "warning tuesday.csv: 2 read, 0 accepted, 1 there already, 0 superseding, 1 refused; now in "
                      "partly/ with a report"}));
}

TEST_F(CompleteExport, WorksOverHttpAndInADryRun) {
  publish(a_ + b_);
  gateway_->kill();
  start_gateway();
  const WireResponse response = post(kHomes, "/upload?mapping=open-cases&file=cases.csv", "text/csv", kHeader + a_);
  EXPECT_EQ(response.status, 201) << response.body;
  EXPECT_EQ(number_in(json(response), "withdrawn"), 1) << response.body;
  EXPECT_EQ(text_in(json(response), "last_offset"), "2") << "where the withdrawal is";
  const WireResponse held = post(kHomes, "/upload?mapping=open-cases&file=cases.csv", "text/csv", kHeader);
  EXPECT_EQ(held.status, 207) << "held to be cut off: nothing is withdrawn, and that is not well: " << held.body;
  write_text(folder_ / "dry.csv", kHeader + a_ + a_ + b_);
  const Ended dry = here_.moot({"publish", (folder_ / "dry.csv").string(), "--as", kHomes, "--mapping",
                                mapping().string(), "--dry-run", "--json"});
  EXPECT_EQ(dry.exit_code, 0) << dry.err << dry.out;
  EXPECT_EQ(number_in(json_of(dry.out), "duplicate"), 1);
  EXPECT_EQ(here_.offset(), 3u);
}

TEST_F(CompleteExport, WhoseMappingDoesNotSaySoIsToldHowToWhenARowHasChanged) {
  const auto publish_as = [&](const std::string& rows, const std::string& record) {
    write_text(folder_ / "cases.csv", kHeader + rows);
    return here_.moot(
        {"publish", (folder_ / "cases.csv").string(), "--as", kHomes, "--mapping", mapping(record).string()});
  };
  EXPECT_EQ(publish_as(a_ + b_, "").exit_code, 0);
  const std::string changed = "B2,03/03/2021,Noise,Rowan Madeupson\n";
  const Ended ended = publish_as(a_ + changed, "");
  EXPECT_EQ(ended.exit_code, 1);
  EXPECT_NE(ended.out.find("let its mapping say revisions = \"by-content\""), std::string::npos) << ended.out;
  EXPECT_EQ(publish_as(a_ + changed, "revisions = \"by-content\"").exit_code, 0) << "which is then all that it takes";
}

TEST_F(CompleteExport, ThatNumbersItsVersionsTooIsAMistakeInTheMapping) {
  write_text(folder_ / "x.csv", kHeader + a_);
  const Ended ended = here_.moot({"publish", (folder_ / "x.csv").string(), "--as", kHomes, "--mapping",
                                  mapping("revision = \"Category\"\ncomplete = true").string()});
  EXPECT_EQ(ended.exit_code, 1);
  EXPECT_NE(ended.err.find("revision"), std::string::npos) << ended.err;
}

}  // namespace
}  // namespace moot
