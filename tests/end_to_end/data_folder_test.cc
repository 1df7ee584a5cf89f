// A data directory has one broker, its own keys, and holds nothing that is not Moot's; what does not fit together is
// refused with a sentence and left as it is (promise G10).
#include <gtest/gtest.h>

#include <csignal>
#include <set>
#include <thread>

#include "tests/contract/temporary_folder.h"
#include "tests/end_to_end/installation.h"
#include "tests/end_to_end/partnership_fixture.h"

namespace moot {
namespace {

using std::chrono::seconds;

// Every file below a folder, with what is in it.
FileTexts everything_below(const std::filesystem::path& folder) {
  FileTexts files;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder))
    files[std::filesystem::relative(entry.path(), folder).string()] =
        entry.is_regular_file() ? read_text(entry.path()) : "a folder";
  return files;
}

std::filesystem::path one_below(const std::filesystem::path& folder) {
  return std::filesystem::directory_iterator(folder)->path();
}

class DataFolder : public testing::Test {
 protected:
  // What is said of a store that does not open.
  std::string refusal(const char* store) const {
    const Ended ended = here_.moot({"status"}, seconds(20));
    EXPECT_EQ(ended.exit_code, 1) << store;
    EXPECT_NE(ended.err.find((here_.data() / store).string() + ": "), std::string::npos) << ended.err;
    EXPECT_NE(ended.err.find("`moot verify --data"), std::string::npos) << ended.err;
    EXPECT_NE(ended.err.find("`moot repair " + here_.data().string() + "`"), std::string::npos) << ended.err;
    return ended.err;
  }

  const TemporaryFolder folder_;
  const PartnershipFixture partnership_{folder_ / "partnership"};
  const Installation here_{folder_ / "data", partnership_.config()};
};

TEST_F(DataFolder, HasOneBrokerAndRefusesASecond) {
  const std::unique_ptr<Process> first = here_.start_broker();
  const std::string address = here_.bus_address();
  for (const Words& words : {Words{"broker"}, Words{"up", "--once"}}) {
    const Ended second = here_.moot(words, seconds(20));
    EXPECT_EQ(second.exit_code, 1) << second.err;
    EXPECT_NE(second.err.find("another broker runs on this data directory"), std::string::npos) << second.err;
  }
  ASSERT_TRUE(first->running()) << first->err();
  EXPECT_EQ(here_.bus_address(), address) << "the refused one took away the first one's run file";
  EXPECT_EQ(here_.status().at("offset").as_string(), "0");
}

TEST_F(DataFolder, IsFreeAgainAfterItsBrokerWasKilled) {
  here_.start_broker()->kill();
  EXPECT_TRUE(std::filesystem::exists(here_.data() / "run.json")) << "kill -9 leaves the run file";
  const std::unique_ptr<Process> second = here_.start_broker();
  EXPECT_TRUE(second->running()) << second->err();
}

// Secrets, identity, log, inbox: whatever was there at the kill, the next start makes the rest.
TEST_F(DataFolder, StartsAgainWhereverItsFirstStartWasKilled) {
  std::set<std::size_t> sizes;
  for (int moment = 0; moment < 30; ++moment) {
    const Installation fresh(folder_ / ("fresh " + std::to_string(moment)), partnership_.config());
    const std::unique_ptr<Process> first = fresh.start({"broker"});
    std::this_thread::sleep_for(std::chrono::milliseconds(4 * moment));
    first->kill();
    sizes.insert(std::filesystem::exists(fresh.data()) ? everything_below(fresh.data()).size() : 0);
    const std::unique_ptr<Process> second = fresh.start_broker();
    ASSERT_TRUE(second->running()) << "killed after " << 4 * moment << " ms: " << second->err();
  }
  EXPECT_GT(sizes.size(), 3u) << "the kills all came at the same step";
}

