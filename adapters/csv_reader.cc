#include "adapters/csv_reader.h"

#include <algorithm>

#include "adapters/csv_cells.h"
#include "adapters/csv_record_scanner.h"
#include "adapters/encoding.h"
#include "adapters/mapped_row.h"

namespace moot {

namespace {

constexpr std::string_view kUtf8Mark = "\xef\xbb\xbf";

class CsvReader final : public Reader {
 public:
  CsvReader(std::unique_ptr<std::istream> stream, std::string file_name, const Mapping& mapping, const Limits& limits)
      : file_name_(std::move(file_name)),
        mapping_(mapping),
        limits_(limits),
        source_(std::move(stream)),
        scanner_(source_, mapping.delimiter, limits.csv_record_bytes_max) {}

  Status read_header();
  Result<std::optional<InputRecord>> next() override;
  std::uint64_t bytes_read() const override { return source_.bytes_read(); }

 private:
  Status file_mistake(Code code, std::string_view why) const {
    return Status(code, file_name_ + ": " + std::string(why));
  }
  Status check_kind_of_file();
  Status place_columns(const std::vector<std::string>& header);
  std::variant<v1::Event, Refusal> read_row(const RawRecord& record) const;

  const std::string file_name_;
  const Mapping& mapping_;
  const Limits limits_;
  ByteSource source_;
  CsvRecordScanner scanner_;
  std::uint64_t row_ = 0;
  std::size_t header_cells_ = 0;
  std::vector<std::size_t> positions_;  // of each of mapping_.columns in a row
};

// What is not CSV at all is better named than told as a header without columns.
Status CsvReader::check_kind_of_file() {
  if (source_.peek() == ByteSource::kEnd)
    return source_.failed() ? file_mistake(Code::kUnreadable, "cannot be read")
                            : file_mistake(Code::kMissing, "is empty; expected a header row");
  if (source_.starts_with("PK\x03\x04"))
    return file_mistake(Code::kUnreadable, "is a spreadsheet or a zip file; expected CSV text");
  if (source_.starts_with("\xff\xfe") || source_.starts_with("\xfe\xff"))
    return file_mistake(Code::kUnreadable, "is in UTF-16; expected " + std::string(encoding_name(mapping_.encoding)) +
                                               " as the mapping says");
  const bool marked = source_.skip_if_starts_with(kUtf8Mark);
  if (marked && mapping_.encoding != Encoding::kUtf8)
    return file_mistake(Code::kUnreadable,
                        "is marked as UTF-8; the mapping says " + std::string(encoding_name(mapping_.encoding)));
  return {};
}

Status CsvReader::read_header() {
  MOOT_RETURN_IF_ERROR(check_kind_of_file());
  const std::optional<RawRecord> record = scanner_.next();
  if (!record) return file_mistake(Code::kMissing, "has only blank lines; expected a header row");
  ++row_;
  if (record->state != RawRecord::State::kWhole)
    return file_mistake(Code::kUnreadable,
                        "has a first row that is not a header: too long, or its quotation marks do not pair up");
  const std::optional<std::string> text = to_utf8(record->bytes, mapping_.encoding);
  if (!text)
    return file_mistake(Code::kUnreadable,
                        "has a header that is not text in " + std::string(encoding_name(mapping_.encoding)));
  const std::optional<std::vector<std::string>> cells = split_csv_record(*text, mapping_.delimiter);
  if (!cells) return file_mistake(Code::kUnreadable, "has a header whose quotation marks do not pair up");
  return place_columns(*cells);
}

// The header's own cells are not repeated in sentences: in a file without a header they are somebody's data.
Status CsvReader::place_columns(const std::vector<std::string>& header) {
  header_cells_ = header.size();
  std::string missing;
  for (const std::string& column : mapping_.columns) {
    const auto found = std::find(header.begin(), header.end(), column);
    if (found == header.end()) {
      missing += (missing.empty() ? "\"" : ", \"") + column + "\"";
      continue;
    }
    if (std::find(found + 1, header.end(), column) != header.end())
      return file_mistake(Code::kUnreadable, "has the column \"" + column + "\" twice");
    positions_.push_back(static_cast<std::size_t>(found - header.begin()));
  }
  if (missing.empty()) return {};
  return file_mistake(Code::kMissing, "has a header without the column " + missing + ", which the mapping names");
}

std::variant<v1::Event, Refusal> CsvReader::read_row(const RawRecord& record) const {
  const auto refusal = [](Code code, std::string why) { return Refusal{"", code, std::move(why)}; };
  switch (record.state) {
    case RawRecord::State::kTooLarge:
      return refusal(Code::kTooLarge, "the row is over " + std::to_string(limits_.csv_record_bytes_max) +
                                          " bytes; perhaps a quotation mark is not closed");
    case RawRecord::State::kUnfinished:
      return refusal(Code::kUnreadable, "the file ends inside a quoted cell; it seems cut off");
    case RawRecord::State::kBadQuotes:
      return refusal(Code::kUnreadable, "a quotation mark inside a quoted cell is not written twice");
    case RawRecord::State::kWhole:
      break;
  }
  const std::optional<std::string> text = to_utf8(record.bytes, mapping_.encoding);
  if (!text)
    return refusal(Code::kUnreadable, "the row is not text in " + std::string(encoding_name(mapping_.encoding)));
  if (text->find('\0') != std::string::npos) return refusal(Code::kUnreadable, "the row has a zero byte in it");
  const std::optional<std::vector<std::string>> cells = split_csv_record(*text, mapping_.delimiter);
  if (!cells) return refusal(Code::kUnreadable, "the row's quotation marks do not pair up");
  if (cells->size() != header_cells_) {
    const bool cut_off = cells->size() < header_cells_ && record.ended_by_file;
    return refusal(Code::kUnreadable, "the row has " + std::to_string(cells->size()) + " cells; the header has " +
                                          std::to_string(header_cells_) +
                                          (cut_off ? ", and the file ends there: it seems cut off" : ""));
  }
  std::vector<std::string> named;
  named.reserve(positions_.size());
  for (const std::size_t position : positions_) named.push_back((*cells)[position]);
  return event_from_row(mapping_, named);
}

Result<std::optional<InputRecord>> CsvReader::next() {
  const std::optional<RawRecord> record = scanner_.next();
  if (source_.failed())
    return file_mistake(Code::kUnreadable, "cannot be read any further than row " + std::to_string(row_));
  if (!record) return std::optional<InputRecord>();
  v1::Origin origin;
  origin.set_file(file_name_);
  origin.set_row(++row_);
  std::variant<v1::Event, Refusal> read = read_row(*record);
  if (auto* refusal = std::get_if<Refusal>(&read))
    return std::optional(refused_record(origin, std::move(*refusal), record->bytes, limits_));
  return std::optional(InputRecord{std::move(origin), std::move(std::get<v1::Event>(read))});
}

}  // namespace

Result<std::unique_ptr<Reader>> open_csv(std::unique_ptr<std::istream> stream, const std::string& file_name,
                                         const Mapping& mapping, const Limits& limits) {
  auto reader = std::make_unique<CsvReader>(std::move(stream), file_name, mapping, limits);
  MOOT_RETURN_IF_ERROR(reader->read_header());
  return std::unique_ptr<Reader>(std::move(reader));
}

}  // namespace moot
