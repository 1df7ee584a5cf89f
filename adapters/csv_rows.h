// The rows of a CSV file, cut into cells: what every format that comes as CSV shares. RFC 4180 as exports write it:
// CRLF or LF, line ends inside quoted cells, a byte order mark, another delimiter, windows-1252, lines above the
// header, a footer. Blank lines and rows of empty cells are skipped; rows are numbered as a spreadsheet program shows
// them. Memory: one record, at most limits.csv_record_bytes_max, whatever the file (adapters/csv_record_scanner.h).
// Errors: what is wrong with one row stands in its place; what is wrong with the file (not CSV, another encoding, no
// header, a disk that fails) is a Status. Neither ever has a cell's value. Thread: one, the caller's. Owns the stream.
#pragma once

#include <functional>
#include <istream>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "adapters/byte_source.h"
#include "adapters/csv_record_scanner.h"
#include "adapters/encoding.h"
#include "adapters/record.h"
#include "broker/core/limits.h"
#include "broker/core/status.h"

namespace moot {

struct CsvForm {
  Encoding encoding = Encoding::kUtf8;
  char delimiter = ',';
  std::string_view according_to;          // "as the mapping says": ends the sentence about another encoding
  std::size_t skip_lines = 0;             // above the header
  std::vector<std::string> footers = {};  // a row that begins so is no record
  bool ends_with_line_end = false;        // the last row has one, or the file was cut off
  bool ragged = false;                    // empty cells may be missing at a row's end, or be there beyond the header
};

using CsvCells = std::vector<std::string>;  // in UTF-8, as many as the header has
using CsvRowReading = std::function<std::variant<v1::Event, Refusal>(const CsvCells&)>;

// Where the columns looked for stand in the header.
struct ColumnPlaces {
  std::vector<std::optional<std::size_t>> places;  // in the order asked for
  std::vector<std::string> missing;                // the names of those that are not there
};

class CsvRows {
 public:
  // `file_name` is what origins and sentences call the file.
  CsvRows(std::unique_ptr<std::istream> stream, std::string file_name, const CsvForm& form, const Limits& limits)
      : file_name_(std::move(file_name)),
        form_(form),
        limits_(limits),
        source_(std::move(stream)),
        scanner_(source_, form.delimiter, limits.csv_record_bytes_max) {}

  // First, once.
  Status read_header();
  const CsvCells& header() const { return header_; }
  std::string_view header_bytes() const { return header_bytes_; }  // as they stand in the file
  // kUnreadable when the header has one of the columns twice.
  Result<ColumnPlaces> find_columns(std::span<const std::string> columns) const;
  // When columns are missing: where they would be found, as the rest of a sentence; empty when nowhere. Reads on in the
  // file, which is to be refused then.
  std::string where_columns_are(std::span<const std::string> columns);
  // Where the record's own key stands, so that the refusal of a row that cannot be read has it all the same.
  void set_key_place(std::size_t place) { key_place_ = place; }

  // The next row as `read` reads its cells, or refused before that; nothing at the end.
  Result<std::optional<InputRecord>> next(const CsvRowReading& read);
  std::uint64_t bytes_read() const { return source_.bytes_read(); }
  std::uint64_t footer_rows() const { return footer_rows_; }
  // In how many rows so far each column of the header has anything.
  const std::vector<std::uint64_t>& filled() const { return filled_; }

  // A Status about the file as a whole.
  Status file_mistake(Code code, std::string_view why) const;

 private:
  Status check_kind_of_file();
  void fit_to_header(CsvCells& cells) const;
  std::variant<CsvCells, Refusal> cells_of(const RawRecord& record) const;
  std::optional<Refusal> refusal_by_state(const RawRecord& record) const;
  std::optional<Refusal> refusal_by_end(const RawRecord& record, const CsvCells& cells) const;
  Refusal refusal_of_encoding(const RawRecord& record) const;
  bool is_footer(const RawRecord& record) const;
  bool count_filled(const CsvCells& cells);
  std::string key_in(const RawRecord& record) const;

  const std::string file_name_;
  const CsvForm form_;
  const Limits limits_;
  ByteSource source_;
  CsvRecordScanner scanner_;
  std::uint64_t row_ = 0;  // the last one read
  CsvCells header_;
  std::string header_bytes_;
  std::vector<std::uint64_t> filled_;
  std::uint64_t footer_rows_ = 0;
  std::optional<std::size_t> key_place_;
};

}  // namespace moot
