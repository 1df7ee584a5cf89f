#include "consumers/document/page.h"
#include "consumers/document/page_data.h"
#include "consumers/document/phrase.h"
#include "consumers/document/report_chart.h"
#include "consumers/document/report_text.h"
#include "consumers/document/report_words.h"
#include "consumers/report/number_text.h"

namespace moot {
namespace {

const char* const kReport = R"html(<h1>{{name}}</h1>
<p class="lede">{{partnership}}, {{period}}</p>
<dl class="facts">
<dt>As at</dt><dd>{{as_at}}{{#loaded_later}}; {{loaded_later}}{{/loaded_later}}</dd>
<dt>Definitions</dt><dd>{{rules}}{{#source}}; {{source}}{{/source}}</dd>
<dt>Flags</dt>
<dd>{{#flagged}}<a href="#flags">{{flag_count}}</a>: what cannot be right, is missing or is withheld{{/flagged}}
{{#unflagged}}none{{/unflagged}}</dd>
</dl>
{{#sections}}<section style="break-before: auto">
{{#section_title}}<h2>{{section_title}}</h2>
{{/section_title}}{{#paragraphs}}<p>{{paragraph}}</p>
{{/paragraphs}}{{#has_lines}}<table>
<caption>{{caption}}</caption>
<thead><tr><th scope="col">Figure</th><th scope="col">In the period</th><th scope="col">Compared with</th></tr></thead>
<tbody>
{{#lines}}<tr><th scope="row">{{title}}<br/><span class="quiet">{{beside}}</span></th>
<td><strong>{{value}}</strong>{{#parts}}<br/>{{key}}: {{part}}{{/parts}}{{#flags}}<br/>
<a class="tag" href="#flag-{{flag}}">Flag {{flag}}</a>{{/flags}}</td>
<td>{{comparator}}</td></tr>
{{/lines}}</tbody>
</table>
{{/has_lines}})html";

const char* const kFlags = R"html(</section>
{{/sections}}{{#flagged}}<section id="flags">
<h2>Flags</h2>
<p>A flag says that figures do not agree, or that one is missing. Nothing is put right here: the figures stand as they
were supplied or counted.</p>
<dl class="facts">
{{#all_flags}}<dt id="flag-{{flag}}">{{flag}}</dt><dd>{{flag_text}}</dd>
{{/all_flags}}</dl>
</section>
{{/flagged}})html";

PageData row_of(const Report& report, const ReportLine& line, const Partnership& partnership) {
  PageData row = empty_object();
  row.set("title", line.title);
  row.set("beside", line.id + (line.source.empty() ? "" : ", " + line.source));
  row.set("value", value_in_words(line));
  const std::string compared = comparator_in_words(line);
  row.set("comparator", compared.empty() ? "–" : compared);
  PageData parts = empty_list();
  for (const FigurePart& part : line.figure.parts) {
    PageData one = empty_object();
    one.set("key", capitalised(part_name(report, line, part.key, partnership)));
    one.set("part", part_text(part, line.unit));
    parts.push_back(one);
  }
  row.set("parts", parts);
  PageData flags = empty_list();
  for (const std::string& flag : line.flags) {
    PageData one = empty_object();
    one.set("flag", flag);
    flags.push_back(one);
  }
  row.set("flags", flags);
  return row;
}

PageData data_of(const Report& report, const Partnership& partnership) {
  PageData page = framed(partnership);
  page.set("name", report.title + ", " + in_words(report.period));
  page.set("title", report.title + ", " + in_words(report.period));
  page.set("period", to_words(report.period));
  page.set("as_at", to_local_words(report.as_at));
  page.set("rules", report.rules);
  set_if(page, "source", report.source);
  set_if(page, "loaded_later", loaded_later_in_words(report.loaded_later));
  page.set("flagged", yes_or_no(!report.flags.empty()));
  page.set("unflagged", yes_or_no(report.flags.empty()));
  page.set("flag_count", std::to_string(report.flags.size()));
  PageData sections = empty_list();
  for (const SectionOfReport& section : sections_of(report)) {
    PageData one = empty_object();
    set_if(one, "section_title", section.title);
    PageData paragraphs = empty_list();
    for (const std::string& text : paragraphs_of(section.text)) {
      PageData paragraph = empty_object();
      paragraph.set("paragraph", text);
      paragraphs.push_back(paragraph);
    }
    one.set("paragraphs", paragraphs);
    one.set("has_lines", yes_or_no(!section.lines.empty()));
    one.set("caption", (section.title.empty() ? report.title : section.title) + ", " + in_words(report.period));
    PageData lines = empty_list();
    for (const ReportLine* line : section.lines) lines.push_back(row_of(report, *line, partnership));
    one.set("lines", lines);
    one.set("charts", chart_rows(report, section.lines, partnership));
    sections.push_back(one);
  }
  page.set("sections", sections);
  PageData flags = empty_list();
  for (const ReportFlag& flag : report.flags) {
    PageData one = empty_object();
    one.set("flag", flag.id);
    one.set("flag_text", flag.text);
    flags.push_back(one);
  }
  page.set("all_flags", flags);
  return page;
}

}  // namespace

std::string to_html(const Report& report, const Partnership& partnership) {
  kainjow::mustache::mustache view(page_head() + kReport + charts_part() + kFlags + page_foot());
  MOOT_CHECK(view.is_valid());  // the template is part of the program
  return view.render(data_of(report, partnership));
}

}  // namespace moot
