// Keys of an earlier version: they become ones of today's at the first start, wherever it is killed; what is damaged or
// of a later version is refused by name and left as it is; and keys from before put back beside data from after open
// what they opened, and nothing that was erased since (promises G1, G10, G11).
#include <gtest/gtest.h>

#include <iostream>

#include "tests/contract/earlier_keys.h"
#include "tests/contract/temporary_folder.h"
#include "tests/end_to_end/backup_fixture.h"
#include "tests/faults/recording.h"

namespace moot {
namespace {

namespace fs = std::filesystem;
using std::chrono::seconds;

constexpr std::string_view kOfToday = "moot file keys 2\n";

class EarlierKeys : public BackupFixture {
 protected:
  EarlierKeys() { make_earlier_keys(log_keys(here_)); }

  static fs::path log_keys(const Installation& of) {
    fs::path found;
    for (const auto& entry : fs::directory_iterator(of.keys() / "logs")) found = entry.path();
    return found;
  }
  static std::string epoch(const Installation& of) { return read_text(log_keys(of) / "epoch.key"); }
  void replace_keys(const fs::path& by) const {
    fs::remove_all(here_.keys());
    fs::copy(by, here_.keys(), fs::copy_options::recursive);
  }
  std::string person_named(const std::string& name) const {
    const boost::json::object found = json_of(here_.moot({"person", "find", name, "--json"}, seconds(120)).out);
    return std::string(found.at("people").at(0).at("person").as_string());
  }

  const std::vector<std::string> events_ = here_.replay();
};

TEST_F(EarlierKeys, AreSettledAtTheFirstStart) {
  EXPECT_FALSE(epoch(here_).starts_with(kOfToday));
  EXPECT_EQ(events_.size(), partnership_.events());
  EXPECT_EQ(here_.replay(), events_);
  EXPECT_TRUE(epoch(here_).starts_with(kOfToday));
  publish(calls("more.csv", 100'000, 30));
  EXPECT_EQ(here_.replay().size(), events_.size() + 30);
  EXPECT_EQ(here_.moot({"verify"}).exit_code, 0);
}

TEST_F(EarlierKeys, ThatAreDamagedOrOfALaterVersionAreRefusedByName) {
  const fs::path file = log_keys(here_) / "epoch.key";
  const std::string sound = read_text(file);
  std::string no_digit = sound, another = sound;
  no_digit[5] = 'x';
  another[5] = another[5] == '1' ? '2' : '1';
  const std::pair<std::string, std::string> all[] = {
      {no_digit, file.string() + ": a key is 64 hexadecimal digits"},
      {sound.substr(0, 40), file.string() + ": a key is 64 hexadecimal digits"},
      {"", file.string() + ": a key is 64 hexadecimal digits"},
      {another, "0000000000000000.keys"},
      {"moot file keys 3\nwhatever it holds\n", file.string() + ": is of the format \"moot file keys 3\""}};
  for (const auto& [text, says] : all) {
    write_text(file, text);
    const Ended started = here_.moot({"status"}, seconds(20));
    EXPECT_EQ(started.exit_code, 1) << text;
    EXPECT_NE(started.err.find(says), std::string::npos) << started.err;
    EXPECT_EQ(read_text(file), text) << "it was touched";
    EXPECT_EQ(here_.moot({"verify"}, seconds(20)).exit_code, 1) << text;
  }
  write_text(file, sound);
  EXPECT_EQ(here_.replay(), events_);
}

TEST_F(EarlierKeys, AreThereWhereverTheFirstStartIsKilled) {
  const fs::path pristine = folder_ / "pristine";
  fs::create_directories(pristine);
  fs::copy(here_.data(), pristine / "data", fs::copy_options::recursive);
  fs::copy(here_.keys(), pristine / "data.keys", fs::copy_options::recursive);
  int count = 0, as_before = 0;
  for (const char* kind : {"create", "write", "sync", "rename"})
    for (const char* when : {"kill-before", "kill-after"}) {
      const std::string rule = std::string(when) + " " + kind + " 1 once *epoch.key*";
      SCOPED_TRACE(rule);
      const fs::path root = folder_ / ("disk-" + std::to_string(++count));
      fs::copy(pristine, root, fs::copy_options::recursive);
      const Installation there(root / "data", partnership_.config());
      const Recording recording(root, folder_ / ("recording-" + std::to_string(count)), "/dev/null");
      recording.arm(rule + "\n");
      {
        Process broker(recording.command(there.command({"broker", "--bus", "tcp://127.0.0.1:0"})));
        EXPECT_FALSE(there.wait_until_up(broker)) << "it was not reached";
        broker.kill();
      }
      as_before += epoch(there).starts_with(kOfToday) ? 0 : 1;
      EXPECT_EQ(there.replay(), events_);
      EXPECT_TRUE(epoch(there).starts_with(kOfToday));
      EXPECT_EQ(there.moot({"verify"}).exit_code, 0);
      fs::remove_all(root);
    }
  std::cout << count << " kills while epoch.key was written anew: " << as_before << " left the one from before\n";
  EXPECT_GT(as_before, 0);
  EXPECT_LT(as_before, count);
}

// Of the same secret: what came after the upgrade opens with them too.
TEST_F(EarlierKeys, FromBeforeBesideDataFromAfterOpenAllOfIt) {
  fs::copy(here_.keys(), folder_ / "earlier", fs::copy_options::recursive);
  publish(calls("more.csv", 100'000, 4200));  // more keys than stood in the file
  const std::vector<std::string> all = here_.replay();
  ASSERT_EQ(all.size(), events_.size() + 4200);
  replace_keys(folder_ / "earlier");
  EXPECT_EQ(here_.replay(), all);
  EXPECT_TRUE(epoch(here_).starts_with(kOfToday));
  EXPECT_EQ(here_.moot({"verify"}).exit_code, 0);
}

TEST_F(EarlierKeys, FromBeforeDoNotBringBackWhoWasErasedSince) {
  fs::copy(here_.keys(), folder_ / "earlier", fs::copy_options::recursive);
  const Ended erased =
      here_.moot({"person", "erase", person_named("Wilhelmina Fabrikam"), "--reason", "subject-request"}, seconds(120));
  ASSERT_EQ(erased.exit_code, 0) << erased.err;
  const std::vector<std::string> left = here_.replay();
  replace_keys(folder_ / "earlier");
  EXPECT_EQ(here_.replay(), left) << "what was erased is erased again before anything is served";
  for (const std::string& event : left) EXPECT_EQ(event.find("Wilhelmina Fabrikam"), std::string::npos);
  EXPECT_NE(epoch(here_).find("\nfile 0 1 "), std::string::npos) << "the keys that are left stand in a new file";
  EXPECT_EQ(here_.moot({"verify"}).exit_code, 0);
}

}  // namespace
}  // namespace moot
