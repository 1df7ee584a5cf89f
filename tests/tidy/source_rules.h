// The rules of the source tree: what may include what, how long things may be, how they may be called.
//
// Each rule is a pure function from a path (relative to the root) and a text to findings, so that the rules are
// themselves tested on planted violations. A scan, not a compiler: it knows comments, literals, preprocessor lines and
// braces.
// Thread: pure functions.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace moot::tidy {

inline constexpr std::size_t kFileLinesMax = 400;
inline constexpr std::size_t kFunctionLinesMax = 70;
inline constexpr std::size_t kColumnsMax = 120;

struct Finding {
  std::string path;
  std::size_t line = 0;  // from 1; 0 = the file as a whole
  std::string what;
};
using Findings = std::vector<Finding>;

// The folder of the include table that a path belongs to: "broker/core", "consumers", …; empty when it is in none.
std::string folder_of(std::string_view path);
Findings check_folder(std::string_view path);
// Every #include against the table.
Findings check_includes(std::string_view path, std::string_view text);
// A header begins with a comment, and its first directive is `#pragma once`.
Findings check_header_start(std::string_view path, std::string_view text);
// File names and the names of types; a type is called by what it is.
Findings check_names(std::string_view path, std::string_view text);
// The types that a header defines, with their namespace. Two of one name in a program are taken for the same by the
// linker, whatever each of them is.
std::vector<std::string> types_of(std::string_view header);
// Unfinished work and switched-off tests.
Findings check_marks(std::string_view path, std::string_view text);
Findings check_columns(std::string_view path, std::string_view text);

// Something over its budget: the file ("" as function), or a function by name.
struct Length {
  std::string path;
  std::string function;
  std::size_t line = 0;
  std::size_t lines = 0;
};
// Every function with a body, in order. A lambda belongs to the function it stands in.
std::vector<Length> function_lengths(std::string_view path, std::string_view text);
// Those of them that stand in an unnamed namespace, by name; of overloads each.
std::vector<std::string> unnamed_functions(std::string_view path, std::string_view text);
std::vector<Length> over_budget(std::string_view path, std::string_view text);

// tests/tidy_allow.txt: "file PATH | reason" or "function PATH NAME | reason" a line, "#" for comments.
struct Allowed {
  std::string path;
  std::string function;
  std::size_t line = 0;
};
struct AllowList {
  std::vector<Allowed> entries;
  Findings findings;  // lines that are not of that form
};
AllowList parse_allow_list(std::string_view path, std::string_view text);
// What is over budget without an entry, and the entries that nothing needs any more.
Findings judge_lengths(const std::vector<Length>& over, const AllowList& allowed);

// The folders that test_binary(...) of the build file takes its sources from.
std::vector<std::string> tested_folders(std::string_view build_file);
Findings check_registered(std::string_view path, const std::vector<std::string>& tested);

}  // namespace moot::tidy
