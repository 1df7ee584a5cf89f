#include "adapters/mapping_check.h"

#include <algorithm>

#include "adapters/csv_cells.h"
#include "adapters/encoding.h"

namespace moot {

namespace {

constexpr std::size_t kShapeCharacters = 32;

bool is_digit(char c) { return c >= '0' && c <= '9'; }
// A byte of a character beyond ASCII counts as a letter.
bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || static_cast<unsigned char>(c) > 127;
}

std::vector<std::string> cells_of(std::string_view bytes, char delimiter, Encoding encoding) {
  bytes = without_utf8_mark(bytes);
  const std::optional<std::string> text = to_utf8(bytes, encoding);
  if (!text) return {};
  return split_csv_record(*text, delimiter).value_or(std::vector<std::string>());
}

}  // namespace

std::string shape_of(std::string_view cell) {
  std::string shape;
  for (const char c : trimmed(cell)) {
    if (shape.size() == kShapeCharacters) return shape + "…";
    if (is_digit(c))
      shape += '9';
    else if (!is_letter(c))
      shape += c > ' ' && c < 127 ? c : ' ';
    else if (shape.empty() || shape.back() != 'x')
      shape += 'x';
  }
  return shape;
}

void MappingCheck::on_outcome(std::function<void(const Outcome&)> callback) {
  sink_.on_outcome([this, callback = std::move(callback)](const Outcome& outcome) {
    const bool noted = !given_.empty() && given_.front();
    if (!given_.empty()) given_.pop_front();
    // Which other row it is in conflict with differs from row to row.
    if (outcome.fate == Fate::kRefused && !noted)
      note("", outcome.origin.row(),
           outcome.status.code() == Code::kConflict
               ? Status(Code::kConflict,
                        "another row, of this file or an earlier one, has the same key with different content; "
                        "a changed row needs a revision")
               : outcome.status,
           "");
    callback(outcome);
  });
}

Status MappingCheck::publish(const v1::Event& event, const v1::Origin& origin) {
  given_.push_back(false);
  return sink_.publish(event, origin);
}

Status MappingCheck::refuse(const v1::RefusedInput& refused) {
  note(refused.column(), refused.origin().row(), Status(static_cast<Code>(refused.code()), refused.reason()),
       shape_in(refused));
  given_.push_back(true);
  return sink_.refuse(refused);
}

std::string MappingCheck::shape_in(const v1::RefusedInput& refused) const {
  if (refused.column().empty()) return "";
  const bool workbook = refused.format() == "xlsx";
  const char delimiter = workbook ? ',' : delimiter_;
  const Encoding encoding = workbook ? Encoding::kUtf8 : encoding_;
  const std::vector<std::string> header = cells_of(refused.header(), delimiter, encoding);
  const std::vector<std::string> row = cells_of(refused.input(), delimiter, encoding);
  const auto place =
      static_cast<std::size_t>(std::find(header.begin(), header.end(), refused.column()) - header.begin());
  return place < row.size() ? shape_of(row[place]) : "";
}

void MappingCheck::note(const std::string& column, std::uint64_t row, const Status& why, const std::string& shape) {
  auto found = std::find_if(failures_.begin(), failures_.end(), [&](const MappingFailure& failure) {
    return failure.column == column && failure.reason == why.message();
  });
  if (found == failures_.end()) {
    if (failures_.size() == kFailuresMax) {
      ++rows_left_out_;
      return;
    }
    failures_.push_back({column, why.code(), why.message(), 0, {}, {}});
    found = failures_.end() - 1;
  }
  ++found->rows;
  if (found->first_rows.size() < kRowsShown) found->first_rows.push_back(row);
  if (!shape.empty() && found->shapes.size() < kShapesShown &&
      std::find(found->shapes.begin(), found->shapes.end(), shape) == found->shapes.end())
    found->shapes.push_back(shape);
}

std::vector<MappingFailure> MappingCheck::failures() const {
  std::vector<MappingFailure> sorted = failures_;
  std::stable_sort(sorted.begin(), sorted.end(),
                   [](const MappingFailure& a, const MappingFailure& b) { return a.rows > b.rows; });
  return sorted;
}

}  // namespace moot
