// The frame of every printed document: no script, nothing fetched, the marking at the top and bottom of each page.
#include "consumers/document/page.h"

namespace moot {
namespace {

const char* const kStyle = R"css(@page { size: A4; margin: 20mm 16mm 20mm 16mm; }
* { box-sizing: border-box; }
body { margin: 0 auto; padding: 0 24px 32px; max-width: 960px; color: #0b0c0c; background: #fff;
  font-family: "GDS Transport", "Segoe UI", "Helvetica Neue", Arial, "Liberation Sans", sans-serif;
  font-size: 16px; line-height: 1.4; }
.marking { text-align: center; font-weight: 700; letter-spacing: 0.04em; border: 2px solid #0b0c0c;
  padding: 6px 8px; margin: 16px 0; }
.notice { border-left: 8px solid #1d70b8; padding: 8px 16px; margin: 16px 0; }
h1 { font-size: 34px; line-height: 1.15; margin: 20px 0 4px; }
h2 { font-size: 24px; line-height: 1.25; margin: 40px 0 8px; padding-top: 8px; border-top: 2px solid #0b0c0c; }
h3 { font-size: 19px; line-height: 1.3; margin: 0 0 4px; }
h3 .quiet { font-weight: 400; white-space: nowrap; margin-left: 8px; }
p { margin: 4px 0 10px; max-width: 44em; }
.lede { font-size: 19px; margin-bottom: 16px; }
.quiet { color: #484949; font-size: 14px; }
dl.facts { display: grid; grid-template-columns: max-content 1fr; gap: 2px 20px; margin: 12px 0 20px; }
dl.facts dt { font-weight: 700; }
dl.facts dd { margin: 0; }
table { border-collapse: collapse; width: 100%; margin: 8px 0 16px; }
caption { text-align: left; font-weight: 700; padding: 4px 0 6px; }
th, td { text-align: left; vertical-align: top; padding: 7px 12px 7px 0; border-bottom: 1px solid #b1b4b6; }
thead th { border-bottom: 2px solid #0b0c0c; }
th.number, td.number { text-align: right; font-variant-numeric: tabular-nums; padding-right: 16px; }
th.narrow { width: 9em; }
tbody th { font-weight: 700; }
tr.why td { padding-top: 0; }
tbody.entry tr.head th, tbody.entry tr.head td { border-bottom: 0; }
ul.reasons { margin: 0 0 4px; padding-left: 20px; }
ul.reasons li { margin-bottom: 3px; }
details { margin: 2px 0; }
summary { color: #1d70b8; text-decoration: underline; cursor: pointer; font-size: 14px; }
.ids.screen { display: block; }
.ids { font-size: 12px; line-height: 1.35; color: #484949; overflow-wrap: anywhere; margin: 2px 0 0; }
.tag { display: inline-block; border: 1.5px solid #0b0c0c; padding: 0 6px; font-size: 14px; font-weight: 700;
  white-space: nowrap; }
.tag.red { background: #d4351c; border-color: #d4351c; color: #fff; }
.tag.amber { background: #f9c33c; } .tag.green { border-color: #00703c; color: #005a30; }
th .quiet { font-weight: 400; } p .quiet { white-space: nowrap; } td.date { white-space: nowrap; }
.cover th, .cover td { padding-top: 4px; padding-bottom: 4px; } .cover td .quiet { white-space: nowrap; }
.label { font-weight: 700; margin: 4px 0 2px; }
.case table { margin: 2px 0 8px; font-size: 15px; } .case th, .case td { padding-top: 4px; padding-bottom: 4px; }
.case { border: 1px solid #b1b4b6; border-left: 8px solid #0b0c0c; padding: 12px 16px 8px; margin: 14px 0; }
.case header { display: flex; justify-content: space-between; gap: 16px; align-items: baseline; }
.score { font-weight: 700; white-space: nowrap; font-size: 19px; }
.answers { margin: 0 0 8px; font-size: 15px; padding: 0; list-style: none; }
.answers li { display: inline-block; margin: 0 16px 2px 0; }
.sum { font-weight: 700; }
@media print {
  body { font-size: 10pt; line-height: 1.3; padding: 0; max-width: none; }
  th, td { padding-top: 2.5pt; padding-bottom: 2.5pt; }
  .case { padding: 5pt 8pt 2pt; margin: 7pt 0; border-left-width: 4pt; }
  .case table, .answers { font-size: 9.5pt; margin-bottom: 3pt; } caption { padding: 1pt 0; }
  h1 { font-size: 22pt; } h2 { font-size: 15pt; margin-top: 20pt; break-after: avoid; } h3, .score { font-size: 12pt; }
  .lede { font-size: 12pt; } .quiet, .tag { font-size: 9pt; } .ids { font-size: 7.5pt; }
  details { display: none; }
  tbody.entry, tr { break-inside: avoid; }
  .case header, .case caption { break-after: avoid; }
  caption { break-after: avoid; }
  .tag.red, .tag.amber { background: #fff; color: #0b0c0c; } .tag.red { border: 2.5px solid #0b0c0c; }
  .ids.screen { display: none; }
  body > .marking { border: 0; margin: 0; padding: 2pt; }
  table.paper { margin: 0; } table.paper > thead, table.paper > tfoot { font-size: 9pt; }
}
table.paper > thead > tr > td, table.paper > tbody > tr > td, table.paper > tfoot > tr > td { padding: 0; border: 0; }
table.paper { table-layout: fixed; }
@media print { table.paper > tbody > tr { break-inside: auto; } }
)css";

}  // namespace

std::string page_head() {
  return std::string()
      .append(R"html(<!DOCTYPE html>
<html lang="en-GB">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>{{title}}</title>
<style>
)html")
      .append(kStyle)
      .append(R"html(</style>
</head>
<body>
<table class="paper" role="presentation">
<thead><tr><td><div class="marking">{{marking}}</div></td></tr></thead>
<tfoot><tr><td><div class="marking">{{marking}}</div></td></tr></tfoot>
<tbody><tr><td>
<main>
{{#notice}}<p class="notice">{{notice}}</p>
{{/notice}})html");
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
