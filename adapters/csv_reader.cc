#include "adapters/csv_reader.h"

#include "adapters/csv_cells.h"
#include "adapters/csv_rows.h"
#include "adapters/mapped_columns.h"
#include "adapters/mapped_row.h"
#include "adapters/row_ordinals.h"
#include "adapters/workbook.h"
#include "broker/core/event_rules.h"

namespace moot {

namespace {

CsvForm form_of(const Mapping& mapping, CsvText text) {
  if (text == CsvText::kWorkbook) return {Encoding::kUtf8, ',', "", mapping.skip_lines, mapping.footers, false, true};
  return {mapping.encoding,
          mapping.delimiter,
          "as the mapping says",
          mapping.skip_lines,
          mapping.footers,
          mapping.ends_with_line_end,
          false};
}

class CsvReader final : public Reader {
 public:
  CsvReader(std::unique_ptr<std::istream> stream, std::string file_name, const Mapping& mapping, const Limits& limits,
            CsvText text, const Key& id_secret, std::string elsewhere = "")
      : mapping_(mapping),
        limits_(limits),
        text_(text),
        id_secret_(id_secret),
        elsewhere_(std::move(elsewhere)),
        rows_(std::move(stream), std::move(file_name), form_of(mapping, text), limits) {}

  Status open();
  Result<std::optional<InputRecord>> next() override {
    if (!layout_.ok()) return layout_;
    return rows_.next([this](const CsvCells& cells) { return read(cells); });
  }
  std::string_view format() const override { return text_ == CsvText::kFile ? "csv" : "xlsx"; }
  std::string_view header() const override { return rows_.header_bytes(); }
  // Of a spreadsheet's text it is not known how far in the file it stands.
  std::uint64_t bytes_read() const override { return text_ == CsvText::kFile ? rows_.bytes_read() : 0; }
  FileColumns columns() const override;
  std::uint64_t footer_rows() const override { return rows_.footer_rows(); }

 private:
  std::variant<v1::Event, Refusal> read(const CsvCells& cells);
  std::optional<std::string> keyless_id(const CsvCells& named);
  Refusal refusal_by_rule(const CsvCells& named, const Status& broken) const;

