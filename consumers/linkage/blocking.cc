#include "consumers/linkage/blocking.h"

#include <algorithm>

namespace moot {
namespace {

std::string_view date_part(std::string_view text, Part part) {
  const std::string_view wanted = part == Part::kYear ? text.substr(0, 4) : text.substr(4);
  return wanted.find('?') == std::string_view::npos ? wanted : std::string_view();
}

std::string_view beginning_of(FieldKind kind, std::string_view text) {
  switch (kind) {
    case FieldKind::kPostcode:
      return text.substr(0, text.size() >= 5 ? text.size() - 3 : std::min<std::size_t>(text.size(), 2));
    case FieldKind::kEmail:
      return text.substr(0, text.find('@'));
    case FieldKind::kAddress:
      return text.substr(0, 6);
    case FieldKind::kTown:
      return text.substr(0, 4);
    default:
      return text.substr(0, 3);
  }
}

std::string_view part_words(FieldKind kind, Part part) {
  switch (part) {
    case Part::kWhole:
      return "";
    case Part::kSound:
      return " by ear";
    case Part::kBeginning:
      return kind == FieldKind::kPostcode ? " (district)" : " (beginning)";
    case Part::kEnd:
      return " (end)";
    case Part::kYear:
      return " (year)";
    case Part::kDayAndMonth:
      return " (day and month)";
  }
  return "";
}

}  // namespace

std::uint64_t part_of(const ValueTable& table, ValueId value, Part part) {
  if (value == 0) return 0;
  const std::string_view text = table.text(value);
  const std::uint64_t salt = mixed(static_cast<std::uint64_t>(part) * 64 + static_cast<std::uint64_t>(table.kind()));
  std::string_view wanted = text;
  if (part == Part::kSound) return table.form(value).sound == 0 ? 0 : mixed(salt + table.form(value).sound) | 1;
  if (part == Part::kYear || part == Part::kDayAndMonth) wanted = date_part(text, part);
  if (part == Part::kBeginning) wanted = beginning_of(table.kind(), text);
  if (part == Part::kEnd) wanted = text.size() > 6 ? text.substr(text.size() - 6) : std::string_view();
  return wanted.empty() ? 0 : mixed(salt ^ text_digest(wanted)) | 1;
}

BlockingKeys::BlockingKeys(const RecordTable& records, std::vector<BlockingKey> keys)
    : records_(records), keys_(std::move(keys)) {
  for (const BlockingKey& key : keys_) {
    std::vector<std::size_t>& places = places_.emplace_back();
    for (const BlockingPart& part : key.parts) {
      const auto known = std::find(parts_.begin(), parts_.end(), part);
      places.push_back(static_cast<std::size_t>(known - parts_.begin()));
      if (known == parts_.end()) parts_.push_back(part);
    }
  }
  numbers_.resize(parts_.size());
  take_new_values();
}

void BlockingKeys::take_new_values() {
  for (std::size_t i = 0; i < parts_.size(); ++i) {
    const ValueTable& table = records_.table(static_cast<int>(parts_[i].field));
    for (ValueId value = static_cast<ValueId>(numbers_[i].size()); value < table.size(); ++value)
      numbers_[i].push_back(part_of(table, value, parts_[i].part));
  }
}

std::string BlockingPlan::words(const RecordTable& records) const {
  std::string text;
  for (const BlockingKey& key : keys) {
    text += text.empty() ? "" : "; ";
    for (std::size_t i = 0; i < key.parts.size(); ++i) {
      const Field& field = records.fields()[key.parts[i].field];
      text += (i == 0 ? "" : " + ") + field.title + std::string(part_words(field.kind, key.parts[i].part));
    }
  }
  return text;
}

}  // namespace moot
