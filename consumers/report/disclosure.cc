#include "consumers/report/disclosure.h"

#include <algorithm>
#include <cstdint>
#include <map>
#include <numeric>
#include <optional>
#include <tuple>
#include <unordered_map>
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
using State = DisclosedNumber::State;

bool is_zero(const Row& row) {
  return std::all_of(row.begin(), row.end(), [](std::uint64_t value) { return value == 0; });
}

// Of the row so many times the other is taken.
void take(Row& row, std::uint64_t count, const Row& other) {
  if (count == 0) return;
  for (std::size_t i = 0; i < row.size(); ++i)
    if (other[i] != 0) row[i] = minus(row[i], times(count, other[i]));
}

void add_row(Row& row, const Row& other) {
  for (std::size_t i = 0; i < row.size(); ++i) row[i] = minus(row[i], minus(0, other[i]));
}

void add_to(std::map<std::size_t, std::uint64_t>& counts, std::size_t number, std::uint64_t count) {
  std::uint64_t& sum = counts[number];
  sum = minus(sum, minus(0, count));
  if (sum == 0) counts.erase(number);
}

// What is reckoned with at once: rows of so many cells, and so many steps to bring them into echelon form.
constexpr double kMostCells = 1 << 24;
constexpr double kMostSteps = 2e9;

bool is_printed(const DisclosedNumber& number) {
  return number.state == State::kPrinted || number.state == State::kPrintedAnyway;
}

// Numbers that share records, one with the next, by their places: what is in no such chain with a secret tells nothing
// of it.
using Together = std::vector<std::size_t>;

std::vector<Together> with_secrets(const std::vector<DisclosedNumber>& numbers, const Together& among) {
  std::map<std::size_t, std::size_t> above;  // by number
  for (const std::size_t i : among) above[i] = i;
  const auto top = [&](std::size_t i) {
    while (above[i] != i) i = above[i] = above[above[i]];
    return i;
  };
  std::unordered_map<std::size_t, std::size_t> first;  // by record
  for (const std::size_t i : among) {
    if (numbers[i].state == State::kWithheld) continue;  // nobody sees it, and it need not be kept
    for (const auto* records : {&numbers[i].records, &numbers[i].less})
      for (const std::size_t record : *records) above[top(i)] = top(first.emplace(record, i).first->second);
  }
  std::map<std::size_t, Together> by_top;
  for (const std::size_t i : among)
    if (numbers[i].state != State::kWithheld) by_top[top(i)].push_back(i);
  std::vector<Together> all;
  for (auto& [number, together] : by_top)
    if (std::any_of(together.begin(), together.end(),
                    [&](std::size_t i) { return numbers[i].state == State::kSecret; }))
      all.push_back(std::move(together));
  return all;
}

// Numbers as rows: a column for each set of records that are counted in the same numbers, equally often. Nothing where
// there are too many.
std::optional<std::vector<Row>> rows_of(const std::vector<DisclosedNumber>& numbers, const Together& together) {
  std::unordered_map<std::size_t, std::map<std::size_t, std::uint64_t>> counted_in;  // by record
  std::size_t printed = 0;
  for (std::size_t i = 0; i < together.size(); ++i) {
    const DisclosedNumber& number = numbers[together[i]];
    if (is_printed(number)) ++printed;
    for (const std::size_t record : number.records) add_to(counted_in[record], i, 1);
    for (const std::size_t record : number.less) add_to(counted_in[record], i, kPrime - 1);
  }
  std::map<std::map<std::size_t, std::uint64_t>, std::size_t> columns;
  for (const auto& [record, counts] : counted_in) columns.emplace(counts, 0);
  std::size_t next = 0;
  for (auto& [counts, column] : columns) column = next++;
  const double count = static_cast<double>(together.size());
  const double of_row = static_cast<double>(columns.size() + printed);
  if (count * of_row > kMostCells || count * of_row * static_cast<double>(printed) > kMostSteps) return std::nullopt;
  std::vector<Row> rows(together.size(), Row(columns.size()));
  for (const auto& [counts, column] : columns)
    for (const auto& [number, times_counted] : counts) rows[number][column] = times_counted;
  return rows;
}

