#include "adapters/csv_record_scanner.h"

#include <algorithm>

namespace moot {

namespace {

constexpr char kCtrlZ = '\x1a';
// Reading bytes twice costs time: a file made to cost more than this is refused in larger pieces.
constexpr std::uint64_t kBytesPutBackMax = 256 * 1024 * 1024;

bool is_line_end(int c) { return c == '\n' || c == '\r'; }

}  // namespace

bool CsvRecordScanner::is_blank(std::string_view bytes) const {
  const char blanks[] = {' ', '\t', kCtrlZ, delimiter_};
  return bytes.find_first_not_of(std::string_view(blanks, sizeof blanks)) == std::string_view::npos;
}

int CsvRecordScanner::take() {
  if (position_ == again_.size()) return source_.next();
  const int c = static_cast<unsigned char>(again_[position_++]);
  if (position_ == again_.size()) {
    again_.clear();
    position_ = 0;
  }
  return c;
}

void CsvRecordScanner::put_back(std::string bytes) {
  bytes.append(again_, position_);
  again_ = std::move(bytes);
  position_ = 0;
}

// Where the reading is after a byte that does not end the record. Blanks around a quoted cell are taken, as libcsv
// does.
CsvRecordScanner::Place CsvRecordScanner::after(Place place, char c) const {
  const bool delimiter = c == delimiter_;
  const bool blank = !delimiter && (c == ' ' || c == '\t');
  switch (place) {
    case Place::kCellStart:
      if (delimiter || blank) return Place::kCellStart;
      return c == '"' ? Place::kQuoted : Place::kPlain;
    case Place::kPlain:
      return delimiter ? Place::kCellStart : Place::kPlain;
    case Place::kQuoted:
      return c == '"' ? Place::kQuoteInQuoted : Place::kQuoted;
    case Place::kQuoteInQuoted:
      if (c == '"') return Place::kQuoted;
      if (delimiter) return Place::kCellStart;
      return blank ? Place::kQuoteInQuoted : Place::kBadQuotes;
    case Place::kBadQuotes:
      return Place::kBadQuotes;
  }
  return place;
}

// By the same steps as a record is read, but within one line.
bool CsvRecordScanner::is_whole_row(std::string_view line) const {
  Place place = Place::kCellStart;
  std::size_t cells = 1;
  for (const char c : line) {
    const bool outside = place != Place::kQuoted && place != Place::kBadQuotes;
    cells += outside && c == delimiter_ ? 1 : 0;
    place = after(place, c);
  }
  return cells == cells_ && place != Place::kQuoted && place != Place::kBadQuotes && !is_blank(line);
}

// Where in the record the first such line begins, after its first line; npos = nowhere.
std::size_t CsvRecordScanner::find_whole_row(std::string_view bytes, bool last_line_is_whole) const {
  constexpr std::string_view kEnds = "\r\n";
  for (std::size_t end = bytes.find_first_of(kEnds); end != std::string_view::npos;) {
    const std::size_t start = end + (bytes.substr(end).starts_with("\r\n") ? 2 : 1);
    end = bytes.find_first_of(kEnds, start);
    if (end == std::string_view::npos && !last_line_is_whole) break;
    if (is_whole_row(bytes.substr(start, end - start))) return start;
  }
  return std::string_view::npos;
}

// Leaves in the record what stands before the whole row; the rest is read again. `rest` is what was taken after the
// record's bytes.
bool CsvRecordScanner::end_before_a_whole_row(RawRecord& record, bool last_line_is_whole, std::string_view rest) {
  if (cells_ < 2 || bytes_put_back_ > kBytesPutBackMax) return false;
  const std::size_t start = find_whole_row(record.bytes, last_line_is_whole);
  if (start == std::string::npos) return false;
  bytes_put_back_ += record.bytes.size() - start;
  put_back(record.bytes.substr(start) + std::string(rest));
  record.bytes.resize(record.bytes.find_last_not_of("\r\n", start - 1) + 1);
  // These lines are no cell's after all.
  row_ += static_cast<std::uint64_t>(std::count(record.bytes.begin(), record.bytes.end(), '\n'));
  record.state = RawRecord::State::kUnclosed;
  record.ended_by_file = false;
  return true;
}

RawRecord CsvRecordScanner::read_one() {
  RawRecord record;
  record.row = ++row_;
  Place place = Place::kCellStart;
  int c = 0;
  while (true) {
    c = take();
    if (c == ByteSource::kEnd || (c == kCtrlZ && look() == ByteSource::kEnd)) break;
    if (is_line_end(c) && place != Place::kQuoted) {
      if (c == '\r' && look() == '\n') take();
      break;
    }
    const char byte = static_cast<char>(c);
    if (record.bytes.size() == record_bytes_max_ && record.state != RawRecord::State::kTooLarge) {
      if (end_before_a_whole_row(record, false, {&byte, 1})) return record;
      record.state = RawRecord::State::kTooLarge;
    }
    place = after(place, byte);
    if (record.state != RawRecord::State::kTooLarge) record.bytes += byte;
  }
  record.ended_by_file = c == ByteSource::kEnd;
  if (record.state == RawRecord::State::kTooLarge) return record;
  if (place == Place::kBadQuotes) record.state = RawRecord::State::kBadQuotes;
  if (place == Place::kQuoted) record.state = RawRecord::State::kUnfinished;
  if (record.state != RawRecord::State::kWhole) end_before_a_whole_row(record, true, is_line_end(c) ? "\n" : "");
  return record;
}

void CsvRecordScanner::skip_lines(std::size_t lines) {
  for (; lines > 0 && look() != ByteSource::kEnd; --lines, ++row_) {
    int c = take();
    while (c != ByteSource::kEnd && !is_line_end(c)) c = take();
    if (c == '\r' && look() == '\n') take();
  }
}

std::optional<RawRecord> CsvRecordScanner::next() {
  while (look() != ByteSource::kEnd) {
    RawRecord record = read_one();
    const bool whole = record.state == RawRecord::State::kWhole;
    if (!whole || !is_blank(record.bytes)) return record;
  }
  return std::nullopt;
}

}  // namespace moot
