#include "deploy/linkage_columns.h"

#include <algorithm>
#include <fstream>
#include <future>
#include <optional>
#include <set>
#include <unordered_map>

#include "adapters/csv_rows.h"
#include "consumers/linkage/normal_name.h"
#include "consumers/linkage/person_values.h"

namespace moot {
namespace {

constexpr std::size_t kLookedAt = 2000;    // rows that the kind of an unknown column is told by
constexpr std::size_t kRemembered = 8192;  // cells of a column, and names, that are not worked out again
constexpr std::size_t kCodesMax = 60;      // a column with more values than this holds words, not codes

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

// What a column is. Names are read together: a whole name supplies what the others lack.
struct ColumnUse {
  enum class Role { kNone, kField, kGiven, kFamily, kWholeName, kId, kTruth };
  Role role = Role::kNone;
  FieldKind kind = FieldKind::kText;
};

ColumnUse use_of_kind(FieldKind kind) {
  if (kind == FieldKind::kGiven) return {ColumnUse::Role::kGiven, kind};
  if (kind == FieldKind::kFamily) return {ColumnUse::Role::kFamily, kind};
  return {ColumnUse::Role::kField, kind};
}

std::optional<ColumnUse> use_by_name(std::string_view name) {
  if (is_whole_name(name)) return ColumnUse{ColumnUse::Role::kWholeName, FieldKind::kGiven};
  if (const auto kind = field_kind(name)) return use_of_kind(*kind);
  return std::nullopt;
}

bool is_phone(FieldKind kind) { return kind == FieldKind::kPhone || kind == FieldKind::kMobile; }

FieldKind kind_by_content(std::span<const CsvCells> rows, std::size_t column) {
  std::set<std::string, std::less<>> values;
  std::size_t filled = 0, dates = 0, mails = 0, postcodes = 0, numbers = 0;
  for (const CsvCells& row : rows) {
    const std::string_view cell = trimmed(row[column]);
    if (cell.empty()) continue;
    ++filled;
    values.emplace(cell);
    const std::string date = normal_value(FieldKind::kBorn, cell);
    const bool separated = cell.find_first_of("-/") != std::string_view::npos;
    dates += date.size() == 8 && separated && date.find('?') == std::string::npos;
    mails += cell.find('@') != std::string_view::npos;
    postcodes += !normal_postcode(cell).empty();
    numbers += cell.size() >= 6 && cell.find_first_not_of("0123456789 +-()") == std::string_view::npos;
  }
  const auto most = [&](std::size_t count) { return filled > 0 && count * 10 >= filled * 8; };
  if (most(dates)) return FieldKind::kBorn;
  if (most(mails)) return FieldKind::kEmail;
  if (most(postcodes)) return FieldKind::kPostcode;
  if (most(numbers) && values.size() * 4 > filled) return FieldKind::kReference;
  return values.size() <= kCodesMax && values.size() * 20 <= filled ? FieldKind::kCode : FieldKind::kText;
}

// What was worked out of a text lately. One place for each text: what is met once takes no more memory than what it
// drives out.
template <typename Value>
class Remembered {
 public:
  template <typename WorkOut>
  const Value& of(std::string_view text, WorkOut work_out) {
    if (places_.empty()) places_.resize(kRemembered);
    Place& place = places_[std::hash<std::string_view>()(text) % kRemembered];
    if (!place.taken || place.text != text) {
      place.value = work_out();
      place.text = text;
      place.taken = true;
    }
    return place.value;
  }

 private:
  struct Place {
    bool taken = false;
    std::string text;
    Value value;
  };
  std::vector<Place> places_;
};

class Reading {
 public:
  Reading(const LinkageColumns& columns, CsvCells header) : wanted_(columns), header_(std::move(header)) {
    for (std::string& name : header_) name = trimmed(name);
    uses_.resize(header_.size());
    known_.resize(header_.size());
  }

  Status take_columns() {
    MOOT_RETURN_IF_ERROR(claim(wanted_.id, {ColumnUse::Role::kId}));
    MOOT_RETURN_IF_ERROR(claim(wanted_.cluster, {ColumnUse::Role::kTruth}));
    for (const std::string& column : wanted_.ignored) MOOT_RETURN_IF_ERROR(claim(column, {}));
    std::optional<ColumnUse> use;
    for (const std::string& word : wanted_.mapped) {
      const std::size_t equals = word.find('=');
      if (equals != std::string::npos) use = use_by_name(word.substr(0, equals));
      if (!use)
        return Status(Code::kUsage,
                      "--map " + word +
                          ": expected FIELD=COLUMN with a field of given, family, name, "
                          "middle, born, sex, address, number, postcode, town, phone, email, reference, code, text");
      MOOT_RETURN_IF_ERROR(claim(word.substr(equals == std::string::npos ? 0 : equals + 1), *use));
    }
    return {};
  }

