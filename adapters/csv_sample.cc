#include "adapters/csv_sample.h"

#include <algorithm>
#include <array>
#include <map>
#include <memory>
#include <sstream>

#include "adapters/byte_source.h"
#include "adapters/csv_cells.h"
#include "adapters/csv_record_scanner.h"
#include "adapters/date_format.h"
#include "adapters/encoding.h"
#include "adapters/file_kind.h"
#include "adapters/workbook.h"

namespace moot {

namespace {

constexpr std::array<char, 4> kDelimiters = {',', ';', '\t', '|'};

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

struct Row {
  std::uint64_t number = 0;
  std::vector<std::string> cells;
};

// The rows as they are when that character separates cells, and how many cells most of them have.
struct Cut {
  std::vector<Row> rows;
  std::size_t cells = 0;
  std::size_t rows_alike = 0;
};

Cut cut_with(const std::string& text, char delimiter) {
  ByteSource source(std::make_unique<std::istringstream>(text));
  CsvRecordScanner scanner(source, delimiter, CsvSample::kBytes);
  Cut cut;
  std::map<std::size_t, std::size_t> counts;
  while (cut.rows.size() < CsvSample::kRows) {
    const std::optional<RawRecord> record = scanner.next();
    if (!record) break;
    if (record->state != RawRecord::State::kWhole) continue;
    std::optional<std::vector<std::string>> cells = split_csv_record(record->bytes, delimiter);
    if (!cells) continue;
    ++counts[cells->size()];
    cut.rows.push_back({record->row, std::move(*cells)});
  }
  for (const auto& [cells, rows] : counts)
    if (cells > 1 && rows >= cut.rows_alike) {
      cut.cells = cells;
      cut.rows_alike = rows;
    }
  return cut;
}

// What ends an export, where it begins with one of the words that such lines begin with.
std::string footer_in(const Row& last, std::size_t cells) {
  constexpr std::array<std::string_view, 6> kWords = {"total", "end of", "-- end", "printed", "generated", "rows:"};
  const std::string_view first = trimmed(last.cells.front());
  const bool few = last.cells.size() != cells ||
                   std::any_of(last.cells.begin() + 1, last.cells.end(), [](auto& c) { return trimmed(c).empty(); });
  if (!few) return "";
  std::string small(first.substr(0, 16));
  for (char& c : small) c = static_cast<char>(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
  for (const std::string_view word : kWords)
    if (small.starts_with(word)) return std::string(first.substr(0, word.size()));
  return "";
}

// A cell that no header has.
bool looks_like_data(const std::string& cell) {
  const std::string_view text = trimmed(cell);
  return looks_like_email(text) || looks_like_postcode(text) || date_form_of({std::string(text)}).has_value();
}

Result<CsvSample> sample_of(const Cut& cut, CsvSample sample, const std::string& name) {
  // A title that a spreadsheet exported above the header has as many cells, and one of them filled.
  const auto is_header = [&](const Row& row) {
    const auto filled = std::count_if(row.cells.begin(), row.cells.end(), [](auto& c) { return !trimmed(c).empty(); });
    return row.cells.size() == cut.cells && filled > 1;
  };
  auto header = std::find_if(cut.rows.begin(), cut.rows.end(), is_header);
  if (header == cut.rows.end())
    header = std::find_if(cut.rows.begin(), cut.rows.end(), [&](auto& row) { return row.cells.size() == cut.cells; });
  if (std::any_of(header->cells.begin(), header->cells.end(), looks_like_data))
    return Status(Code::kMissing, name + ": row " + std::to_string(header->number) +
                                      " seems to be a record; expected a header that names the columns");
  sample.header = header->cells;
  if (header != cut.rows.begin()) sample.skip_lines = static_cast<std::size_t>(header->number - 1);
  if (sample.whole_file && header + 1 != cut.rows.end()) sample.footer = footer_in(cut.rows.back(), cut.cells);
  for (auto row = header + 1; row != cut.rows.end(); ++row) {
    if (row->cells.size() != cut.cells) continue;
    if (!sample.footer.empty() && row + 1 == cut.rows.end()) continue;
    sample.rows.push_back(row->cells);
  }
  if (sample.rows.empty())
    return Status(Code::kMissing, name + ": has a header and no rows; a mapping is suggested from what is in them");
  return sample;
}

}  // namespace

bool looks_like_email(std::string_view value) {
  const std::size_t at = value.find('@');
  return at != std::string_view::npos && at > 0 && value.find(' ') == std::string_view::npos &&
         value.find('.', at) != std::string_view::npos;
}

// "OX14 3AB": the second part is a digit and two letters, the first two to four of both.
bool looks_like_postcode(std::string_view value) {
  std::string text;
  for (const char c : value)
    if (c != ' ') text += c;
  if (text.size() < 5 || text.size() > 7) return false;
  const std::string_view inward = std::string_view(text).substr(text.size() - 3);
  const std::string_view outward = std::string_view(text).substr(0, text.size() - 3);
  return is_digit(inward[0]) && is_letter(inward[1]) && is_letter(inward[2]) && is_letter(outward[0]) &&
         std::any_of(outward.begin(), outward.end(), is_digit) &&
         std::all_of(outward.begin(), outward.end(), [](char c) { return is_digit(c) || is_letter(c); });
}

std::optional<std::string> date_form_of(const std::vector<std::string>& values) {
  constexpr std::array<std::string_view, 12> kDates = {"%Y-%m-%d", "%d/%m/%Y", "%d/%m/%y", "%d-%m-%Y",
                                                       "%d.%m.%Y", "%d %b %Y", "%d-%b-%Y", "%d %B %Y",
                                                       "%m/%d/%Y", "%Y/%m/%d", "%d-%b-%y", "%d.%m.%y"};
  constexpr std::array<std::string_view, 10> kTimes = {"",           " %H:%M", " %H:%M:%S", "T%H:%M",   "T%H:%M:%S",
                                                       "T%H:%M:%SZ", " %H.%M", " %I:%M %p", " %I:%M%p", " %I:%M:%S %p"};
  constexpr double kNearlyAll = 0.8;
  std::optional<std::string> best;
  std::size_t most = 0;
  const auto try_form = [&](const std::string& form) {
    const DateFormat format = DateFormat::parse(form).value();
    const auto fits =
        static_cast<std::size_t>(std::count_if(values.begin(), values.end(), [&](const std::string& value) {
          return format.read(trimmed(value)).has_value();
        }));
    if (fits <= most) return;
    most = fits;
    best = form;
  };
  for (const std::string_view date : kDates)
    for (const std::string_view time : kTimes) try_form(std::string(date) + std::string(time));
  try_form("%Y-%m");
  if (static_cast<double>(most) < kNearlyAll * static_cast<double>(values.size())) return std::nullopt;
  return best;
}

namespace {

Result<CsvSample> sample_text(std::istream& stream, const std::string& name) {
  std::string bytes(CsvSample::kBytes, '\0');
  stream.read(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  bytes.resize(static_cast<std::size_t>(stream.gcount()));
  if (const auto what = what_is_not_text(bytes)) return Status(Code::kUnreadable, name + ": " + std::string(*what));
  CsvSample sample;
  sample.whole_file = bytes.size() < CsvSample::kBytes;
  if (!sample.whole_file)
    bytes.resize(bytes.find_last_of('\n') == std::string::npos ? bytes.size() : bytes.find_last_of('\n') + 1);
  if (bytes.starts_with(kUtf8Mark)) bytes.erase(0, kUtf8Mark.size());
  if (!is_utf8(bytes)) sample.encoding = Encoding::kWindows1252;
  const std::optional<std::string> text = to_utf8(bytes, sample.encoding);
  if (!text || text->find('\0') != std::string::npos)
    return Status(Code::kUnreadable, name + ": is not text in UTF-8 or windows-1252");
  if (trimmed(*text).empty()) return Status(Code::kMissing, name + ": is empty; expected a header and rows");
  if (const char first = trimmed(*text).front(); first == '{' || first == '[' || first == '<')
    return Status(Code::kUnreadable, name + ": seems to be JSON or XML, which is read without a mapping");
  Cut best;
  for (const char delimiter : kDelimiters) {
    Cut cut = cut_with(*text, delimiter);
    if (cut.rows_alike > best.rows_alike || (cut.rows_alike == best.rows_alike && cut.cells > best.cells)) {
      best = std::move(cut);
      sample.delimiter = delimiter;
    }
  }
  sample.whole_file = sample.whole_file && best.rows.size() < CsvSample::kRows;
  if (best.cells < 2)
    return Status(Code::kUnreadable,
                  name + ": it cannot be told what separates its cells: not a comma, semicolon, tab or \"|\"");
  return sample_of(best, std::move(sample), name);
}

}  // namespace

Result<CsvSample> sample_csv(std::istream& stream, const std::string& name) {
  std::string start(4, '\0');
  stream.read(start.data(), 4);
  stream.clear();
  stream.seekg(0);
  if (may_be_workbook(start)) {
    const Result<WorkbookText> book = read_workbook(stream, "");
    if (!book.ok()) return Status(book.status().code(), name + ": " + book.status().message());
    return sample_text(*book->text, name);
  }
  return sample_text(stream, name);
}

}  // namespace moot
