// A data directory that is not as the broker left it: a file is missing, is another partnership's or is of an earlier
// day, or nothing in it can be written. Moot says so and leaves everything as it is, or it is as if nothing had
// happened (promise G10).
#include <gtest/gtest.h>

#include <cstdlib>
#include <iostream>
#include <map>
#include <set>

#include "tests/faults/prepared_log.h"

namespace moot {
namespace {

namespace fs = std::filesystem;

class WrongFolder : public testing::Test {
 protected:
  static FileTexts texts_below(const fs::path& folder) {
    FileTexts texts;
    for (const fs::path& file : files_below(folder)) texts[file.string()] = read_text(folder / file);
    return texts;
  }

  // As it stands in the other one.
  static void put(const PreparedLog& from, const fs::path& part, const fs::path& root) {
    fs::remove_all(root / part);
    fs::copy(from.sound() / part, root / part, fs::copy_options::recursive);
  }

  // The damaged copy is served as if nothing were wrong; or it is refused, is left as it is, and is whole again with
  // the parts put back.
  PreparedLog::Outcome::Kind check(const std::string& what, const std::vector<fs::path>& parts) const {
    const fs::path root = prepared_.copy();
    const PreparedLog::Outcome outcome = prepared_.outcome_of(root);
    EXPECT_NE(outcome.kind, PreparedLog::Outcome::kWrong) << what << ": " << outcome.said;
    if (outcome.kind != PreparedLog::Outcome::kRefused) return outcome.kind;
    EXPECT_FALSE(outcome.said.empty()) << what;
    std::cout << "  " << what << ": " << outcome.said.substr(0, outcome.said.find_first_of("`\n")) << "\n";
    for (const fs::path& part : parts) put(prepared_, part, root);
    const PreparedLog::Outcome again = prepared_.outcome_of(root);
    EXPECT_EQ(again.kind, PreparedLog::Outcome::kServed) << what << ", refused, and put back: " << again.said;
    return outcome.kind;
  }

