// Finds where each record of a CSV file ends, before anything is parsed, so that a record over its limit is never held
// whole and a broken one does not take the next with it. RFC 4180; a record ends at LF, CRLF or CR outside quotation
// marks. A Ctrl-Z at the end of the file is no part of it: programs of the past mark the end so.
//
// Rows are numbered from 1 as a spreadsheet program shows them: a blank line and a line above the header have a number
// too, and a cell with line ends in it is in one row.
//
// A quotation mark that is opened and not closed would take the rows after it into its cell. So a record with broken
// quotation marks ends before the first of its lines that is a whole row by itself, with as many cells as the header.
//
// Memory: some three times the record's limit. Thread: one, the caller's. Borrows the source.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "adapters/byte_source.h"

namespace moot {

struct RawRecord {
  enum class State {
    kWhole,
    kTooLarge,    // `bytes` has its first bytes only, up to the limit
    kBadQuotes,   // a quotation mark inside a quoted cell is not doubled; the record is taken to end with its line
    kUnclosed,    // a quotation mark is opened and not closed; the record is taken to end before a whole row
    kUnfinished,  // the file ends inside a quoted cell
  };
  std::string bytes;  // as they stood, without the line end
  State state = State::kWhole;
  std::uint64_t row = 0;
  bool ended_by_file = false;  // no line end after it, and no Ctrl-Z
};

class CsvRecordScanner {
 public:
  CsvRecordScanner(ByteSource& source, char delimiter, std::size_t record_bytes_max)
      : source_(source), delimiter_(delimiter), record_bytes_max_(record_bytes_max) {}

  // Passes over so many lines; fewer when there are no more.
  void skip_lines(std::size_t lines);
  // How many cells the header has; until then nothing is a whole row.
  void expect_cells(std::size_t cells) { cells_ = cells; }

  // The next record that has anything in it but blanks and delimiters; nothing at the end.
  std::optional<RawRecord> next();

 private:
  enum class Place { kCellStart, kPlain, kQuoted, kQuoteInQuoted, kBadQuotes };
  Place after(Place place, char c) const;
  RawRecord read_one();
  bool end_before_a_whole_row(RawRecord& record, bool last_line_is_whole, std::string_view rest);
  std::size_t find_whole_row(std::string_view bytes, bool last_line_is_whole) const;
  bool is_whole_row(std::string_view line) const;
  bool is_blank(std::string_view bytes) const;

  int take();
  int look() { return position_ < again_.size() ? static_cast<unsigned char>(again_[position_]) : source_.peek(); }
  void put_back(std::string bytes);

  ByteSource& source_;
  const char delimiter_;
  const std::size_t record_bytes_max_;
  std::size_t cells_ = 0;
  std::uint64_t row_ = 0;
  std::string again_;  // bytes put back, from position_ on
  std::size_t position_ = 0;
  std::uint64_t bytes_put_back_ = 0;
};

}  // namespace moot