  // The kinds of the columns nobody named, and the table.
  LinkageInput begin(std::span<const CsvCells> rows) {
    LinkageInput input;
    for (std::size_t i = 0; i < header_.size(); ++i)
      if (!known_[i]) uses_[i] = use_by_name(header_[i]).value_or(use_of_kind(kind_by_content(rows, i)));
    std::vector<std::pair<FieldKind, std::string>> fields;
    const auto has = [&](ColumnUse::Role role) {
      return std::any_of(uses_.begin(), uses_.end(), [&](const ColumnUse& use) { return use.role == role; });
    };
    has_names_ = has(ColumnUse::Role::kGiven) || has(ColumnUse::Role::kFamily) || has(ColumnUse::Role::kWholeName);
    if (has_names_)
      fields = {{FieldKind::kGiven, "forename"}, {FieldKind::kFamily, "surname"}, {FieldKind::kMiddle, "middle names"}};
    for (std::size_t i = 0; i < header_.size(); ++i) {
      if (uses_[i].role == ColumnUse::Role::kNone) continue;
      if (uses_[i].role == ColumnUse::Role::kField) {
        if (fields.size() + (is_phone(uses_[i].kind) ? 2 : 1) > kFieldsMax) {
          input.left_out.push_back(header_[i]);
          uses_[i].role = ColumnUse::Role::kNone;
          continue;
        }
        if (is_phone(uses_[i].kind)) {
          fields.emplace_back(FieldKind::kPhone, header_[i]);
          fields.emplace_back(FieldKind::kMobile, header_[i] + " (mobile)");
        } else {
          fields.emplace_back(uses_[i].kind, header_[i]);
        }
      }
      if (uses_[i].role < ColumnUse::Role::kId)
        input.columns.push_back(
            header_[i] + " as " +
            (uses_[i].role == ColumnUse::Role::kWholeName ? "name" : std::string(field_name(uses_[i].kind))));
    }
    input.records = std::make_unique<RecordTable>(fields);
    remembered_.resize(header_.size());
    return input;
  }

  void add(const CsvCells& cells, LinkageInput& input) {
    values_.clear();
    std::string id = std::to_string(input.ids.size() + 1);
    std::string names[3];
    for (std::size_t i = 0; i < header_.size(); ++i) {
      const std::string_view cell = trimmed(cells[i]);
      if (uses_[i].role == ColumnUse::Role::kId) id = cell;
      if (uses_[i].role == ColumnUse::Role::kTruth) input.truth.push_back(truth_of(cell, input.ids.size()));
      if (uses_[i].role >= ColumnUse::Role::kGiven && uses_[i].role <= ColumnUse::Role::kWholeName && !cell.empty()) {
        std::string& name = names[static_cast<int>(uses_[i].role) - static_cast<int>(ColumnUse::Role::kGiven)];
        // Of several columns with a whole name the longest says the most.
        if (name.size() < cell.size()) name = cell;
      }
    }
    if (has_names_) add_names(names[0], names[1], names[2]);
    for (std::size_t i = 0; i < header_.size(); ++i)
      if (uses_[i].role == ColumnUse::Role::kField) add_field(i, normal(i, trimmed(cells[i])));
    input.records->add(id, values_);
    input.ids.push_back(std::move(id));
  }

 private:
  Status claim(const std::string& column, ColumnUse use) {
    if (column.empty()) return {};
    const auto found = std::find(header_.begin(), header_.end(), trimmed(column));
    if (found == header_.end()) return Status(Code::kUsage, "the file has no column \"" + column + "\"");
    const auto place = static_cast<std::size_t>(found - header_.begin());
    if (known_[place] && use.role != uses_[place].role)
      return Status(Code::kUsage, "the column \"" + column + "\" is named twice, for different things");
    known_[place] = true;
    uses_[place] = use;
    return {};
  }

  // A record of which the truth is not known is one with no other.
  std::uint32_t truth_of(std::string_view cell, std::size_t record) {
    const std::string named = cell.empty() ? "\n" + std::to_string(record) : std::string(cell);
    return truths_.try_emplace(named, static_cast<std::uint32_t>(truths_.size())).first->second;
  }

