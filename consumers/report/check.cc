#include "consumers/report/check.h"

#include <algorithm>
#include <array>
#include <set>
#include <utility>

#include "consumers/document/phrase.h"
#include "consumers/report/number_text.h"

namespace moot {
namespace {

constexpr std::array<std::pair<std::string_view, CheckKind>, 13> kKinds = {{{"equal", CheckKind::kEqual},
                                                                            {"at-most", CheckKind::kAtMost},
                                                                            {"funnel", CheckKind::kFunnel},
                                                                            {"parts", CheckKind::kParts},
                                                                            {"as-at-inside", CheckKind::kInside},
                                                                            {"as-at-end", CheckKind::kAtEnd},
                                                                            {"population", CheckKind::kPopulation},
                                                                            {"supplied", CheckKind::kSupplied},
                                                                            {"base", CheckKind::kBase},
                                                                            {"values", CheckKind::kValues},
                                                                            {"once", CheckKind::kOnce},
                                                                            {"stated", CheckKind::kStated},
                                                                            {"among", CheckKind::kAmong}}};

using Filling = std::vector<std::pair<std::string, std::string>>;

std::string filled(std::string text, const Filling& filling) {
  for (const auto& [name, value] : filling) {
    const std::string mark = "{" + name + "}";
    for (std::size_t at = text.find(mark); at != std::string::npos; at = text.find(mark, at + value.size()))
      text.replace(at, mark.size(), value);
  }
  return text;
}

std::string titles(const std::vector<std::string>& ids, const FigureOf& figure_of) {
  std::vector<std::string> all;
  for (const std::string& id : ids) all.push_back("“" + figure_of(id).title + "”");
  return in_list(all);
}

// "oxfordshire-and-west-berkshire": "Oxfordshire and West Berkshire".
std::string name_of_population(const std::string& code) {
  std::string name = code_as_name(code);
  for (std::size_t at = name.find(" And "); at != std::string::npos; at = name.find(" And ")) name[at + 1] = 'a';
  return name;
}

std::string in_a_sentence(const Figure& figure) { return figure.small ? "(withheld)" : figure_text(figure); }

std::string where_in(const Period& period, const Result<Date>& day) {
  if (!day.ok()) return "wherever that is in the period";
  if (*day < period.from) return "before the period began";
  if (*day == period.from) return "the first day of the period";
  return *day < period.to ? "within the period" : "after the period ended";
}

// The sentence, where the figures that it needs are there to be compared.
class Checking {
 public:
  Checking(const Check& check, const FigureOf& figure_of, const Period& period)
      : check_(check), figure_of_(figure_of), period_(period) {}

  std::optional<std::string> compared();
  std::optional<std::string> funnelled();
  std::optional<std::string> added_up();
  std::optional<std::string> dated();
  std::optional<std::string> of_one_population();
  std::optional<std::string> supplied();
  std::optional<std::string> based();
  std::optional<std::string> of_allowed_values();
  std::optional<std::string> supplied_once();
  std::optional<std::string> stated();
  std::optional<std::string> among();

 private:
  std::string told(const Filling& filling, const std::string& otherwise) const {
    return check_.text.empty() ? otherwise : filled(check_.text, filling);
  }
  double sum(const std::vector<std::string>& ids) {
    double all = 0;
    for (const std::string& id : ids) {
      const Figure& figure = figure_of_(id).figure;
      if (figure.small || figure.counts_withheld) small_ = true;
      if (!figure.value) missing_.push_back(id);
      all += figure.value.value_or(0);
    }
    return all;
  }
  std::optional<std::string> not_checked() const {
    if (!missing_.empty())
      return "Cannot be checked: " + titles(missing_, figure_of_) + (missing_.size() > 1 ? " are" : " is") +
             " not supplied.";
    return std::nullopt;
  }

