#include "consumers/report/report.h"

#include <algorithm>

#include "consumers/document/phrase.h"
#include "consumers/report/figures.h"
#include "consumers/report/number_text.h"

namespace moot {
namespace {

class ReportMaking {
 public:
  ReportMaking(const RecordSet& records, const AreaNames& areas, const ReportDefinition& definition,
               const CaseSources& cases, Report& report)
      : figures_(records, definition.measures, areas, cases), areas_(areas), definition_(definition), report_(report) {}

  void make() {
    const std::vector<std::string> not_kept = figures_.protect(report_.period, definition_.checks);
    for (const Measure& measure : definition_.measures) report_.lines.push_back(line(measure));
    tell_early();
    for (const Check& check : definition_.checks) run(check);
    for (ReportLine& line : report_.lines) tell_of(line);
    for (const Measure& measure : definition_.measures)
      if (const std::optional<std::string> absence = figures_.absence_of_rules(measure, report_.period))
        flag(measure.id + "-rules", "Of “" + measure.title + "”: " + *absence + ".", {measure.id});
    for (const ListDefinition& list : definition_.lists) report_.lists.push_back(made(list));
    tell_of_withheld();
    for (std::size_t i = 0; i < not_kept.size(); ++i) flag("withheld-" + std::to_string(i + 1), not_kept[i], {});
  }

 private:
  ReportLine line(const Measure& measure) {
    ReportLine line{measure.id, measure.title, measure.unit, measure.section, measure.source, {}, measure.by, {},
                    {},         measure.chart};
    if (line.unit.empty() && (measure.kind == MeasureKind::kShare || measure.kind == MeasureKind::kChange))
      line.unit = "per cent";
    line.figure = figures_.of(measure.id, report_.period);
    if (measure.kind == MeasureKind::kTotal) line.by = "measure";
    if (measure.kind == MeasureKind::kCallers) line.by = "meeting";
    if (measure.comparison == Comparison::kNone || measure.kind == MeasureKind::kChange) return line;
    const Period other = Figures::compared(measure.comparison, report_.period);
    line.comparator = ComparedFigure{other, figures_.of(measure.id, other), std::nullopt};
    const Figure& then = line.comparator->figure;
    if (!line.figure.value || !then.value || line.figure.small || then.small) return line;
    if (line.figure.counts_withheld || then.counts_withheld) return line;
    // From the earlier to the later; a share changes by points, of which a percentage would say something else.
    const bool later = measure.comparison == Comparison::kYearAfter;
    const double first = later ? *line.figure.value : *then.value, second = later ? *then.value : *line.figure.value;
    if (first != 0 && measure.kind != MeasureKind::kShare)
      line.comparator->change_percent = rounded_quotient(second - first, first, 100, 0);
    return line;
  }

  RecordList made(const ListDefinition& list) {
    const Measure& measure = *std::find_if(definition_.measures.begin(), definition_.measures.end(),
                                           [&](const Measure& one) { return one.id == list.of; });
    WithheldValues withheld(areas_);
    for (const Measure& one : definition_.measures) withheld.add(one, figures_.of(one.id, report_.period));
    const Figure& figure = figures_.of(list.of, report_.period);
    return make_list(list, {measure, figure, figures_.events_of(list.of, report_.period), withheld}, report_.period,
                     areas_);
  }

  void flag(const std::string& id, const std::string& text, const std::vector<std::string>& measures) {
    report_.flags.push_back({id, text});
    for (ReportLine& line : report_.lines)
      if (std::find(measures.begin(), measures.end(), line.id) != measures.end()) line.flags.push_back(id);
  }

  void tell_early() {
    if (report_.as_at >= local_midnight(report_.period.to)) return;
    flag("as-at", "This report is as at " + to_local_words(report_.as_at) + ", before its period is over.", {});
  }

