#include "adapters/csv_reader.h"

#include "adapters/csv_rows.h"
#include "adapters/mapped_row.h"

namespace moot {

namespace {

class CsvReader final : public Reader {
 public:
  CsvReader(std::unique_ptr<std::istream> stream, std::string file_name, const Mapping& mapping, const Limits& limits)
      : mapping_(mapping),
        rows_(std::move(stream), std::move(file_name), {mapping.encoding, mapping.delimiter, "as the mapping says"},
              limits) {}

  Status open();
  Result<std::optional<InputRecord>> next() override {
    return rows_.next([this](const CsvCells& cells) { return read(cells); });
  }
  std::string_view format() const override { return "csv"; }
  std::string_view header() const override { return rows_.header_bytes(); }
  std::uint64_t bytes_read() const override { return rows_.bytes_read(); }

 private:
  std::variant<v1::Event, Refusal> read(const CsvCells& cells) const;

  const Mapping& mapping_;
  CsvRows rows_;
  std::vector<std::size_t> positions_;  // of each of mapping_.columns in a row
};

Status CsvReader::open() {
  MOOT_RETURN_IF_ERROR(rows_.read_header());
  const Result<ColumnPlaces> found = rows_.find_columns(mapping_.columns);
  if (!found.ok()) return found.status();
  if (!found->missing.empty())
    return rows_.file_mistake(Code::kMissing,
                              "has a header without the column " + found->missing + ", which the mapping names");
  for (const std::optional<std::size_t>& place : found->places) positions_.push_back(*place);
  return {};
}

std::variant<v1::Event, Refusal> CsvReader::read(const CsvCells& cells) const {
  CsvCells named;
  named.reserve(positions_.size());
  for (const std::size_t position : positions_) named.push_back(cells[position]);
  std::variant<v1::Event, Refusal> read = event_from_row(mapping_, named);
  if (auto* refusal = std::get_if<Refusal>(&read)) refusal->key = named[mapping_.key];
  return read;
}

}  // namespace

Result<std::unique_ptr<Reader>> open_csv(std::unique_ptr<std::istream> stream, const std::string& file_name,
                                         const Mapping& mapping, const Limits& limits) {
  auto reader = std::make_unique<CsvReader>(std::move(stream), file_name, mapping, limits);
  MOOT_RETURN_IF_ERROR(reader->open());
  return std::unique_ptr<Reader>(std::move(reader));
}

}  // namespace moot
