// Finds where each record of a CSV file ends, before anything is parsed, so that a record over its limit is never held
// whole and a broken one does not take the next with it. RFC 4180; a record ends at LF, CRLF or CR outside quotation
// marks. Thread: one, the caller's. Borrows the source.
#pragma once

#include <cstddef>
#include <optional>
#include <string>

#include "adapters/byte_source.h"

namespace moot {

struct RawRecord {
  enum class State {
    kWhole,
    kTooLarge,    // `bytes` has its first bytes only, up to the limit
    kBadQuotes,   // a quotation mark inside a quoted cell is not doubled; the record is taken to end with its line
    kUnfinished,  // the file ends inside a quoted cell
  };
  std::string bytes;  // as they stood, without the line end
  State state = State::kWhole;
  bool ended_by_file = false;  // no line end after it
};

class CsvRecordScanner {
 public:
  CsvRecordScanner(ByteSource& source, char delimiter, std::size_t record_bytes_max)
      : source_(source), delimiter_(delimiter), record_bytes_max_(record_bytes_max) {}

  // The next record that is not a blank line; nothing at the end.
  std::optional<RawRecord> next();

 private:
  enum class Place { kCellStart, kPlain, kQuoted, kQuoteInQuoted, kBadQuotes };
  Place after(Place place, char c) const;
  RawRecord read_one();

  ByteSource& source_;
  const char delimiter_;
  const std::size_t record_bytes_max_;
};

}  // namespace moot