  // The withheld measures that the answer of a check bounds, each as often as it does; of totals what they add up.
  std::vector<std::string> bounded(const Check& check) {
    std::vector<std::string> ids, withheld;
    if (check.kind == CheckKind::kAtMost || check.kind == CheckKind::kEqual)
      for (const auto* of : {&check.left, &check.right, &check.less}) ids.insert(ids.end(), of->begin(), of->end());
    for (std::size_t i = 1; check.kind == CheckKind::kFunnel && i < check.measures.size(); ++i)
      ids.insert(ids.end(), {check.measures[i - 1], check.measures[i]});
    for (std::size_t i = 0; i < ids.size(); ++i) {
      const auto measure = std::find_if(definition_.measures.begin(), definition_.measures.end(),
                                        [&](const Measure& one) { return one.id == ids[i]; });
      const std::vector<std::string> parts =
          measure->kind == MeasureKind::kTotal ? measure->parts : std::vector<std::string>();
      if (parts.empty() && figures_.of(measure->id, report_.period).small) withheld.push_back(measure->id);
      ids.insert(ids.end(), parts.begin(), parts.end());
    }
    return withheld;
  }

  // At most 3 says little of a number from 1 to 4, and beside more than 2 that it is 3.
  bool is_bounded_twice(const Check& check) {
    std::vector<std::string> all;
    for (const Check& one : definition_.checks)
      for (std::string& id : bounded(one)) all.push_back(std::move(id));
    const std::vector<std::string> own = bounded(check);
    return std::any_of(own.begin(), own.end(),
                       [&](const std::string& id) { return std::count(all.begin(), all.end(), id) > 1; });
  }

  void run(const Check& check) {
    const bool of_records = check.kind == CheckKind::kAmong;
    const FigureOf figure_of = [this, of_records](const std::string& id) {
      const auto line =
          std::find_if(report_.lines.begin(), report_.lines.end(), [&](const ReportLine& one) { return one.id == id; });
      const Figure* compared = line->comparator ? &line->comparator->figure : nullptr;
      return CheckedFigure{line->figure, line->title, compared,
                           of_records ? figures_.events_of(id, report_.period) : std::vector<const v1::Event*>()};
    };
    if (figures_.tells_withheld(check, report_.period) || is_bounded_twice(check))
      return flag(check.id, "Whether this holds is not told: it would give back a number that is withheld.",
                  check.measures);
    if (const std::optional<std::string> text = failed(check, figure_of, report_.period))
      flag(check.id, *text, check.measures);
  }

  void tell_of_ties(const ReportLine& line) {
    std::vector<std::string> longer;
    for (const FigurePart& part : line.figure.parts)
      if (part.value && line.figure.value && *part.value > *line.figure.value)
        longer.push_back(number_text(*part.value) + " on " + date_in_words(part.key));
    if (longer.empty()) return;
    flag(line.id + "-ties",
         "The list has " + number_text(*line.figure.value) +
             " places, and whoever is tied with the last is listed too: " + in_list(longer) + ".",
         {line.id});
  }

  // A record that does not say how much is no 0. Beside small numbers that are withheld it is not told whether there
  // are such records, since then there would be two at least.
  void tell_of_unsaid(const ReportLine& line) {
    const std::size_t said = line.figure.said, unsaid = line.figure.unsaid;
    std::string text = "“" + line.title + "” ";
    if (said + unsaid > 0 && said == 0)
      text += "is not supplied: none of the records that it adds up says how much.";
    else if (said > 0 && definition_.withholds_small())
      text +=
          "adds up the records that say how much; whether others do not is not told, as small numbers are withheld.";
    else if (unsaid > 0)
      text += "adds up " + std::to_string(said) + " of " + counted(said + unsaid, "record") +
              (unsaid == 1 ? "; the other does not say how much." : "; the others do not say how much.");
    else if (line.figure.incomplete && !definition_.withholds_small())
      text += "rests on a sum that leaves out records which do not say how much.";
    else if (line.comparator && line.comparator->figure.incomplete && !definition_.withholds_small())
      text += "is compared with a sum that leaves out records which do not say how much.";
    else
      return;
    flag(line.id + "-unsaid", text, {line.id});
  }

