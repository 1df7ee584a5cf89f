// `moot verify` as an admin runs it.
#include <gtest/gtest.h>

#include <csignal>
#include <fstream>

#include "broker/core/whole_file.h"
#include "tests/contract/temporary_folder.h"
#include "tests/end_to_end/installation.h"
#include "tests/end_to_end/partnership_fixture.h"

namespace moot {
namespace {

namespace fs = std::filesystem;
using std::chrono::seconds;

class Verify : public testing::Test {
 protected:
  Verify() { here_.documents(folder_ / "out"); }
  boost::json::object verify(int exit_code) const {
    const Ended ended = here_.moot({"verify", here_.data().string(), "--json"});
    EXPECT_EQ(ended.exit_code, exit_code) << ended.err;
    return ended.out.empty() ? boost::json::object() : json_of(ended.out);
  }
  // There is a file of keys once one of them was destroyed: that of the first.
  fs::path file_of_keys() const {
    const Ended found = here_.moot({"person", "find", "Odalric Testwright", "--json"});
    const boost::json::array people = json_of(found.out).at("people").as_array();
    EXPECT_EQ(people.size(), 1u) << found.out;
    const std::string person = people.at(0).as_object().at("person").as_string().c_str();
    EXPECT_EQ(here_.moot({"person", "erase", person, "--reason", "subject-request"}).exit_code, 0);
    std::vector<fs::path> files;
    for (const auto& entry : fs::recursive_directory_iterator(here_.keys()))
      if (entry.path().filename() == "0000000000000000-1.keys") files.push_back(entry.path());
    EXPECT_EQ(files.size(), 1u);
    verify(0);
    return files.at(0);
  }
  FileTexts everything() const {
    FileTexts all = read_files(here_.data());
    all.merge(read_files(here_.data() / "log"));
    all.merge(read_files(here_.data() / "inbox"));
    return all;
  }

  const TemporaryFolder folder_;
  const PartnershipFixture partnership_{folder_ / "partnership"};
  const Installation here_{folder_ / "data", partnership_.config()};
};

TEST_F(Verify, FindsNothingInWhatIsSoundAndTouchesNothing) {
  const FileTexts before = everything();
  const boost::json::object printed = verify(0);
  EXPECT_TRUE(printed.at("ok").as_bool());
  EXPECT_TRUE(printed.at("findings").as_array().empty());
  EXPECT_EQ(number_in(printed.at("checked").as_object(), "events"), static_cast<std::int64_t>(partnership_.events()));
  EXPECT_GT(number_in(printed.at("checked").as_object(), "sealed_events"), 0);
  EXPECT_TRUE(everything() == before);
}

TEST_F(Verify, IsRefusedWhileABrokerRunsAndAfterAKillFindsNothingWrong) {
  const std::unique_ptr<Process> broker = here_.start_broker();
  const Ended refused = here_.moot({"verify", here_.data().string()});
  EXPECT_EQ(refused.exit_code, 1);
  EXPECT_NE(refused.err.find("a broker runs on it"), std::string::npos) << refused.err;
  broker->kill();
  EXPECT_TRUE(verify(0).at("ok").as_bool());
}

TEST_F(Verify, TellsOfKeysThatAreNotThisLogs) {
  const fs::path file = file_of_keys();
  std::string bytes = *read_whole_file(file);
  bytes[100] ^= 1;  // in the page of the first keys
  ASSERT_TRUE(write_whole_file(file, bytes).ok());
  EXPECT_FALSE(verify(1).at("findings").as_array().empty());
}

// The log is whole then: nothing of it may be called lost.
TEST_F(Verify, TellsOfAMissingFileOfKeysOnceAndHowManyEventsItSeals) {
  const fs::path file = file_of_keys();
  fs::remove(file);
  const boost::json::object printed = verify(1);
  const boost::json::array& findings = printed.at("findings").as_array();
  ASSERT_EQ(findings.size(), 1u) << boost::json::serialize(printed);
  const boost::json::object& one = findings.at(0).as_object();
  EXPECT_EQ(one.at("file").as_string(), file.string());
  const std::string text = one.at("text").as_string().c_str();
  EXPECT_EQ(text.find("is missing: "), 0u) << text;
  EXPECT_NE(text.find(" events, from here on, cannot be opened without it"), std::string::npos) << text;
  EXPECT_GE(number_in(printed.at("checked").as_object(), "events"), static_cast<std::int64_t>(partnership_.events()));
}

TEST_F(Verify, SaysHowManyAcknowledgedEventsALogHasLost) {
  fs::path newest;
  for (const auto& entry : fs::directory_iterator(here_.data() / "log"))
    if (entry.path().extension() == ".log" && entry.file_size() > 0) newest = std::max(newest, entry.path());
  ASSERT_FALSE(newest.empty());
  fs::resize_file(newest, fs::file_size(newest) - 1);
  const Ended ended = here_.moot({"verify", here_.data().string()});
  EXPECT_EQ(ended.exit_code, 1);
  EXPECT_NE(ended.out.find("events are lost"), std::string::npos) << ended.out;
}

// The log is not all: without these a broker does not start, or lets nobody in.
TEST_F(Verify, TellsOfEverySmallFileThatIsMissingOrDamaged) {
  ASSERT_EQ(here_.moot({"token", "add", PartnershipFixture::kHomes}).exit_code, 0);
  verify(0);
  const auto expect_found = [&](const fs::path& file, const std::optional<std::string>& damaged) {
    SCOPED_TRACE(file.string() + (damaged ? " damaged" : " removed"));
    const std::string sound = read_text(file);
    fs::remove(file);
    if (damaged) write_text(file, *damaged);
    const boost::json::object printed = verify(1);
    const boost::json::array& findings = printed.at("findings").as_array();
    ASSERT_EQ(findings.size(), 1u) << boost::json::serialize(printed);
    EXPECT_EQ(findings.at(0).as_object().at("file").as_string(), file.string());
    fs::remove(file);
    write_text(file, sound);
  };
  const auto changed = [](const fs::path& file, std::size_t at) {
    std::string text = read_text(file);
    text.at(at) = text[at] == '1' ? '2' : '1';
    return text;
  };
  const fs::path registry = here_.data() / "agencies.toml", tokens = here_.data() / "tokens.toml";
  const fs::path partnership = here_.keys() / "partnership.key", broker = here_.keys() / "broker.key";
  expect_found(registry, std::nullopt);
  expect_found(registry, changed(registry, 60));
  expect_found(tokens, changed(tokens, 200));
  expect_found(tokens, read_text(tokens).substr(0, 100));
  expect_found(partnership, std::nullopt);
  expect_found(partnership, "x" + read_text(partnership).substr(1));
  expect_found(broker, "");
  expect_found(broker, changed(broker, 30));
  verify(0);
}

TEST_F(Verify, SaysWhatIsNoDataDirectory) {
  const Ended ended = here_.moot({"verify", (folder_ / "out").string()});
  EXPECT_EQ(ended.exit_code, 1);
  EXPECT_NE(ended.err.find("is not a data directory of Moot"), std::string::npos) << ended.err;
}

}  // namespace
}  // namespace moot
