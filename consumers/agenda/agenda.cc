#include "consumers/agenda/agenda.h"

#include <algorithm>
#include <map>
#include <optional>
#include <tuple>

#include "consumers/agenda/agenda_input.h"
#include "consumers/agenda/agenda_item.h"
#include "consumers/agenda/meeting_time.h"
#include "consumers/agenda/score.h"
#include "consumers/agenda/section.h"
#include "consumers/callers/caller_list.h"
#include "consumers/callers/calls.h"
#include "consumers/casebook/feeds.h"
#include "consumers/document/phrase.h"

namespace moot {
namespace {

// The events that an item's reasons name.
Events named_by(const CaseSet& set, const v1::AgendaItem& item) {
  Events events;
  for (const v1::ScoredReason& reason : item.reasons())
    for (const v1::EventRef& event : reason.events())
      if (const v1::Event* found = set.find(event.source(), event.id())) events.push_back(found);
  sort_once(events);
  return events;
}

// What the clocks of the board's sections say, and to whom of it points are given.
void gather_clocks(AgendaInput& input) {
  if (input.pack == nullptr) return;
  const AreaNames areas(input.partnership.areas);
  const ClockInput clocks(input.set, input.partnership, areas, input.pack->working_days, input.on);
  std::set<std::string> scored;
  for (const Section& section : input.rules.sections) {
    for (const std::string& id : section.clocks) {
      const ClockRule* rule = input.pack->find(id);
      if (rule != nullptr && !input.clocks.contains(id)) input.clocks[id] = findings_of(clocks, *rule);
      if (section.scored) scored.insert(id);
    }
  }
  for (const auto& [id, findings] : input.clocks)
    for (const ClockFinding& finding : findings)
      if (scored.contains(id) && finding.open && finding.person)
        input.histories[*finding.person].clocks.push_back(&finding);
  for (CaseHistory& history : input.histories)
    std::stable_sort(history.clocks.begin(), history.clocks.end(),
                     [](const ClockFinding* a, const ClockFinding* b) { return is_more_urgent(*a, *b); });
}

void gather(AgendaInput& input, const CallerRule& caller_rule) {
  for (const v1::Caller& caller : input.callers.callers()) input.caller_by_person[caller.person()] = &caller;
  const Calls calls = find_calls(input.set, caller_rule);
  const Window window = days_before(input.on, caller_rule.window_days);
  input.last_meeting = last_meeting(input.set, input.board.id, input.on);
  input.actions = board_actions(input.set, input.board.id, input.on);
  input.calls_in_window.reserve(input.set.persons().size());
  input.histories.reserve(input.set.persons().size());
  for (std::size_t i = 0; i < input.set.persons().size(); ++i) {
    input.calls_in_window.push_back(within(calls.of_person[i].calls, window));
    input.histories.push_back(make_history(input.scope(), input.person(i), input.rules.subject_roles));
  }
  gather_clocks(input);
  for (const BoardAction& action : input.actions)
    for (const std::size_t person : action.people) input.histories[person].actions.push_back(&action);
}

// What the sections make of one person.
struct Standing {
  bool listed = false;
  std::vector<v1::WhyNot> why;  // from every section that considered the person
  Events events;
};

void say_why_not(Standing& standing, const Section& section, const std::string& reason, bool claimed,
                 const Events& events) {
  if (reason.empty()) return;
  standing.why.push_back(why_not(section, reason, claimed));
  standing.events.insert(standing.events.end(), events.begin(), events.end());
}

using PersonItem = std::pair<std::size_t, v1::AgendaItem>;

Instant last_of(const Events& events) { return events.empty() ? Instant{INT64_MIN} : time_of(*events.back()); }

// Higher score first, then higher risk, then whom the board has not decided on for longer, then the later report, then
// the case's id.
void sort_items(const AgendaInput& input, std::vector<PersonItem>& items) {
  const auto place = [&](const PersonItem& item) {
    const CaseHistory& history = input.histories[item.first];
    const Instant reported = std::max(last_of(all_reports(history.occurrences)), last_of(history.work));
    return std::tuple(-item.second.score(), band_order(history.band()), last_of(history.decisions).us,
                      reported.us == INT64_MIN ? INT64_MAX : -reported.us, item.second.case_());
  };
  std::sort(items.begin(), items.end(), [&](const PersonItem& a, const PersonItem& b) { return place(a) < place(b); });
}

// The score of a person as the section looks at them.
ScoredReasons reasons_of(const AgendaInput& input, const Section& section, std::size_t person, const Verdict& verdict) {
  ScoredReasons points;
  if (section.kind->scores_by_roles) {
    CaseHistory history = make_history(input.scope(), input.person(person), section.roles);
    history.actions = input.histories[person].actions;
    history.clocks = input.histories[person].clocks;
    points = score_case(input, history, input.caller(person), " as " + in_list(section.roles, "or"));
  } else {
    points = score_case(input, input.histories[person], input.caller(person));
  }
  if (points.empty() || !section.kind->score_tells)
    points.insert(points.begin(),
                  scored(capitalised(verdict.reason) + (verdict.reason.ends_with('.') ? "" : "."), 0, verdict.events));
  return points;
}

// Whom the section claims, by score. Somebody an earlier section lists is only named as belonging here too.
std::vector<PersonItem> claimed_by(const AgendaInput& input, const Section& section, std::vector<Standing>& standings,
                                   v1::AgendaSection& out) {
  std::vector<PersonItem> items;
  for (std::size_t person = 0; person < input.histories.size(); ++person) {
    Standing& standing = standings[person];
    const Verdict verdict = section.kind->judge(input, section, person);
    if (standing.listed) {
      if (verdict.claims) out.add_also(input.person(person).id);
      continue;
    }
    const CaseHistory& history = input.histories[person];
    if (verdict.claims && history.removed()) {
      say_why_not(standing, section, decision_in_words(*history.decisions.back()) + ", and no new event since", true,
                  {history.decisions.back()});
    } else if (!verdict.claims) {
      say_why_not(standing, section, verdict.reason, false, verdict.events);
    } else {
      v1::AgendaItem item = item_of(input, person);
      set_reasons(item, reasons_of(input, section, person, verdict));
      items.emplace_back(person, std::move(item));
    }
  }
  sort_items(input, items);
  return items;
}

void add_claimed(const AgendaInput& input, const Section& section, std::vector<Standing>& standings,
                 v1::AgendaSection& out) {
  std::map<std::string, std::size_t> people;  // by case
  for (auto& [person, item] : claimed_by(input, section, standings, out)) {
    standings[person].listed = true;
    people[item.case_()] = person;
    *out.add_items() = std::move(item);
  }
  for (const LeftOut& left : apply_limits(section, out)) {
    Standing& standing = standings[people[left.item.case_()]];
    standing.listed = false;
    say_why_not(standing, section, left.reason, true, named_by(input.set, left.item));
  }
}

// Cases that are no person: a place, as its section makes it.
void add_filled(const AgendaInput& input, const Section& section, v1::AgendaSection& out, v1::Agenda& agenda) {
  section.kind->fill(input, section, out, *agenda.mutable_not_listed());
  for (const LeftOut& left : apply_limits(section, out))
    *agenda.add_not_listed() = not_listed(left.item.case_(), left.item.title(), {why_not(section, left.reason, true)},
                                          named_by(input.set, left.item));
}

// Those a section looked at and did not list; whoever stands on the agenda for an action is on it.
void add_not_listed(const AgendaInput& input, std::vector<Standing>& standings, v1::Agenda& agenda) {
  const bool prints_actions = std::any_of(input.rules.sections.begin(), input.rules.sections.end(),
                                          [](const Section& section) { return section.kind == &kPreviousActions; });
  for (std::size_t person = 0; person < standings.size(); ++person) {
    Standing& standing = standings[person];
    if (standing.listed || standing.why.empty()) continue;
    if (prints_actions && !input.histories[person].actions.empty()) continue;
    sort_once(standing.events);
    *agenda.add_not_listed() =
        not_listed(input.person(person).id, title_of(input.person(person)), standing.why, standing.events);
  }
}

void add_sections(const AgendaInput& input, v1::Agenda& agenda) {
  std::vector<Standing> standings(input.histories.size());
  for (const Section& section : input.rules.sections) {
    v1::AgendaSection& out = *agenda.add_sections();
    out.set_id(section.id);
    out.set_title(section.title);
    out.set_kind(std::string(section.kind->name));
    if (section.kind->judge != nullptr)
      add_claimed(input, section, standings, out);
    else
      add_filled(input, section, out, agenda);
    if (section.kind == &kFrequentCallers) *out.mutable_notes() = input.callers.notes();
  }
  add_not_listed(input, standings, agenda);
}

}  // namespace

Result<v1::Agenda> make_agenda(const Casebook& casebook, const Partnership& partnership, const CallerPolicy& policy,
                               const Board& board, const AgendaQuery& query) {
  const Result<BoardVersion> rules = board.version_on(query.on);
  if (!rules.ok()) return rules.status();
  const Result<CallerRule> caller_rule = policy.rule_on(query.on);
  if (!caller_rule.ok()) return caller_rule.status();
  const bool has_clocks = std::any_of(rules->sections.begin(), rules->sections.end(),
                                      [](const Section& section) { return !section.clocks.empty(); });
  if (has_clocks && query.rules == nullptr)
    return Status(Code::kDefinition, "the board \"" + board.id +
                                         "\" has a section of clocks, and no rule pack says what they are; name one as "
                                         "`rules` in partnership.toml");
  const CaseSet set = casebook.as_at(query.as_at.value_or(casebook.default_as_at(query.on)));
  Result<v1::CallerList> callers = make_caller_list(set, partnership, policy, CallerQuery{query.on, {}, {}, {}});
  if (!callers.ok()) return callers.status();
  AgendaInput input{set,
                    partnership,
                    board,
                    *rules,
                    query.on,
                    {},
                    query.may_not_say,
                    std::move(*callers),
                    {},
                    {},
                    {},
                    {},
                    has_clocks ? query.rules : nullptr,
                    {}};
  gather(input, *caller_rule);

  v1::Agenda agenda;
  agenda.set_board(board.id);
  agenda.set_title(board.title);
  agenda.set_on(to_iso(query.on));
  agenda.set_as_at(to_local_rfc3339(set.as_at()));
  agenda.set_rules(board.version_name(*rules) + "; " + policy.version_name(*caller_rule) +
                   (has_clocks ? "; " + query.rules->name() : ""));
  agenda.set_loaded_later(set.loaded_later);
  if (input.last_meeting) agenda.set_last_meeting(to_iso(*input.last_meeting));
  add_sections(input, agenda);
  for (v1::Feed& feed : feeds_on(query.on, set, partnership)) *agenda.add_feeds() = std::move(feed);
  if (const std::string time = share_time(*rules, agenda); !time.empty()) agenda.add_notes(time);
  return agenda;
}

}  // namespace moot
