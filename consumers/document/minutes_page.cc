// The minutes of a meeting as a page and as Markdown, from the same values.
#include "consumers/document/agenda_rows.h"
#include "consumers/document/html.h"
#include "consumers/document/markdown.h"
#include "consumers/document/page.h"
#include "consumers/document/page_data.h"
#include "consumers/document/phrase.h"
#include "consumers/document/render.h"

namespace moot {
namespace {

const char* const kPage = R"html(<h1>{{name}}</h1>
<p class="lede">Minutes of {{on}}, {{partnership}}</p>
<dl class="facts">
<dt>Held</dt><dd>{{held}}</dd>
<dt>Present</dt><dd>{{present}}</dd>
{{#by_email}}<dt>By e-mail</dt><dd>{{by_email}}</dd>
{{/by_email}}{{#apologies}}<dt>Apologies</dt><dd>{{apologies}}</dd>
{{/apologies}}{{#next_meeting}}<dt>Next meeting</dt><dd>{{next_meeting}}</dd>
{{/next_meeting}}<dt>As at</dt><dd>{{as_at}}</dd>
</dl>
<p>What is said here is for the purposes of this meeting and is not to be passed on without the agreement of the agency
it comes from.</p>
<section>
<h2>1. Decisions</h2>
{{#no_decisions}}<p>No decision is on record.</p>
{{/no_decisions}}{{#some_decisions}}<table>
<caption>What was decided, in the order in which it was</caption>
<thead><tr><th scope="col">Case</th><th scope="col">Decision</th><th scope="col">Why</th></tr></thead>
<tbody>
{{#decisions}}<tr><th scope="row">1.{{number}} {{title}}<br/><span class="quiet code">Case {{case}}</span></th>
<td>{{decision}}{{#until}} until {{until}}{{/until}}</td>
<td>{{reason}}{{#note}}<br/>{{note}}{{/note}}<details><summary>Records behind this</summary>
<p class="ids">{{events}}</p></details></td></tr>
{{/decisions}}</tbody>
</table>
{{/some_decisions}}</section>
<section>
<h2>2. Actions</h2>
{{#no_actions}}<p>This meeting asked nobody to do anything.</p>
{{/no_actions}}{{#some_actions}}<table class="actions">
<caption>What was asked for at this meeting, and how it stands</caption>
<thead><tr><th scope="col">Action</th><th scope="col">Owner</th><th scope="col">Due</th><th scope="col">State</th></tr>
</thead>
<tbody>
{{#actions}}<tr><td>{{text}} <span class="quiet code">{{action}}</span><details><summary>Records behind this</summary>
<p class="ids">{{events}}</p></details></td><td>{{owner}}</td><td>{{due}}</td>
<td><span class="tag">{{state}}</span></td></tr>
{{/actions}}</tbody>
</table>
{{/some_actions}}</section>
)html";

const char* const kText = R"md(**{{marking}}**
{{#notice}}

{{notice}}
{{/notice}}

# {{name}}

Minutes of {{on}}, {{partnership}}

- Held: {{held}}
- Present: {{present}}
{{#by_email}}
- By e-mail: {{by_email}}
{{/by_email}}
{{#apologies}}
- Apologies: {{apologies}}
{{/apologies}}
{{#next_meeting}}
- Next meeting: {{next_meeting}}
{{/next_meeting}}
- As at: {{as_at}}

What is said here is for the purposes of this meeting and is not to be passed on without the agreement of the agency it
comes from.

## 1. Decisions

{{#no_decisions}}
No decision is on record.
{{/no_decisions}}
{{#decisions}}
- 1.{{number}} {{title}}: **{{decision}}**{{#until}} until {{until}}{{/until}}. {{reason}}.{{#note}} {{note}}{{/note}}
  Case {{case}}. Records: {{events}}
{{/decisions}}

## 2. Actions

{{#no_actions}}
This meeting asked nobody to do anything.
{{/no_actions}}
{{#actions}}
- {{state}}: {{text}} ({{action}})
  Owner: {{owner}}. Due: {{due}}. Records: {{events}}
{{/actions}}

**{{marking}}**
)md";

std::string who_came(const v1::Minutes& minutes, const Partnership& partnership, const std::string& how) {
  std::vector<std::string> names;
  for (const v1::Attendance& row : minutes.attendance())
    if (row.how() == how) names.push_back(partnership.agency_name(row.agency()));
  return in_list(names);
}

std::string held_in_words(const v1::Minutes& minutes) {
  if (!minutes.held()) return "not confirmed by anybody";
  if (minutes.mode().empty()) return "yes";
  return minutes.mode() == "email" ? "by e-mail" : code_as_words(minutes.mode());
}

PageData decision_rows(const v1::Minutes& minutes) {
  PageData rows = empty_list();
  for (int i = 0; i < minutes.decisions_size(); ++i) {
    const v1::MinutedDecision& decision = minutes.decisions(i);
    PageData row = empty_object();
    row.set("number", std::to_string(i + 1));
    row.set("title", decision.title());
    row.set("case", decision.case_());
    row.set("decision", capitalised(decision.decision()));
    row.set("reason",
            decision.reason().empty() ? "Reason not supplied" : capitalised(code_as_words(decision.reason())));
    set_if(row, "until", date_in_words(decision.until()));
    set_if(row, "note", decision.note());
    row.set("events", events_in_words(decision.events()));
    rows.push_back(row);
  }
  return rows;
}

PageData action_rows(const v1::Minutes& minutes, const Partnership& partnership) {
  PageData rows = empty_list();
  for (const v1::AgendaAction& action : minutes.actions()) {
    PageData row = empty_object();
    row.set("text", or_not_supplied(action.text()));
    row.set("action", action.action());
    row.set("owner", owner_in_words(action.owner(), partnership));
    row.set("due", or_not_supplied(date_in_words(action.due())));
    row.set("state", capitalised(action.state()));
    row.set("events", events_in_words(action.events()));
    rows.push_back(row);
  }
  return rows;
}

PageData data_of(const v1::Minutes& minutes, const Partnership& partnership) {
  PageData page = framed(partnership);
  std::string name = minutes.title();
  for (const Area& area : partnership.areas)
    if (area.code == minutes.area()) name += ", " + area.name;
  page.set("name", name);
  page.set("title", name + ", minutes of " + date_in_words(minutes.on()));
  page.set("on", date_in_words(minutes.on()));
  page.set("as_at", instant_in_words(minutes.as_at()));
  page.set("held", held_in_words(minutes));
  page.set("present", or_not_supplied(who_came(minutes, partnership, "present")));
  set_if(page, "by_email", who_came(minutes, partnership, "email"));
  set_if(page, "apologies", who_came(minutes, partnership, "apologies"));
  set_if(page, "next_meeting",
         day_in_words(minutes.next_meeting()) + moved_in_words(minutes.next_meeting_moved_from()));
  page.set("no_decisions", yes_or_no(minutes.decisions().empty()));
  page.set("some_decisions", yes_or_no(!minutes.decisions().empty()));
  page.set("decisions", decision_rows(minutes));
  page.set("no_actions", yes_or_no(minutes.actions().empty()));
  page.set("some_actions", yes_or_no(!minutes.actions().empty()));
  page.set("actions", action_rows(minutes, partnership));
  return page;
}

}  // namespace

std::string to_html(const v1::Minutes& minutes, const Partnership& partnership) {
  return rendered_html(page_head() + kPage + page_foot(), data_of(minutes, partnership));
}

std::string to_markdown(const v1::Minutes& minutes, const Partnership& partnership) {
  return rendered_markdown(kText, data_of(minutes, partnership));
}

}  // namespace moot