TEST_F(DataFolder, TakesItsRunFileAwayWhenTheBrokerStops) {
  const std::unique_ptr<Process> broker = here_.start_broker();
  broker->signal(SIGTERM);
  EXPECT_EQ(broker->wait(seconds(5)), 0) << broker->err();
  EXPECT_FALSE(std::filesystem::exists(here_.data() / "run.json"));
}

TEST_F(DataFolder, ThatIsNotOursIsLeftAsItIs) {
  write_text(here_.data() / "letters/to-a-friend.txt", "Dear friend,\n");
  const FileTexts before = everything_below(here_.data());
  for (const Words& words :
       {Words{"broker"}, Words{"up", "--once"}, Words{"status"}, Words{"replay"}, Words{"agency", "list"}}) {
    const Ended ended = here_.moot(words, seconds(20));
    EXPECT_EQ(ended.exit_code, 1) << words.front() << ": " << ended.err;
    EXPECT_NE(ended.err.find("is not a Moot data directory"), std::string::npos) << words.front() << ": " << ended.err;
  }
  EXPECT_EQ(everything_below(here_.data()), before);
  EXPECT_FALSE(std::filesystem::exists(here_.keys())) << "keys were made for a folder that was refused";
}

// Other programs have a file LOCK too: RocksDB has one in each database.
TEST_F(DataFolder, IsNotMadeInADatabase) {
  here_.documents(folder_ / "out");
  const FileTexts before = everything_below(here_.data() / "log");
  const Installation inside(here_.data() / "log", partnership_.config(), folder_ / "new.keys");
  const Ended ended = inside.moot({"status"}, seconds(20));
  EXPECT_EQ(ended.exit_code, 1) << ended.out;
  EXPECT_NE(ended.err.find("is not a Moot data directory"), std::string::npos) << ended.err;
  EXPECT_EQ(everything_below(here_.data() / "log"), before);
  EXPECT_FALSE(std::filesystem::exists(inside.keys()));
}

TEST_F(DataFolder, IsNotMadeAmongItsKeysNorTheKeysInIt) {
  const Installation among(folder_ / "keys/data", partnership_.config(), folder_ / "keys");
  const Installation around(folder_ / "data", partnership_.config(), folder_ / "data/keys");
  for (const Installation* installation : {&among, &around}) {
    const Ended ended = installation->moot({"status"}, seconds(20));
    EXPECT_EQ(ended.exit_code, 2);
    EXPECT_NE(ended.err.find("must not be inside"), std::string::npos) << ended.err;
    EXPECT_FALSE(std::filesystem::exists(installation->data()));
  }
}

TEST_F(DataFolder, IsRefusedWithTheKeysOfAnotherWhenItHoldsEvents) {
  here_.documents(folder_ / "out");
  const Installation elsewhere(folder_ / "elsewhere", partnership_.config());
  elsewhere.documents(folder_ / "elsewhere.out");
  const std::vector<std::string> events = here_.replay();
  const Installation wrong(here_.data(), partnership_.config(), elsewhere.keys());
  const Installation empty(here_.data(), partnership_.config(), folder_ / "no-keys");
  for (const Installation* installation : {&wrong, &empty}) {
    const Ended ended = installation->moot({"broker"}, seconds(20));
    EXPECT_EQ(ended.exit_code, 1) << ended.err;
    EXPECT_NE(ended.err.find(installation->keys().string() + ": has no keys of this log"), std::string::npos)
        << ended.err;
    EXPECT_NE(ended.err.find("nothing is touched"), std::string::npos) << ended.err;
    const Ended replayed = installation->moot({"replay"}, seconds(20));
    EXPECT_EQ(replayed.exit_code, 1);
    EXPECT_EQ(replayed.out, "");
  }
  EXPECT_FALSE(std::filesystem::exists(folder_ / "no-keys")) << "a folder was made for keys that are elsewhere";
  EXPECT_TRUE(here_.replay() == events) << "the right keys serve it as before";
}

