// What a report withholds beside what is small, so that nothing small can be worked out from all that it prints.
#include <algorithm>
#include <optional>

#include "consumers/report/disclosure.h"
#include "consumers/report/figures.h"
#include "consumers/report/withholding.h"

namespace moot {

// The numbers of a report, and in which figure each stands.
class DisclosedFigures {
 public:
  using State = DisclosedNumber::State;

  void add(const Measure& measure, Figure& figure, bool with_parts) {
    if (measure.kind != MeasureKind::kLargest) add(measure, figure, std::nullopt, figure.small, figure.records);
    for (std::size_t i = 0; with_parts && i < figure.parts.size(); ++i)
      add(measure, figure, i, figure.parts[i].small, figure.parts[i].records);
  }

  // That these come to as much as those, as everybody sees where no flag says otherwise.
  void add_equation(const std::vector<const Figure*>& sum, const std::vector<const Figure*>& equals) {
    DisclosedNumber number;
    number.state = State::kPrintedAnyway;
    for (const Figure* figure : sum)
      number.records.insert(number.records.end(), figure->records.begin(), figure->records.end());
    for (const Figure* figure : equals)
      number.less.insert(number.less.end(), figure->records.begin(), figure->records.end());
    if (number.records.size() != number.less.size()) return;
    numbers_.push_back(std::move(number));
    places_.push_back({});
  }

  // What another report prints, which nothing here can change.
  void add_as_they_are(const DisclosedFigures& others) {
    for (DisclosedNumber number : others.numbers_) {
      if (number.state == State::kPrinted) number.state = State::kPrintedAnyway;
      numbers_.push_back(std::move(number));
      places_.push_back({});
    }
  }

  void protect() {
    std::vector<State> before;
    for (const DisclosedNumber& number : numbers_) before.push_back(number.state);
    protect_secrets(numbers_);
    for (std::size_t i = 0; i < numbers_.size(); ++i)
      if (numbers_[i].state != before[i]) withhold(places_[i]);
    for (const Place& place : places_)
      if (place.figure != nullptr && place.part) put_withheld_last(*place.measure, place.figure->parts);
  }

 private:
  struct Place {
    const Measure* measure = nullptr;
    Figure* figure = nullptr;
    std::optional<std::size_t> part;  // nothing: the whole
  };

  void add(const Measure& measure, Figure& figure, std::optional<std::size_t> part, bool withheld,
           const std::vector<std::size_t>& records) {
    if (records.empty()) return;  // nothing is told by nothing
    const bool small = records.size() < static_cast<std::size_t>(measure.small_below);
    const bool always = measure.small_below == 0 || measure.kind == MeasureKind::kLargest;
    const State printed = always ? State::kPrintedAnyway : State::kPrinted;
    numbers_.push_back({records,
                        {},
                        !withheld ? printed
                        : small   ? State::kSecret
                                  : State::kWithheld,
                        part.has_value()});
    places_.push_back({&measure, &figure, part});
  }

  static void withhold(const Place& place) {
    if (!place.part) {
      place.figure->small = true;
      return;
    }
    place.figure->parts[*place.part].value.reset();
    place.figure->parts[*place.part].small = true;
  }

  std::vector<DisclosedNumber> numbers_;
  std::vector<Place> places_;
};

namespace {

bool counts_records(const Measure& measure) {
  return measure.kind == MeasureKind::kCount || measure.kind == MeasureKind::kStock ||
         measure.kind == MeasureKind::kLargest;
}

}  // namespace

// Of a measure that is compared with another period the whole of that period is printed too.
void Figures::disclose(const Period& period, const std::vector<Check>& checks, DisclosedFigures& disclosed) {
  for (const Measure& one : measures_) {
    if (counts_records(one)) disclosed.add(one, kept(one.id, period), true);
    const Measure& base = one.kind == MeasureKind::kChange ? measure(one.numerator) : one;
    if (one.comparison == Comparison::kNone || !counts_records(base)) continue;
    disclosed.add(base, kept(base.id, compared(one.comparison, period)), false);
  }
  for (const Check& check : checks) {
    if (check.kind != CheckKind::kEqual || check.expected) continue;
    std::vector<const Figure*> sum, equals;
    bool all_counted = true;
    const auto add = [&](const std::vector<std::string>& ids, std::vector<const Figure*>& to) {
      for (const std::string& id : ids) {
        all_counted = all_counted && counts_records(measure(id)) && kept(id, period).value;
        to.push_back(&kept(id, period));
      }
    };
    add(check.left, sum);
    add(check.less, sum);
    add(check.right, equals);
    if (all_counted) disclosed.add_equation(sum, equals);
  }
}

void Figures::protect(const Period& period, const std::vector<Check>& checks) {
  if (!withholds_) return;
  DisclosedFigures disclosed;
  if (is_financial_year(period)) {
    for (Period quarter{period.from, plus_months(period.from, 3)}; quarter.from < period.to;
         quarter = {quarter.to, plus_months(quarter.to, 3)}) {
      DisclosedFigures of_quarter;
      disclose(quarter, checks, of_quarter);
      of_quarter.protect();
      disclosed.add_as_they_are(of_quarter);
    }
  }
  disclose(period, checks, disclosed);
  disclosed.protect();
}

}  // namespace moot
