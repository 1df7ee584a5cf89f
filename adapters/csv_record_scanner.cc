#include "adapters/csv_record_scanner.h"

namespace moot {

namespace {

bool is_line_end(int c) { return c == '\n' || c == '\r'; }

bool is_blank(std::string_view bytes) { return bytes.find_first_not_of(" \t") == std::string_view::npos; }

}  // namespace

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

RawRecord CsvRecordScanner::read_one() {
  RawRecord record;
  Place place = Place::kCellStart;
  while (true) {
    const int c = source_.next();
    if (c == ByteSource::kEnd) {
      record.ended_by_file = true;
      break;
    }
    if (is_line_end(c) && place != Place::kQuoted) {
      if (c == '\r' && source_.peek() == '\n') source_.next();
      break;
    }
    place = after(place, static_cast<char>(c));
    if (record.bytes.size() < record_bytes_max_)
      record.bytes += static_cast<char>(c);
    else
      record.state = RawRecord::State::kTooLarge;
  }
  if (record.state == RawRecord::State::kTooLarge) return record;
  if (place == Place::kBadQuotes) record.state = RawRecord::State::kBadQuotes;
  if (place == Place::kQuoted) record.state = RawRecord::State::kUnfinished;
  return record;
}

std::optional<RawRecord> CsvRecordScanner::next() {
  while (source_.peek() != ByteSource::kEnd) {
    RawRecord record = read_one();
    const bool whole = record.state == RawRecord::State::kWhole;
    if (!whole || !is_blank(record.bytes)) return record;
  }
  return std::nullopt;
}

}  // namespace moot
