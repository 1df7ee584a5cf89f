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

  // Which of the files that were there are gone or changed. What a process writes about itself does not count.
  static std::set<std::string> changed_below(const fs::path& folder, const FileTexts& before) {
    const FileTexts now = texts_below(folder);
    std::set<std::string> changed;
    for (const auto& [name, text] : before) {
      const auto there = now.find(name);
      const bool about_itself = name.ends_with("run.json") || name.find("/LOG") != std::string::npos;
      if (!about_itself && (there == now.end() || there->second != text)) changed.insert(name);
    }
    return changed;
  }

  // The folder below the data or the key directory: what stands in another one may be opened before this one is seen.
  static std::string store_of(const fs::path& file) {
    auto part = file.begin();
    return (*part / *std::next(part)).string();
  }

  // The damaged copy is served as if nothing were wrong; or it is refused, is left as it is where the refusal says so,
  // and is whole again with `part` put back.
  PreparedLog::Outcome::Kind check(const std::string& what, const fs::path& part) const {
    const fs::path root = prepared_.copy();
    const FileTexts before = texts_below(root);
    const PreparedLog::Outcome outcome = prepared_.outcome_of(root);
    EXPECT_NE(outcome.kind, PreparedLog::Outcome::kWrong) << what << ": " << outcome.said;
    if (outcome.kind != PreparedLog::Outcome::kRefused) return outcome.kind;
    EXPECT_FALSE(outcome.said.empty()) << what;
    if (outcome.said.find("nothing is touched") != std::string::npos) {
      std::string names;
      for (const std::string& name : changed_below(root, before))
        if (store_of(name) == store_of(part)) names += " " + name;
      EXPECT_EQ(names, "") << what << ": files were changed; it said: " << outcome.said;
    }
    fs::remove_all(root / part);
    fs::copy(prepared_.sound() / part, root / part, fs::copy_options::recursive);
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
    const bool refused = check("without " + file.string(), file) == PreparedLog::Outcome::kRefused;
    std::cout << "  without " << kind << ": " << (refused ? "refused" : "as good as whole") << "\n";
  }
}

TEST_F(WrongFolder, WithFilesOfAnotherPartnershipIsRefused) {
  const PreparedLog other;
  for (const char* part : {"data/log", "data/inbox", "data/moot.id", "data.keys", "data.keys/broker.key",
                           "data.keys/partnership.key", "data.keys/logs"}) {
    const fs::path root = prepared_.fresh_copy();
    fs::remove_all(root / part);
    fs::copy(other.sound() / part, root / part, fs::copy_options::recursive);
    EXPECT_EQ(check(std::string("with another's ") + part, part), PreparedLog::Outcome::kRefused) << part;
  }
}

TEST_F(WrongFolder, WithAnothersViewsShowsNothingOfThem) {
  const PreparedLog other;
  const fs::path root = prepared_.fresh_copy();
  fs::remove_all(root / "data/views");
  fs::copy(other.sound() / "data/views", root / "data/views", fs::copy_options::recursive);
  EXPECT_EQ(check("with another's views", "data/views"), PreparedLog::Outcome::kServed);
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
