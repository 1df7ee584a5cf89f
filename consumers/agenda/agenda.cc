#include "consumers/agenda/agenda.h"

#include <algorithm>
#include <map>
#include <optional>
#include <tuple>
#include <unordered_map>

#include "consumers/agenda/agenda_input.h"
#include "consumers/agenda/agenda_item.h"
#include "consumers/agenda/meeting_days.h"
#include "consumers/agenda/meeting_time.h"
#include "consumers/agenda/score.h"
#include "consumers/agenda/section.h"
#include "consumers/callers/caller_list.h"
#include "consumers/callers/calls.h"
#include "consumers/casebook/feeds.h"
#include "consumers/document/phrase.h"

namespace moot {
namespace {

constexpr int kDaysToTheNextMost = 800;  // a board that meets once a year meets within two

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
  const ClockInput clocks(input.set, input.partnership, input.areas, input.pack->working_days, input.on);
  std::set<std::string> told_whole, scored;
  for (const Section& section : input.rules.sections)
    if (!section.states.empty()) told_whole.insert(section.clocks.begin(), section.clocks.end());
  for (const Section& section : input.rules.sections) {
    for (const std::string& id : section.clocks) {
      const ClockRule* rule = input.pack->find(id);
      const ClockScope scope = told_whole.contains(id) ? ClockScope::kAll : ClockScope::kOpen;
      if (rule != nullptr && !input.clocks.contains(id)) input.clocks[id] = findings_of(clocks, *rule, scope);
      if (section.scored) scored.insert(id);
    }
  }
  for (const auto& [id, findings] : input.clocks)
    for (const ClockFinding& finding : findings)
      if (scored.contains(id) && finding.open && finding.person)
        input.histories[*finding.person].clocks.push_back(&finding);
  for (auto& [person, history] : input.histories)
    std::stable_sort(history.clocks.begin(), history.clocks.end(),
                     [](const ClockFinding* a, const ClockFinding* b) { return is_more_urgent(*a, *b); });
}

// Of whom any section can say anything: named in the longest time that one looks back, or ever by a meeting or an
// assessment. By their ids.
std::vector<std::size_t> considered(const AgendaInput& input, const CallerRule& caller_rule) {
  int months = 12;
  for (const Section& section : input.rules.sections) months = std::max(months, section.months);
  const Instant from =
      std::min(months_before(input.on, months).from, days_before(input.on, caller_rule.window_days).from);
  const CaseRecords& records = input.set.records();
  std::vector<std::uint32_t> looked_at = records.since(from);
  for (const v1::Facts::BodyCase body : {v1::Facts::kMeeting, v1::Facts::kRisk})
    looked_at.insert(looked_at.end(), records.of_body(body).begin(), records.of_body(body).end());
  std::vector<bool> seen(input.set.persons().size());
  std::vector<std::size_t> people;
  for (const std::uint32_t record : looked_at)
    for (const std::size_t person : input.set.people_of(record, {})) {
      if (seen[person]) continue;
      seen[person] = true;
      people.push_back(person);
    }
  std::sort(people.begin(), people.end(),
            [&](std::size_t a, std::size_t b) { return input.person(a).id < input.person(b).id; });
  return people;
}

// A person is a board's whom anything of 12 months names in one of its areas.
void gather_areas(AgendaInput& input, const std::vector<std::size_t>& people) {
  const Window year = months_before(input.on, 12);
  input.in_area.assign(input.set.persons().size(), input.of_areas.empty());
  if (input.of_areas.empty()) return;
  for (const std::size_t i : people)
    for (const Mention& mention : input.person(i).mentions) {
      if (!input.in_area[i] && year.holds(input.set.records().time(mention.record)))
        input.in_area[i] = input.is_in_area(input.set.record(mention).envelope().area());
    }
}

// Gives whom the sections are to judge.
std::vector<std::size_t> gather(AgendaInput& input, const CallerRule& caller_rule,
                                const std::vector<const Board*>& boards) {
  for (const v1::Caller& caller : input.callers.callers()) input.caller_by_person[caller.person()] = &caller;
  input.call_window = days_before(input.on, caller_rule.window_days);
  input.calls = find_calls(input.set, caller_rule, input.call_window.from);
  input.last_meeting = last_meeting(input.set, input.board, input.on, input.one_area());
  input.actions = board_actions(input.set, input.board, input.on, input.one_area());
  input.said.emplace_back(input.set, ActionList{input.board, to_iso(input.on), input.one_area()});
  for (const Board* board : boards)
    if (board->id != input.board.id) input.said.emplace_back(input.set, ActionList{*board});
  std::vector<std::size_t> people = considered(input, caller_rule);
  for (const std::size_t person : people)
    input.histories[person] = make_history(input.scope(), input.person(person), input.rules.subject_roles);
  gather_areas(input, people);
  gather_clocks(input);
  for (const BoardAction& action : input.actions)
    for (const std::size_t person : action.people) input.histories[person].actions.push_back(&action);
  return people;
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
    const CaseHistory& history = input.history(item.first);
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
    history.actions = input.history(person).actions;
    history.clocks = input.history(person).clocks;
    points = score_case(input, history, input.caller(person), " as " + in_list(section.roles, "or"));
  } else {
    points = score_case(input, input.history(person), input.caller(person));
  }
  if (points.empty() || !section.kind->score_tells)
    points.insert(points.begin(),
                  scored(capitalised(verdict.reason) + (verdict.reason.ends_with('.') ? "" : "."), 0, verdict.events));
  return points;
}

