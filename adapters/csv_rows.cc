#include "adapters/csv_rows.h"

#include <algorithm>

#include "adapters/csv_cells.h"

namespace moot {

namespace {

constexpr std::string_view kUtf8Mark = "\xef\xbb\xbf";

}  // namespace

Status CsvRows::file_mistake(Code code, std::string_view why) const {
  return Status(code, file_name_ + ": " + std::string(why));
}

// What is not CSV at all is better named than told as a header without columns.
Status CsvRows::check_kind_of_file() {
  if (source_.peek() == ByteSource::kEnd)
    return source_.failed() ? file_mistake(Code::kUnreadable, "cannot be read")
                            : file_mistake(Code::kMissing, "is empty; expected a header row");
  if (source_.starts_with("PK\x03\x04"))
    return file_mistake(Code::kUnreadable, "is a spreadsheet or a zip file; expected CSV text");
  if (source_.starts_with("\xff\xfe") || source_.starts_with("\xfe\xff"))
    return file_mistake(Code::kUnreadable, "is in UTF-16; expected " + std::string(encoding_name(form_.encoding)) +
                                               " " + std::string(form_.according_to));
  const bool marked = source_.skip_if_starts_with(kUtf8Mark);
  if (marked && form_.encoding != Encoding::kUtf8)
    return file_mistake(Code::kUnreadable,
                        "is marked as UTF-8; the mapping says " + std::string(encoding_name(form_.encoding)));
  return {};
}

Status CsvRows::read_header() {
  MOOT_RETURN_IF_ERROR(check_kind_of_file());
  const std::optional<RawRecord> record = scanner_.next();
  if (!record) return file_mistake(Code::kMissing, "has only blank lines; expected a header row");
  ++row_;
  if (record->state != RawRecord::State::kWhole)
    return file_mistake(Code::kUnreadable,
                        "has a first row that is not a header: too long, or its quotation marks do not pair up");
  const std::optional<std::string> text = to_utf8(record->bytes, form_.encoding);
  if (!text)
    return file_mistake(Code::kUnreadable,
                        "has a header that is not text in " + std::string(encoding_name(form_.encoding)));
  std::optional<CsvCells> cells = split_csv_record(*text, form_.delimiter);
  if (!cells) return file_mistake(Code::kUnreadable, "has a header whose quotation marks do not pair up");
  header_ = std::move(*cells);
  header_bytes_ = record->bytes;
  return {};
}

// The header's own cells are not repeated in sentences: in a file without a header they are somebody's data.
Result<ColumnPlaces> CsvRows::find_columns(std::span<const std::string> columns) const {
  ColumnPlaces found;
  for (const std::string& column : columns) {
    const auto place = std::find(header_.begin(), header_.end(), column);
    if (place == header_.end()) {
      found.missing += (found.missing.empty() ? "\"" : ", \"") + column + "\"";
      found.places.emplace_back();
      continue;
    }
    if (std::find(place + 1, header_.end(), column) != header_.end())
      return file_mistake(Code::kUnreadable, "has the column \"" + column + "\" twice");
    found.places.emplace_back(static_cast<std::size_t>(place - header_.begin()));
  }
  return found;
}

std::variant<CsvCells, Refusal> CsvRows::cells_of(const RawRecord& record) const {
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
  const std::optional<std::string> text = to_utf8(record.bytes, form_.encoding);
  if (!text) return refusal(Code::kUnreadable, "the row is not text in " + std::string(encoding_name(form_.encoding)));
  if (text->find('\0') != std::string::npos) return refusal(Code::kUnreadable, "the row has a zero byte in it");
  std::optional<CsvCells> cells = split_csv_record(*text, form_.delimiter);
  if (!cells) return refusal(Code::kUnreadable, "the row's quotation marks do not pair up");
  if (cells->size() != header_.size()) {
    const bool cut_off = cells->size() < header_.size() && record.ended_by_file;
    return refusal(Code::kUnreadable, "the row has " + std::to_string(cells->size()) + " cells; the header has " +
                                          std::to_string(header_.size()) +
                                          (cut_off ? ", and the file ends there: it seems cut off" : ""));
  }
  return std::move(*cells);
}

Result<std::optional<InputRecord>> CsvRows::next(const CsvRowReading& read) {
  const std::optional<RawRecord> record = scanner_.next();
  if (source_.failed())
    return file_mistake(Code::kUnreadable, "cannot be read any further than row " + std::to_string(row_));
  if (!record) return std::optional<InputRecord>();
  v1::Origin origin;
  origin.set_file(file_name_);
  origin.set_row(++row_);
  std::variant<CsvCells, Refusal> cells = cells_of(*record);
  std::variant<v1::Event, Refusal> found =
      std::holds_alternative<CsvCells>(cells) ? read(std::get<CsvCells>(cells)) : std::get<Refusal>(std::move(cells));
  if (auto* refusal = std::get_if<Refusal>(&found))
    return std::optional(refused_record(origin, std::move(*refusal), record->bytes, limits_));
  return std::optional(InputRecord{std::move(origin), std::move(std::get<v1::Event>(found))});
}

}  // namespace moot
