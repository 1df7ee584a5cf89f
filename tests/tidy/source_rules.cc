// g++ 12 sees uninitialised members inside std::regex when it instruments for AddressSanitizer; there are none.
#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized"
#endif

#include "tests/tidy/source_rules.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <regex>
#include <set>

#include "tests/tidy/source_text.h"

namespace moot::tidy {
namespace {

// A third-party library by the start of its headers' names. `privately` = only in .cc files.
struct Library {
  std::string_view prefix;
  bool privately = false;
};

struct Row {
  std::string_view folder;  // a path is in the row with the longest folder that it starts with
  std::vector<std::string_view> may_include;
  std::vector<Library> libraries;
};

constexpr bool kPrivately = true;

// README, "Layers". The standard library, the operating system's headers and protobuf's generated code are open to all.
const std::vector<Row>& include_table() {
  static const std::vector<Row> table = {
      {"proto", {}, {}},
      {"broker/core", {"proto"}, {{"unicode/", kPrivately}, {"sodium.h", kPrivately}, {"toml++/", kPrivately}}},
      {"broker/wire", {"broker/core", "proto"}, {{"zmq"}}},
      {"broker/log",
       {"broker/core", "proto"},
       {{"rocksdb/"},
        {"sodium.h", kPrivately},
        {"xxhash.h", kPrivately},
        {"openssl/", kPrivately},
        {"boost/unordered/"}}},
      {"broker/access", {"broker/core", "proto"}, {{"sodium.h", kPrivately}}},
      {"broker/http", {"broker/core", "proto"}, {{"boost/asio"}, {"boost/beast"}, {"openssl/"}}},
      {"broker/client", {"broker/wire", "broker/core", "proto"}, {{"zmq"}}},
      {"broker",
       {"broker/core", "broker/wire", "broker/log", "broker/access", "broker/http", "proto"},
       {{"zmq"}, {"prometheus/"}}},
      {"adapters",
       {"broker/client", "broker/wire", "broker/http", "broker/core", "proto"},
       {{"boost/json"},
        {"csv.h"},
        {"pugixml.hpp", kPrivately},
        {"expat.h", kPrivately},
        {"zip.h", kPrivately},
        {"curl/", kPrivately}}},
      {"consumers",
       {"broker/client", "broker/wire", "broker/http", "broker/core", "proto"},
       {{"boost/json"},
        {"boost/unordered/"},
        {"boost/container/"},
        {"unicode/"},
        {"kainjow/mustache.hpp"},
        {"pugixml.hpp", kPrivately},
        {"zip.h", kPrivately},
        {"curl/", kPrivately}}},
      {"deploy",
       {"broker/client", "broker/wire", "broker/log", "broker/access", "broker/http", "broker/core", "broker",
        "adapters", "consumers", "proto"},
       {{"boost/json"}, {"CLI/"}, {"zmq"}}},
      {"tests",
       {"broker/client", "broker/wire", "broker/log", "broker/access", "broker/http", "broker/core", "broker",
        "adapters", "consumers", "deploy", "proto"},
       {{"gtest/"},
        {"boost/json"},
        {"pugixml.hpp"},
        {"zip.h"},
        {"zmq"},
        {"rocksdb/"},
        {"sodium.h"},
        {"unicode/"},
        {"toml++/"},
        {"csv.h"}}},
  };
  return table;
}

const Row* row_of(std::string_view path) {
  const Row* best = nullptr;
  for (const Row& row : include_table())
    if (path.starts_with(std::string(row.folder) + "/") && (best == nullptr || row.folder.size() > best->folder.size()))
      best = &row;
  return best;
}

// <vector> and <cstdint> have no dot; of those with one, these are the operating system's.
bool is_standard_or_system(std::string_view header) {
  static constexpr std::array<std::string_view, 21> kSystem = {
      "unistd.h", "dlfcn.h",  "fcntl.h", "signal.h",  "poll.h",           "errno.h",   "dirent.h",
      "glob.h",   "pwd.h",    "spawn.h", "stdlib.h",  "strings.h",        "time.h",    "termios.h",
      "sys/",     "netinet/", "arpa/",   "fnmatch.h", "google/protobuf/", "pthread.h", "malloc.h"};
  if (header.find('.') == std::string_view::npos && header.find('/') == std::string_view::npos) return true;
  return std::any_of(kSystem.begin(), kSystem.end(), [&](std::string_view s) { return header.starts_with(s); });
}

bool is_header(std::string_view path) { return path.ends_with(".h"); }

std::string library_fault(const Row& row, std::string_view path, std::string_view header) {
  if (is_standard_or_system(header)) return {};
  for (const Library& library : row.libraries) {
    if (!header.starts_with(library.prefix)) continue;
    if (!library.privately || !is_header(path)) return {};
    return "<" + std::string(header) + "> is private to " + std::string(row.folder) + ": include it in .cc files only";
  }
  return std::string(row.folder) + " may not include <" + std::string(header) + ">";
}

std::string own_fault(const Row& row, std::string_view header) {
  const Row* target = row_of(header);
  if (target == nullptr) return "\"" + std::string(header) + "\" is not written from the root, or in no known folder";
  if (target == &row) return {};
  for (const std::string_view allowed : row.may_include)
    if (allowed == target->folder) return {};
  return std::string(row.folder) + " may not include " + std::string(target->folder) + " (\"" + std::string(header) +
         "\")";
}

// "HttpServerManager" as {"http", "server", "manager"}; also splits at - _ and digits.
std::vector<std::string> words_of(std::string_view name) {
  std::vector<std::string> words(1);
  for (std::size_t i = 0; i < name.size(); ++i) {
    const auto c = static_cast<unsigned char>(name[i]);
    const bool starts = std::isupper(c) != 0 && i > 0 && std::isupper(static_cast<unsigned char>(name[i - 1])) == 0;
    if (std::isalpha(c) == 0 || starts) words.emplace_back();
    if (std::isalpha(c) != 0) words.back().push_back(static_cast<char>(std::tolower(c)));
  }
  return words;
}

std::string banned_word(std::string_view name) {
  static const std::set<std::string, std::less<>> kBanned = {"util",    "utils",   "utility",  "utilities", "helper",
                                                             "helpers", "manager", "managers", "common",    "misc"};
  for (const std::string& word : words_of(name))
    if (kBanned.contains(word)) return word;
  return {};
}

}  // namespace

std::string folder_of(std::string_view path) {
  const Row* row = row_of(path);
  return row == nullptr ? "" : std::string(row->folder);
}

Findings check_folder(std::string_view path) {
  if (row_of(path) != nullptr) return {};
  return {{std::string(path), 0, "is in no folder of the include table"}};
}

Findings check_includes(std::string_view path, std::string_view text) {
  Findings findings;
  const Row* row = row_of(path);
  if (row == nullptr) return check_folder(path);
  static const std::regex kInclude(R"(^\s*#\s*include\s*([<"])([^>"]+)[>"].*)");
  std::size_t number = 0;
  for (const std::string& line : lines_of(without_comments(text))) {
    ++number;
    std::smatch match;
    if (!std::regex_match(line, match, kInclude)) continue;
    const std::string header = match[2];
    const std::string fault = match[1] == "<" ? library_fault(*row, path, header) : own_fault(*row, header);
    if (!fault.empty()) findings.push_back({std::string(path), number, fault});
  }
  return findings;
}

