#include "consumers/agenda/agenda.h"

#include <algorithm>
#include <map>
#include <optional>

#include "consumers/agenda/agenda_input.h"
#include "consumers/agenda/board_clocks.h"
#include "consumers/agenda/kept_items.h"
#include "consumers/agenda/listing.h"
#include "consumers/agenda/meeting_days.h"
#include "consumers/agenda/meeting_time.h"
#include "consumers/agenda/score.h"
#include "consumers/agenda/section.h"
#include "consumers/agenda/standings.h"
#include "consumers/callers/caller_list.h"
#include "consumers/casebook/feeds.h"
#include "consumers/document/phrase.h"

namespace moot {
namespace {

constexpr int kDaysToTheNextMost = 800;  // a board that meets once a year meets within two

// From when on anything looks: the longest time that a section looks back.
Instant looked_from(const AgendaInput& input, const CallerRule& caller_rule) {
  int months = 12;
  for (const Section& section : input.rules.sections) months = std::max(months, section.months);
  return std::min(months_before(input.on, months).from, days_before(input.on, caller_rule.window_days).from);
}

// All that what is kept depends on but the set: how people stand, and with `of_day` also what is printed.
std::string words_of(const AgendaInput& input, const std::vector<const Board*>& boards, bool of_day) {
  std::string words = to_iso(input.on) + " since " + to_rfc3339(input.looked_from);
  const auto add = [&words](std::string_view text) {
    words += "\x1e" + std::to_string(text.size()) + ":";
    words += text;
  };
  add(input.last_meeting ? to_iso(*input.last_meeting) : "");
  for (const std::string& area : input.of_areas) add(area);
  for (const Section& section : input.rules.sections) add(section.id);  // one may have been put in for the pinned
  add(input.partnership.words());
  for (const Board* board : boards) add(board->toml);
  if (!of_day) return words;
  for (const std::string& agency : input.may_not_say) add(agency);
  add(input.pack == nullptr ? "" : input.pack->toml);
  add(std::to_string(input.callers.window_days()) + " " + std::to_string(input.callers.top()));
  return words;
}

// Gives how everybody stands.
std::shared_ptr<const Standings> gather(AgendaInput& input, const CallerRule& caller_rule,
                                        const std::vector<const Board*>& boards) {
  for (const v1::Caller& caller : input.callers.callers()) input.caller_by_person[caller.person()] = &caller;
  input.last_meeting = last_meeting(input.set, input.board, input.on, input.one_area());
  input.actions = board_actions(input.set, input.board, input.on, input.one_area());
  const LinkedActions linked(input.set);
  input.said.emplace_back(input.set, linked, ActionList{input.board, to_iso(input.on), input.one_area()});
  for (const Board* board : boards)
    if (board->id != input.board.id) input.said.emplace_back(input.set, linked, ActionList{*board});
  input.looked_from = looked_from(input, caller_rule);
  std::shared_ptr<const Standings> standings = Standings::of(input, words_of(input, boards, false));
  const std::string words = words_of(input, boards, true);
  input.clocks = BoardClocks::of(input, words);
  input.items = KeptItems::of(input, words);
  for (const BoardAction& action : input.actions)
    for (const std::size_t person : action.people) input.actions_of[person].push_back(&action);
  return standings;
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
  Result<CountedCallers> callers = count_callers(set, partnership, policy, CallerQuery{query.on, {}, {}, {}, boards});
  if (!callers.ok()) return callers.status();
  AgendaInput input{.set = set,
                    .partnership = partnership,
                    .board = board,
                    .rules = *rules,
                    .on = query.on,
                    .may_not_say = query.may_not_say,
                    .callers = std::move(callers->list),
                    .calls = std::move(callers->calls),
                    .call_window = days_before(query.on, caller_rule->window_days),
                    .areas = names,
                    .of_areas = std::move(*areas),
                    .pack = query.rules};
  std::shared_ptr<const Standings> standings = gather(input, *caller_rule, boards);

  v1::Agenda agenda = headed(input, policy.version_name(*caller_rule));
  Listing(input, std::move(standings)).fill(agenda);
  const auto is_empty = [](const v1::AgendaSection& section) { return section.items().empty(); };
  if (std::all_of(agenda.sections().begin(), agenda.sections().end(), is_empty))
    agenda.mutable_sections(0)->add_notes("No section of this board lists anything on this date.");
  tell_meetings(input, query.rules == nullptr ? WorkingDays() : query.rules->working_days, agenda);
  for (v1::Feed& feed : feeds_on(query.on, set, partnership)) *agenda.add_feeds() = std::move(feed);
  if (const std::string time = share_time(*rules, agenda); !time.empty()) agenda.add_notes(time);
  return agenda;
}

}  // namespace moot
