// What a report withholds beside what is small, so that nothing small can be worked out from all that it prints.
#include <algorithm>
#include <functional>
#include <optional>
#include <set>

#include "consumers/document/phrase.h"
#include "consumers/report/disclosure.h"
#include "consumers/report/figures.h"
#include "consumers/report/withholding.h"

namespace moot {

// The numbers of a report, and in which figure each stands.
class DisclosedFigures {
 public:
  using State = DisclosedNumber::State;

  // Of the largest its parts are printed, and of how many it is.
  void add(const Measure& measure, Figure& figure, bool with_parts, const Period& period) {
    period_ = in_words(period);
    if (!figure.counts_withheld) add(measure, figure, std::nullopt, figure.small, figure.records);
    for (std::size_t i = 0; with_parts && i < figure.parts.size(); ++i)
      add(measure, figure, i, figure.parts[i].small, figure.parts[i].records);
  }

  // That these records are as many as those, as everybody sees where no flag says otherwise.
  void add_equation(std::vector<std::size_t> records, std::vector<std::size_t> equals) {
    if (records.size() != equals.size()) return;
    add_as_said(std::move(records), std::move(equals));
  }
  void add_equation(std::vector<std::size_t> records, double expected) {
    if (static_cast<double>(records.size()) == expected) add_as_said(std::move(records), {});
  }

  // What another report prints, which nothing here can change.
  void add_as_they_are(const DisclosedFigures& others) {
    for (std::size_t i = 0; i < others.numbers_.size(); ++i) {
      numbers_.push_back(others.numbers_[i]);
      if (numbers_.back().state == State::kPrinted) numbers_.back().state = State::kPrintedAnyway;
      places_.push_back(others.places_[i]);
      places_.back().figure = nullptr;
    }
  }

  // What could not be kept, in sentences.
  std::vector<std::string> protect() {
    std::vector<State> before;
    for (const DisclosedNumber& number : numbers_) before.push_back(number.state);
    const Protection protection = protect_secrets(numbers_);
    for (std::size_t i = 0; i < numbers_.size(); ++i)
      if (numbers_[i].state != before[i]) withhold(places_[i]);
    for (const Place& place : places_)
      if (place.figure != nullptr && place.part) put_withheld_last(*place.measure, place.figure->parts);
    std::vector<std::string> sentences;
    for (const GivenAway& given : protection.given_away) {
      const std::string sentence = "What is withheld of " + named(given.secrets) + " can be worked out from " +
                                   named(given.from) + ", which cannot be withheld.";
      if (std::find(sentences.begin(), sentences.end(), sentence) == sentences.end()) sentences.push_back(sentence);
    }
    if (protection.too_many)
      sentences.push_back(
          "So many counts share records that they cannot be looked at together: all their parts are withheld, and "
          "where that is not enough the counts too.");
    return sentences;
  }

 private:
  struct Place {
    const Measure* measure = nullptr;  // nothing: what a check says
    Figure* figure = nullptr;          // nothing: of another report, or what a check says
    std::optional<std::size_t> part;   // nothing: the whole
    std::string period;
  };

  void add_as_said(std::vector<std::size_t> records, std::vector<std::size_t> equals) {
    numbers_.push_back({std::move(records), std::move(equals), State::kPrintedAnyway});
    places_.push_back({});
  }

  std::string named(const std::vector<std::size_t>& numbers) const {
    std::vector<std::string> names;
    for (const std::size_t i : numbers) {
      const Place& place = places_[i];
      const std::string name =
          place.measure == nullptr ? "what the checks say" : "“" + place.measure->title + "” of " + place.period;
      if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
    }
    return in_list(names);
  }

