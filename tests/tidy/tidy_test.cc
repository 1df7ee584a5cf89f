// The rules of the source tree hold for the tree, and each of them finds what it is for.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <string>
#include <vector>

#include "tests/tidy/source_rules.h"

namespace moot::tidy {
namespace {

namespace fs = std::filesystem;

std::string read(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

bool is_source(const std::string& path) { return path.ends_with(".cc") || path.ends_with(".h"); }

// Source, definitions, scripts and pages by path; not what is built, and not data.
std::map<std::string, std::string> tree() {
  const fs::path root = MOOT_SOURCE_DIR;
  std::map<std::string, std::string> files;
  for (fs::recursive_directory_iterator it(root), end; it != end; ++it) {
    const std::string name = it->path().filename().string();
    const std::string path = fs::relative(it->path(), root).generic_string();
    const bool skipped = (it.depth() == 0 && (name == "build" || name.starts_with("moot-data") || name == "out")) ||
                         name == ".git" || path == "tests/data" || name.ends_with(".csv") || name.ends_with(".jsonl");
    if (it->is_directory() && skipped) it.disable_recursion_pending();
    if (it->is_regular_file() && !skipped) files[path] = read(it->path());
  }
  return files;
}

// The files that are compiled as one, by the file that includes them: CMakeLists.txt, in_batches().
std::map<std::string, std::vector<fs::path>> batches() {
  std::map<std::string, std::vector<fs::path>> batches;
  for (const auto& target : fs::directory_iterator(fs::path(MOOT_BINARY_DIR) / "CMakeFiles")) {
    if (!fs::is_directory(target.path() / "Unity")) continue;
    for (const auto& batch : fs::directory_iterator(target.path() / "Unity")) {
      if (batch.path().extension() != ".cxx") continue;
      const std::string text = read(batch.path());
      constexpr std::string_view kInclude = "#include \"";
      for (std::size_t at = text.find(kInclude); at != std::string::npos; at = text.find(kInclude, at + 1)) {
        const std::size_t begin = at + kInclude.size();
        batches[batch.path().string()].push_back(text.substr(begin, text.find('"', begin) - begin));
      }
    }
  }
  return batches;
}

std::string told(const Findings& findings) {
  std::string text;
  for (const Finding& f : findings) text += "  " + f.path + ":" + std::to_string(f.line) + " " + f.what + "\n";
  return text;
}

void add(Findings& all, Findings more) {
  all.insert(all.end(), std::make_move_iterator(more.begin()), std::make_move_iterator(more.end()));
}

// Else a call would take whichever of two functions fits its arguments best, and a change of one file another's
// meaning.
TEST(Tidy, FilesThatAreCompiledTogetherHaveNoFunctionOfOneNameEach) {
  Findings all;
  std::size_t seen = 0;
  for (const auto& [batch, files] : batches()) {
    std::map<std::string, std::string> owners;
    for (const fs::path& file : files) {
      ++seen;
      const std::string path = fs::relative(file, MOOT_SOURCE_DIR).generic_string();
      for (const std::string& name : unnamed_functions(path, read(file)))
        if (const auto owner = owners.try_emplace(name, path).first; owner->second != path)
          all.push_back({path, 0, name + "() is in " + owner->second + " too"});
    }
  }
  EXPECT_GT(seen, 100u) << "MOOT_BINARY_DIR does not name the build";
  EXPECT_TRUE(all.empty()) << told(all);
}

TEST(Tidy, EveryIncludeKeepsToTheTable) {
  Findings all;
  std::size_t seen = 0;
  for (const auto& [path, text] : tree()) {
    if (!is_source(path)) continue;
    ++seen;
    add(all, check_includes(path, text));
  }
  EXPECT_GT(seen, 20u) << "MOOT_SOURCE_DIR does not name the source tree";
  EXPECT_TRUE(all.empty()) << told(all);
}

TEST(Tidy, EveryHeaderBeginsWithACommentAndPragmaOnce) {
  Findings all;
  for (const auto& [path, text] : tree()) add(all, check_header_start(path, text));
  EXPECT_TRUE(all.empty()) << told(all);
}

TEST(Tidy, NothingHasANameThatSaysNothing) {
  Findings all;
  for (const auto& [path, text] : tree()) add(all, check_names(path, is_source(path) ? text : ""));
  EXPECT_TRUE(all.empty()) << told(all);
}

TEST(Tidy, NoTwoHeadersDefineATypeOfTheSameName) {
  std::map<std::string, std::string> defined_in;
  for (const auto& [path, text] : tree()) {
    if (!path.ends_with(".h")) continue;
    for (const std::string& type : types_of(text)) {
      const auto [first, is_new] = defined_in.emplace(type, path);
      EXPECT_TRUE(is_new) << type << " stands in " << first->second << " and in " << path;
    }
  }
  EXPECT_GT(defined_in.size(), 50u);
}

TEST(Tidy, NothingUnfinishedOrSwitchedOffIsLeftBehind) {
  Findings all;
  for (const auto& [path, text] : tree()) add(all, check_marks(path, text));
  EXPECT_TRUE(all.empty()) << told(all);
}

TEST(Tidy, NoLineIsTooWide) {
  Findings all;
  for (const auto& [path, text] : tree())
    if (is_source(path) || path.ends_with(".proto")) add(all, check_columns(path, text));
  EXPECT_TRUE(all.empty()) << told(all);
}

TEST(Tidy, FilesAndFunctionsAreShortOrHaveAReason) {
  std::vector<Length> over;
  const auto files = tree();
  for (const auto& [path, text] : files) {
    if (!is_source(path)) continue;
    for (Length& length : over_budget(path, text)) over.push_back(std::move(length));
  }
  ASSERT_TRUE(files.contains("tests/tidy_allow.txt"));
  const Findings all = judge_lengths(over, parse_allow_list("tests/tidy_allow.txt", files.at("tests/tidy_allow.txt")));
  EXPECT_TRUE(all.empty()) << told(all);
}

TEST(Tidy, EveryTestIsBuilt) {
  const auto files = tree();
  const std::vector<std::string> tested = tested_folders(files.at("CMakeLists.txt"));
  EXPECT_FALSE(tested.empty());
  Findings all;
  for (const auto& [path, text] : files) add(all, check_registered(path, tested));
  EXPECT_TRUE(all.empty()) << told(all);
}

TEST(Tidy, TheScriptsCanBeRun) {
  for (const char* script : {"deploy/up", "deploy/install", "tests/run", "tests/faults/planted/run", ".ci/run"}) {
    const fs::path file = fs::path(MOOT_SOURCE_DIR) / script;
    ASSERT_TRUE(fs::exists(file)) << script;
    EXPECT_NE(fs::status(file).permissions() & fs::perms::owner_exec, fs::perms::none) << script;
  }
}

// A mistake whose place has moved is looked for by nobody.
TEST(Tidy, EveryPlantedMistakeHasAPlaceInTheSources) {
  const std::string check = (fs::path(MOOT_SOURCE_DIR) / "tests/faults/planted/run").string() + " --check";
  EXPECT_EQ(std::system(check.c_str()), 0);
}

// --- the rules themselves --------------------------------------------------------------------------------------------

std::size_t include_faults(const char* path, const char* text) { return check_includes(path, text).size(); }

TEST(TidyRules, AnIncludeAgainstTheArrowIsFound) {
  EXPECT_EQ(include_faults("broker/core/ids.cc", "#include \"broker/log/event_log.h\"\n"), 1u);
  EXPECT_EQ(include_faults("adapters/csv.cc", "#include \"consumers/view.h\"\n"), 1u);
  EXPECT_EQ(include_faults("broker/ingest.cc", "#include \"broker/client/producer.h\"\n"), 1u);
  EXPECT_EQ(include_faults("broker/wire/frames.h", "#include \"broker/access/agencies.h\"\n"), 1u);
  EXPECT_EQ(include_faults("adapters/csv.cc", "#include \"tests/tidy/source_rules.h\"\n"), 1u);
  EXPECT_EQ(include_faults("adapters/csv.cc", "#include \"record.h\"\n"), 1u);
  EXPECT_EQ(include_faults("broker/ingest.cc", "#include \"broker/log/event_log.h\"\n"), 0u);
  EXPECT_EQ(include_faults("consumers/agenda/agenda.cc", "#include \"consumers/casebook/casebook.h\"\n"), 0u);
  EXPECT_EQ(include_faults("deploy/main.cc", "#include \"consumers/view.h\"\n"), 0u);
}

TEST(TidyRules, AForeignLibraryIsFoundWithItsLine) {
  const Findings found =
      check_includes("consumers/view.cc", "// A comment.\n#include <vector>\n#  include <rocksdb/db.h>\n");
  ASSERT_EQ(found.size(), 1u);
  EXPECT_EQ(found[0].line, 3u);
  EXPECT_EQ(include_faults("broker/log/log.cc", "#include <rocksdb/db.h>\n"), 0u);
  EXPECT_EQ(include_faults("adapters/spool.cc", "#include <rocksdb/db.h>\n"), 1u);
  EXPECT_EQ(include_faults("adapters/web_fetch.cc", "#include <curl/curl.h>\n"), 0u);
  EXPECT_EQ(include_faults("adapters/web_fetch.h", "#include <curl/curl.h>\n"), 1u);
  EXPECT_EQ(include_faults("broker/log/log.h", "#include <xxhash.h>\n"), 1u);
  EXPECT_EQ(include_faults("broker/core/seal.h", "#include <sodium.h>\n"), 1u);
  EXPECT_EQ(include_faults("broker/core/seal.cc", "#include <sodium.h>\n#include <unistd.h>\n"), 0u);
  EXPECT_EQ(include_faults("broker/core/ids.cc", "#include <boost/asio.hpp>\n"), 1u);
}

TEST(TidyRules, AnIncludeInACommentIsNone) {
  EXPECT_EQ(include_faults("consumers/view.cc", "// #include <rocksdb/db.h>\n/*\n#include <zmq.hpp>\n*/\n"), 0u);
}

TEST(TidyRules, ASourceFileInAnUnknownFolderIsFound) {
  EXPECT_EQ(check_folder("tools/print.cc").size(), 1u);
  EXPECT_EQ(check_folder("main.cc").size(), 1u);
  EXPECT_EQ(folder_of("broker/core/ids.h"), "broker/core");
  EXPECT_EQ(folder_of("broker/ingest.h"), "broker");
  EXPECT_EQ(folder_of("consumers/agenda/board.h"), "consumers");
}

TEST(TidyRules, AHeaderThatBeginsOtherwiseIsFound) {
  EXPECT_EQ(check_header_start("adapters/a.h", "// What it is.\n#pragma once\n").size(), 0u);
  EXPECT_EQ(check_header_start("adapters/a.h", "#pragma once\n").size(), 1u);
  EXPECT_EQ(check_header_start("adapters/a.h", "// What it is.\n#include <map>\n#pragma once\n").size(), 1u);
  EXPECT_EQ(check_header_start("adapters/a.h", "// What it is.\n").size(), 1u);
  EXPECT_EQ(check_header_start("adapters/a.cc", "int x;\n").size(), 0u);
}

TEST(TidyRules, ANameThatSaysNothingIsFound) {
  EXPECT_EQ(check_names("adapters/csv_util.h", "").size(), 1u);
  EXPECT_EQ(check_names("adapters/CommonTypes.cc", "").size(), 1u);
  EXPECT_EQ(check_names("adapters/a.h", "class SessionManager {};\n").size(), 1u);
  EXPECT_EQ(check_names("adapters/a.h", "namespace utils {}\n").size(), 1u);
  EXPECT_EQ(check_names("adapters/a.h", "enum class HelperKind { kA };\n").size(), 1u);
  EXPECT_EQ(check_names("adapters/a.h", "// The class Manager of old.\nclass Commons {};\n").size(), 0u);
}

TEST(TidyRules, TheTypesOfAHeaderAreFoundWithTheirNamespace) {
  EXPECT_EQ(types_of("namespace moot {\nclass Later;\nstruct Offset {\n};\nclass Log final : public EventLog {\n"
                     "  struct Inner {\n  };\n};\nenum class Fate { kDone };\n}\n"),
            (std::vector<std::string>{"moot::Offset", "moot::Log"}))
      << "an enum of one line ends with a semicolon, and nothing is lost by that";
}

TEST(TidyRules, AMarkOfUnfinishedWorkIsFound) {
  EXPECT_EQ(check_marks("a.cc",
                        "// TO"
                        "DO: later\n")
                .size(),
            1u);
  EXPECT_EQ(check_marks("a.cc",
                        "// FIX"
                        "ME\nint x;  // XX"
                        "X\n")
                .size(),
            2u);
  EXPECT_EQ(check_marks("a.cc",
                        "TEST(Log, DISAB"
                        "LED_Reads) {}\n")
                .size(),
            1u);
  EXPECT_EQ(check_marks("a.cc", "// what is to do\n").size(), 0u);
}

TEST(TidyRules, ColumnsAreCharactersNotBytes) {
  std::string wide;
  for (int i = 0; i < 120; ++i) wide += "\xc3\xa9";
  EXPECT_EQ(check_columns("a.cc", wide + "\n").size(), 0u);
  EXPECT_EQ(check_columns("a.cc", wide + "e\n").size(), 1u);
}

std::string lines(std::size_t count, const char* line) {
  std::string text;
  for (std::size_t i = 0; i < count; ++i) text += line;
  return text;
}

TEST(TidyRules, AFunctionIsMeasuredFromItsHeadToItsBrace) {
  const std::string source =
      "namespace moot {\n\nint\nanswer(int a,\n       int b) {\n  if (a) { return b; }\n  return a;\n}\n" +
      std::string("\nclass Log {\n public:\n  int size() const { return 1; }\n};\n}\n");
  const std::vector<Length> found = function_lengths("a.cc", source);
  ASSERT_EQ(found.size(), 2u);
  EXPECT_EQ(found[0].function, "answer");
  EXPECT_EQ(found[0].line, 3u);
  EXPECT_EQ(found[0].lines, 6u);
  EXPECT_EQ(found[1].function, "size");
  EXPECT_EQ(found[1].lines, 1u);
}

TEST(TidyRules, FunctionsOfAnUnnamedNamespaceAreNamed) {
  const std::string source =
      "namespace moot {\nint outside() { return 1; }\nnamespace {\nclass Log {\n  int size() { return 1; }\n};\n"
      "int inside(int a) {\n  return a;\n}\nint inside() { return 2; }\n}  // namespace\n}  // namespace moot\n";
  EXPECT_EQ(unnamed_functions("a.cc", source), (std::vector<std::string>{"inside", "inside"}));
}

TEST(TidyRules, BracesInLiteralsCommentsAndDirectivesDoNotCount) {
  const std::string source =
      "#define OPEN {\nvoid f() {\n  // }}}\n  g(\"}\", '}', R\"x(})x\", 1'000);\n}\nvoid h() {}\n";
  const std::vector<Length> found = function_lengths("a.cc", source);
  ASSERT_EQ(found.size(), 2u);
  EXPECT_EQ(found[0].lines, 4u);
  EXPECT_EQ(found[1].function, "h");
}

TEST(TidyRules, MemberInitialisersWithBracesBelongToTheirFunction) {
  const std::string source = "Log::Log(int a)\n    : a_{a}, b_{a} {\n" + lines(80, "  use();\n") + "}\n";
  const std::vector<Length> over = over_budget("a.cc", source);
  ASSERT_EQ(over.size(), 1u);
  EXPECT_EQ(over[0].function, "Log::Log");
  EXPECT_EQ(over[0].lines, 83u);
}

TEST(TidyRules, ALongTableIsNoFunctionAndALongTestIsOne) {
  EXPECT_TRUE(over_budget("a.cc", "constexpr int kTable[] = {\n" + lines(90, "  1,\n") + "};\n").empty());
  const std::vector<Length> over = over_budget("a.cc", "TEST(Log, Reads) {\n" + lines(90, "  use();\n") + "}\n");
  ASSERT_EQ(over.size(), 1u);
  EXPECT_EQ(over[0].function, "Log.Reads");
}

TEST(TidyRules, LengthNeedsAReasonAndTheListMayOnlyShrink) {
  const std::vector<Length> over = over_budget("a.cc", lines(401, "int x;\n"));
  ASSERT_EQ(over.size(), 1u);
  EXPECT_EQ(judge_lengths(over, {}).size(), 1u);
  const AllowList allowed = parse_allow_list("allow", "# why\n\nfile a.cc | a generated table\n");
  EXPECT_EQ(judge_lengths(over, allowed).size(), 0u);
  EXPECT_EQ(judge_lengths({}, allowed).size(), 1u) << "an entry nothing needs";
  EXPECT_EQ(parse_allow_list("allow", "file a.cc\nfunction a.cc f |\n").findings.size(), 2u) << "a reason is missing";
}

TEST(TidyRules, ATestThatNoBinaryTakesInIsFound) {
  const std::vector<std::string> tested = tested_folders("test_binary(all tests/unit tests/contract)\n");
  EXPECT_EQ(tested, (std::vector<std::string>{"tests/unit", "tests/contract"}));
  EXPECT_EQ(check_registered("tests/unit/a_test.cc", tested).size(), 0u);
  EXPECT_EQ(check_registered("tests/faults/a_test.cc", tested).size(), 1u);
}

}  // namespace
}  // namespace moot::tidy