  // What no definition need ask for.
  void tell_of(ReportLine& line) {
    if (line.figure.small)
      flag(line.id + "-small",
           "“" + line.title + "” is withheld: it is a small number, or one could be worked out from it.", {line.id});
    if (line.figure.parts_small)
      flag(line.id + "-parts-small",
           "The parts of “" + line.title + "” are not printed: together with the whole they would tell of a small one.",
           {line.id});
    if (line.figure.divided_by_zero)
      flag(line.id + "-denominator", "“" + line.title + "” cannot be worked out: it would be divided by 0.", {line.id});
    if (line.figure.value && line.figure.denominator == 0.0 && !line.figure.divided_by_zero)
      flag(line.id + "-denominator", "“" + line.title + "” was supplied as a part of 0.", {line.id});
    tell_of_unsaid(line);
    if (line.by == "meeting") tell_of_ties(line);
    if (line.figure.contradicted)
      flag(line.id + "-contradicted",
           "“" + line.title + "” was supplied more than once, with different values; the latest is printed.",
           {line.id});
  }

  // What is withheld can be safe within one document, or a year's and its quarters', alone.
  void tell_of_withheld() {
    const auto is_withheld = [](const ReportLine& line) {
      return line.figure.small || line.figure.parts_small || line.figure.counts_withheld ||
             (line.comparator && line.comparator->figure.small) ||
             std::any_of(line.figure.parts.begin(), line.figure.parts.end(),
                         [](const FigurePart& part) { return part.small; });
    };
    if (std::none_of(report_.lines.begin(), report_.lines.end(), is_withheld)) return;
    flag("withheld",
         std::string("Small numbers are withheld, and counts with them from which they could be worked out") +
             (is_financial_year(report_.period) ? ", also beside the counts of the same report of each quarter" : "") +
             (report_.lists.empty() ? "" : "; the lists of records withhold the same values") +
             ". Beside a report or a list of another period, of another area or by other keys this one may give them "
             "back all the same: look before both are handed out.",
         {});
  }

  Figures figures_;
  const AreaNames& areas_;
  const ReportDefinition& definition_;
  Report& report_;
};

// How many and when, but in a report that withholds small numbers.
void tell_ahead(const DatedAheadBy& agencies, const Partnership& partnership, const ReportDefinition& definition,
                Report& report) {
  const bool withholds = definition.withholds_small();
  std::vector<std::string> parts;
  for (const auto& [agency, ahead] : agencies) {
    const std::string of = " of " + partnership.agency_name(agency);
    parts.push_back(withholds
                        ? "events" + of
                        : counted(static_cast<std::size_t>(ahead.events), "event") + of + " (" +
                              (ahead.events == 1 ? "on " : "the last on ") + to_words(local_date(ahead.last)) + ")");
  }
  if (!parts.empty())
    report.flags.push_back(
        {"dated-ahead",
         "Dated later than this report is as at, and counted from that date on, not here: " + in_list(parts) + "."});
}

}  // namespace

Instant default_as_at(const RecordBook& book, const Period& period) {
  return std::min(local_midnight(period.to), book.last_instant());
}

bool is_told_by_a_quarters_lists(const Report& report) {
  // Of quarters that are not over it says what one of a shorter period says.
  const bool is_apart = is_of_whole_quarters(report.period) && report.as_at >= local_midnight(report.period.to);
  if (report.lists.empty() || is_apart) return false;
  const bool figures = std::any_of(report.flags.begin(), report.flags.end(),
                                   [](const ReportFlag& flag) { return flag.id == "withheld"; });
  return figures || std::any_of(report.lists.begin(), report.lists.end(),
                                [](const RecordList& list) { return list.withholds_details(); });
}

Report make_report(const RecordBook& book, const Partnership& partnership, const ReportDefinition& definition,
                   const Period& period, std::optional<Instant> as_at, const CaseSources& cases) {
  const RecordSet records = book.as_at(as_at.value_or(default_as_at(book, period)));
  Report report;
  report.id = definition.id;
  report.title = definition.title;
  report.rules = definition.rules();
  if (cases.clocks != nullptr && definition.asks_for_clocks()) report.rules += "; " + cases.clocks->rules.name();
  report.source = definition.source;
  report.period = period;
  report.as_at = records.as_at();
  report.loaded_later = records.loaded_later();
  report.sections = definition.sections;
  tell_ahead(records.dated_ahead(), partnership, definition, report);
  const AreaNames areas(partnership.areas);
  ReportMaking(records, areas, definition, cases, report).make();
  return report;
}

}  // namespace moot
