#include "consumers/document/report_chart.h"

#include <algorithm>

#include "consumers/document/bar_chart.h"
#include "consumers/document/phrase.h"
#include "consumers/document/report_words.h"
#include "consumers/report/number_text.h"

namespace moot {
namespace {

struct Row {
  std::string key;
  std::optional<double> value;
  std::string now;
  std::optional<double> value_before;
  std::string before;  // empty = nothing is compared
};

const FigurePart* part_of(const Figure& figure, const std::string& key) {
  const auto found =
      std::find_if(figure.parts.begin(), figure.parts.end(), [&](const FigurePart& part) { return part.key == key; });
  return found == figure.parts.end() ? nullptr : &*found;
}

// A whole that is withheld keeps its value for the checks: a bar would draw it.
std::optional<double> printed(const Figure& figure) {
  return figure.small || figure.counts_withheld ? std::nullopt : figure.value;
}

// A withheld or missing figure has its words, and no bar.
std::vector<Row> chart_rows(const Report& report, const ReportLine& line, const Partnership& partnership) {
  const Figure* then = line.comparator ? &line.comparator->figure : nullptr;
  std::vector<Row> rows;
  for (const FigurePart& part : line.figure.parts) {
    Row row{
        capitalised(part_name(report, line, part.key, partnership)), part.value, part_text(part, line.unit), {}, ""};
    if (then != nullptr && !then->parts.empty()) {
      const FigurePart* before = part_of(*then, part.key);
      row.value_before = before == nullptr ? std::nullopt : before->value;
      row.before = before == nullptr ? "none" : part_text(*before, line.unit);
    }
    rows.push_back(std::move(row));
  }
  if (!rows.empty() || then == nullptr) return rows;
  rows.push_back({"", printed(line.figure), figure_text(line.figure), printed(*then), figure_text(*then)});
  return rows;
}

}  // namespace

PageData chart_rows(const Report& report, const std::vector<const ReportLine*>& lines, const Partnership& partnership) {
  PageData charts = empty_list();
  for (const ReportLine* line : lines) {
    if (!line->chart) continue;
    const std::vector<Row> rows = chart_rows(report, *line, partnership);
    const auto is_drawn = [](const Row& row) { return row.value || row.value_before; };
    if (std::none_of(rows.begin(), rows.end(), is_drawn)) continue;  // the report's table says "not supplied"
    const std::string now = in_words(report.period);
    const std::string before = line->comparator ? in_words(line->comparator->period) : "";
    std::vector<BarRow> bars;
    PageData table = empty_list();
    bool compared = false;
    for (const Row& row : rows) {
      const bool both = !row.before.empty();
      compared = compared || both;
      BarRow bar{row.key, {row.value, (both ? now + ": " : "") + row.now}, {}};
      if (both) bar.before = Bar{row.value_before, before + ": " + row.before};
      bars.push_back(std::move(bar));
      PageData one = empty_object();
      one.set("key", row.key.empty() ? line->title : row.key);
      one.set("now", row.now);
      set_if(one, "before", row.before);
      table.push_back(one);
    }
    PageData chart = empty_object();
    const std::string title = line->id + " " + line->title + ", " + now + (compared ? " and " + before : "");
    chart.set("chart", bar_chart(line->id, title, bars));
    chart.set("chart_title", title);
    chart.set("chart_now", now);
    set_if(chart, "chart_before", compared ? before : "");
    chart.set("rows", table);
    charts.push_back(chart);
  }
  return charts;
}

std::string charts_part() {
  return R"html({{#charts}}<figure style="margin: 24px 0; break-inside: avoid">
<figcaption style="margin-bottom: 8px"><strong>{{chart_title}}</strong></figcaption>
{{{chart}}}<table class="cover" style="width: 640px; max-width: 100%">
<caption>The same figures as a table</caption>
<thead><tr><th scope="col">Which</th><th scope="col" class="number">{{chart_now}}</th>
{{#chart_before}}<th scope="col" class="number">{{chart_before}}</th>
{{/chart_before}}</tr></thead>
<tbody>
{{#rows}}<tr><th scope="row">{{key}}</th><td class="number">{{now}}</td>
{{#before}}<td class="number">{{before}}</td>
{{/before}}</tr>
{{/rows}}</tbody>
</table>
</figure>
{{/charts}})html";
}

}  // namespace moot
