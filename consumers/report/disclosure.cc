#include "consumers/report/disclosure.h"

#include <algorithm>
#include <cstdint>
#include <map>
#include <optional>
#include <tuple>
#include <utility>

namespace moot {
namespace {

// Sums of whole numbers are compared in the field of this prime: exact, and what is no combination over the fractions
// is none there either, but for coefficients that it divides.
constexpr std::uint64_t kPrime = (std::uint64_t{1} << 61) - 1;

std::uint64_t times(std::uint64_t a, std::uint64_t b) {
  __extension__ using Wide = unsigned __int128;
  return static_cast<std::uint64_t>(static_cast<Wide>(a) * b % kPrime);
}
std::uint64_t minus(std::uint64_t a, std::uint64_t b) { return a >= b ? a - b : a + kPrime - b; }
std::uint64_t inverse(std::uint64_t a) {
  std::uint64_t power = 1;
  for (std::uint64_t left = kPrime - 2; left > 0; left >>= 1, a = times(a, a))
    if ((left & 1) != 0) power = times(power, a);
  return power;
}

using Row = std::vector<std::uint64_t>;

// Of the row so many times the other is taken.
void take(Row& row, std::uint64_t count, const Row& other) {
  if (count == 0) return;
  for (std::size_t i = 0; i < row.size(); ++i)
    if (other[i] != 0) row[i] = minus(row[i], times(count, other[i]));
}

void add_to(std::map<std::size_t, std::uint64_t>& counts, std::size_t number, std::uint64_t count) {
  std::uint64_t& sum = counts[number];
  sum = minus(sum, minus(0, count));
  if (sum == 0) counts.erase(number);
}

// Numbers as rows: a column for each set of records that are counted in the same numbers, equally often.
std::vector<Row> rows_of(const std::vector<DisclosedNumber>& numbers) {
  std::map<std::size_t, std::map<std::size_t, std::uint64_t>> counted_in;  // by record
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    for (const std::size_t record : numbers[i].records) add_to(counted_in[record], i, 1);
    for (const std::size_t record : numbers[i].less) add_to(counted_in[record], i, kPrime - 1);
  }
  std::map<std::map<std::size_t, std::uint64_t>, std::size_t> columns;
  for (const auto& [record, counts] : counted_in) columns.emplace(counts, columns.size());
  std::vector<Row> rows(numbers.size(), Row(columns.size()));
  for (const auto& [counts, column] : columns)
    for (const auto& [number, count] : counts) rows[number][column] = count;
  return rows;
}

// The printed numbers in echelon form, each row with the combination of numbers that it is.
class Printed {
 public:
  Printed(const std::vector<DisclosedNumber>& numbers, const std::vector<Row>& rows) : count_(numbers.size()) {
    using State = DisclosedNumber::State;
    for (std::size_t i = 0; i < numbers.size(); ++i)
      if (numbers[i].state == State::kPrinted || numbers[i].state == State::kPrintedAnyway) add(i, rows[i]);
  }

  // The printed numbers of which this one is a combination; empty where it is none.
  std::vector<std::size_t> made_of(Row row) const {
    Row combination(count_);
    reduce(row, combination);
    std::vector<std::size_t> numbers;
    if (std::any_of(row.begin(), row.end(), [](std::uint64_t value) { return value != 0; })) return numbers;
    for (std::size_t i = 0; i < count_; ++i)
      if (combination[i] != 0) numbers.push_back(i);
    return numbers;
  }

 private:
  struct Basis {
    std::size_t first;  // the first column that is not 0, and is 1
    Row row, combination;
  };

  void reduce(Row& row, Row& combination) const {
    for (const Basis& one : basis_) {
      const std::uint64_t count = row[one.first];
      take(row, count, one.row);
      take(combination, count, one.combination);
    }
  }

  void add(std::size_t number, Row row) {
    Row combination(count_);
    combination[number] = 1;
    reduce(row, combination);
    const auto first = std::find_if(row.begin(), row.end(), [](std::uint64_t value) { return value != 0; });
    if (first == row.end()) return;
    const std::uint64_t scale = inverse(*first);
    const auto column = static_cast<std::size_t>(first - row.begin());
    for (std::uint64_t& value : row) value = times(value, scale);
    for (std::uint64_t& value : combination) value = times(value, scale);
    basis_.push_back({column, std::move(row), std::move(combination)});
  }

  const std::size_t count_;
  std::vector<Basis> basis_;
};

// The number to withhold so that this secret is kept; nothing where it is kept, or nothing can be withheld.
std::optional<std::size_t> giving_away(const std::vector<DisclosedNumber>& numbers, const Printed& printed,
                                       const Row& secret) {
  std::optional<std::size_t> least;
  const auto rank = [&](std::size_t i) { return std::tuple(!numbers[i].is_part, numbers[i].records.size(), i); };
  for (const std::size_t i : printed.made_of(secret))
    if (numbers[i].state == DisclosedNumber::State::kPrinted && (!least || rank(i) < rank(*least))) least = i;
  return least;
}

}  // namespace

void protect_secrets(std::vector<DisclosedNumber>& numbers) {
  const std::vector<Row> rows = rows_of(numbers);
  for (bool all_kept = false; !all_kept;) {
    all_kept = true;
    const Printed printed(numbers, rows);
    for (std::size_t i = 0; i < numbers.size() && all_kept; ++i) {
      if (numbers[i].state != DisclosedNumber::State::kSecret) continue;
      const std::optional<std::size_t> other = giving_away(numbers, printed, rows[i]);
      if (!other) continue;
      numbers[*other].state = DisclosedNumber::State::kWithheld;
      all_kept = false;
    }
  }
}

}  // namespace moot