// Whom the section claims, by score. Somebody an earlier section lists is only named as belonging here too.
std::vector<PersonItem> claimed_by(const AgendaInput& input, const std::vector<std::size_t>& people,
                                   const Section& section, std::unordered_map<std::size_t, Standing>& standings,
                                   v1::AgendaSection& out) {
  std::vector<PersonItem> items;
  for (const std::size_t person : people) {
    if (!input.in_area[person]) continue;
    Standing& standing = standings[person];
    const Verdict verdict = section.kind->judge(input, section, person);
    if (standing.listed) {
      if (verdict.claims) out.add_also(input.person(person).id);
      continue;
    }
    const CaseHistory& history = input.history(person);
    if (verdict.claims && history.chair.defers()) {
      say_why_not(standing, section, history.chair.text, true, {history.chair.event});
    } else if (verdict.claims && history.removed() && !history.chair.pins()) {
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

void add_claimed(const AgendaInput& input, const std::vector<std::size_t>& people, const Section& section,
                 std::unordered_map<std::size_t, Standing>& standings, v1::AgendaSection& out) {
  std::map<std::string, std::size_t> claimed;  // by case
  for (auto& [person, item] : claimed_by(input, people, section, standings, out)) {
    standings[person].listed = true;
    claimed[item.case_()] = person;
    *out.add_items() = std::move(item);
  }
  for (const LeftOut& left : apply_limits(section, out)) {
    Standing& standing = standings[claimed[left.item.case_()]];
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

// Those a section looked at and did not list; whoever stands on the agenda for an action is on it, but for those whom a
// decision keeps off the rest of it.
void add_not_listed(const AgendaInput& input, const std::vector<std::size_t>& people,
                    std::unordered_map<std::size_t, Standing>& standings, v1::Agenda& agenda) {
  const bool prints_actions = std::any_of(input.rules.sections.begin(), input.rules.sections.end(),
                                          [](const Section& section) { return section.kind == &kPreviousActions; });
  for (const std::size_t person : people) {
    Standing& standing = standings[person];
    if (standing.listed || standing.why.empty()) continue;
    const CaseHistory& history = input.history(person);
    if (prints_actions && !history.actions.empty() && !history.chair.defers() && !history.removed()) continue;
    sort_once(standing.events);
    v1::NotListed& row = *agenda.add_not_listed();
    row = not_listed(input.person(person).id, title_of(input.person(person)), standing.why, standing.events);
    if (history.chair.defers()) row.set_until(history.chair.until);
  }
}

void add_sections(const AgendaInput& input, const std::vector<std::size_t>& people, v1::Agenda& agenda) {
  std::unordered_map<std::size_t, Standing> standings;
  for (const Section& section : input.rules.sections) {
    v1::AgendaSection& out = *agenda.add_sections();
    out.set_id(section.id);
    out.set_title(section.title);
    out.set_kind(std::string(section.kind->name));
    if (section.kind->judge != nullptr)
      add_claimed(input, people, section, standings, out);
    else
      add_filled(input, section, out, agenda);
    if (section.kind == &kFrequentCallers) *out.mutable_notes() = input.callers.notes();
  }
  add_not_listed(input, people, standings, agenda);
}

// The areas whose cases are looked at. kUsage where the board has no such area.
Result<std::vector<std::string>> areas_of(const Partnership& partnership, const Board& board, const AreaNames& names,
                                          const std::string& asked) {
  std::vector<std::string> known = board.areas;
  if (known.empty() && !asked.empty())
    for (const Area& area : partnership.areas) known.push_back(area.code);
  if (asked.empty() && !board.each_area) return board.areas;
  if (asked.empty())
    return Status(Code::kUsage, "the board \"" + board.id +
                                    "\" meets in each area apart; --area says in which: " + in_list(known, "or"));
  const std::string code = names.code_of(asked);
  if (!is_in(known, code) || known.empty())
    return Status(Code::kUsage, "the board \"" + board.id + "\" has no area \"" + asked + "\"; it has " +
                                    (known.empty() ? "none" : in_list(known)));
  return std::vector<std::string>{code};
}

// A board without a section for whom the chair pinned gets one, after its previous actions, where there is anybody.
void make_room_for_pinned(const CaseSet& set, const Board& board, BoardVersion& rules) {
  const bool has_one = std::any_of(rules.sections.begin(), rules.sections.end(),
                                   [](const Section& section) { return section.kind == &kPinned; });
  const std::vector<std::uint32_t>& meetings = set.records().of_body(v1::Facts::kMeeting);
  const bool somebody = std::any_of(meetings.begin(), meetings.end(), [&](std::uint32_t position) {
    const v1::Event& event = *set.records()[position];
    const v1::Meeting& meeting = event.facts().meeting();
    return meeting.stage() == v1::Meeting::PINNED && meeting.board() == board.known_as && board.goes_by(event);
  });
  if (has_one || !somebody) return;
  const auto place = std::find_if(rules.sections.begin(), rules.sections.end(),
                                  [](const Section& section) { return section.kind != &kPreviousActions; });
  rules.sections.insert(place, pinned_section());
}

// This one, where it was moved, and the next.
void tell_meetings(const AgendaInput& input, const WorkingDays& working_days, v1::Agenda& agenda) {
  for (const MeetingDay& day : meeting_days(input.set, input.board, input.one_area(), working_days, input.on,
                                            plus_days(input.on, kDaysToTheNextMost))) {
    if (day.on == input.on) {
      if (day.moved_from) agenda.set_moved_from(to_iso(*day.moved_from));
      continue;
    }
    agenda.set_next_meeting(to_iso(day.on));
    if (day.papers_by) agenda.set_papers_by(to_iso(*day.papers_by));
    if (day.moved_from) agenda.set_next_meeting_moved_from(to_iso(*day.moved_from));
    return;
  }
}

Status check_clocks(const Board& board, const BoardVersion& rules, const RulePack* pack) {
  const bool has_clocks = std::any_of(rules.sections.begin(), rules.sections.end(),
                                      [](const Section& section) { return !section.clocks.empty(); });
  if (!has_clocks || pack != nullptr) return {};
  return Status(Code::kDefinition, "the board \"" + board.id +
                                       "\" has a section of clocks, and no rule pack says what they are; name one as "
                                       "`rules` in partnership.toml");
}

// What the agenda says of itself.
v1::Agenda headed(const AgendaInput& input, const std::string& callers_rule) {
  v1::Agenda agenda;
  agenda.set_board(input.board.id);
  agenda.set_title(input.board.title);
  if (const std::string area = input.of_areas.size() == 1 ? input.of_areas.front() : ""; !area.empty()) {
    agenda.set_area(area);
    agenda.set_title(input.board.title + ", " + area_name(input.partnership, area));
  }
  agenda.set_on(to_iso(input.on));
  agenda.set_as_at(to_local_rfc3339(input.set.as_at()));
  const bool goes_by_pack =
      input.pack != nullptr &&
      (input.rules.cadence || std::any_of(input.rules.sections.begin(), input.rules.sections.end(),
                                          [](const Section& section) { return !section.clocks.empty(); }));
  agenda.set_rules(input.board.version_name(input.rules) + "; " + callers_rule +
                   (goes_by_pack ? "; " + input.pack->name() : ""));
  agenda.set_loaded_later(input.set.loaded_later);
  if (input.last_meeting) agenda.set_last_meeting(to_iso(*input.last_meeting));
  return agenda;
}

}  // namespace

Result<v1::Agenda> make_agenda(const Casebook& casebook, const Partnership& partnership, const CallerPolicy& policy,
                               const Board& board, const AgendaQuery& query) {
  Result<BoardVersion> rules = board.version_on(query.on);
  if (!rules.ok()) return rules.status();
  const Result<CallerRule> caller_rule = policy.rule_on(query.on);
  if (!caller_rule.ok()) return caller_rule.status();
  MOOT_RETURN_IF_ERROR(check_clocks(board, *rules, query.rules));
  const AreaNames names(partnership.areas);
  Result<std::vector<std::string>> areas = areas_of(partnership, board, names, query.area);
  if (!areas.ok()) return areas.status();
  const Instant as_at = query.as_at.value_or(casebook.default_as_at(query.on));
  const std::shared_ptr<const CaseSet> cases = casebook.cases_at(as_at, board.compartments);
  const CaseSet& set = *cases;
  make_room_for_pinned(set, board, *rules);
  std::vector<const Board*> boards = {&board};
  for (const Board* other : query.boards)
    if (other->id != board.id) boards.push_back(other);
  Result<v1::CallerList> callers =
      make_caller_list(set, partnership, policy, CallerQuery{query.on, {}, {}, {}, boards});
  if (!callers.ok()) return callers.status();
  AgendaInput input{.set = set,
                    .partnership = partnership,
                    .board = board,
                    .rules = *rules,
                    .on = query.on,
                    .may_not_say = query.may_not_say,
                    .callers = std::move(*callers),
                    .areas = names,
                    .of_areas = std::move(*areas),
                    .pack = query.rules};
  const std::vector<std::size_t> people = gather(input, *caller_rule, boards);

  v1::Agenda agenda = headed(input, policy.version_name(*caller_rule));
  add_sections(input, people, agenda);
  const auto is_empty = [](const v1::AgendaSection& section) { return section.items().empty(); };
  if (std::all_of(agenda.sections().begin(), agenda.sections().end(), is_empty))
    agenda.mutable_sections(0)->add_notes("No section of this board lists anything on this date.");
  tell_meetings(input, query.rules == nullptr ? WorkingDays() : query.rules->working_days, agenda);
  for (v1::Feed& feed : feeds_on(query.on, set, partnership)) *agenda.add_feeds() = std::move(feed);
  if (const std::string time = share_time(*rules, agenda); !time.empty()) agenda.add_notes(time);
  return agenda;
}

}  // namespace moot
