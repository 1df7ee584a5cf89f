#include "consumers/linkage/value_table.h"

#include <bit>

#include "consumers/linkage/nicknames.h"
#include "consumers/linkage/spelling.h"

namespace moot {
namespace {

constexpr std::size_t kTextMax = 1000;  // letters kept of a value; comparing looks at fewer

std::uint32_t packed_digits(std::string_view date) {
  std::uint32_t digits = 0;
  for (std::size_t i = 0; i < 8; ++i) {
    const char c = i < date.size() ? date[i] : '?';
    digits = digits << 4 | (c >= '0' && c <= '9' ? static_cast<std::uint32_t>(c - '0') : 0xfU);
  }
  return digits;
}

}  // namespace

ValueTable::ValueTable(FieldKind kind) : kind_(kind), forms_(1), texts_(1) {}

ValueId ValueTable::intern(const std::string& text) {
  if (text.empty()) return 0;
  std::uint64_t hash = 0;
  if (const ValueId known = look_up(text, hash); known != 0) return known;
  const auto number = static_cast<ValueId>(forms_.size());
  numbers_.emplace(hash, number);
  const std::u16string letters = to_letters(text).substr(0, kTextMax);
  ValueForm form;
  form.begin = static_cast<std::uint32_t>(letters_.size());
  form.length = static_cast<std::uint16_t>(letters.size());
  form.pairs = letter_pairs(letters);
  form.pair_count = static_cast<std::uint8_t>(std::popcount(form.pairs));
  if (same_dictionary(kind_, FieldKind::kGiven)) {
    form.nicknames = nickname_groups(text);
    form.sound = sound_of(letters);
  }
  if (kind_ == FieldKind::kOwnReference)
    form.sound = static_cast<std::uint32_t>(std::hash<std::string_view>()(system_of_reference(text)));
  if (kind_ == FieldKind::kBorn) form.digits = packed_digits(text);
  letters_ += letters;
  forms_.push_back(form);
  texts_.push_back(text);
  return number;
}

// Or, where it is not there, under which hash it is to stand.
ValueId ValueTable::look_up(std::string_view text, std::uint64_t& hash) const {
  hash = std::hash<std::string_view>()(text);
  for (auto found = numbers_.find(hash); found != numbers_.end(); found = numbers_.find(++hash))
    if (texts_[found->second] == text) return found->second;
  return 0;
}

ValueId ValueTable::find(const std::string& text) const {
  std::uint64_t hash = 0;
  return look_up(text, hash);
}

}  // namespace moot
