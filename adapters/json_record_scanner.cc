#include "adapters/json_record_scanner.h"

#include "adapters/encoding.h"

namespace moot {

namespace {

bool is_blank(int c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }

bool is_blank(std::string_view bytes) { return bytes.find_first_not_of(" \t\r\n") == std::string_view::npos; }

}  // namespace

void JsonRecordScanner::find_form() {
  source_.skip_if_starts_with(kUtf8Mark);
  while (is_blank(source_.peek())) row_ += source_.next() == '\n' ? 1 : 0;
  form_ = source_.peek() == '[' ? Form::kList : Form::kLines;
  const std::string_view first = source_.at_hand().substr(0, source_.at_hand().find('\n'));
  if (first.starts_with('{') && is_blank(first.substr(1)) && first.size() < source_.at_hand().size())
    form_ = Form::kObjects;
  if (form_ != Form::kList) return;
  source_.next();
  row_ = 0;
}

void JsonRecordScanner::add(char c, RawJson& record) const {
  if (record.bytes.size() < record_bytes_max_)
    record.bytes += c;
  else
    record.too_large = true;
}

// The rest of the line, and what ends it, which is not part of it.
void JsonRecordScanner::add_line(RawJson& record) {
  for (std::string_view bytes = source_.at_hand(); !bytes.empty(); bytes = source_.at_hand()) {
    const std::size_t end = bytes.find('\n');
    const std::string_view piece = bytes.substr(0, end);
    const std::size_t room = record_bytes_max_ - record.bytes.size();
    record.bytes += piece.substr(0, room);
    record.too_large = record.too_large || piece.size() > room;
    source_.pass(piece.size() + (end == std::string_view::npos ? 0 : 1));
    if (end != std::string_view::npos) return;
  }
}

std::optional<RawJson> JsonRecordScanner::next_line() {
  while (source_.peek() != ByteSource::kEnd) {
    RawJson record;
    record.row = ++row_;
    add_line(record);
    if (record.bytes.ends_with('\r')) record.bytes.pop_back();
    if (record.too_large || !is_blank(record.bytes)) return record;
  }
  return std::nullopt;
}

std::optional<RawJson> JsonRecordScanner::next_element() {
  RawJson record;
  record.row = ++row_;
  int depth = 0;
  bool in_text = false;
  bool escaped = false;
  while (true) {
    const int c = source_.next();
    const bool outside = depth == 0 && !in_text;
    if (c == ByteSource::kEnd || (outside && c == ']')) {
      form_ = Form::kEnded;
      record.unfinished = c == ByteSource::kEnd;
      if (is_blank(record.bytes) && !record.unfinished) return std::nullopt;
      return record;
    }
    if (outside && c == ',') return record;
    if (in_text) {
      in_text = escaped || c != '"';
      escaped = !escaped && c == '\\';
    } else {
      in_text = c == '"';
      depth += c == '{' || c == '[' ? 1 : c == '}' || c == ']' ? -1 : 0;
      if (depth < 0) depth = 0;
    }
    if (!record.bytes.empty() || !is_blank(c)) add(static_cast<char>(c), record);
  }
}

// From its first character that is not blank to the brace that closes it.
std::optional<RawJson> JsonRecordScanner::next_object() {
  RawJson record;
  int depth = 0;
  bool in_text = false, escaped = false;
  for (int c = source_.next(); c != ByteSource::kEnd; c = source_.next()) {
    row_ += c == '\n' ? 1 : 0;
    if (record.bytes.empty() && is_blank(c)) continue;
    if (record.bytes.empty()) record.row = row_ + 1;
    add(static_cast<char>(c), record);
    if (in_text) {
      in_text = escaped || c != '"';
      escaped = !escaped && c == '\\';
      continue;
    }
    in_text = c == '"';
    depth += c == '{' ? 1 : c == '}' ? -1 : 0;
    if (depth <= 0 && !in_text) return record;
  }
  form_ = Form::kEnded;
  if (record.bytes.empty()) return std::nullopt;
  record.unfinished = true;
  return record;
}

std::optional<RawJson> JsonRecordScanner::next() {
  if (form_ == Form::kUnknown) find_form();
  if (form_ == Form::kList) {
    if (std::optional<RawJson> element = next_element()) return element;
  }
  if (form_ == Form::kObjects) return next_object();
  // After a list there should be nothing; what there is, is read as lines and so refused, not lost.
  return next_line();
}

}  // namespace moot
