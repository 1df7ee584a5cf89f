#include "consumers/document/markdown.h"

#include "broker/core/status.h"
#include "consumers/document/page_data.h"
#include "consumers/document/render.h"

namespace moot {
namespace {

// What both documents have; each is a part of the templates below.
const char* const kFrame = R"md(**{{marking}}**
{{#notice}}

{{notice}}
{{/notice}}

# {{name}}

)md";

const char* const kAsAt = R"md(
- As at: {{as_at}}{{#loaded_later}}; {{loaded_later}}{{/loaded_later}}

{{#late_feeds}}

**Not up to date:** {{silence}}. {{missing}}
{{/late_feeds}}
{{#feeds_ahead}}

**Dated ahead:** {{ahead}}
{{/feeds_ahead}}

)md";

const char* const kEffects = R"md(
{{#has_effects}}

Before and after:

{{#effects}}
- {{finding}}
  Records: {{events}}
{{/effects}}
{{/has_effects}}

)md";

const char* const kEnd = R"md(
**{{marking}}**
)md";

const char* const kListCover = R"md(
{{partnership}}, {{on}}

- Counted: calls in the {{window_days}} days before {{on}}; {{considered}} made one.{{#notes}} {{note}}{{/notes}}
- Places: {{places}}
- Rule: {{policy}}
)md";

const char* const kCallers = R"md(
## On the list

{{#nobody}}
Nobody rang often enough in these days to be listed by the rule.

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
)md";

const char* const kLeft = R"md(
{{/callers}}
## No longer on the list

{{#nobody_left}}
Nobody who was on the list {{window_days}} days earlier has left it.

{{/nobody_left}}
{{#some_left}}
On the list that the same rule makes for {{earlier_on}}, and not on this one. What is told of them came after; it need
not be why.

{{/some_left}}
{{#left}}
### {{name}}{{#born}}, {{born}}{{/born}}

{{reason}}
Case {{person}}. Records: {{events}}
)md";

const char* const kLeftEnd = R"md(
{{/left}}
{{#some_left_out}}
## Left out by the rule

Their calls are not counted.

{{/some_left_out}}
{{#left_out}}
- {{name}}: {{reason}}, {{calls}}. Case {{person}}
  Records: {{events}}
{{/left_out}}
)md";

const char* const kAgendaCover = R"md(
Agenda for {{on}}, {{partnership}}

{{#notes}}
- Time: {{note}}
{{/notes}}
{{#actions_in_words}}
- Actions: {{actions_in_words}}
{{/actions_in_words}}
{{#unanswered}}
- Not answered: “Known to you?”, by {{unanswered}}.
{{/unanswered}}
- Last meeting: {{last_meeting}}
{{#next_meeting}}
- Next meeting: {{next_meeting}}{{#papers_by}}; papers by {{papers_by}}{{/papers_by}}
{{/next_meeting}}
- Rules: {{rules}}
)md";

const char* const kContents = R"md(
What is said here is for the purposes of this meeting and is not to be passed on without the agreement of the agency it
comes from.

## Contents

{{#sections}}
{{number}}. {{title}}: {{counts}}
{{/sections}}

)md";

const char* const kReasons = R"md(
{{#reasons}}
- {{#is_scored}}{{points}}: {{/is_scored}}{{text}}
  Records: {{events}}
{{/reasons}}

{{#decisions}}
- Decided before: {{text}}
  Records: {{events}}
{{/decisions}}

)md";

const char* const kSections = R"md(
{{#sections}}
## {{number}}. {{title}}

{{#notes}}
{{note}}

{{/notes}}
{{#empty}}
Nothing for this section.

{{/empty}}
{{#only_noted}}
Nothing for discussion; {{only_noted}} below.

{{/only_noted}}
{{#also}}
{{also}}.

{{/also}}
{{#action_groups}}
### {{number}} {{title}}

Case {{case}}{{#elsewhere}}, see {{elsewhere}}{{/elsewhere}}

{{#actions}}
- **{{rag}}**, {{state_inside}}: {{text}} ({{action}})
  Owner: {{owner}}. Set: {{set_on}}. Due: {{due}}{{#carried}}; {{carried}}{{/carried}}.{{#evidence}}
  Evidence: {{text}} ({{events}}).{{/evidence}}
  Records: {{events}}
{{/actions}}

{{/action_groups}}
{{#items}}
### {{number}} {{title}}

{{#is_scored}}**Score {{arithmetic}}**. {{/is_scored}}Case {{case}}

)md";

const char* const kCaseEnd = R"md(
{{#actions}}
- Action, {{state_inside}}: {{sentence}} {{whose}} ({{action}})
{{/actions}}
{{#known_to}}
- Known to: {{answer}}: {{agencies}}
{{/known_to}}

{{/items}}
{{/sections}}
{{#some_noted}}
## For noting

**The meeting’s time ends here.**

{{#sections}}
{{#noted}}
### {{number}} {{title}}

{{#is_scored}}**Score {{arithmetic}}**. {{/is_scored}}Case {{case}}. {{why_noted}}.

)md";

const char* const kNotListed = R"md(
{{/noted}}
{{/sections}}
{{/some_noted}}
## Considered and not listed

{{#all_listed}}
Nobody else was considered.

{{/all_listed}}
{{#left_out}}
- {{title}} ({{case}}): {{reason}}
  Records: {{events}}
{{/left_out}}

{{#some_not_claimed}}
No section’s rule is met: {{not_claimed_count}}, without names. A case that two sections looked at is counted in both
lines.

{{/some_not_claimed}}
{{#not_claimed}}
- {{count}}: {{section}}: {{reason}}
  Cases: {{cases}}
{{/not_claimed}}

## Who was last heard from, and when

{{#feeds}}
- {{agency}}: {{last}}{{#before}}, {{before}}{{/before}}; expected {{rhythm}}; **{{state}}**
{{/feeds}}

Not used for any score: ethnicity, religion, deprivation of the postcode, or any prediction.

)md";

}  // namespace

std::string rendered_markdown(const std::string& page_template, const PageData& page) {
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

std::string to_markdown(const v1::CallerList& list, const Partnership& partnership) {
  return rendered_markdown(
      std::string(kFrame) + kListCover + kAsAt + kCallers + kEffects + kLeft + kEffects + kLeftEnd + kEnd,
      data_of(list, partnership));
}

std::string to_markdown(const v1::Agenda& agenda, const Partnership& partnership) {
  return rendered_markdown(std::string(kFrame) + kAgendaCover + kAsAt + kContents + kSections + kReasons + kEffects +
                               kCaseEnd + kReasons + kNotListed + kEnd,
                           data_of(agenda, partnership));
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
