#include "consumers/agenda/case_history.h"

#include <algorithm>
#include <set>

#include "consumers/casebook/whose_matter.h"
#include "consumers/document/phrase.h"

namespace moot {
namespace {

constexpr int kChainMax = 16;  // links followed from report to report

const v1::Event* incident_it_is_about(const CaseSet& set, const v1::Event& event) {
  for (const v1::Link& link : event.envelope().links()) {
    if (link.rel() != "about") continue;
    const v1::Event* target = set.find(link.source(), link.id());
    if (target != nullptr && target != &event && target->facts().has_incident()) return target;
  }
  return nullptr;
}

// The report that the chain of "about" leads to; where the chain is a ring, the earliest of it.
const v1::Event* root_of(const CaseSet& set, const v1::Event& report) {
  if (report.envelope().links().empty()) return &report;
  Events chain = {&report};
  while (static_cast<int>(chain.size()) < kChainMax) {
    const v1::Event* next = incident_it_is_about(set, *chain.back());
    if (next == nullptr) return chain.back();
    const auto ring = std::find(chain.begin(), chain.end(), next);
    if (ring != chain.end()) return *std::min_element(ring, chain.end(), earlier);
    chain.push_back(next);
  }
  return chain.back();
}

bool rose(const v1::Risk& before, const v1::Risk& now) {
  if (band_order(now.band()) != band_order(before.band())) return band_order(now.band()) < band_order(before.band());
  return before.has_score() && now.score() > before.score() &&
         std::int64_t{now.score()} * 100 >= std::int64_t{before.score()} * 120;
}

// Of the latest assessment by each tool, the highest band; of equals the latest.
void read_risk(Events assessments, const Window& year, CaseHistory& history) {
  sort_once(assessments);
  std::map<std::string, Events> by_tool;
  for (const v1::Event* event : assessments) by_tool[event->facts().risk().tool()].push_back(event);
  for (const auto& [tool, events] : by_tool) {
    const v1::Event* latest = events.back();
    const int order = band_order(latest->facts().risk().band());
    const int order_so_far = history.risk == nullptr ? 0 : band_order(history.band());
    if (history.risk == nullptr || order < order_so_far || (order == order_so_far && earlier(history.risk, latest)))
      history.risk = latest;
    if (events.size() < 2 || !year.holds(time_of(*latest))) continue;
    const v1::Event* before = events[events.size() - 2];
    if (rose(before->facts().risk(), latest->facts().risk())) history.rises.push_back({before, latest});
  }
}

// When a meeting said it: on its own day at the latest, whenever it was typed in.
Instant said_at(const v1::Event& event) {
  const Result<Date> day = parse_date(event.facts().meeting().on());
  const Instant time = time_of(event);
  return day.ok() ? std::min(time, Instant{local_midnight(plus_days(*day, 1)).us - 1}) : time;
}

// The board's, said by who may say it.
bool is_of_board(const v1::Event& event, const HistoryScope& scope) {
  return event.facts().has_meeting() && event.facts().meeting().board() == scope.board.known_as &&
         scope.board.goes_by(event);
}

bool is_decision(const v1::Event& event, const HistoryScope& scope) {
  const v1::Meeting::Stage stage = event.facts().meeting().stage();
  return is_of_board(event, scope) && (stage == v1::Meeting::KEPT || stage == v1::Meeting::REMOVED);
}

bool brings_back(const v1::Facts& facts) {
  return facts.has_incident() || facts.has_contact() || facts.has_risk() || facts.has_referral();
}

// What an agency proposes to others is nobody's work yet.
bool is_work(const v1::Event& event, const HistoryScope& scope) {
  const v1::Facts& facts = event.facts();
  if (facts.has_action()) return counts(scope.said, event);
  return facts.has_referral() || facts.has_risk() || facts.has_closure();
}

bool is_word_of_chair(const v1::Event& event, const HistoryScope& scope) {
  const v1::Meeting::Stage stage = event.facts().meeting().stage();
  return is_of_board(event, scope) && (stage == v1::Meeting::PINNED || stage == v1::Meeting::DEFERRED);
}

bool said_before(const v1::Event* a, const v1::Event* b) {
  const Instant first = said_at(*a), second = said_at(*b);
  return first != second ? first < second : earlier(a, b);
}

// By when they were said, each once.
void sort_said(Events& events) {
  std::sort(events.begin(), events.end(), said_before);
  events.erase(std::unique(events.begin(), events.end()), events.end());
}

// The latest of the chair's words and the board's decisions holds; a word with a date, until the meeting of that day.
void read_chair(Events words, Date on, CaseHistory& history) {
  sort_said(words);
  if (words.empty()) return;
  const v1::Event* last = words.back();
  const v1::Meeting& meeting = last->facts().meeting();
  if (!history.decisions.empty() && said_before(last, history.decisions.back())) return;
  if (!meeting.until().empty() && meeting.until() <= to_iso(on)) return;  // ISO dates compare as texts
  ChairWord& word = history.chair;
  word.event = last;
  word.reason = meeting.reason().empty() ? "reason not supplied" : code_as_words(meeting.reason());
  word.until = meeting.until();
  word.text = std::string(word.pins() ? "pinned" : "deferred") + " by the chair on " +
              to_words(local_date(said_at(*last))) + (word.until.empty() ? "" : " until " + date_in_words(word.until)) +
              ": " + word.reason;
}

// What is new since the last decision. The rest of the day of a meeting is after it.
void read_fresh(Events candidates, CaseHistory& history) {
  if (history.decisions.empty()) return;
  const Instant decided = said_at(*history.decisions.back());
  std::erase_if(candidates, [&](const v1::Event* event) { return time_of(*event) <= decided; });
  sort_once(candidates);
  history.fresh = std::move(candidates);
}

}  // namespace

const std::string& CaseHistory::band() const {
  static const std::string kNever;
  return risk == nullptr ? kNever : risk->facts().risk().band();
}

bool CaseHistory::removed() const {
  return !decisions.empty() && decisions.back()->facts().meeting().stage() == v1::Meeting::REMOVED && fresh.empty();
}

int band_order(const std::string& band) {
  if (band == "high") return 0;
  if (band == "medium") return 1;
  return band == "standard" ? 2 : 3;
}

Window months_before(Date on, int months) {
  return Window{local_midnight(plus_months(on, -months)), local_midnight(on)};
}

bool earlier(const v1::Event* a, const v1::Event* b) { return happened_before(*a, *b); }

void sort_once(Events& events) {
  std::sort(events.begin(), events.end(), earlier);
  events.erase(std::unique(events.begin(), events.end()), events.end());  // an event may name a person twice
}

std::vector<Occurrence> occurrences_of(const CaseSet& set, const Events& reports) {
  std::vector<Occurrence> occurrences;
  std::map<const v1::Event*, std::size_t> by_root;  // looked up only, never walked: its order means nothing
  for (const v1::Event* report : reports) {
    const auto [place, is_new] = by_root.try_emplace(root_of(set, *report), occurrences.size());
    if (is_new) occurrences.push_back(Occurrence{report, {}});
    occurrences[place->second].reports.push_back(report);
  }
  return occurrences;
}

Events all_reports(const std::vector<Occurrence>& occurrences) {
  Events reports;
  for (const Occurrence& occurrence : occurrences)
    reports.insert(reports.end(), occurrence.reports.begin(), occurrence.reports.end());
  std::sort(reports.begin(), reports.end(), earlier);
  return reports;
}

std::vector<Occurrence> incidents_of(const CaseSet& set, const PersonCase& person,
                                     const std::vector<std::string>& roles, const Window& window) {
  return occurrences_of(
      set, events_of(set, person, roles, window, [](const v1::Event& event) { return event.facts().has_incident(); }));
}

std::vector<std::string> factors_in(const v1::Event& event, int person, const std::vector<std::string>& factors) {
  std::vector<std::string> found;
  const auto add = [&](const std::string& code) {
    const auto is_it = [&](const std::vector<std::string>& codes) {
      return std::find(codes.begin(), codes.end(), code) != codes.end();
    };
    if (is_it(factors) && !is_it(found)) found.push_back(code);
  };
  if (event.facts().has_incident()) add(event.facts().incident().category());
  if (!event.facts().has_referral() || !is_matter_of(event, person)) return found;
  add(event.facts().referral().scheme());
  add(event.facts().referral().reason());
  return found;
}

CaseHistory make_history(const HistoryScope& scope, const PersonCase& person, const std::vector<std::string>& roles) {
  const Window year = months_before(scope.on, 12);
  CaseHistory history;
  Events incidents, assessments, fresh, words;
  std::vector<const Mention*> long_ago;
  std::set<const v1::Event*> proposed;
  for (const Mention& mention : person.mentions) {
    const v1::Facts::BodyCase body = scope.set.records().body(mention.record);
    if (scope.set.records().time(mention.record) < year.from && body != v1::Facts::kMeeting &&
        body != v1::Facts::kRisk) {
      long_ago.push_back(&mention);
      continue;
    }
    const v1::Event& event = scope.set.record(mention);
    const v1::Facts& facts = event.facts();
    const Instant time = time_of(event);
    if (facts.has_meeting() && said_at(event) < year.to) {
      if (is_decision(event, scope)) history.decisions.push_back(&event);
      if (is_word_of_chair(event, scope)) words.push_back(&event);
    }
    if (time >= year.to) continue;
    const bool in_role = is_in(roles, scope.set.person(mention).role());
    if (brings_back(facts)) fresh.push_back(&event);
    const bool is_theirs = is_matter_of(event, mention.index);
    if (in_role && is_theirs && facts.has_risk()) assessments.push_back(&event);
    if (time < year.from) continue;
    if (is_work(event, scope) && (is_theirs || facts.has_action())) history.work.push_back(&event);
    if (facts.has_action() && is_proposed(scope.said, event)) proposed.insert(&event);
    if (!in_role) continue;
    if (facts.has_incident()) incidents.push_back(&event);
    if (facts.has_contact() && !facts.contact().on_behalf_of()) history.contacts.push_back(&event);
    for (const std::string& code : factors_in(event, mention.index, scope.rules.factors))
      history.factors[code].push_back(&event);
  }
  // What lies so far back counts only as new since a decision, if there was one.
  for (const Mention* mention : history.decisions.empty() ? std::vector<const Mention*>() : long_ago)
    if (const v1::Event& event = scope.set.record(*mention); brings_back(event.facts())) fresh.push_back(&event);
  sort_once(incidents);
  for (Events* events : {&history.contacts, &history.work}) sort_once(*events);
  history.proposed = proposed.size();
  sort_said(history.decisions);
  for (auto& [code, events] : history.factors) sort_once(events);
  Events reports = incidents;
  reports.insert(reports.end(), history.contacts.begin(), history.contacts.end());
  sort_once(reports);
  history.occurrences = occurrences_of(scope.set, reports);
  history.incidents = occurrences_of(scope.set, incidents);
  read_risk(std::move(assessments), year, history);
  read_fresh(std::move(fresh), history);
  read_chair(std::move(words), scope.on, history);
  return history;
}

CaseHistory make_history(std::vector<Occurrence> incidents) {
  CaseHistory history;
  history.work_is_known = false;
  history.occurrences = incidents;
  history.incidents = std::move(incidents);
  return history;
}

}  // namespace moot
