#include "consumers/document/markdown.h"

#include "broker/core/status.h"
#include "consumers/document/page_data.h"

namespace moot {
namespace {

const char* const kFrame = R"md(**{{marking}}**
{{#notice}}

{{notice}}
{{/notice}}
)md";

const char* const kCallerList = R"md(
# Frequent callers

{{partnership}}, {{on}}

- Counted: {{window_days}} days before {{on}}, {{considered}} with a call
- Places: {{top}}, and everybody tied with the last place
- Rule: {{policy}}
- As at: {{as_at}}
{{#loaded_later}}
- {{loaded_later}}
{{/loaded_later}}
{{#notes}}
- {{note}}
{{/notes}}

## On the list

{{#nobody}}
Nobody: no call in these days is counted by the rule.

{{/nobody}}
{{#callers}}
### {{rank}}. {{name}}{{#born}}, {{born}}{{/born}}

**{{status}}**. Episodes: {{episodes}}. Calls: {{calls}}; in the {{window_days}} days before that: {{previous_calls}}.
Case {{person}}

{{#reasons}}
- {{text}}
  Records: {{events}}
{{/reasons}}
- Known to: {{known_to}}.
{{#has_effects}}

Before and after:

{{#effects}}
- {{finding}}
  Records: {{events}}
{{/effects}}
{{/has_effects}}

{{/callers}}
## No longer on the list

{{#nobody_left}}
Nobody who was on the list {{window_days}} days earlier has left it.

{{/nobody_left}}
{{#some_left}}
Compared with the list the same rule makes for {{earlier_on}}. What follows a last call is what is recorded after it; it
need not be the reason.

{{/some_left}}
{{#left}}
### {{name}}{{#born}}, {{born}}{{/born}}

- {{reason}}
  Records: {{events}}
{{#effects}}
- {{finding}}
  Records: {{events}}
{{/effects}}

Case {{person}}

{{/left}}
**{{marking}}**
)md";

const char* const kAgendaCover = R"md(
# {{title}}

Agenda for {{on}}, {{partnership}}

- As at: {{as_at}}
- Rules: {{rules}}
- Last meeting: {{last_meeting}}
{{#loaded_later}}
- {{loaded_later}}
{{/loaded_later}}
{{#notes}}
- {{note}}
{{/notes}}

{{#late_feeds}}
**Not up to date:** {{late_feeds}}. What these agencies know since then is not in this agenda.

{{/late_feeds}}
What is said here is for the purposes of this meeting and is not to be passed on without the agreement of the agency it
comes from.

## Who was last heard from, and when

{{#feeds}}
- {{agency}}: {{last}}{{#before}}, {{before}} before the meeting{{/before}}; expected {{rhythm}}; **{{state}}**
{{/feeds}}

## Contents

{{#sections}}
{{number}}. {{title}}: {{count}}
{{/sections}}

)md";

const char* const kAgendaSections = R"md({{#sections}}
## {{number}}. {{title}}

{{#notes}}
{{note}}

{{/notes}}
{{#empty}}
Nothing for this section.

{{/empty}}
{{#items}}
### {{number}} {{title}}

**Score {{arithmetic}}**. Case {{case}}

{{#has_decisions}}
Decided before:

{{#decisions}}
- {{text}}
  Records: {{events}}
{{/decisions}}

{{/has_decisions}}
{{#has_actions}}
Actions:

{{#actions}}
- **{{rag}}**, {{state}}: {{text}} ({{action}})
  Owner: {{owner}}. Set: {{set_on}}. Due: {{due}}{{#carried}}; {{carried}}{{/carried}}.{{#evidence}}
  Evidence: {{text}} ({{events}}).{{/evidence}}
{{/actions}}

{{/has_actions}}
Why here:

{{#reasons}}
- {{points}}: {{text}}
  Records: {{events}}
{{/reasons}}

{{#has_effects}}
Before and after:

{{#effects}}
- {{finding}}
  Records: {{events}}
{{/effects}}

{{/has_effects}}
{{#has_known_to}}
Known to:

{{#known_to}}
- {{answer}}: {{agencies}}
{{/known_to}}

{{/has_known_to}}
{{/items}}
{{/sections}}
## Considered and not listed

{{#all_listed}}
Nobody else was considered.
{{/all_listed}}
{{#not_listed}}
- {{count}}: {{reason}}
  Cases: {{cases}}
{{/not_listed}}

Not used for any score: ethnicity, religion, deprivation of the postcode, or any prediction.

**{{marking}}**
)md";

std::string render(const std::string& page_template, const PageData& page) {
  kainjow::mustache::mustache view(page_template);
  MOOT_CHECK(view.is_valid());  // the templates are part of the program
  view.set_custom_escape([](const std::string& text) { return escaped_for_markdown(text); });
  const std::string text = view.render(page);
  // Sections that are left out leave their blank lines: one is enough anywhere.
  std::string out;
  for (const char c : text)
    if (c != '\n' || !out.ends_with("\n\n")) out.push_back(c);
  return out;
}

}  // namespace

std::string to_markdown(const v1::CallerList& list, const Partnership& partnership) {
  return render(std::string(kFrame) + kCallerList, data_of(list, partnership));
}

std::string to_markdown(const v1::Agenda& agenda, const Partnership& partnership) {
  return render(std::string(kFrame) + kAgendaCover + kAgendaSections, data_of(agenda, partnership));
}

std::string escaped_for_markdown(std::string_view text) {
  static constexpr std::string_view kMarkup = "\\`*_[]<>|";
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    const char next = i + 1 < text.size() ? text[i + 1] : ' ';
    const bool entity = c == '&' && (next == '#' || (next >= 'a' && next <= 'z') || (next >= 'A' && next <= 'Z'));
    if (entity || kMarkup.find(c) != std::string_view::npos) out.push_back('\\');
    // Any control character, line breaks among them: a name must not begin a heading or drive a terminal.
    out.push_back(static_cast<unsigned char>(c) < 0x20 || c == 0x7f ? ' ' : c);
  }
  return out;
}

}  // namespace moot
