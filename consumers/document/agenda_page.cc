#include "consumers/document/page.h"

namespace moot {
namespace {

const char* const kCover = R"html(<h1>{{title}}</h1>
<p class="lede">Agenda for {{on}}, {{partnership}}</p>
<dl class="facts">
<dt>As at</dt><dd>{{as_at}}</dd>
<dt>Rules</dt><dd>{{rules}}</dd>
<dt>Last meeting</dt><dd>{{last_meeting}}</dd>
</dl>
{{#late_feeds}}<p class="notice">
<strong>Not up to date:</strong> {{late_feeds}}. What these agencies know since then is not in this agenda.</p>
{{/late_feeds}}{{#loaded_later}}<p class="quiet">{{loaded_later}}</p>
{{/loaded_later}}{{#notes}}<p class="quiet">{{note}}</p>
{{/notes}}<p class="quiet">What is said here is for the purposes of this meeting and is not to be passed on
without the agreement of the agency it comes from.</p>
<div class="cover">
<table>
<caption>Contents</caption>
<thead><tr><th scope="col">Section</th><th scope="col" class="number">Cases</th></tr></thead>
<tbody>
{{#sections}}<tr><th scope="row">{{number}}. {{title}}</th><td class="number">{{count}}</td></tr>
{{/sections}}</tbody>
</table>
<table>
<caption>Who was last heard from, and when</caption>
<thead><tr><th scope="col">Agency</th><th scope="col">Latest date its records speak of</th>
<th scope="col">Expected</th>
<th scope="col">State</th></tr></thead>
<tbody>
{{#feeds}}<tr><th scope="row">{{agency}}</th><td>{{last}}{{#before}}<br>
<span class="quiet">{{before}} before the meeting</span>{{/before}}</td>
<td>{{rhythm}}</td>
<td><span class="tag {{tone}}">{{state}}</span></td></tr>
{{/feeds}}</tbody>
</table>
</div>
)html";

const char* const kActions = R"html({{#has_actions}}<table>
<caption>Actions</caption>
<thead><tr><th scope="col">Action</th>
<th scope="col">Owner</th>
<th scope="col">Set</th>
<th scope="col">Due</th>
<th scope="col">State</th></tr></thead>
<tbody>
{{#actions}}<tr><td><strong>{{text}}</strong><br><span class="quiet">{{action}}</span>{{#evidence}}<br>
<span class="quiet">Evidence: {{text}}</span><span class="ids screen">{{events}}</span>{{/evidence}}</td>
<td>{{owner}}</td>
<td class="date">{{set_on}}</td>
<td class="date">{{due}}</td>
<td><span class="tag {{tone}}">{{rag}}</span><br>{{state}}{{#carried}}<br>
<span class="quiet">{{carried}}</span>{{/carried}}</td></tr>
{{/actions}}</tbody>
</table>
{{/has_actions}})html";

const char* const kSections = R"html({{#sections}}<section>
<h2>{{number}}. {{title}}</h2>
{{#notes}}<p class="quiet">{{note}}</p>
{{/notes}}{{#empty}}<p>Nothing for this section.</p>
{{/empty}}{{#items}}<article class="case">
<header><h3>{{number}} {{title}} <span class="quiet">Case {{case}}</span></h3>
<span class="score">Score {{score}}</span></header>
{{#has_decisions}}<p class="label">Decided before</p>
<ul class="reasons">
{{#decisions}}<li>{{text}}<details><summary>Records behind this</summary><p class="ids">{{events}}</p></details></li>
{{/decisions}}</ul>
{{/has_decisions}})html";

const char* const kReasons = R"html(<table>
<caption>Why here</caption>
<thead><tr><th scope="col">Reason</th><th scope="col" class="number">Points</th></tr></thead>
<tbody>
{{#reasons}}<tr><td>{{text}}<details><summary>Records behind this</summary><p class="ids">{{events}}</p>
</details></td>
<td class="number">{{points}}</td></tr>
{{/reasons}}</tbody>
<tfoot><tr><th scope="row">Score {{arithmetic}}</th><td class="number sum">{{score}}</td></tr></tfoot>
</table>
{{#has_effects}}<p class="label">Before and after</p>
<ul class="reasons">
{{#effects}}<li>{{finding}}<details><summary>Records behind this</summary><p class="ids">{{events}}</p></details></li>
{{/effects}}</ul>
{{/has_effects}}{{#has_known_to}}<p class="label">Known to</p>
<ul class="answers">
{{#known_to}}<li><strong>{{answer}}:</strong> {{agencies}}</li>
{{/known_to}}</ul>
{{/has_known_to}}</article>
{{/items}}</section>
{{/sections}})html";

const char* const kNotListed = R"html(<section>
<h2>Considered and not listed</h2>
{{#all_listed}}<p>Nobody else was considered.</p>
{{/all_listed}}{{#some_not_listed}}<table>
<caption>Not listed, by reason</caption>
<thead><tr><th scope="col">Reason</th><th scope="col" class="number">Cases</th></tr></thead>
<tbody>
{{#not_listed}}<tr><td>{{reason}}<details><summary>Cases</summary><p class="ids">{{cases}}</p></details></td>
<td class="number">{{count}}</td></tr>
{{/not_listed}}</tbody>
</table>
{{/some_not_listed}}</section>
<p class="quiet">Not used for any score: ethnicity, religion, deprivation of the postcode, or any prediction.</p>
)html";

}  // namespace

std::string agenda_page() { return page_head() + kCover + kSections + kActions + kReasons + kNotListed + page_foot(); }

}  // namespace moot
