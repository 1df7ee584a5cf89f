#include "consumers/document/page.h"

namespace moot {
namespace {

const char* const kListPage = R"html(<h1>{{name}}</h1>
<p class="lede">{{partnership}}, {{on}}</p>
)html";

const char* const kList = R"html(<dl class="facts">
<dt>Counted</dt><dd>Calls in the {{window_days}} days before {{on}}; {{considered}} made one.
{{#notes}} {{note}}{{/notes}}</dd>
<dt>Places</dt><dd>{{places}}</dd>
<dt>Rule</dt><dd>{{policy}}</dd>
<dt>As at</dt><dd>{{as_at}}{{#loaded_later}}; {{loaded_later}}{{/loaded_later}}</dd>
</dl>
<h2>On the list</h2>
{{#nobody}}<p>Nobody rang often enough in these days to be listed by the rule.</p>
{{/nobody}}{{#somebody}}<table>
<caption>By episodes, then calls; equals share a place</caption>
<thead><tr><th scope="col" class="number">Place</th>
<th scope="col">Name</th>
<th scope="col" class="number">Episodes</th>
<th scope="col" class="number">Calls</th>
<th scope="col" class="number narrow">Calls in the {{window_days}} days before that</th>
<th scope="col" class="narrow">Since {{earlier_on}}</th></tr></thead>
<tbody>
{{#callers}}<tr><td class="number">{{rank}}</td>
<th scope="row">{{name}}{{#born}}<br/><span class="quiet">{{born}}</span>{{/born}}</th>
<td class="number">{{episodes}}</td>
<td class="number">{{calls}}</td>
<td class="number">{{previous_calls}}</td>
<td><span class="tag">{{status}}</span></td></tr>
{{/callers}}</tbody>
</table>
{{#callers}}<article class="case">
<header><h3>{{rank}}. {{name}}{{#born}}, {{born}}{{/born}} <span class="quiet code">Case {{person}}</span></h3>
<span class="score">{{status}}</span></header>
<ul class="reasons">
{{#reasons}}<li>{{text}}</li>
{{/reasons}}</ul>
<p><strong>Known to:</strong> {{known_to}}.</p>
)html";

const char* const kListEnd = R"html(<details><summary>Records behind this place</summary>
{{#reasons}}<p class="ids">{{text}} {{events}}</p>
{{/reasons}}{{#effects}}<p class="ids">{{finding}} {{events}}</p>
{{/effects}}</details>
</article>
{{/callers}}
{{/somebody}})html";

const char* const kLeftPart = R"html(<h2>No longer on the list</h2>
{{#nobody_left}}<p>Nobody who was on the list {{window_days}} days earlier has left it.</p>
{{/nobody_left}}{{#some_left}}<p>On the list that the same rule makes for {{earlier_on}}, and not on this one.
What is told of them came after; it need not be why.</p>
{{#left}}<article class="case">
<header><h3>{{name}}{{#born}}, {{born}}{{/born}} <span class="quiet code">Case {{person}}</span></h3></header>
<p>{{reason}}</p>
)html";

const char* const kLeftPartEnd = R"html(<details><summary>Records behind this</summary><p class="ids">{{events}}</p>
{{#effects}}<p class="ids">{{finding}} {{events}}</p>
{{/effects}}</details>
</article>
{{/left}}
{{/some_left}}{{#some_left_out}}<h2>Left out by the rule</h2>
<p>Their calls are not counted.</p>
<ul class="reasons">
{{#left_out}}<li>{{name}} <span class="quiet code">Case {{person}}</span>: {{reason}}, {{calls}}
<span class="ids">{{events}}</span></li>
{{/left_out}}</ul>
{{/some_left_out}})html";

}  // namespace

std::string caller_list_page() {
  return page_head() + kListPage + late_feeds_part() + kList + effects_part() + kListEnd + kLeftPart + effects_part() +
         kLeftPartEnd + page_foot();
}

}  // namespace moot
