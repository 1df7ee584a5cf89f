#include "consumers/document/page.h"

namespace moot {
namespace {

const char* const kCover = R"html(<h1>{{name}}</h1>
<p class="lede">Agenda for {{on}}, {{partnership}}</p>
)html";

const char* const kFacts = R"html(<dl class="facts">
{{#notes}}<dt>Time</dt><dd>{{note}}</dd>
{{/notes}}{{#actions_in_words}}<dt>Actions</dt><dd>{{actions_in_words}}</dd>
{{/actions_in_words}}{{#unanswered}}<dt>Not answered</dt><dd>“Known to you?”, by {{unanswered}}.</dd>
{{/unanswered}}<dt>Last meeting</dt><dd>{{last_meeting}}</dd>
{{#next_meeting}}<dt>Next meeting</dt><dd>{{next_meeting}}{{#papers_by}}; papers by {{papers_by}}{{/papers_by}}</dd>
{{/next_meeting}}<dt>As at</dt><dd>{{as_at}}{{#loaded_later}}; {{loaded_later}}{{/loaded_later}}</dd>
<dt>Rules</dt><dd>{{rules}}</dd>
</dl>
<p>What is said here is for the purposes of this meeting and is not to be passed on without the agreement of the agency
it comes from.</p>
<table class="cover">
<caption>Contents</caption>
<thead><tr><th scope="col">Section</th><th scope="col" class="number">For discussion</th>
<th scope="col" class="number">For noting</th></tr></thead>
<tbody>
{{#sections}}<tr><th scope="row"><a href="#section-{{number}}">{{number}}. {{title}}</a></th>
{{#is_actions}}<td class="number" colspan="2">{{action_count}}</td></tr>
{{/is_actions}}{{#is_cases}}<td class="number">{{discussed_count}}</td><td class="number">{{noted_count}}</td></tr>
{{/is_cases}}{{/sections}}</tbody>
</table>
)html";

const char* const kActions = R"html({{#has_action_groups}}<table class="actions">
<caption>What was asked for, red first</caption>
<thead><tr><th scope="col">Action</th><th scope="col">Owner</th><th scope="col">Due</th><th scope="col">State</th></tr>
</thead>
{{#action_groups}}<tbody class="entry">
<tr class="head"><th scope="rowgroup" colspan="4">{{number}} {{title}}
<span class="quiet">{{#elsewhere}}See {{elsewhere}}. {{/elsewhere}}<span class="code">Case {{case}}</span></span></th>
</tr>
{{#actions}}<tr><td>{{text}} <span class="quiet code">{{action}}</span>{{#evidence}}<br/>
<span class="quiet">Evidence: {{text}}</span>{{/evidence}}<details><summary>Records behind this</summary>
<p class="ids">{{events}}{{#evidence}}; evidence {{events}}{{/evidence}}</p></details></td>
<td>{{owner}}</td>
<td>{{due}}<br/><span class="quiet">set {{set_on}}</span></td>
<td><span class="tag {{tone}}">{{state}}</span><br/>
<span class="quiet">{{rag}}{{#carried}}, {{carried}}{{/carried}}</span></td></tr>
{{/actions}}</tbody>
{{/action_groups}}</table>
{{/has_action_groups}})html";

const char* const kSections = R"html({{#sections}}<section>
<h2 id="section-{{number}}">{{number}}. {{title}}</h2>
{{#notes}}<p class="quiet">{{note}}</p>
{{/notes}}{{#empty}}<p>Nothing for this section.</p>
{{/empty}}{{#only_noted}}<p>Nothing for discussion; {{only_noted}} below.</p>
{{/only_noted}}{{#also}}<p>{{also}}.</p>
{{/also}})html";

const char* const kCases = R"html({{#items}}<article class="case">
<header><h3>{{number}} {{title}} <span class="quiet code">Case {{case}}</span></h3>
{{#is_scored}}<span class="score">Score {{score}}</span>{{/is_scored}}</header>
{{#decisions}}<p><strong>Decided before:</strong> {{text}}</p>
{{/decisions}}{{#actions}}<p><strong>Action, {{state_inside}}:</strong>
{{sentence}} {{whose}} <span class="quiet code">{{action}}</span></p>
{{/actions}}<table>
<thead><tr><th scope="col">Why here</th>
{{#is_scored}}<th scope="col" class="number">Points</th>{{/is_scored}}</tr></thead>
<tbody>
{{#reasons}}<tr><td>{{text}}</td>{{#is_scored}}<td class="number">{{points}}</td>{{/is_scored}}</tr>
{{/reasons}}</tbody>
{{#is_scored}}<tfoot>
<tr><th scope="row">Score, the sum of the points</th><td class="number sum">{{score}}</td></tr></tfoot>{{/is_scored}}
</table>
)html";

const char* const kCasesEnd = R"html({{#has_known_to}}<p><strong>Known to:</strong>
{{#known_to}}<span class="answer"><em>{{answer}}</em> {{agencies}}.</span>
{{/known_to}}</p>
{{/has_known_to}}<details><summary>Records behind these lines</summary>
{{#reasons}}<p class="ids">{{text}} {{events}}</p>
{{/reasons}}{{#decisions}}<p class="ids">{{text}} {{events}}</p>
{{/decisions}}{{#actions}}<p class="ids">Action {{action}}: {{events}}</p>
{{/actions}}{{#effects}}<p class="ids">{{finding}} {{events}}</p>
{{/effects}}</details>
<p class="write">Keep ☐ &#160; Remove ☐ &#160; Action, owner, due:</p>
</article>
{{/items}}</section>
{{/sections}})html";

const char* const kNoted = R"html({{#some_noted}}<section>
<h2 id="noting">For noting</h2>
<p class="end-of-time">The meeting’s time ends here.{{#notes}} {{note}}{{/notes}}</p>
<table class="noted">
<caption>Cases for noting, by section; the chair may call any of them up</caption>
<thead><tr><th scope="col">Case</th><th scope="col">Why listed, with its points</th>
<th scope="col" class="number">Score</th></tr></thead>
{{#sections}}{{#has_noted}}<tbody>
<tr><th scope="rowgroup" colspan="3" class="group">{{number}}. {{title}}
<span class="quiet">{{why_noted}}</span></th></tr>
{{#noted}}<tr class="entry"><th scope="row">{{number}} {{title}}<br/><span class="quiet code">Case {{case}}</span></th>
<td>{{#reasons}}{{#is_scored}}<strong>{{points}}</strong> {{/is_scored}}{{text}} {{/reasons}}
{{#decisions}}<br/>Decided before: {{text}}
{{/decisions}}{{#actions}}<br/>Action, {{state_inside}}: {{sentence}} {{whose}}{{/actions}}
<details><summary>Records behind these lines</summary>
{{#reasons}}<p class="ids">{{text}} {{events}}</p>
{{/reasons}}{{#decisions}}<p class="ids">{{text}} {{events}}</p>
{{/decisions}}</details></td>
<td class="number">{{#is_scored}}{{score}}{{/is_scored}}</td></tr>
{{/noted}}</tbody>
{{/has_noted}}{{/sections}}</table>
</section>
{{/some_noted}})html";

const char* const kNotListed = R"html(<section>
<h2>Considered and not listed</h2>
{{#all_listed}}<p>Nobody else was considered.</p>
{{/all_listed}}{{#some_left_out}}<table>
<caption>A section’s rule is met, and the case is left out</caption>
<thead><tr><th scope="col">Case</th><th scope="col">Why it is not listed</th></tr></thead>
<tbody>
{{#left_out}}<tr><th scope="row">{{title}} <span class="quiet code">Case {{case}}</span></th>
<td>{{reason}}.<details><summary>Records behind this</summary><p class="ids">{{events}}</p></details></td></tr>
{{/left_out}}</tbody>
</table>
{{/some_left_out}}{{#some_not_claimed}}<table>
<caption>No section’s rule is met: {{not_claimed_count}}, without names</caption>
<thead><tr><th scope="col">Section</th><th scope="col">Why not</th>
<th scope="col" class="number">Cases</th></tr></thead>
<tbody>
{{#not_claimed}}<tr><th scope="row">{{section}}</th><td>{{reason}}.<details><summary>Cases</summary>
<p class="ids">{{cases}}</p></details></td>
<td class="number">{{count}}</td></tr>
{{/not_claimed}}</tbody>
</table>
<p class="quiet">A case that two sections looked at is counted in both lines.</p>
{{/some_not_claimed}}</section>
)html";

const char* const kAnnex = R"html(<section>
<h2>What this rests on</h2>
<table class="cover">
<caption>Who was last heard from, and when</caption>
<thead><tr><th scope="col">Agency</th><th scope="col">Latest date its records speak of</th>
<th scope="col">Expected</th><th scope="col">State</th></tr></thead>
<tbody>
{{#feeds}}<tr><th scope="row">{{agency}}</th><td>{{last}}{{#before}}
<span class="quiet">{{before}}</span>{{/before}}</td>
<td>{{rhythm}}</td>
<td><span class="tag {{tone}}">{{state}}</span></td></tr>
{{/feeds}}</tbody>
</table>
<p>Not used for any score: ethnicity, religion, deprivation of the postcode, or any prediction.</p>
</section>
)html";

}  // namespace

std::string agenda_page() {
  return page_head() + kCover + late_feeds_part() + kFacts + kSections + kActions + kCases + effects_part() +
         kCasesEnd + kNoted + kNotListed + kAnnex + page_foot();
}

}  // namespace moot