Findings check_header_start(std::string_view path, std::string_view text) {
  Findings findings;
  if (!is_header(path)) return findings;
  if (!text.starts_with("//") && !text.starts_with("/*"))
    findings.push_back({std::string(path), 1, "does not begin with a comment that says what it is"});
  std::size_t number = 0;
  for (const std::string& line : lines_of(without_comments(text))) {
    ++number;
    if (line.find_first_not_of(" \t") == std::string::npos) continue;
    if (line != "#pragma once") findings.push_back({std::string(path), number, "has something before #pragma once"});
    return findings;
  }
  findings.push_back({std::string(path), 0, "has no #pragma once"});
  return findings;
}

Findings check_names(std::string_view path, std::string_view text) {
  Findings findings;
  const std::string file_name(path.substr(path.rfind('/') + 1));
  if (const std::string word = banned_word(file_name); !word.empty())
    findings.push_back({std::string(path), 0, "is called \"" + word + "\", which says nothing"});
  static const std::regex kType(
      R"(\b(?:class|struct|union|enum\s+class|enum|concept|using|namespace)\s+([A-Za-z_]\w*))");
  std::size_t number = 0;
  for (const std::string& line : lines_of(without_literals(text))) {
    ++number;
    for (std::sregex_iterator it(line.begin(), line.end(), kType), end; it != end; ++it)
      if (const std::string word = banned_word((*it)[1].str()); !word.empty())
        findings.push_back({std::string(path), number, "a type is called \"" + (*it)[1].str() + "\""});
  }
  return findings;
}

