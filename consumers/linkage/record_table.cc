#include "consumers/linkage/record_table.h"

#include <algorithm>

#include "broker/core/status.h"

namespace moot {

std::uint64_t mixed(std::uint64_t value) {
  value ^= value >> 30;
  value *= 0xbf58476d1ce4e5b9ULL;
  value ^= value >> 27;
  value *= 0x94d049bb133111ebULL;
  return value ^ value >> 31;
}

std::uint64_t text_digest(std::string_view text) {
  std::uint64_t digest = 0xcbf29ce484222325ULL;
  for (const char c : text) digest = (digest ^ static_cast<unsigned char>(c)) * 0x100000001b3ULL;
  return mixed(digest);
}

RecordTable::RecordTable(std::span<const std::pair<FieldKind, std::string>> fields) {
  MOOT_CHECK(fields.size() <= kFieldsMax);
  for (const auto& [kind, title] : fields) {
    Field field{kind, title};
    const auto same = std::find_if(tables_.begin(), tables_.end(),
                                   [&](const ValueTable& table) { return same_dictionary(table.kind(), field.kind); });
    field.table = static_cast<int>(same - tables_.begin());
    if (same == tables_.end()) tables_.emplace_back(kind);
    fields_.push_back(std::move(field));
  }
  // Forenames and surnames are swapped, and two lines of an address.
  for (std::size_t f = 0; f < fields_.size(); ++f) {
    for (std::size_t g = f + 1; g < fields_.size() && fields_[f].sister < 0; ++g) {
      if (fields_[g].table != fields_[f].table || fields_[g].second || fields_[f].second) continue;
      if (fields_[f].kind == FieldKind::kMiddle || fields_[g].kind == FieldKind::kMiddle) continue;
      fields_[f].sister = static_cast<int>(g);
      fields_[g].second = true;
    }
  }
}

RecordId RecordTable::add(std::string key, std::span<const std::string> values) {
  MOOT_CHECK(values.size() == fields_.size());
  for (std::size_t f = 0; f < fields_.size(); ++f) cells_.push_back(tables_[fields_[f].table].intern(values[f]));
  orders_.push_back(text_digest(key));
  keys_.push_back(std::move(key));
  return static_cast<RecordId>(keys_.size() - 1);
}

RecordId RecordTable::add_again(std::string key, RecordId as) {
  for (std::size_t f = 0; f < fields_.size(); ++f) cells_.push_back(ValueId{values(as)[f]});
  orders_.push_back(text_digest(key));
  keys_.push_back(std::move(key));
  return static_cast<RecordId>(keys_.size() - 1);
}

void RecordTable::rename(RecordId record, std::string key) {
  orders_[record] = text_digest(key);
  keys_[record] = std::move(key);
}

std::vector<std::string> RecordTable::texts(RecordId record) const {
  std::vector<std::string> texts;
  for (std::size_t f = 0; f < fields_.size(); ++f) texts.push_back(tables_[fields_[f].table].text(values(record)[f]));
  return texts;
}

void RecordTable::forget(RecordId record) {
  std::fill_n(cells_.begin() + static_cast<std::ptrdiff_t>(record * fields_.size()), fields_.size(), ValueId{0});
  keys_[record].clear();
  keys_[record].shrink_to_fit();
}

}  // namespace moot
