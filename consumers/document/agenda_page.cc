#include "consumers/document/page.h"

namespace moot {
namespace {

const char* const kSections = R"html({{#sections}}<section>
<h2>{{number}}. {{title}}</h2>
{{#empty}}<p>Nothing for this section.</p>
{{/empty}}{{#items}}<article class="case">
<header><h3>{{number}} {{title}} <span class="quiet">Case {{case}}</span></h3>
<span class="score">Score {{score}}</span></header>
{{#has_actions}}<table>
<caption>Actions</caption>
<thead><tr><th scope="col">Action</th>
<th scope="col">Owner</th>
<th scope="col">Set</th>
<th scope="col">Due</th>
<th scope="col">State</th></tr></thead>
<tbody>
{{#actions}}<tr><th scope="row">{{text}}<br><span class="quiet">{{action}}</span></th>
<td>{{owner}}</td>
<td>{{set_on}}</td>
<td>{{due}}</td>
<td><span class="tag {{tone}}">{{state}}</span>{{#carried}}<br>
<span class="quiet">{{carried}}</span>{{/carried}}</td></tr>
{{/actions}}</tbody>
</table>
{{/has_actions}}<table>
<caption>Why here</caption>
<thead><tr><th scope="col">Reason</th><th scope="col" class="number">Points</th></tr></thead>
<tbody>
{{#reasons}}<tr><td>{{text}}<details><summary>Records behind this</summary><p class="ids">{{events}}</p>
</details></td>
<td class="number">{{points}}</td></tr>
{{/reasons}}</tbody>
<tfoot><tr><th scope="row">Score {{arithmetic}}</th><td class="number sum">{{score}}</td></tr></tfoot>
</table>
{{#has_known_to}}<ul class="answers">
<li><strong>Known to</strong></li>
{{#known_to}}<li>{{agency}}: <strong>{{answer}}</strong></li>
{{/known_to}}</ul>
{{/has_known_to}}</article>
{{/items}}</section>
{{/sections}})html";

}  // namespace

std::string agenda_page() {
  return page_head() + R"html(<h1>{{title}}</h1>
<p class="lede">Agenda for {{on}}, {{partnership}}</p>
<dl class="facts">
<dt>As at</dt><dd>{{as_at}}</dd>
<dt>Rules</dt><dd>{{rules}}</dd>
</dl>
{{#late_feeds}}<p class="notice">
<strong>Not up to date:</strong> {{late_feeds}}. What these agencies know since then is not in this agenda.</p>
{{/late_feeds}}{{#loaded_later}}<p class="quiet">{{loaded_later}}</p>
{{/loaded_later}}{{#notes}}<p class="quiet">{{note}}</p>
{{/notes}}<p class="quiet">What is said here is for the purposes of this meeting and is not to be passed on
without the agreement of the agency it comes from.</p>
<table>
<caption>Contents</caption>
<thead><tr><th scope="col">Section</th><th scope="col" class="number">Cases</th></tr></thead>
<tbody>
{{#sections}}<tr><th scope="row">{{number}}. {{title}}</th><td class="number">{{count}}</td></tr>
{{/sections}}</tbody>
</table>
)html" + kSections +
         R"html(<section>
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
<section>
<h2>What the agencies have supplied</h2>
<table>
<caption>Latest date each agency's records speak of</caption>
<thead><tr><th scope="col">Agency</th><th scope="col">Latest date</th><th scope="col">State</th></tr></thead>
<tbody>
{{#feeds}}<tr><th scope="row">{{agency}}</th><td>{{last}}</td><td>{{state}}</td></tr>
{{/feeds}}</tbody>
</table>
</section>
<p class="quiet">Not used for any score: ethnicity, religion, deprivation of the postcode, or any prediction.</p>
)html" + page_foot();
}

}  // namespace moot
