// Finding functions by their braces: see source_rules.h.
// g++ 12 sees uninitialised members inside std::regex when it instruments for AddressSanitizer; there are none.
#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized"
#endif

#include <algorithm>
#include <regex>

#include "tests/tidy/source_rules.h"
#include "tests/tidy/source_text.h"

namespace moot::tidy {
namespace {

enum class Scope { kOuter, kFunction, kOther };  // kOuter: a namespace or a type, where functions are defined

std::string trimmed(std::string_view text) {
  const std::size_t first = text.find_first_not_of(" \t\n");
  if (first == std::string_view::npos) return {};
  return std::string(text.substr(first, text.find_last_not_of(" \t\n") - first + 1));
}

// What a `{` opens in a namespace or a type, told by what stands before it.
Scope scope_of(const std::string& head) {
  static const std::regex kOuter(R"(^(?:inline\s+)?namespace\b.*|^extern\s*$)");
  static const std::regex kType(R"(^(?:template\s*<[^{]*>\s*)?(?:typedef\s+)?(?:class|struct|union|enum)\b[^()]*$)");
  if (std::regex_match(head, kOuter)) return Scope::kOuter;
  std::string flat = head;
  std::replace(flat.begin(), flat.end(), '\n', ' ');
  if (std::regex_match(flat, kType)) return Scope::kOuter;
  if (flat.ends_with("=")) return Scope::kOther;
  // "Name(…) : member_{…} {": the initialiser's brace leaves an empty head, or one that starts with a comma.
  if (flat.empty() || flat.starts_with(",") || flat.find('(') != std::string::npos) return Scope::kFunction;
  return Scope::kOther;
}

// "Result<Date> Zone::local(Instant i) const" -> "Zone::local"; "TEST(Suite, Name)" -> "Suite.Name".
std::string function_name(const std::string& head) {
  static const std::regex kTest(R"(^TEST(?:_F|_P)?\(\s*(\w+)\s*,\s*(\w+)\s*\))");
  std::smatch match;
  if (std::regex_search(head, match, kTest)) return match[1].str() + "." + match[2].str();
  static const std::regex kName(R"(([A-Za-z_~][\w:~]*|operator[^\s(]*)\s*\()");
  return std::regex_search(head, match, kName) ? match[1].str() : "(unnamed)";
}

struct Open {
  Scope scope;
  std::string name;
  std::size_t first_line;
};

class FunctionFinder {
 public:
  FunctionFinder(std::string_view path, std::string_view text)
      : path_(path), text_(without_directives(without_literals(text))) {}

  std::vector<Length> run() {
    for (; at_ < text_.size(); ++at_) {
      const char c = text_[at_];
      if (c == '{') open();
      if (c == '}') close();
      if (c == ';' || c == '{' || c == '}' || (c == ':' && after_access())) begin_head();
      if (c == '\n') ++line_;
    }
    return std::move(found_);
  }

 private:
  bool in_outer() const { return open_.empty() || open_.back().scope == Scope::kOuter; }

  // At the colon of "public:" and its like.
  bool after_access() const {
    const std::string_view before = std::string_view(text_).substr(0, at_);
    return before.ends_with("public") || before.ends_with("private") || before.ends_with("protected");
  }

  void begin_head() {
    head_ = at_ + 1;
    head_line_ = line_;
  }

  void open() {
    const std::string_view raw = std::string_view(text_).substr(head_, at_ - head_);
    const std::string head = trimmed(raw);
    const std::size_t begin = raw.find_first_not_of(" \t\n");
    const auto blank = raw.substr(0, begin == std::string_view::npos ? raw.size() : begin);
    std::size_t first = head_line_ + static_cast<std::size_t>(std::count(blank.begin(), blank.end(), '\n'));
    const Scope scope = in_outer() ? scope_of(head) : Scope::kOther;
    std::string name = scope == Scope::kFunction ? function_name(head) : "";
    // The body after braced member initialisers continues what they began.
    const bool continues = head.empty() || head.starts_with(",");
    if (scope == Scope::kFunction && continues && !pending_.name.empty()) {
      name = pending_.name;
      first = pending_.first_line;
    }
    open_.push_back({scope, name, first});
  }

  void close() {
    if (open_.empty()) return;
    const Open last = open_.back();
    open_.pop_back();
    if (last.scope != Scope::kFunction) return;
    pending_ = last;
    const Length length{path_, last.name, last.first_line, line_ - last.first_line + 1};
    const bool same = !found_.empty() && found_.back().function == length.function && found_.back().line == length.line;
    if (same)
      found_.back() = length;
    else
      found_.push_back(length);
  }

  std::string path_;
  std::string text_;
  std::size_t at_ = 0;
  std::size_t line_ = 1;
  std::size_t head_ = 0;
  std::size_t head_line_ = 1;
  std::vector<Open> open_;
  Open pending_{Scope::kOther, "", 0};
  std::vector<Length> found_;
};

}  // namespace

std::vector<Length> function_lengths(std::string_view path, std::string_view text) {
  return FunctionFinder(path, text).run();
}

std::vector<std::string> unnamed_functions(std::string_view path, std::string_view text) {
  const std::vector<std::string> lines = lines_of(text);
  std::vector<bool> unnamed;  // by line
  for (bool inside = false; const std::string& line : lines) {
    if (line == "namespace {") inside = true;
    if (line == "}  // namespace") inside = false;
    unnamed.push_back(inside);
  }
  std::vector<std::string> names;
  for (const Length& function : function_lengths(path, text)) {
    const std::string& line = lines[function.line - 1];
    const bool of_a_type = line.starts_with(' ');
    if (unnamed[function.line - 1] && !of_a_type && !line.starts_with("TEST") && !line.starts_with("INSTANTIATE_TEST"))
      names.push_back(function.function);
  }
  return names;
}

}  // namespace moot::tidy
