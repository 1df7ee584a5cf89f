#include "adapters/csv_rows.h"

#include <algorithm>
#include <array>

#include "adapters/csv_cells.h"
#include "adapters/encoding.h"
#include "adapters/file_kind.h"

namespace moot {

namespace {

constexpr std::string_view kCutOff = "the file seems to end in the middle of this row: ";

std::string count_of(std::size_t cells) { return std::to_string(cells) + (cells == 1 ? " cell" : " cells"); }

bool has_columns(const std::optional<CsvCells>& cells, std::span<const std::string> columns) {
  return cells && std::all_of(columns.begin(), columns.end(), [&](const std::string& column) {
           return std::find(cells->begin(), cells->end(), column) != cells->end();
         });
}

CsvCells folded(CsvCells cells) {
  for (std::string& cell : cells)
    for (char& c : cell) c = static_cast<char>(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
  return cells;
}

std::string delimiter_name(char delimiter) { return delimiter == '\t' ? "tabs" : std::string("\"") + delimiter + "\""; }

constexpr std::array<char, 4> kUsualDelimiters = {',', ';', '\t', '|'};

// Of a row that makes no sense: the one by which it does, as the rest of a sentence; empty when there is none.
std::string other_delimiter(std::string_view bytes, char delimiter) {
  for (const char other : kUsualDelimiters) {
    const auto cells = other == delimiter ? std::nullopt : split_csv_record(bytes, other);
    if (cells && cells->size() > 1)
      return "; they do when its cells are separated by " + delimiter_name(other) + ", where the mapping says " +
             delimiter_name(delimiter);
  }
  return "";
}

// A character of several bytes that the end of the text breaks off.
bool ends_inside_character(std::string_view bytes) {
  for (std::size_t cut = 1; cut <= 3 && cut < bytes.size(); ++cut)
    if (static_cast<unsigned char>(bytes[bytes.size() - cut]) >= 0xc2)
      return is_utf8(bytes.substr(0, bytes.size() - cut));
  return false;
}

}  // namespace

Status CsvRows::file_mistake(Code code, std::string_view why) const {
  return Status(code, file_name_ + ": " + std::string(why));
}

// What is not CSV at all is better named than told as a header without columns.
Status CsvRows::check_kind_of_file() {
  if (source_.peek() == ByteSource::kEnd)
    return source_.failed() ? file_mistake(Code::kUnreadable, "cannot be read" + source_.why_failed())
                            : file_mistake(Code::kMissing, "is empty; expected a header row");
  if (const std::optional<std::string_view> what = what_is_not_text(source_.at_hand()))
    return file_mistake(Code::kUnreadable, *what);
  const bool marked = source_.skip_if_starts_with(kUtf8Mark);
  if (marked && form_.encoding != Encoding::kUtf8)
    return file_mistake(Code::kUnreadable, "is marked as UTF-8; the mapping says " +
                                               std::string(encoding_name(form_.encoding)) +
                                               ". Say encoding = \"utf-8\" there, or save the file as it used to be");
  return {};
}

Status CsvRows::read_header() {
  MOOT_RETURN_IF_ERROR(check_kind_of_file());
  scanner_.skip_lines(form_.skip_lines);
  const std::optional<RawRecord> record = scanner_.next();
  const std::string below =
      form_.skip_lines == 0 ? "" : " below the " + std::to_string(form_.skip_lines) + " lines that the mapping skips";
  if (!record) return file_mistake(Code::kMissing, "has only blank lines" + below + "; expected a header row");
  row_ = record->row;
  if (record->state != RawRecord::State::kWhole)
    return file_mistake(Code::kUnreadable,
                        "has a first row that is not a header: too long, or its quotation marks do not pair up" +
                            other_delimiter(record->bytes, form_.delimiter));
  const std::optional<std::string> text = to_utf8(record->bytes, form_.encoding);
  if (!text || text->find('\0') != std::string::npos)
    return file_mistake(Code::kUnreadable,
                        "has a header that is not text in " + std::string(encoding_name(form_.encoding)));
  std::optional<CsvCells> cells = split_csv_record(*text, form_.delimiter);
  if (!cells) return file_mistake(Code::kUnreadable, "has a header whose quotation marks do not pair up");
  header_ = std::move(*cells);
  header_bytes_ = record->bytes;
  filled_.assign(header_.size(), 0);
  scanner_.expect_cells(header_.size());
  return {};
}

// The header's own cells are not repeated in sentences: in a file without a header they are somebody's data.
Result<ColumnPlaces> CsvRows::find_columns(std::span<const std::string> columns) const {
  ColumnPlaces found;
  for (const std::string& column : columns) {
    const auto place = std::find(header_.begin(), header_.end(), column);
    if (place == header_.end()) {
      found.missing.push_back(column);
      found.places.emplace_back();
      continue;
    }
    if (std::find(place + 1, header_.end(), column) != header_.end())
      return file_mistake(Code::kUnreadable, "has the column \"" + column + "\" twice");
    found.places.emplace_back(static_cast<std::size_t>(place - header_.begin()));
  }
  return found;
}

std::string CsvRows::where_columns_are(std::span<const std::string> columns) {
  constexpr std::uint64_t kLastRowLookedAt = 50;
  if (has_columns(folded(header_), folded({columns.begin(), columns.end()})))
    return "; they are there in other capital letters: let the mapping write them as the header does";
  std::string delimiters(1, form_.delimiter);
  for (const char delimiter : kUsualDelimiters)
    if (delimiter != form_.delimiter) delimiters += delimiter;
  std::string bytes = header_bytes_;
  for (bool is_header = true; true; is_header = false) {
    const std::optional<std::string> text = to_utf8(bytes, form_.encoding);
    for (const char delimiter : delimiters) {
      if (!text || !has_columns(split_csv_record(*text, delimiter), columns)) continue;
      const std::string where =
          is_header ? "; they are there"
                    : "; they are in row " + std::to_string(row_) +
                          ", for which the mapping can say skip_lines = " + std::to_string(row_ - 1) + " under [file]";
      if (delimiter == form_.delimiter) return where;
      return where + (is_header ? "" : ",") + " when its cells are separated by " + delimiter_name(delimiter) +
             ", where the mapping says " + delimiter_name(form_.delimiter);
    }
    const std::optional<RawRecord> record = row_ < kLastRowLookedAt ? scanner_.next() : std::nullopt;
    if (!record) return "";
    row_ = record->row;
    bytes = record->bytes;
  }
}

std::optional<Refusal> CsvRows::refusal_by_state(const RawRecord& record) const {
  const auto refusal = [](Code code, std::string why) { return Refusal{"", code, std::move(why)}; };
  switch (record.state) {
    case RawRecord::State::kTooLarge:
      return refusal(Code::kTooLarge, "the row is over " + std::to_string(limits_.csv_record_bytes_max) +
                                          " bytes; perhaps a quotation mark is not closed");
    case RawRecord::State::kUnfinished:
      return refusal(Code::kUnreadable, std::string(kCutOff) + "a quotation mark is opened and not closed");
    case RawRecord::State::kUnclosed:
      return refusal(Code::kUnreadable, "a quotation mark is opened and not closed before the next row");
    case RawRecord::State::kBadQuotes:
      return refusal(Code::kUnreadable, "a quotation mark inside a quoted cell is not written twice");
    case RawRecord::State::kWhole:
      break;
  }
  return std::nullopt;
}

Refusal CsvRows::refusal_of_encoding(const RawRecord& record) const {
  if (form_.encoding == Encoding::kUtf8 && record.ended_by_file && ends_inside_character(record.bytes))
    return {"", Code::kUnreadable, std::string(kCutOff) + "its last character is not whole"};
  std::string why = "the row is not text in " + std::string(encoding_name(form_.encoding));
  if (form_.encoding == Encoding::kUtf8 && to_utf8(record.bytes, Encoding::kWindows1252))
    why += "; perhaps the file is in windows-1252";
  if (form_.encoding == Encoding::kWindows1252 && is_utf8(record.bytes)) why += "; it is in UTF-8";
  return {"", Code::kUnreadable, std::move(why)};
}

// Whether the number of cells, or the end of the file after them, tells that this is not a whole row.
std::optional<Refusal> CsvRows::refusal_by_end(const RawRecord& record, const CsvCells& cells) const {
  const auto refusal = [](std::string why) { return Refusal{"", Code::kUnreadable, std::move(why)}; };
  const std::string numbers = count_of(cells.size()) + "; the header has " + std::to_string(header_.size());
  if (cells.size() < header_.size() && record.ended_by_file) return refusal(std::string(kCutOff) + "it has " + numbers);
  if (cells.size() != header_.size()) {
    const bool as_footers_are = cells.size() < header_.size() &&
                                std::all_of(cells.begin() + 1, cells.end(), [](auto& c) { return trimmed(c).empty(); });
    return refusal("the row has " + numbers +
                   (as_footers_are ? ". If this is a footer, the mapping can name how it begins: footer = \"…\" under "
                                     "[file]"
                                   : ""));
  }
  // A file that has lost its footer has lost more.
  const bool line_end_expected = form_.ends_with_line_end || (!form_.footers.empty() && footer_rows_ == 0);
  if (record.ended_by_file && line_end_expected) return refusal(std::string(kCutOff) + "no line end follows it");
  return std::nullopt;
}

void CsvRows::fit_to_header(CsvCells& cells) const {
  while (cells.size() > header_.size() && trimmed(cells.back()).empty()) cells.pop_back();
  if (cells.size() < header_.size()) cells.resize(header_.size());
}

std::variant<CsvCells, Refusal> CsvRows::cells_of(const RawRecord& record) const {
  if (std::optional<Refusal> refusal = refusal_by_state(record)) return std::move(*refusal);
  const std::optional<std::string> text = to_utf8(record.bytes, form_.encoding);
  if (!text) return refusal_of_encoding(record);
  if (text->find('\0') != std::string::npos) return Refusal{"", Code::kUnreadable, "the row has a zero byte in it"};
  std::optional<CsvCells> cells = split_csv_record(*text, form_.delimiter);
  if (!cells) return Refusal{"", Code::kUnreadable, "the row's quotation marks do not pair up"};
  if (form_.ragged) fit_to_header(*cells);
  if (std::optional<Refusal> refusal = refusal_by_end(record, *cells)) return std::move(*refusal);
  return std::move(*cells);
}

bool CsvRows::is_footer(const RawRecord& record) const {
  const std::size_t start = record.bytes.find_first_not_of(" \t\"");
  if (start == std::string::npos) return false;
  return std::any_of(form_.footers.begin(), form_.footers.end(), [&](const std::string& footer) {
    // The beginning alone, in UTF-8 at most three bytes for each of the file's.
    const std::optional<std::string> text = form_.encoding == Encoding::kUtf8
                                                ? record.bytes.substr(start, footer.size())
                                                : to_utf8(record.bytes.substr(start, footer.size()), form_.encoding);
    return text && text->starts_with(footer);
  });
}

// False when nothing is in any of them.
bool CsvRows::count_filled(const CsvCells& cells) {
  bool any = false;
  for (std::size_t i = 0; i < cells.size(); ++i) {
    if (trimmed(cells[i]).empty()) continue;
    any = true;
    ++filled_[i];
  }
  return any;
}

// The key of a row that cannot be read, where it is certain: all before it is in order, and where the row has not as
// many cells as the header nothing that might be missing or too much stands before it.
std::string CsvRows::key_in(const RawRecord& record) const {
  constexpr std::size_t kLookedAt = 4096;
  if (!key_place_) return "";
  const std::string_view bytes = std::string_view(record.bytes).substr(0, std::min(record.bytes.find('\0'), kLookedAt));
  for (std::size_t end = bytes.find(form_.delimiter); end != std::string_view::npos;
       end = bytes.find(form_.delimiter, end + 1)) {
    const std::optional<CsvCells> cells = split_csv_record(bytes.substr(0, end), form_.delimiter);
    if (!cells || cells->size() <= *key_place_) continue;
    const bool whole = record.state == RawRecord::State::kWhole && !record.ended_by_file;
    const std::optional<std::string> key = to_utf8((*cells)[*key_place_], form_.encoding);
    const std::optional<CsvCells> all = whole ? split_csv_record(record.bytes, form_.delimiter) : std::nullopt;
    if (!key || (*key_place_ > 0 && all && all->size() != header_.size())) return "";
    return std::string(trimmed(*key));
  }
  return "";
}

Result<std::optional<InputRecord>> CsvRows::next(const CsvRowReading& read) {
  while (true) {
    const std::optional<RawRecord> record = scanner_.next();
    if (source_.failed())
      return file_mistake(Code::kUnreadable,
                          "cannot be read any further than row " + std::to_string(row_) + source_.why_failed());
    if (!record) return std::optional<InputRecord>();
    row_ = record->row;
    if (is_footer(*record)) {
      ++footer_rows_;
      continue;
    }
    v1::Origin origin;
    origin.set_file(file_name_);
    origin.set_row(row_);
    std::variant<CsvCells, Refusal> cells = cells_of(*record);
    if (auto* refusal = std::get_if<Refusal>(&cells)) {
      refusal->key = key_in(*record);
      return std::optional(refused_record(origin, std::move(*refusal), record->bytes, limits_));
    }
    if (!count_filled(std::get<CsvCells>(cells))) continue;
    std::variant<v1::Event, Refusal> found = read(std::get<CsvCells>(cells));
    if (auto* refusal = std::get_if<Refusal>(&found))
      return std::optional(refused_record(origin, std::move(*refusal), record->bytes, limits_));
    return std::optional(InputRecord{std::move(origin), std::move(std::get<v1::Event>(found))});
  }
}

}  // namespace moot