  const Check& check_;
  const FigureOf& figure_of_;
  const Period& period_;
  std::vector<std::string> missing_;
  bool small_ = false;
};

std::optional<std::string> Checking::compared() {
  const double left = sum(check_.left);
  const double right = check_.expected ? *check_.expected : sum(check_.right) - sum(check_.less);
  if (!missing_.empty()) return not_checked();
  if (check_.kind == CheckKind::kEqual ? left == right : left <= right) return std::nullopt;
  if (small_) return "Does not add up; the figures are withheld.";
  const std::string bound = check_.expected       ? ""
                            : check_.less.empty() ? " (" + titles(check_.right, figure_of_) + ")"
                                                  : " (" + titles(check_.right, figure_of_) + " less " +
                                                        titles(check_.less, figure_of_) + ")";
  return told({{"left", number_text(left)},
               {"right", number_text(right)},
               {"difference", number_text(left > right ? left - right : right - left)}},
              titles(check_.left, figure_of_) + ": " + number_text(left) +
                  (check_.kind == CheckKind::kEqual ? ", where " + number_text(right) + bound + " was to be expected."
                                                    : " cannot be: at most " + number_text(right) + bound + "."));
}

std::optional<std::string> Checking::funnelled() {
  sum(check_.measures);
  if (!missing_.empty()) return not_checked();
  for (std::size_t i = 1; i < check_.measures.size(); ++i) {
    const CheckedFigure before = figure_of_(check_.measures[i - 1]), after = figure_of_(check_.measures[i]);
    if (*after.figure.value <= *before.figure.value) continue;
    if (small_) return "More came out than went in; the figures are withheld.";
    return told({{"left", number_text(*after.figure.value)}, {"right", number_text(*before.figure.value)}},
                "“" + after.title + "” is " + number_text(*after.figure.value) + ", more than “" + before.title +
                    "”, " + number_text(*before.figure.value) + ".");
  }
  return std::nullopt;
}

std::optional<std::string> Checking::added_up() {
  const double whole = sum(check_.measures);
  if (!missing_.empty()) return not_checked();
  double parts = 0;
  for (const std::string& id : check_.measures) {
    for (const FigurePart& part : figure_of_(id).figure.parts) {
      if (!part.value) return std::nullopt;  // withheld or not supplied: said where it stands
      parts += *part.value;
    }
  }
  if (parts == whole) return std::nullopt;
  if (small_) return "The parts do not add up to the whole, which is withheld.";
  return told({{"left", number_text(parts)}, {"right", number_text(whole)}},
              "The parts come to " + number_text(parts) + ", the whole is " + number_text(whole) + ".");
}

std::optional<std::string> Checking::dated() {
  for (const std::string& id : check_.measures) {
    const CheckedFigure one = figure_of_(id);
    if (!one.figure.value) return "Cannot be checked: “" + one.title + "” is not supplied.";
    const Result<Date> day = parse_date(one.figure.as_at);
    const bool right =
        day.ok() && (check_.kind == CheckKind::kInside ? period_.holds(*day)
                                                       : *day == period_.to || plus_days(*day, 1) == period_.to);
    if (right) continue;
    const std::string as_at = day.ok() ? to_words(*day) : "a day that is not supplied";
    return told({{"as_at", as_at}, {"where", where_in(period_, day)}, {"left", in_a_sentence(one.figure)}},
                "“" + one.title + "” is as at " + as_at + ", " +
                    (check_.kind == CheckKind::kInside ? "outside the period." : "which is not the period's end."));
  }
  return std::nullopt;
}

std::optional<std::string> Checking::of_one_population() {
  std::vector<std::string> found;
  for (const std::string& id : check_.measures) {
    const CheckedFigure one = figure_of_(id);
    if (!one.figure.value && !one.figure.small) continue;  // nothing is printed that could be set beside another
    const std::string words =
        one.figure.population.empty() ? "a population that is not supplied" : name_of_population(one.figure.population);
    if (std::find(found.begin(), found.end(), words) == found.end()) found.push_back(words);
  }
  const bool one_unknown =
      check_.measures.size() == 1 && found.size() == 1 && figure_of_(check_.measures.front()).figure.population.empty();
  if (one_unknown)
    return told({{"found", found.front()}}, titles(check_.measures, figure_of_) + " is of " + found.front() + ".");
  if (found.size() < 2) return std::nullopt;
  return told({{"found", in_list(found)}},
              titles(check_.measures, figure_of_) + " are of different populations: " + in_list(found) + ".");
}

std::optional<std::string> Checking::supplied() {
  std::vector<std::string> missing;
  for (const std::string& id : check_.measures) {
    const CheckedFigure one = figure_of_(id);
    if (!one.figure.value && check_.keys.empty()) missing.push_back("“" + one.title + "”");
    for (const std::string& key : check_.keys) {
      const auto found = std::find_if(one.figure.parts.begin(), one.figure.parts.end(),
                                      [&](const FigurePart& part) { return part.key == key && part.value; });
      if (found == one.figure.parts.end()) missing.push_back(code_as_words(key));
    }
  }
  if (missing.empty()) return std::nullopt;
  return told({{"missing", in_list(missing)}}, "Not supplied: " + in_list(missing) + ".");
}

std::optional<std::string> Checking::based() {
  std::vector<std::string> without;
  for (const std::string& id : check_.measures)
    if (const CheckedFigure one = figure_of_(id);
        one.figure.value && !one.figure.denominator && !one.figure.counts_withheld)
      without.push_back(id);
  if (without.empty()) return std::nullopt;
  const std::string missing = titles(without, figure_of_);
  return told({{"missing", missing}}, "Of how many is not supplied for " + missing + ".");
}

std::optional<std::string> Checking::of_allowed_values() {
  std::vector<std::string> found;
  std::optional<double> count;
  for (const std::string& id : check_.measures) {
    // Of a target for another period only that is printed.
    const CheckedFigure one = figure_of_(id);
    const bool elsewhere = !one.figure.value && one.figure.parts.empty() && one.compared != nullptr;
    for (const FigurePart& part : (elsewhere ? *one.compared : one.figure).parts) {
      if (std::find(check_.allowed.begin(), check_.allowed.end(), part.key) != check_.allowed.end()) continue;
      if (part.value && *part.value == 0) continue;
      if (part.small) small_ = true;
      found.push_back(code_as_words(part.key));
      if (part.value) count = count.value_or(0) + *part.value;
    }
  }
  if (found.empty()) return std::nullopt;
  if (small_) return titles(check_.measures, figure_of_) + ": some by " + in_list(found) + "; how many is withheld.";
  const std::string left = count ? number_text(*count) : "a number that is not supplied";
  return told({{"found", in_list(found)}, {"left", left}},
              titles(check_.measures, figure_of_) + ": " + left + " by " + in_list(found) + ".");
}

std::optional<std::string> Checking::supplied_once() {
  std::vector<std::string> found;
  for (const std::string& id : check_.measures)
    if (figure_of_(id).figure.supplied_times > 1) found.push_back(id);
  if (found.empty()) return std::nullopt;
  const std::string times = number_text(figure_of_(found.front()).figure.supplied_times);
  return told({{"found", titles(found, figure_of_)}, {"left", times}},
              titles(found, figure_of_) + (found.size() == 1 ? " was" : " were") + " supplied more than once.");
}

std::optional<std::string> Checking::stated() {
  // The sentence has to be about something that is printed.
  const Figure* first = nullptr;
  for (const std::string& id : check_.measures) {
    const CheckedFigure one = figure_of_(id);
    const Figure* printed = one.figure.value ? &one.figure : one.compared;
    if (printed == nullptr || !printed->value) return std::nullopt;
    if (first == nullptr) first = printed;
  }
  return told({{"left", in_a_sentence(*first)}}, "");
}

// It tells either way: that all are is what the reader of the two figures has to know, as much as that some are not.
std::optional<std::string> Checking::among() {
  const CheckedFigure part = figure_of_(check_.measures.front()), whole = figure_of_(check_.measures.back());
  if (!part.figure.value || !whole.figure.value) return std::nullopt;
  if (part.figure.small || whole.figure.small) return "Whether some are among others is not told: they are withheld.";
  const std::set<const v1::Event*> all(whole.counted.begin(), whole.counted.end());
  const auto outside = static_cast<std::size_t>(std::count_if(
      part.counted.begin(), part.counted.end(), [&](const v1::Event* one) { return !all.contains(one); }));
  const std::string found =
      outside == 0 ? "all of them are"
      : outside == part.counted.size()
          ? "none of them is"
          : number_text(static_cast<double>(outside)) + (outside == 1 ? " of them is not" : " of them are not");
  return told(
      {{"left", number_text(*part.figure.value)}, {"right", number_text(*whole.figure.value)}, {"found", found}},
      "“" + part.title + "” and “" + whole.title + "”: " + found + " among these.");
}

// What each kind of check can put into its text.
std::vector<std::string> fillings(CheckKind kind) {
  switch (kind) {
    case CheckKind::kEqual:
    case CheckKind::kAtMost:
      return {"left", "right", "difference"};
    case CheckKind::kFunnel:
    case CheckKind::kParts:
      return {"left", "right"};
    case CheckKind::kInside:
    case CheckKind::kAtEnd:
      return {"as_at", "where", "left"};
    case CheckKind::kPopulation:
      return {"found"};
    case CheckKind::kSupplied:
    case CheckKind::kBase:
      return {"missing"};
    case CheckKind::kValues:
    case CheckKind::kOnce:
      return {"found", "left"};
    case CheckKind::kStated:
      return {"left"};
    case CheckKind::kAmong:
      return {"left", "right", "found"};
  }
  return {};
}

// What stands in braces is filled in; a word that is not would be printed with its braces.
void check_text(Definition& table, const Check& check) {
  const std::vector<std::string> known = fillings(check.kind);
  for (std::size_t at = check.text.find('{'); at != std::string::npos; at = check.text.find('{', at + 1)) {
    const std::string word = check.text.substr(at + 1, check.text.find('}', at) - at - 1);
    if (std::find(known.begin(), known.end(), word) != known.end()) continue;
    std::vector<std::string> marks;
    for (const std::string& name : known) marks.push_back("{" + name + "}");
    table.mistake("text", "{" + word + "} is not filled in for a check of this kind; expected " + in_list(marks, "or"));
  }
}

std::vector<std::string> read_ids(Definition& table, std::string_view key, const std::vector<std::string>& known) {
  std::vector<std::string> ids = table.texts(key);
  for (const std::string& id : ids)
    if (std::find(known.begin(), known.end(), id) == known.end())
      table.mistake(key, "expected the ids of measures of this report");
  return ids;
}

}  // namespace

Check read_check(Definition& table, const std::vector<std::string>& known) {
  Check check;
  check.id = table.text("id");
  if (check.id == "withheld" || check.id.starts_with("withheld-"))
    table.mistake("id", "expected another id: this one is of a flag that every report may have");
  check.text = table.text_or("text", "");
  const std::string kind = table.text("kind");
  const auto found = std::find_if(kKinds.begin(), kKinds.end(), [&](const auto& one) { return one.first == kind; });
  if (found == kKinds.end())
    table.mistake("kind",
                  "expected one of equal, at-most, funnel, parts, as-at-inside, as-at-end, population, supplied, base, "
                  "values, once, stated and among");
  else
    check.kind = found->second;
  check_text(table, check);
  check.measures = read_ids(table, "measures", known);
  if (check.kind == CheckKind::kEqual || check.kind == CheckKind::kAtMost) {
    check.left = read_ids(table, "left", known);
    check.right = read_ids(table, "right", known);
    check.less = read_ids(table, "less", known);
    if (table.has("expected")) check.expected = static_cast<double>(table.integer("expected", 0, 1'000'000'000));
    if (check.left.empty()) table.mistake("left", "is required: the measures that are compared");
    if (check.right.empty() == !check.expected)
      table.mistake("right", "is required, or expected in its place: what they are compared with");
    if (check.measures.empty()) check.measures = check.left;
  }
  if (check.measures.empty()) table.mistake("measures", "is required: the measures that are checked");
  if (check.kind == CheckKind::kFunnel && check.measures.size() < 2)
    table.mistake("measures", "expected at least two, from the widest to the narrowest");
  if (check.kind == CheckKind::kAmong && check.measures.size() != 2)
    table.mistake("measures", "expected two counts: those that may be among, and those among which");
  if (check.kind == CheckKind::kSupplied) check.keys = table.texts("keys");
  if (check.kind == CheckKind::kValues) {
    check.allowed = table.texts("allowed");
    if (check.allowed.empty()) table.mistake("allowed", "is required: the keys of the breakdown that may occur");
  }
  if (check.kind == CheckKind::kStated && check.text.empty()) table.mistake("text", "is required: what is stated");
  return check;
}

std::optional<std::string> failed(const Check& check, const FigureOf& figure_of, const Period& period) {
  Checking checking(check, figure_of, period);
  switch (check.kind) {
    case CheckKind::kEqual:
    case CheckKind::kAtMost:
      return checking.compared();
    case CheckKind::kFunnel:
      return checking.funnelled();
    case CheckKind::kParts:
      return checking.added_up();
    case CheckKind::kInside:
    case CheckKind::kAtEnd:
      return checking.dated();
    case CheckKind::kPopulation:
      return checking.of_one_population();
    case CheckKind::kSupplied:
      return checking.supplied();
    case CheckKind::kBase:
      return checking.based();
    case CheckKind::kValues:
      return checking.of_allowed_values();
    case CheckKind::kOnce:
      return checking.supplied_once();
    case CheckKind::kStated:
      return checking.stated();
    case CheckKind::kAmong:
      return checking.among();
  }
  return std::nullopt;
}

}  // namespace moot