// What of a row is no combination of the printed numbers, and the combination that is the rest.
struct Reduced {
  Row row, combination;
};

// The printed numbers in echelon form, each row with the combination of numbers that it is.
class Printed {
 public:
  explicit Printed(std::size_t count) : count_(count) {}

  void add(std::size_t number, const Row& row) {
    Reduced one = reduced(row);
    one.combination[number] = 1;
    const auto first = std::find_if(one.row.begin(), one.row.end(), [](std::uint64_t value) { return value != 0; });
    if (first == one.row.end()) return;
    const std::uint64_t scale = inverse(*first);
    const auto column = static_cast<std::size_t>(first - one.row.begin());
    for (std::uint64_t& value : one.row) value = times(value, scale);
    for (std::uint64_t& value : one.combination) value = times(value, scale);
    basis_.push_back({column, std::move(one)});
  }

  Reduced reduced(const Row& row) const {
    Reduced one{row, Row(count_)};
    for (const Basis& other : basis_) {
      const std::uint64_t count = one.row[other.first];
      take(one.row, count, other.reduced.row);
      take(one.combination, count, other.reduced.combination);
    }
    return one;
  }

 private:
  struct Basis {
    std::size_t first;  // the first column that is not 0, and is 1
    Reduced reduced;
  };

  const std::size_t count_;
  std::vector<Basis> basis_;
};

// Keeps the secrets among numbers that share records.
class Keeping {
 public:
  Keeping(std::vector<DisclosedNumber>& numbers, const Together& together, std::vector<Row> rows)
      : numbers_(numbers), together_(together), rows_(std::move(rows)) {}

  std::vector<GivenAway> keep() {
    while (withholds_some()) continue;
    return std::move(given_away_);
  }

 private:
  DisclosedNumber& number(std::size_t i) { return numbers_[together_[i]]; }

  // Once through all secrets. What a number that was withheld on the way gave back is looked at again the next time.
  bool withholds_some() {
    Printed printed(rows_.size());
    for (std::size_t i = 0; i < rows_.size(); ++i)
      if (is_printed(number(i))) printed.add(i, rows_[i]);
    given_away_.clear();
    bool any = false;
    std::map<std::size_t, Reduced> kept;
    for (std::size_t i = 0; i < rows_.size(); ++i) {
      if (number(i).state != State::kSecret) continue;
      Reduced one = printed.reduced(rows_[i]);
      if (!is_zero(one.row))
        kept.emplace(i, std::move(one));
      else if (keep({i}, one.combination))
        any = true;
    }
    for (const std::vector<std::size_t>& several : sums(kept)) {
      if (!is_combination(several, kept)) continue;
      Row combination(rows_.size());
      for (const std::size_t i : several) add_row(combination, kept.at(i).combination);
      if (keep(several, combination)) any = true;
    }
    return any;
  }

  // Whether of the sum of these nothing is left.
  static bool is_combination(const std::vector<std::size_t>& several, const std::map<std::size_t, Reduced>& kept) {
    for (std::size_t column = 0; column < kept.at(several.front()).row.size(); ++column) {
      std::uint64_t left = 0;
      for (const std::size_t i : several) left = minus(left, kept.at(i).row[column]);
      if (left != 0) return false;
    }
    return true;
  }

  // Withholds the number that keeps these secrets, which are this combination of others.
  bool keep(const std::vector<std::size_t>& secrets, const Row& combination) {
    std::optional<std::size_t> least;
    const auto rank = [&](std::size_t i) { return std::tuple(!number(i).is_part, number(i).records.size(), i); };
    GivenAway given;
    for (std::size_t i = 0; i < combination.size(); ++i) {
      if (combination[i] == 0) continue;
      if (number(i).state == State::kWithheld) return false;  // a moment ago
      given.from.push_back(together_[i]);
      if (number(i).state == State::kPrinted && (!least || rank(i) < rank(*least))) least = i;
    }
    if (least) {
      number(*least).state = State::kWithheld;
      return true;
    }
    for (const std::size_t secret : secrets) given.secrets.push_back(together_[secret]);
    given_away_.push_back(std::move(given));
    return false;
  }

