#include "tests/tidy/source_text.h"

#include <cctype>

namespace moot::tidy {
namespace {

bool is_word(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_'; }

// Copies text, blanking parts of it.
class Blanker {
 public:
  Blanker(std::string_view text, bool literals) : text_(text), literals_(literals) {}

  std::string run() {
    while (at_ < text_.size()) step();
    return std::move(out_);
  }

 private:
  void step() {
    if (text_.substr(at_, 2) == "//") return skip_to(end_of_line(), true);
    if (text_.substr(at_, 2) == "/*") return skip_to(after("*/", at_ + 2), true);
    if (text_.substr(at_, 2) == "R\"" && (at_ == 0 || !is_word(text_[at_ - 1])))
      return skip_to(end_of_raw(), literals_);
    const bool separator = text_[at_] == '\'' && at_ > 0 && is_word(text_[at_ - 1]);  // 64'000
    if (text_[at_] == '"' && in_include()) return skip_to(end_of_line(), false);
    if (text_[at_] == '"' || (text_[at_] == '\'' && !separator)) return skip_to(end_of_quoted(), literals_);
    out_.push_back(text_[at_++]);
  }

  void skip_to(std::size_t end, bool blank) {
    for (; at_ < end; ++at_) out_.push_back(blank && text_[at_] != '\n' ? ' ' : text_[at_]);
  }
  std::size_t after(std::string_view what, std::size_t from) const {
    const std::size_t found = text_.find(what, from);
    return found == std::string_view::npos ? text_.size() : found + what.size();
  }
  std::size_t end_of_line() const {
    const std::size_t found = text_.find('\n', at_);
    return found == std::string_view::npos ? text_.size() : found;
  }
  std::size_t end_of_raw() const {
    const std::size_t open = text_.find('(', at_);
    if (open == std::string_view::npos) return text_.size();
    return after(")" + std::string(text_.substr(at_ + 2, open - at_ - 2)) + "\"", open);
  }
  std::size_t end_of_quoted() const {
    std::size_t end = at_ + 1;
    while (end < text_.size() && text_[end] != text_[at_] && text_[end] != '\n') end += text_[end] == '\\' ? 2 : 1;
    return std::min(end + 1, text_.size());
  }
  bool in_include() const {
    const std::size_t begin = text_.rfind('\n', at_) == std::string_view::npos ? 0 : text_.rfind('\n', at_) + 1;
    const std::string_view line = text_.substr(begin, at_ - begin);
    return line.find("#include") != std::string_view::npos;
  }

  std::string_view text_;
  bool literals_;
  std::size_t at_ = 0;
  std::string out_;
};

}  // namespace

std::vector<std::string> lines_of(std::string_view text) {
  std::vector<std::string> lines;
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    lines.emplace_back(text.substr(0, end));
    if (end == std::string_view::npos) break;
    text.remove_prefix(end + 1);
  }
  return lines;
}

std::string without_comments(std::string_view text) { return Blanker(text, false).run(); }

std::string without_literals(std::string_view text) { return Blanker(text, true).run(); }

std::string without_directives(std::string_view text) {
  std::string out;
  bool continued = false;
  for (const std::string& line : lines_of(text)) {
    const std::size_t first = line.find_first_not_of(" \t");
    const bool directive = continued || (first != std::string::npos && line[first] == '#');
    continued = directive && line.ends_with("\\");
    out += directive ? "" : line;
    out += "\n";
  }
  return out;
}

}  // namespace moot::tidy