  void add(const Measure& measure, Figure& figure, std::optional<std::size_t> part, bool withheld,
           const std::vector<std::size_t>& records) {
    if (records.empty()) return;  // nothing is told by nothing
    const bool small = records.size() < static_cast<std::size_t>(measure.small_below);
    const State printed = measure.small_below == 0 ? State::kPrintedAnyway : State::kPrinted;
    numbers_.push_back({records,
                        {},
                        !withheld ? printed
                        : small   ? State::kSecret
                                  : State::kWithheld,
                        part.has_value(),
                        static_cast<std::size_t>(measure.small_below)});
    places_.push_back({&measure, &figure, part, period_});
  }

  static void withhold(const Place& place) {
    if (place.measure->kind == MeasureKind::kLargest) withhold_counts(*place.figure);
    if (!place.part) {
      place.figure->small = place.figure->small || place.measure->kind != MeasureKind::kLargest;
      return;
    }
    place.figure->parts[*place.part].value.reset();
    place.figure->parts[*place.part].small = true;
  }

  std::vector<DisclosedNumber> numbers_;
  std::vector<Place> places_;
  std::string period_;  // of the figure that is added
};

namespace {

bool counts_records(const Measure& measure) {
  return measure.kind == MeasureKind::kCount || measure.kind == MeasureKind::kStock ||
         measure.kind == MeasureKind::kLargest;
}

}  // namespace

// Of a measure that is compared with another period the whole of that period is printed too, and in a chart its parts.
// What is worked out of others tells no more than all of those together: they are taken as printed, and where one is
// withheld it is withheld too.
void Figures::disclose_compared(const Measure& measure, const Period& other, bool draws_parts,
                                DisclosedFigures& disclosed) {
  if (counts_records(measure)) return disclosed.add(measure, kept(measure.id, other), draws_parts, other);
  const bool divides = measure.kind == MeasureKind::kShare || measure.kind == MeasureKind::kRatio;
  const std::vector<std::string> others = divides ? std::vector{measure.numerator, measure.denominator} : measure.parts;
  for (const std::string& id : others) disclose_compared(this->measure(id), other, false, disclosed);
}

void Figures::disclose(const Period& period, const std::vector<Check>& checks, DisclosedFigures& disclosed) {
  for (const Measure& one : measures_) {
    if (counts_records(one)) disclosed.add(one, kept(one.id, period), true, period);
    const Measure& base = one.kind == MeasureKind::kChange ? measure(one.numerator) : one;
    if (one.comparison == Comparison::kNone) continue;
    const bool draws_parts = one.chart && one.kind != MeasureKind::kChange;
    disclose_compared(base, compared(one.comparison, period), draws_parts, disclosed);
  }
  for (const Check& check : checks) {
    std::vector<std::size_t> records, equals;
    if (check.kind == CheckKind::kEqual && add_counted(check.left, period, records)) {
      if (check.expected)
        disclosed.add_equation(std::move(records), *check.expected);
      else if (add_counted(check.less, period, records) && add_counted(check.right, period, equals))
        disclosed.add_equation(std::move(records), std::move(equals));
    } else if (check.kind == CheckKind::kParts && add_counted(check.measures, period, records) &&
               add_counted_parts(check.measures, period, equals)) {
      disclosed.add_equation(std::move(records), std::move(equals));
    } else if (check.kind == CheckKind::kAmong && add_counted({check.measures.front()}, period, records) &&
               add_counted({check.measures.back()}, period, equals) && !tells_withheld(check, period)) {
      const std::set<std::size_t> among(equals.begin(), equals.end());  // how many are not is in the sentence
      std::erase_if(records, [&](std::size_t record) { return among.contains(record); });
      const auto count = static_cast<double>(records.size());
      disclosed.add_equation(std::move(records), count);
    }
  }
}

// The records that measures count, of a total those of its parts; false where they count none, or none are known. It
// asks for no measure that is worked out from others: that would be remembered as it was before these were withheld.
bool Figures::add_counted(const std::vector<std::string>& ids, const Period& period,
                          std::vector<std::size_t>& records) {
  for (const std::string& id : ids) {
    const Measure& one = measure(id);
    if (one.kind == MeasureKind::kTotal) {
      if (!add_counted(one.parts, period, records)) return false;
      continue;
    }
    if (!counts_records(one) || one.kind == MeasureKind::kLargest) return false;
    const Figure& figure = kept(id, period);
    if (!figure.value) return false;
    records.insert(records.end(), figure.records.begin(), figure.records.end());
  }
  return true;
}

// Likewise of the parts of measures, which a check adds up where none is withheld.
bool Figures::add_counted_parts(const std::vector<std::string>& ids, const Period& period,
                                std::vector<std::size_t>& records) {
  for (const std::string& id : ids) {
    if (!counts_records(measure(id))) return false;
    for (const FigurePart& part : kept(id, period).parts) {
      if (part.small) return false;
      records.insert(records.end(), part.records.begin(), part.records.end());
    }
  }
  return true;
}

// False where a term is no number that is printed or withheld as such.
bool Figures::add_terms(const std::vector<std::string>& ids, bool added, const Period& period,
                        std::vector<BoundTerm>& terms) {
  for (const std::string& id : ids) {
    const Measure& one = measure(id);
    if (one.kind == MeasureKind::kTotal) {
      if (!add_terms(one.parts, added, period, terms)) return false;
      continue;
    }
    const Figure& figure = kept(id, period);
    if (!figure.value) return false;
    terms.push_back({added, figure.small ? std::nullopt : figure.value, one.small_below - 1});
  }
  return true;
}

bool Figures::tells_withheld(const Check& check, const Period& period) {
  if (check.kind == CheckKind::kAmong) {
    const std::string &part = check.measures.front(), &whole = check.measures.back();
    const auto most = static_cast<std::size_t>(std::max(measure(part).small_below, measure(whole).small_below));
    const std::vector<const v1::Event*> all = events_of(whole, period), some = events_of(part, period);
    const std::set<const v1::Event*> among(all.begin(), all.end());
    const auto inside = static_cast<std::size_t>(
        std::count_if(some.begin(), some.end(), [&](const v1::Event* one) { return among.contains(one); }));
    const auto is_few = [&](std::size_t count) { return count > 0 && count < most; };
    return !kept(part, period).small && !kept(whole, period).small && (is_few(inside) || is_few(some.size() - inside));
  }
  // What is withheld, and is not known to be from 1 to less than small_below: beside a small one, or worked out.
  const std::function<bool(const std::string&)> has_no_range = [&](const std::string& id) {
    const Measure& one = measure(id);
    if (one.kind == MeasureKind::kTotal) return std::any_of(one.parts.begin(), one.parts.end(), has_no_range);
    const Figure& figure = kept(id, period);
    if (!figure.small) return figure.counts_withheld;
    const bool counts = one.kind == MeasureKind::kCount || one.kind == MeasureKind::kStock;
    return !counts || !figure.value || *figure.value >= one.small_below;
  };
  if (check.kind == CheckKind::kAtMost || check.kind == CheckKind::kFunnel)
    for (const auto* ids : {&check.left, &check.less, &check.right, &check.measures})
      if (std::any_of(ids->begin(), ids->end(), has_no_range)) return true;
  std::vector<BoundTerm> terms;
  if (check.kind == CheckKind::kAtMost)
    return add_terms(check.left, true, period, terms) && add_terms(check.less, true, period, terms) &&
           add_terms(check.right, false, period, terms) && answer_tells(terms, check.expected.value_or(0));
  for (std::size_t i = 1; check.kind == CheckKind::kFunnel && i < check.measures.size(); ++i) {
    terms.clear();
    if (add_terms({check.measures[i]}, true, period, terms) &&
        add_terms({check.measures[i - 1]}, false, period, terms) && answer_tells(terms, 0))
      return true;
  }
  return false;
}

std::vector<std::string> Figures::protect(const Period& period, const std::vector<Check>& checks) {
  if (!withholds_) return {};
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
  return disclosed.protect();
}

}  // namespace moot