std::vector<std::string> types_of(std::string_view header) {
  static const std::regex kNamespace("^namespace ([a-z0-9_:]+) \\{");
  static const std::regex kType("^(?:class|struct|enum class) (?:alignas\\(\\d+\\) )?(\\w+)[^;]*$");
  std::vector<std::string> types;
  std::string within;
  for (const std::string& line : lines_of(header)) {
    std::smatch match;
    if (std::regex_search(line, match, kNamespace)) within = match[1].str() + "::";
    if (std::regex_search(line, match, kType)) types.push_back(within + match[1].str());
  }
  return types;
}

Findings check_marks(std::string_view path, std::string_view text) {
  // Written in two halves, so that this file does not find itself.
  static const std::regex kMark(
      "\\b(?:TO"
      "DO|FIX"
      "ME|XX"
      "X)\\b|\\bDISAB"
      "LED_\\w");
  Findings findings;
  std::size_t number = 0;
  for (const std::string& line : lines_of(text)) {
    ++number;
    std::smatch match;
    if (std::regex_search(line, match, kMark))
      findings.push_back({std::string(path), number, "leaves \"" + match.str() + "\" behind"});
  }
  return findings;
}

Findings check_columns(std::string_view path, std::string_view text) {
  Findings findings;
  std::size_t number = 0;
  for (const std::string& line : lines_of(text)) {
    ++number;
    const auto columns = std::count_if(line.begin(), line.end(), [](char c) { return (c & 0xc0) != 0x80; });
    if (static_cast<std::size_t>(columns) > kColumnsMax)
      findings.push_back({std::string(path), number, "is " + std::to_string(columns) + " columns wide"});
  }
  return findings;
}

std::vector<Length> over_budget(std::string_view path, std::string_view text) {
  std::vector<Length> over;
  const std::size_t lines = lines_of(text).size();
  if (lines > kFileLinesMax) over.push_back({std::string(path), "", 0, lines});
  for (Length& length : function_lengths(path, text))
    if (length.lines > kFunctionLinesMax) over.push_back(std::move(length));
  return over;
}

AllowList parse_allow_list(std::string_view path, std::string_view text) {
  static const std::regex kEntry(R"((?:file (\S+)|function (\S+) (\S+)) \| \S.*)");
  AllowList list;
  std::size_t number = 0;
  for (const std::string& line : lines_of(text)) {
    ++number;
    if (line.empty() || line.starts_with("#")) continue;
    std::smatch match;
    if (!std::regex_match(line, match, kEntry))
      list.findings.push_back(
          {std::string(path), number, "is not \"file PATH | reason\" or \"function PATH NAME | reason\""});
    else
      list.entries.push_back({match[1].matched ? match[1] : match[2], match[3], number});
  }
  return list;
}

Findings judge_lengths(const std::vector<Length>& over, const AllowList& allowed) {
  Findings findings = allowed.findings;
  for (const Length& length : over) {
    const bool known = std::any_of(allowed.entries.begin(), allowed.entries.end(), [&](const Allowed& entry) {
      return entry.path == length.path && entry.function == length.function;
    });
    if (known) continue;
    const std::string what = length.function.empty() ? "the file" : length.function;
    findings.push_back({length.path, length.line,
                        what + " has " + std::to_string(length.lines) +
                            " lines; shorten it, or give the reason in "
                            "tests/tidy_allow.txt"});
  }
  for (const Allowed& entry : allowed.entries) {
    const bool needed = std::any_of(over.begin(), over.end(), [&](const Length& length) {
      return entry.path == length.path && entry.function == length.function;
    });
    if (!needed)
      findings.push_back({"tests/tidy_allow.txt", entry.line,
                          entry.path + " " + entry.function + " is within its budget: take the entry out"});
  }
  return findings;
}

std::vector<std::string> tested_folders(std::string_view build_file) {
  static const std::regex kBinary(R"(^test_binary\(\s*\w+\s+([^)]*)\))");
  std::vector<std::string> folders;
  for (const std::string& line : lines_of(build_file)) {
    std::smatch match;
    if (!std::regex_search(line, match, kBinary)) continue;
    const std::string list = match[1];
    static const std::regex kWord(R"(\S+)");
    for (std::sregex_iterator it(list.begin(), list.end(), kWord), end; it != end; ++it) folders.push_back(it->str());
  }
  return folders;
}

Findings check_registered(std::string_view path, const std::vector<std::string>& tested) {
  if (!path.ends_with("_test.cc")) return {};
  const std::string folder(path.substr(0, path.rfind('/')));
  if (std::find(tested.begin(), tested.end(), folder) != tested.end()) return {};
  return {{std::string(path), 0, "is a test that no test_binary of CMakeLists.txt takes in"}};
}

}  // namespace moot::tidy
