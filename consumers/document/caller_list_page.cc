#include "consumers/document/page.h"

namespace moot {

std::string caller_list_page() {
  return page_head() + R"html(<h1>Frequent callers</h1>
<p class="lede">{{partnership}}, {{on}}</p>
<dl class="facts">
<dt>Counted</dt><dd>{{window_days}} days before {{on}}, {{considered}} with a call</dd>
<dt>Places</dt><dd>{{top}}, and everybody tied with the last place</dd>
<dt>Rule</dt><dd>{{policy}}</dd>
<dt>As at</dt><dd>{{as_at}}</dd>
</dl>
{{#loaded_later}}<p class="quiet">{{loaded_later}}</p>
{{/loaded_later}}{{#notes}}<p class="quiet">{{note}}</p>
{{/notes}}<h2>On the list</h2>
{{#nobody}}<p>Nobody: no call in these days is counted by the rule.</p>
{{/nobody}}{{#somebody}}<table>
<caption>Ranked by episodes, then calls; equals share a place</caption>
<thead><tr><th scope="col" class="number">Place</th>
<th scope="col">Name</th>
<th scope="col" class="number">Episodes</th>
<th scope="col" class="number">Calls</th>
<th scope="col" class="number narrow">Calls in the {{window_days}} days before that</th>
<th scope="col" class="narrow">Compared with the list before</th></tr></thead>
{{#callers}}<tbody class="entry">
<tr class="head"><td class="number">{{rank}}</td>
<th scope="row">{{name}}{{#born}}<br><span class="quiet">{{born}}</span>{{/born}}</th>
<td class="number">{{episodes}}</td>
<td class="number">{{calls}}</td>
<td class="number">{{previous_calls}}</td>
<td><span class="tag">{{status}}</span></td></tr>
<tr class="why"><td></td><td colspan="5"><ul class="reasons">
{{#reasons}}<li>{{text}}</li>
{{/reasons}}</ul>
{{#has_effects}}<p class="label">Before and after</p>
<ul class="reasons">
{{#effects}}<li>{{finding}}</li>
{{/effects}}</ul>
{{/has_effects}}<p>Known to: {{known_to}}. <span class="quiet">Case {{person}}</span></p>
<details><summary>Records behind this place</summary>{{#reasons}}<p class="ids">{{text}} {{events}}</p>
{{/reasons}}{{#effects}}<p class="ids">{{finding}} {{events}}</p>
{{/effects}}</details></td></tr>
</tbody>
{{/callers}}</table>
{{/somebody}}<h2>No longer on the list</h2>
{{#nobody_left}}<p>Nobody who was on the list {{window_days}} days earlier has left it.</p>
{{/nobody_left}}{{#some_left}}<p class="quiet">Compared with the list the same rule makes for {{earlier_on}}.
What follows a last call is what is recorded after it; it need not be the reason.</p>
<table>
<caption>On the list before, and not now</caption>
<thead><tr><th scope="col">Name</th><th scope="col">What is known</th></tr></thead>
<tbody>
{{#left}}<tr><th scope="row">{{name}}{{#born}}<br><span class="quiet">{{born}}</span>{{/born}}</th>
<td>{{reason}}{{#has_effects}}<p class="label">Before and after</p>
<ul class="reasons">
{{#effects}}<li>{{finding}}</li>
{{/effects}}</ul>
{{/has_effects}}<details><summary>Records behind this</summary><p class="ids">{{events}}</p>
{{#effects}}<p class="ids">{{finding}} {{events}}</p>
{{/effects}}</details>
<p class="quiet">Case {{person}}</p></td></tr>
{{/left}}</tbody>
</table>
{{/some_left}})html" +
         page_foot();
}

}  // namespace moot