  const PreparedLog prepared_;
};

TEST_F(WrongFolder, WithAFileMissingIsRefusedAndLeftAsItIsOrAsGoodAsWhole) {
  std::map<std::string, fs::path> kinds;  // by kind, the last and the first; MOOT_LONG: by name, all of them
  for (const fs::path& file : files_below(prepared_.sound())) {
    const std::string kind = std::getenv("MOOT_LONG") != nullptr ? file.string() : kind_of(file);
    kinds[kind] = file;
    if (kind != file.string()) kinds.emplace("the first " + kind, file);
  }
  for (const auto& [kind, file] : kinds) {
    fs::remove(prepared_.fresh_copy() / file);
    const bool refused = check("without " + file.string(), {file}) == PreparedLog::Outcome::kRefused;
    std::cout << "  without " << kind << ": " << (refused ? "refused" : "as good as whole") << "\n";
  }
}

TEST_F(WrongFolder, WithFilesOfAnotherPartnershipIsRefused) {
  const PreparedLog other;
  using Parts = std::vector<fs::path>;
  for (const Parts& parts :
       {Parts{"data/log"}, Parts{"data/inbox"}, Parts{"data/audit"}, Parts{"data/log", "data/watermark"},
        Parts{"data/inbox", "data/inbox.watermark"}, Parts{"data/audit", "data/audit.watermark"},
        Parts{"data/agencies.toml"}, Parts{"data/moot.id"}, Parts{"data.keys"}, Parts{"data.keys/broker.key"},
        Parts{"data.keys/partnership.key"}, Parts{"data.keys/logs"}}) {
    const fs::path root = prepared_.fresh_copy();
    std::string names;
    for (const fs::path& part : parts) {
      put(other, part, root);
      names += " " + part.string();
    }
    EXPECT_EQ(check("with another's" + names, parts), PreparedLog::Outcome::kRefused) << names;
  }
}

// Its agencies would be let in with their keys, and ours shut out.
TEST_F(WrongFolder, WithTheAgenciesOfAnotherDoesNotStartAndAVerifierTells) {
  const PreparedLog other;
  const fs::path root = prepared_.fresh_copy();
  put(other, "data/agencies.toml", root);
  const FileTexts before = texts_below(root);
  for (const Words& words : {Words{"broker"}, Words{"replay"}, Words{"verify"}}) {
    const Ended ended = prepared_.installation(root).moot(words, std::chrono::seconds(20));
    EXPECT_EQ(ended.exit_code, 1) << words.front();
    EXPECT_NE((ended.out + ended.err).find("agencies.toml: is of another data directory"), std::string::npos)
        << words.front() << ": " << ended.out << ended.err;
  }
  EXPECT_EQ(texts_below(root), before);
}

TEST_F(WrongFolder, WithTheTokensOfAnotherKnowsNoneOfThemAndAVerifierTells) {
  const PreparedLog other;
  const fs::path root = prepared_.fresh_copy(), theirs = other.fresh_copy();
  const Words add = {"token", "add", PartnershipFixture::kHomes};
  ASSERT_EQ(other.installation(theirs).moot(add).exit_code, 0);
  fs::copy_file(theirs / "data/tokens.toml", root / "data/tokens.toml");
  const std::string before = read_text(root / "data/tokens.toml");
  for (const Words& words : {Words{"token", "list"}, add, Words{"verify"}}) {
    const Ended ended = prepared_.installation(root).moot(words);
    EXPECT_EQ(ended.exit_code, 1) << words.front();
    EXPECT_NE((ended.out + ended.err).find("tokens.toml: is of another data directory"), std::string::npos)
        << words.front() << ": " << ended.out << ended.err;
  }
  EXPECT_EQ(read_text(root / "data/tokens.toml"), before);
}

// With no --config: the one that the directory was last used with.
TEST_F(WrongFolder, WithTheConfigurationThatAnotherRemembersAsksForOurs) {
  const PreparedLog other;
  const fs::path root = prepared_.fresh_copy();
  put(other, "data/config", root);
  const Ended without = Installation(root / "data").moot({"status"});
  EXPECT_EQ(without.exit_code, 1);
  EXPECT_NE(without.err.find("data/config: is of another data directory"), std::string::npos) << without.err;
  EXPECT_EQ(prepared_.installation(root).moot({"status"}).exit_code, 0);
  EXPECT_EQ(Installation(root / "data").moot({"status"}).exit_code, 0);
}

// A watermark has nothing in it but how far the log was acknowledged. Further than ours, it is refused as a loss;
// not so far, it is ours again with the next event.
TEST_F(WrongFolder, WithAWatermarkOfAnotherServesWhatIsThereOrRefuses) {
  const PreparedLog other;
  for (const char* mark : {"data/watermark", "data/inbox.watermark", "data/audit.watermark"}) {
    const fs::path root = prepared_.fresh_copy();
    put(other, mark, root);
    check(std::string("with another's ") + mark, {mark});
  }
}

// What stands under our log's name in the key directory and is another's key.
TEST_F(WrongFolder, WithAKeyOfAnotherIsRefusedAndAVerifierTells) {
  const PreparedLog other;
  const auto keys_of_log = [](const fs::path& root) { return *fs::directory_iterator(root / "data.keys/logs"); };
  const fs::path ours = fs::relative(keys_of_log(prepared_.sound()), prepared_.sound());
  for (const char* name : {"epoch.key", "inbox.key"}) {
    const fs::path root = prepared_.fresh_copy();
    fs::copy_file(keys_of_log(other.sound()).path() / name, root / ours / name, fs::copy_options::overwrite_existing);
    EXPECT_EQ(prepared_.installation(root).moot({"verify"}).exit_code, 1) << name;
    EXPECT_EQ(check(std::string("with another's ") + name, {ours / name}), PreparedLog::Outcome::kRefused);
  }
  for (const char* file : {"data.keys/broker.key", "data.keys/partnership.key", "data.keys/agencies/operator.key"}) {
    const fs::path root = prepared_.fresh_copy();
    put(other, file, root);
    const Ended verified = prepared_.installation(root).moot({"verify"});
    EXPECT_EQ(verified.exit_code, 1) << file << verified.out;
    EXPECT_EQ(check(std::string("with another's ") + file, {file}), PreparedLog::Outcome::kRefused);
  }
}

TEST_F(WrongFolder, WithAnothersViewsShowsNothingOfThem) {
  const PreparedLog other;
  const fs::path root = prepared_.fresh_copy();
  fs::remove_all(root / "data/views");
  fs::copy(other.sound() / "data/views", root / "data/views", fs::copy_options::recursive);
  EXPECT_EQ(check("with another's views", {"data/views"}), PreparedLog::Outcome::kServed);
}

TEST_F(WrongFolder, ThatCannotBeWrittenIsRefusedAndLeftAsItIs) {
  const fs::path root = prepared_.fresh_copy();
  const Recording read_only(root, root.parent_path() / "read-only", "/dev/null");
  std::string rules;
  for (const char* kind : {"write", "sync", "size", "create", "open", "rename", "link", "unlink", "folder"})
    rules += std::string("EROFS ") + kind + " 1 always *\n";
  read_only.arm(rules);
  const FileTexts before = texts_below(root);
  const Installation here = prepared_.installation(root);
  for (const Words& words : {Words{"broker"}, Words{"status"}, Words{"replay"}, Words{"up", "--once"}}) {
    const Ended ended = run(read_only.command(here.command(words)), std::chrono::seconds(20));
    EXPECT_EQ(ended.exit_code, 1) << words.front() << ": " << ended.err;
    EXPECT_NE(ended.err.find("Read-only file system"), std::string::npos) << words.front() << ": " << ended.err;
    EXPECT_NE(ended.err.find(root.string()), std::string::npos) << words.front() << ": " << ended.err;
  }
  EXPECT_EQ(texts_below(root), before);
}

}  // namespace
}  // namespace moot