TEST_F(DataFolder, WithADamagedSecretIsRefusedAtOnce) {
  here_.documents(folder_ / "out");
  const std::filesystem::path inbox = one_below(here_.keys() / "logs") / "inbox.key";
  for (const std::filesystem::path& file : {here_.keys() / "partnership.key", here_.keys() / "broker.key", inbox}) {
    const std::string sound = read_text(file);
    std::string damaged = sound;
    damaged[20] = damaged[20] == '1' ? '2' : '1';
    write_text(file, damaged);
    const Ended started = here_.moot({"status"}, seconds(20));
    EXPECT_EQ(started.exit_code, 1) << file;
    EXPECT_NE(started.err.find(file.string() + ": is not what was written"), std::string::npos) << started.err;
    EXPECT_EQ(here_.moot({"verify"}, seconds(20)).exit_code, 1) << file;
    write_text(file, sound.substr(0, sound.find('\n') + 1));
    EXPECT_EQ(here_.moot({"status"}, seconds(20)).exit_code, 0) << "as earlier versions wrote it";
  }
}

// Which store, which file, and what to do next: not only what a library says.
TEST_F(DataFolder, WhoseStoreCannotBeOpenedSaysWhichFileAndWhatToDo) {
  here_.documents(folder_ / "out");
  for (const char* store : {"log", "audit", "inbox"}) {
    const std::filesystem::path current = here_.data() / store / "CURRENT";
    const std::string sound = read_text(current);
    const std::string list = sound.substr(0, sound.find('\n'));
    write_text(current, "MANIFEST-0");
    EXPECT_NE(refusal(store).find("is not what was written"), std::string::npos);
    write_text(current, sound);
    std::filesystem::rename(here_.data() / store / list, folder_ / "list");
    EXPECT_NE(refusal(store).find("the list of its tables"), std::string::npos);
    std::filesystem::rename(folder_ / "list", here_.data() / store / list);
  }
  const std::string sound = read_text(here_.data() / "log/CURRENT");
  std::filesystem::remove(here_.data() / "log/CURRENT");
  EXPECT_NE(refusal("log").find("its file CURRENT"), std::string::npos);
  write_text(here_.data() / "log/CURRENT", sound);
  EXPECT_EQ(here_.moot({"status"}, seconds(20)).exit_code, 0);
}

TEST_F(DataFolder, WhoseNameIsDamagedIsRefusedWithASentenceAboutIt) {
  here_.documents(folder_ / "out");
  const std::filesystem::path file = here_.data() / "moot.id";
  std::string text = read_text(file);
  const std::string id = text.substr(12, 32);
  text[20] = 'l';  // as a 6 may be read
  write_text(file, text);
  EXPECT_NE(here_.moot({"status"}, seconds(20)).err.find("which log this is is not known"), std::string::npos);
  text[20] = id[8] == '0' ? '1' : '0';
  write_text(file, text);
  const Ended ended = here_.moot({"status"}, seconds(20));
  EXPECT_NE(ended.err.find("has no keys of this log, which is " + text.substr(12, 32)), std::string::npos) << ended.err;
}

TEST_F(DataFolder, WhoseLogHasLostItsNameIsNotGivenAnother) {
  here_.documents(folder_ / "out");
  std::filesystem::remove(here_.data() / "moot.id");
  const Ended ended = here_.moot({"status"}, seconds(20));
  EXPECT_EQ(ended.exit_code, 1) << ended.out;
  EXPECT_FALSE(std::filesystem::exists(here_.data() / "moot.id"));
}

TEST_F(DataFolder, RemembersItsPartnership) {
  const FileTexts documents = here_.documents(folder_ / "out");
  const Installation without_config(here_.data());
  EXPECT_TRUE(without_config.documents(folder_ / "again") == documents) << "a document differs";
}

}  // namespace
}  // namespace moot
