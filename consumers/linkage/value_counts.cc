#include "consumers/linkage/value_counts.h"

#include <algorithm>

#include "consumers/linkage/in_groups.h"

namespace moot {
namespace {

constexpr std::size_t kNearLettersMax = 24;  // longer values have no near spellings worth counting
constexpr std::size_t kNearSetMax = 300;     // a form that so many values share says nothing

std::uint64_t digest_without(std::u16string_view letters, std::size_t left_out) {
  std::uint64_t digest = 0xcbf29ce484222325ULL;
  for (std::size_t i = 0; i < letters.size(); ++i)
    if (i != left_out) digest = (digest ^ letters[i]) * 0x100000001b3ULL;
  return mixed(digest);
}

// One letter more, less, another, or two neighbours swapped.
bool is_one_edit(std::u16string_view a, std::u16string_view b) {
  if (a.size() > b.size()) std::swap(a, b);
  if (b.size() - a.size() > 1) return false;
  std::size_t from = 0;
  while (from < a.size() && a[from] == b[from]) ++from;
  const std::u16string_view rest_a = a.substr(from);
  const std::u16string_view rest_b = b.substr(from);
  if (a.size() < b.size()) return rest_a == rest_b.substr(1);
  if (rest_a.empty()) return false;
  if (rest_a.substr(1) == rest_b.substr(1)) return true;
  return rest_a.size() >= 2 && rest_a[0] == rest_b[1] && rest_a[1] == rest_b[0] && rest_a.substr(2) == rest_b.substr(2);
}

// The digest of each value with one letter left out, and of the whole value: values one edit apart share one.
std::vector<Hashed> shortened_forms(const ValueTable& table, const std::vector<std::uint32_t>& counts) {
  std::vector<Hashed> forms;
  for (ValueId id = 1; id < counts.size(); ++id) {
    const std::u16string_view letters = table.letters(id);
    if (counts[id] == 0 || letters.size() > kNearLettersMax || letters.size() < 3) continue;
    forms.emplace_back(digest_without(letters, letters.size()), id);
    for (std::size_t i = 0; i < letters.size(); ++i) forms.emplace_back(digest_without(letters, i), id);
  }
  return forms;
}

}  // namespace

double ValueCounts::same_chance() const {
  double same = 0;
  for (const std::uint32_t count : exact) same += static_cast<double>(count) * (count > 0 ? count - 1.0 : 0.0);
  const auto all = static_cast<double>(supplied);
  return all < 2 ? 0 : same / (all * (all - 1));
}

ValueCounts count_values(const RecordTable& records, std::size_t field) {
  const ValueTable& table = records.table(static_cast<int>(field));
  ValueCounts counts;
  counts.exact.assign(table.size(), 0);
  for (RecordId record = 0; record < records.size(); ++record)
    if (const ValueId value = records.values(record)[field]; value != 0) {
      ++counts.exact[value];
      ++counts.supplied;
    }
  counts.near = counts.exact;
  std::vector<std::pair<ValueId, ValueId>> pairs;
  for_each_group(shortened_forms(table, counts.exact), [&](std::span<const ValueId> values) {
    if (values.size() > kNearSetMax) return;
    for (std::size_t i = 0; i < values.size(); ++i)
      for (std::size_t j = i + 1; j < values.size(); ++j)
        if (values[i] != values[j] && is_one_edit(table.letters(values[i]), table.letters(values[j])))
          pairs.emplace_back(values[i], values[j]);
  });
  std::sort(pairs.begin(), pairs.end());
  pairs.erase(std::unique(pairs.begin(), pairs.end()), pairs.end());
  for (const auto& [a, b] : pairs) {
    counts.near[a] += counts.exact[b];
    counts.near[b] += counts.exact[a];
  }
  return counts;
}

}  // namespace moot