  void add_names(const std::string& given, const std::string& family, const std::string& whole) {
    const NameParts& parts =
        names_.of(given + "\n" + family + "\n" + whole, [&] { return name_parts(given, family, whole); });
    values_.push_back(parts.given);
    values_.push_back(parts.family);
    values_.push_back(parts.middle);
  }

  // Landlines and mobiles stand in one column, and are two fields.
  void add_field(std::size_t column, const std::string& value) {
    if (!is_phone(uses_[column].kind)) {
      values_.push_back(value);
      return;
    }
    const bool mobile = is_mobile(value);
    values_.push_back(mobile ? std::string() : value);
    values_.push_back(mobile ? value : std::string());
  }

  const std::string& normal(std::size_t column, std::string_view cell) {
    return remembered_[column].of(cell, [&] { return normal_value(uses_[column].kind, cell); });
  }

  const LinkageColumns& wanted_;
  CsvCells header_;
  std::vector<ColumnUse> uses_;
  std::vector<bool> known_;
  bool has_names_ = false;
  std::vector<std::string> values_;
  Remembered<NameParts> names_;
  std::vector<Remembered<std::string>> remembered_;
  std::unordered_map<std::string, std::uint32_t> truths_;
};

}  // namespace

namespace {

// Rows of a file, in cells that are used again, unless there was so much in them that keeping them would cost memory.
struct RowBatch {
  static constexpr std::size_t kRows = 4096;
  static constexpr std::size_t kBytes = std::size_t{16} << 20;
  static_assert(kRows >= kLookedAt);

  std::vector<CsvCells> rows;
  std::size_t count = 0;  // of `rows`
  std::size_t bytes = 0;  // in them
  std::uint64_t refused = 0;
  bool ended = false;

  std::span<const CsvCells> filled() const { return std::span(rows).subspan(0, count); }
};

Status read_batch(CsvRows& rows, RowBatch& batch) {
  if (batch.bytes >= RowBatch::kBytes) batch.rows.clear();
  batch.rows.resize(RowBatch::kRows);
  batch.count = 0;
  batch.bytes = 0;
  batch.refused = 0;
  const CsvRowReading take = [&](const CsvCells& cells) -> std::variant<v1::Event, Refusal> {
    for (const std::string& cell : cells) batch.bytes += cell.size();
    batch.rows[batch.count++] = cells;
    return v1::Event();
  };
  while (batch.count < RowBatch::kRows && batch.bytes < RowBatch::kBytes) {
    const Result<std::optional<InputRecord>> row = rows.next(take);
    if (!row.ok()) return row.status();
    batch.ended = !row->has_value();
    if (batch.ended) break;
    if (std::holds_alternative<v1::RefusedInput>((*row)->content)) ++batch.refused;
  }
  return {};
}

}  // namespace

Result<LinkageInput> read_linkage_input(const std::filesystem::path& file, const LinkageColumns& columns) {
  auto stream = std::make_unique<std::ifstream>(file, std::ios::binary);
  if (!*stream) return Status(Code::kMissing, file.string() + ": cannot be opened");
  CsvRows rows(std::move(stream), file.filename().string(), CsvForm{}, Limits{});
  MOOT_RETURN_IF_ERROR(rows.read_header());
  Reading reading(columns, rows.header());
  if (Status status = reading.take_columns(); !status.ok()) return status.with(file.filename().string());
  // While one batch is taken apart, the next is read.
  RowBatch batches[2];
  std::optional<LinkageInput> input;
  std::uint64_t refused = 0;
  std::future<Status> read = std::async(std::launch::async, read_batch, std::ref(rows), std::ref(batches[0]));
  for (std::size_t turn = 0; true; ++turn) {
    MOOT_RETURN_IF_ERROR(read.get());
    const RowBatch& batch = batches[turn % 2];
    if (!batch.ended)
      read = std::async(std::launch::async, read_batch, std::ref(rows), std::ref(batches[(turn + 1) % 2]));
    const std::span<const CsvCells> cells = batch.filled();
    if (!input) input = reading.begin(cells.subspan(0, std::min(cells.size(), kLookedAt)));
    for (const CsvCells& row : cells) reading.add(row, *input);
    refused += batch.refused;
    if (batch.ended) break;
  }
  input->rows_refused = refused;
  return std::move(*input);
}

}  // namespace moot