  // Whether the sum of these leaves but one way: each is 1, or each is the most that it can be.
  bool tells_each(const std::vector<std::size_t>& secrets) {
    std::size_t sum = 0, most = 0;
    for (const std::size_t i : secrets) {
      sum += number(i).records.size();
      most += std::max<std::size_t>(number(i).small_below, 1) - 1;
    }
    return sum <= secrets.size() || (most > 0 && sum >= most);
  }

  // Secrets whose sum alone would tell each: any two, and all that are counted in one printed number.
  std::vector<std::vector<std::size_t>> sums(const std::map<std::size_t, Reduced>& kept) {
    std::vector<std::size_t> secrets;
    for (const auto& [i, reduced] : kept) secrets.push_back(i);
    std::vector<std::vector<std::size_t>> all;
    for (std::size_t a = 0; a < secrets.size(); ++a)
      for (std::size_t b = a + 1; b < secrets.size(); ++b)
        if (tells_each({secrets[a], secrets[b]})) all.push_back({secrets[a], secrets[b]});
    std::stable_sort(secrets.begin(), secrets.end(), [&](std::size_t a, std::size_t b) {
      return std::tuple(number(a).is_part, number(b).records.size()) <
             std::tuple(number(b).is_part, number(a).records.size());
    });
    for (std::size_t i = 0; i < rows_.size(); ++i) {
      if (!is_printed(number(i))) continue;
      std::vector<std::size_t> several = inside(rows_[i], secrets);
      if (several.size() > 2 && tells_each(several)) all.push_back(std::move(several));
    }
    return all;
  }

  // Of these so many, one after the other, as are counted in a number and share no records.
  std::vector<std::size_t> inside(const Row& whole, const std::vector<std::size_t>& secrets) const {
    std::vector<bool> is_free(whole.size());
    for (std::size_t column = 0; column < whole.size(); ++column) is_free[column] = whole[column] != 0;
    std::vector<std::size_t> several;
    for (const std::size_t secret : secrets) {
      const Row& row = rows_[secret];
      bool fits = true;
      for (std::size_t column = 0; column < row.size() && fits; ++column) fits = row[column] == 0 || is_free[column];
      if (!fits) continue;
      for (std::size_t column = 0; column < row.size(); ++column)
        if (row[column] != 0) is_free[column] = false;
      several.push_back(secret);
    }
    return several;
  }

  std::vector<DisclosedNumber>& numbers_;
  const Together& together_;
  const std::vector<Row> rows_;
  std::vector<GivenAway> given_away_;
};

bool withhold_all(std::vector<DisclosedNumber>& numbers, const Together& together, bool parts) {
  bool any = false;
  for (const std::size_t i : together) {
    if (numbers[i].state != State::kPrinted || numbers[i].is_part != parts) continue;
    numbers[i].state = State::kWithheld;
    any = true;
  }
  return any;
}

void protect_among(std::vector<DisclosedNumber>& numbers, const Together& among, Protection& protection) {
  for (const Together& together : with_secrets(numbers, among)) {
    if (std::optional<std::vector<Row>> rows = rows_of(numbers, together)) {
      for (GivenAway& given : Keeping(numbers, together, std::move(*rows)).keep())
        protection.given_away.push_back(std::move(given));
      continue;
    }
    protection.too_many = true;
    if (withhold_all(numbers, together, true) || withhold_all(numbers, together, false))
      protect_among(numbers, together, protection);
  }
}

}  // namespace

Protection protect_secrets(std::vector<DisclosedNumber>& numbers) {
  Protection protection;
  Together all(numbers.size());
  std::iota(all.begin(), all.end(), std::size_t{0});
  if (std::any_of(numbers.begin(), numbers.end(), [](const auto& number) { return number.state == State::kSecret; }))
    protect_among(numbers, all, protection);
  return protection;
}

}  // namespace moot