  const Mapping& mapping_;
  const Limits limits_;
  const CsvText text_;
  const Key id_secret_;
  const std::string elsewhere_;  // where columns may be that are nowhere here: the rest of a sentence
  CsvRows rows_;
  RowOrdinals ordinals_;                // of a keyless mapping
  std::vector<std::size_t> positions_;  // of each of mapping_.columns in a row
  std::vector<std::string> missing_;
  Status layout_;  // what is wrong with the header as a whole
};

Status CsvReader::open() {
  MOOT_RETURN_IF_ERROR(rows_.read_header());
  Result<ColumnPlaces> found = rows_.find_columns(mapping_.columns);
  if (!found.ok()) return found.status();
  missing_ = std::move(found->missing);
  std::string names;
  for (const std::string& column : missing_) names += (names.empty() ? "\"" : ", \"") + column + "\"";
  if (!missing_.empty()) {
    const std::string here = rows_.where_columns_are(mapping_.columns);
    layout_ = rows_.file_mistake(Code::kMissing, "has a header without the column" +
                                                     std::string(missing_.size() == 1 ? " " : "s ") + names +
                                                     ", which the mapping names" + (here.empty() ? elsewhere_ : here));
    return {};
  }
  for (const std::optional<std::size_t>& place : found->places) positions_.push_back(*place);
  // Where there are revisions the key alone does not tell which event a row would have been.
  if (mapping_.key && !mapping_.revision) rows_.set_key_place(positions_[*mapping_.key]);
  return {};
}

Refusal CsvReader::refusal_by_rule(const CsvCells& named, const Status& broken) const {
  const std::optional<ColumnIndex> column = column_at_fault(mapping_, named, broken, limits_);
  if (!column) return {"", broken.code(), broken.message()};
  const std::string& name = mapping_.columns[*column];
  return {name, broken.code(), "column \"" + name + "\": " + broken.message()};
}

// Nothing when the file has more different rows than are told apart.
std::optional<std::string> CsvReader::keyless_id(const CsvCells& named) {
  std::string row;
  for (const std::string& cell : named) row += std::to_string(trimmed(cell).size()) + ":" + std::string(trimmed(cell));
  const Digest digest = keyed_digest(id_secret_, row);
  const std::optional<std::uint32_t> ordinal = ordinals_.next(digest);
  if (!ordinal) return std::nullopt;
  constexpr std::size_t kDigestBytes = 10;
  return to_base32({reinterpret_cast<const char*>(digest.data()), kDigestBytes}) + "-" + std::to_string(*ordinal);
}

// The rules of the language are judged here too, where the column is still known: the broker can tell the field only.
std::variant<v1::Event, Refusal> CsvReader::read(const CsvCells& cells) {
  CsvCells named;
  named.reserve(positions_.size());
  for (const std::size_t position : positions_) named.push_back(cells[position]);
  std::string keyless;
  if (!mapping_.key) {
    const std::optional<std::string> id = keyless_id(named);
    if (!id)
      return Refusal{"", Code::kTooLarge,
                     "the file has more than 4,000,000 different rows that have no key; cut it up"};
    keyless = *id;
  }
  std::variant<v1::Event, Refusal> read = event_from_row(mapping_, named, keyless);
  if (const auto* event = std::get_if<v1::Event>(&read)) {
    const Status judged = validate(*event, limits_);
    if (!judged.ok()) read = refusal_by_rule(named, judged);
  }
  if (auto* refusal = std::get_if<Refusal>(&read)) refusal->key = mapping_.key ? id_of_row(mapping_, named) : keyless;
  return read;
}

// A header that lacks columns may be no header: its cells are not repeated.
FileColumns CsvReader::columns() const {
  FileColumns found{{}, missing_};
  if (!layout_.ok()) return found;
  for (std::size_t i = 0; i < rows_.header().size(); ++i)
    found.columns.push_back({rows_.header()[i], {}, rows_.filled()[i]});
  const std::vector<std::vector<std::string>> uses = uses_of_columns(mapping_);
  for (ColumnIndex i = 0; i < positions_.size(); ++i) found.columns[positions_[i]].becomes = uses[i];
  return found;
}

}  // namespace

Result<std::unique_ptr<Reader>> open_csv(std::unique_ptr<std::istream> stream, const std::string& file_name,
                                         const Mapping& mapping, const Limits& limits, CsvText text,
                                         const Key& id_secret) {
  auto reader = std::make_unique<CsvReader>(std::move(stream), file_name, mapping, limits, text, id_secret);
  MOOT_RETURN_IF_ERROR(reader->open());
  return std::unique_ptr<Reader>(std::move(reader));
}

Result<std::unique_ptr<Reader>> open_workbook(std::unique_ptr<std::istream> stream, const std::string& file_name,
                                              const Mapping& mapping, const Limits& limits, const Key& id_secret) {
  Result<WorkbookText> book = read_workbook(*stream, mapping.sheet);
  if (!book.ok()) return Status(book.status().code(), file_name + ": " + book.status().message());
  // The names of sheets are not repeated: there are workbooks with one for each tenant.
  const std::string elsewhere =
      mapping.sheet.empty() && book->sheets > 1
          ? "; it is the first of " + std::to_string(book->sheets) +
                " sheets: where another is meant, the mapping can name it with sheet = \"…\" under [file]"
          : "";
  auto reader = std::make_unique<CsvReader>(std::move(book->text), file_name, mapping, limits, CsvText::kWorkbook,
                                            id_secret, elsewhere);
  const Status opened = reader->open();
  if (!opened.ok()) return Status(opened.code(), opened.message() + elsewhere);
  return std::unique_ptr<Reader>(std::move(reader));
}

}  // namespace moot
