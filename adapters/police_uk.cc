#include "adapters/police_uk.h"

#include <algorithm>
#include <vector>

#include "adapters/csv_cells.h"
#include "adapters/csv_rows.h"
#include "adapters/police_uk_row.h"

namespace moot {

namespace {

using Column = PoliceUkColumn;

// The three kinds of file: a column of its own by which it is known, and the others without which it says nothing. All
// other columns of kPoliceUkColumns are read where they are there.
struct Layout {
  bool outcomes = false;
  std::vector<Column> known_by;  // one of them
  std::vector<Column> needed;
};
const std::vector<Layout>& layouts() {
  static const std::vector<Layout> all = {
      {true, {Column::kOutcomeType}, {Column::kCrimeId, Column::kMonth, Column::kLsoaCode, Column::kOutcomeType}},
      // 2012
      {false,
       {Column::kEasting, Column::kNorthing},
       {Column::kMonth, Column::kEasting, Column::kNorthing, Column::kLocation, Column::kCrimeType}},
      {false,
       {},
       {Column::kCrimeId, Column::kMonth, Column::kLongitude, Column::kLatitude, Column::kLocation, Column::kLsoaCode,
        Column::kCrimeType}},
  };
  return all;
}

class PoliceUkReader final : public Reader {
 public:
  PoliceUkReader(std::unique_ptr<std::istream> stream, std::string file_name, const Publisher& publisher,
                 const PoliceUkMapping& mapping, const Limits& limits)
      : rows_(std::move(stream), std::move(file_name), {Encoding::kUtf8, ',', "as data.police.uk has it"}, limits),
        file_{source(publisher, "street", mapping), source(publisher, "outcomes", mapping), publisher.id_secret,
              mapping, RowOrdinals()} {}

  Status open();
  Result<std::optional<InputRecord>> next() override {
    return rows_.next([this](const CsvCells& cells) { return read(cells); });
  }
  std::string_view format() const override { return "police-uk"; }
  std::string_view header() const override { return rows_.header_bytes(); }
  std::uint64_t bytes_read() const override { return rows_.bytes_read(); }
  FileColumns columns() const override;

 private:
  static std::string source(const Publisher& publisher, std::string_view kind, const PoliceUkMapping& mapping) {
    return "/" + publisher.agency.value() + "/police-uk-" + std::string(kind) +
           (mapping.source_suffix.empty() ? "" : "-" + mapping.source_suffix);
  }
  bool has(Column column) const { return places_[static_cast<std::size_t>(column)].has_value(); }
  Status choose_layout();
  std::vector<std::string> uses_of(Column column) const;
  std::variant<v1::Event, Refusal> read(const CsvCells& cells);

  CsvRows rows_;
  PoliceUkFile file_;
  std::vector<std::optional<std::size_t>> places_;  // of each of kPoliceUkColumns in a row
  bool outcomes_ = false;
};

Status PoliceUkReader::open() {
  MOOT_RETURN_IF_ERROR(rows_.read_header());
  const std::vector<std::string> names(kPoliceUkColumns.begin(), kPoliceUkColumns.end());
  Result<ColumnPlaces> found = rows_.find_columns(names);
  if (!found.ok()) return found.status();
  places_ = std::move(found->places);
  return choose_layout();
}

Status PoliceUkReader::choose_layout() {
  const auto there = [this](Column column) { return has(column); };
  const auto& layout = *std::find_if(layouts().begin(), layouts().end(), [&](const Layout& one) {
    return one.known_by.empty() || std::any_of(one.known_by.begin(), one.known_by.end(), there);
  });
  outcomes_ = layout.outcomes;
  std::string missing;
  for (const Column column : layout.needed)
    if (!has(column)) missing += (missing.empty() ? "\"" : ", \"") + std::string(name_of(column)) + "\"";
  if (missing.empty()) return {};
  return rows_.file_mistake(Code::kUnreadable, "is not a street or outcomes file of data.police.uk; as " +
                                                   std::string(layout.outcomes ? "an outcomes" : "a street") +
                                                   " file its header lacks " + missing);
}

FileColumns PoliceUkReader::columns() const {
  FileColumns found;
  for (std::size_t i = 0; i < rows_.header().size(); ++i)
    found.columns.push_back({rows_.header()[i], {}, rows_.filled()[i]});
  for (std::size_t i = 0; i < places_.size(); ++i)
    if (places_[i]) found.columns[*places_[i]].becomes = uses_of(static_cast<Column>(i));
  return found;
}

// As adapters/police_uk_row.cc reads them.
std::vector<std::string> PoliceUkReader::uses_of(Column column) const {
  const bool areas = !file_.mapping.areas.empty();
  switch (column) {
    case Column::kCrimeId:
      return outcomes_ ? std::vector<std::string>{"key", "subject", "link about"}
                       : std::vector<std::string>{"key", "subject"};
    case Column::kMonth:
      return {"time"};
    case Column::kLsoaCode:
      return areas ? std::vector<std::string>{"lsoa", "area"} : std::vector<std::string>{"lsoa"};
    case Column::kLsoaName:
      return areas ? std::vector<std::string>{"area"} : std::vector<std::string>{};
    case Column::kOutcomeType:
      return outcomes_ ? std::vector<std::string>{"type", "fact outcomes"} : std::vector<std::string>{};
    case Column::kCrimeType:
      return outcomes_ ? std::vector<std::string>{} : std::vector<std::string>{"fact category"};
    case Column::kContext:
      return outcomes_ ? std::vector<std::string>{} : std::vector<std::string>{"text context"};
    case Column::kLocation:
      return outcomes_ ? std::vector<std::string>{} : std::vector<std::string>{"place scene: address"};
    default:
      return outcomes_ ? std::vector<std::string>{} : std::vector<std::string>{"place scene: point"};
  }
}

std::variant<v1::Event, Refusal> PoliceUkReader::read(const CsvCells& cells) {
  PoliceUkCells named;
  for (std::size_t i = 0; i < named.size(); ++i) named[i] = places_[i] ? trimmed(cells[*places_[i]]) : "";
  return outcomes_ ? outcome_event(named, file_) : street_event(named, file_);
}

}  // namespace

bool is_police_uk_header(std::span<const std::string> header) {
  const auto has = [&](std::string_view name) { return std::find(header.begin(), header.end(), name) != header.end(); };
  return has("Month") && has("Falls within") &&
         (has(name_of(Column::kCrimeType)) || has(name_of(Column::kOutcomeType)));
}

Result<std::unique_ptr<Reader>> open_police_uk(std::unique_ptr<std::istream> stream, const std::string& file_name,
                                               const Publisher& publisher, const PoliceUkMapping& mapping,
                                               const Limits& limits) {
  auto reader = std::make_unique<PoliceUkReader>(std::move(stream), file_name, publisher, mapping, limits);
  MOOT_RETURN_IF_ERROR(reader->open());
  return std::unique_ptr<Reader>(std::move(reader));
}

}  // namespace moot
