// The frame of every printed document: no script, nothing fetched, the marking at the top and bottom of each page, and
// below it how the document is to be handled, since pages come apart.
#include "consumers/document/page.h"

namespace moot {
namespace {

const char* const kStyle = R"css(@page { size: A4; margin: 12mm 15mm 14mm;
  @bottom-right { content: "Page " counter(page) " of " counter(pages); font: 9pt Arial, sans-serif; } }
* { box-sizing: border-box; }
body { margin: 0 auto; padding: 0 24px 32px; max-width: 960px; color: #0b0c0c; background: #fff;
  font-family: "GDS Transport", "Segoe UI", "Helvetica Neue", Arial, "Liberation Sans", sans-serif;
  font-size: 16px; line-height: 1.4; }
.marking { text-align: center; font-weight: 700; letter-spacing: 0.04em; border: 2px solid #0b0c0c;
  padding: 6px 8px; margin: 16px 0; }
.running { display: none; }
.notice { border-left: 8px solid #1d70b8; padding: 8px 16px; margin: 16px 0; }
.notice.late { border-color: #0b0c0c; } .notice p { margin: 0; }
h1 { font-size: 34px; line-height: 1.15; margin: 20px 0 4px; }
h2 { font-size: 24px; line-height: 1.25; margin: 40px 0 8px; padding-top: 8px; border-top: 2px solid #0b0c0c; }
h3 { font-size: 19px; line-height: 1.3; margin: 0 0 4px; }
a { color: #1a65a6; } a:visited { color: #4c2c92; } a:focus, summary:focus { outline: 3px solid #0b0c0c; }
p { margin: 4px 0 8px; max-width: 50em; }
.lede { font-size: 19px; margin-bottom: 16px; }
.quiet { color: #484949; font-size: 14px; font-weight: 400; }
dl.facts { display: grid; grid-template-columns: max-content 1fr; gap: 4px 20px; margin: 12px 0 20px; }
dl.facts dt { font-weight: 700; }
dl.facts dd { margin: 0; max-width: 44em; }
table { border-collapse: collapse; width: 100%; margin: 8px 0 16px; }
caption { text-align: left; font-weight: 700; padding: 4px 0 6px; }
th, td { text-align: left; vertical-align: top; padding: 6px 12px 6px 0; border-bottom: 1px solid #b1b4b6; }
thead th { border-bottom: 2px solid #0b0c0c; }
th.number, td.number { text-align: right; font-variant-numeric: tabular-nums; padding-right: 16px; }
th.narrow { width: 8.5em; }
tbody th { font-weight: 700; } th.group { padding-top: 14px; border-bottom: 2px solid #0b0c0c; }
.code, .effects td + td, table.actions td:nth-child(3) { white-space: nowrap; }
table.actions thead th:first-child { width: 44%; } table.noted td { font-size: 14px; }
tr.head th { padding-top: 12px; border-bottom: 0; }
ul.reasons { margin: 0 0 4px; padding-left: 20px; }
ul.reasons li { margin-bottom: 2px; }
details { margin: 2px 0; }
summary { color: #1a65a6; text-decoration: underline; cursor: pointer; font-size: 14px; }
.ids { font-size: 12px; line-height: 1.35; color: #484949; overflow-wrap: anywhere; margin: 2px 0 0; }
.tag { display: inline-block; border: 1.5px solid #0b0c0c; padding: 0 6px; font-size: 14px; font-weight: 700;
  white-space: nowrap; }
.tag.red { background: #d4351c; border-color: #d4351c; color: #fff; }
.tag.amber { background: #f9c33c; } .tag.green { border-color: #00703c; color: #005a30; }
.cover th, .cover td { padding-top: 4px; padding-bottom: 4px; } .cover td .quiet { white-space: nowrap; }
.case table { margin: 2px 0 8px; font-size: 15px; } .case th, .case td { padding-top: 3px; padding-bottom: 3px; }
.case { border: 1px solid #b1b4b6; border-left: 8px solid #0b0c0c; padding: 12px 16px 8px; margin: 14px 0; }
.case header { display: flex; justify-content: space-between; gap: 16px; align-items: baseline; }
.score { font-weight: 700; white-space: nowrap; font-size: 19px; }
.answer { margin-right: 12px; } .sum { font-weight: 700; } .write { display: none; }
.end-of-time { border-top: 4px double #0b0c0c; border-bottom: 4px double #0b0c0c; padding: 6px 0; font-weight: 700; }
@media print {
  body { font-size: 10pt; line-height: 1.28; padding: 0; max-width: none; }
  a { color: inherit; text-decoration: none; }
  th, td { padding-top: 2pt; padding-bottom: 2pt; }
  .case { padding: 4pt 8pt 2pt; margin: 6pt 0; border-left-width: 4pt; break-inside: avoid;
    font-size: 9pt; }
  .case table { font-size: 9pt; margin-bottom: 3pt; } .case p { margin: 2pt 0; } caption { padding: 1pt 0; }
  section > p { break-inside: avoid; } section > p:not(:last-child) { break-after: avoid; }
  .case th, .case td { padding-top: 1pt; padding-bottom: 1pt; }
  h1 { font-size: 22pt; } h2 { font-size: 15pt; margin-top: 16pt; break-after: avoid; }
  h3, .score { font-size: 11pt; } .lede { font-size: 12pt; } .quiet, .tag { font-size: 8.5pt; } p { max-width: none; }
  details { display: none; }
  main > section:first-of-type { break-before: page; }
  table.noted { font-size: 9pt; } table.noted td { font-size: 8.5pt; }
  .write { display: block; border-bottom: 1px solid #b1b4b6; padding-bottom: 14pt; }
  tbody.entry, tr, header, .end-of-time { break-inside: avoid; }
  thead, caption, th.group, dt { break-after: avoid; } dd { break-inside: avoid; }
  .tag.red, .tag.amber { background: #fff; color: #0b0c0c; } .tag.red { border: 2.5px solid #0b0c0c; }
  .marking { border-width: 1px; margin: 0 0 3pt; padding: 2pt; }
  .running { display: block; font-size: 8.5pt; text-align: center; margin-bottom: 6pt; }
  table.paper { margin: 0; }
}
table.paper > thead > tr > td, table.paper > tbody > tr > td, table.paper > tfoot > tr > td { padding: 0; border: 0; }
table.paper { table-layout: fixed; }
@media print { table.paper > tbody > tr { break-inside: auto; } }
@media screen and (max-width: 600px) {
  table.paper table { display: block; overflow-x: auto; max-width: 100%; }
}
)css";

}  // namespace

std::string page_head() {
  return std::string()
      .append(R"html(<!DOCTYPE html>
<html lang="en-GB">
<head>
<meta charset="utf-8"/>
<meta name="viewport" content="width=device-width, initial-scale=1"/>
<meta name="robots" content="noindex"/>
<title>{{title}}</title>
<style>
)html")
      .append(kStyle)
      .append(R"html(</style>
</head>
<body>
<table class="paper" role="presentation">
<thead><tr><td><div class="marking">{{marking}}</div>
<div class="running">{{title}}</div></td></tr></thead>
<tfoot><tr><td><div class="marking">{{marking}}</div>
{{#notice}}<div class="running">{{notice}}</div>
{{/notice}}</td></tr></tfoot>
<tbody><tr><td>
<main>
{{#notice}}<p class="notice">{{notice}}</p>
{{/notice}})html");
}

std::string late_feeds_part() {
  return R"html({{#late_feeds}}<div class="notice late"><p><strong>Not up to date:</strong> {{silence}}.
{{missing}}</p></div>
{{/late_feeds}}{{#feeds_ahead}}<div class="notice late"><p><strong>Dated ahead:</strong> {{ahead}}</p></div>
{{/feeds_ahead}})html";
}

std::string effects_part() {
  return R"html({{#has_effects}}<table class="effects">
<thead><tr><th scope="col">What was done</th>
<th scope="col">Calls before</th><th scope="col">Calls after</th></tr></thead>
<tbody>
{{#effects}}<tr><td>{{what}} <span class="quiet">{{when}}</span></td>
{{#too_early}}<td colspan="2">Too early to say, {{since}} since</td></tr>
{{/too_early}}{{#compared}}<td>{{before}}{{#supplied_from}}<br/>
<span class="quiet">not supplied before {{supplied_from}}</span>{{/supplied_from}}</td><td>{{after}}</td></tr>
{{/compared}}{{/effects}}</tbody>
</table>
{{/has_effects}})html";
}

std::string page_foot() {
  return R"html(</main>
</td></tr></tbody>
</table>
</body>
</html>
)html";
}

}  // namespace moot
