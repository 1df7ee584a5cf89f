#include "deploy/meeting_desk.h"

#include <algorithm>
#include <iostream>
#include <set>

#include "broker/core/event_rules.h"
#include "broker/core/ids.h"
#include "broker/core/whole_file.h"
#include "consumers/agenda/agenda.h"
#include "consumers/agenda/meeting_days.h"
#include "consumers/casework/action_outcome.h"
#include "consumers/casework/link_decision.h"
#include "consumers/casework/questions.h"
#include "consumers/document/phrase.h"
#include "consumers/rules/clock_kind.h"
#include "deploy/publish_events.h"

namespace moot {
namespace {

constexpr int kDaysMost = 800;

v1::Meeting::Stage stage_named(const std::string& decision) {
  if (decision == "discussed") return v1::Meeting::DISCUSSED;
  if (decision == "kept") return v1::Meeting::KEPT;
  if (decision == "removed") return v1::Meeting::REMOVED;
  if (decision == "pinned") return v1::Meeting::PINNED;
  return decision == "deferred" ? v1::Meeting::DEFERRED : v1::Meeting::STAGE_UNSPECIFIED;
}

// "not-done" as "not done".
std::string words_of_outcome(std::string outcome) {
  std::replace(outcome.begin(), outcome.end(), '-', ' ');
  return outcome;
}

Result<Date> date_of(const std::string& option, const std::string& text) {
  const Result<Date> date = parse_date(text);
  return date.ok() ? date : Status(Code::kUsage, option + ": " + date.status().message());
}

std::string taken_back_in_words(std::size_t count) {
  return "Taken back: " + counted(count, "question") + " that nobody answered before the meeting was held";
}

Date today() { return local_date(SystemClock().now()); }

}  // namespace

Result<std::unique_ptr<MeetingDesk>> MeetingDesk::open(const Options& options, const MeetingOrder& order) {
  std::unique_ptr<MeetingDesk> desk(new MeetingDesk(options, order));
  Result<std::unique_ptr<Casework>> casework = Casework::open(options);
  if (!casework.ok()) return casework.status();
  desk->casework_ = std::move(*casework);
  MOOT_RETURN_IF_ERROR(desk->read_words());
  return desk;
}

Status MeetingDesk::read_words() {
  board_ = casework_->folder().find_board(order_.board);
  if (board_ == nullptr) return Status(Code::kUsage, "there is no board \"" + order_.board + "\" in the configuration");
  const bool known = std::find(board_->areas.begin(), board_->areas.end(), order_.area) != board_->areas.end();
  if (board_->each_area && !known)
    return Status(Code::kUsage, "the board \"" + board_->id +
                                    "\" meets in each of its areas apart: give --area, one of " +
                                    in_list(board_->areas));
  if (!board_->each_area && !order_.area.empty())
    return Status(Code::kUsage, "the board \"" + board_->id + "\" meets for all of its areas: leave --area out");
  secretary_ = options_.as.empty() ? board_->secretary_on(today()) : options_.as;
  if (secretary_.empty()) secretary_ = std::string(kOperator);
  // What became of an action its owner may say too.
  if (order_.outcome.empty()) MOOT_RETURN_IF_ERROR(must_be_secretary());
  if (order_.on.empty()) return {};
  const Result<Date> on = date_of("--on", order_.on);
  if (!on.ok()) return on.status();
  on_ = *on;
  return {};
}

// As agendas call it.
std::string MeetingDesk::board_name() const {
  return order_.area.empty() ? board_->title
                             : board_->title + ", " + area_name(casework_->folder().partnership, order_.area);
}

Status MeetingDesk::must_be_secretary() const {
  if (board_->goes_by(secretary_, today())) return {};
  return Status(Code::kNotAllowed, "what meetings of the board \"" + board_->id +
                                       "\" say is said by their secretary, \"" + board_->secretary_on(today()) +
                                       "\", and not by \"" + secretary_ + "\"");
}

MeetingWords MeetingDesk::words(Date on) const {
  return {secretary_, board_->known_as, order_.area, on, SystemClock().now()};
}

const WorkingDays& MeetingDesk::working_days() const {
  static const WorkingDays weekdays;
  const RulePack* pack = casework_->folder().rules_in_force();
  return pack == nullptr ? weekdays : pack->working_days;
}

// "harbour-fire,fell-probation", each one of the partnership's.
Result<std::vector<std::string>> MeetingDesk::agencies(const std::string& option, const std::string& words) const {
  std::vector<std::string> found;
  for (std::size_t from = 0; from < words.size();) {
    const std::size_t end = std::min(words.find(',', from), words.size());
    found.push_back(words.substr(from, end - from));
    if (casework_->folder().partnership.find_agency(found.back()) == nullptr)
      return Status(Code::kUsage, option + ": there is no agency \"" + found.back() + "\" in the configuration");
    from = end + 1;
  }
  return found;
}

// What was said stands in a file: on the command line others could read it.
Result<std::string> MeetingDesk::text() const {
  if (order_.text.empty()) return std::string();
  Result<std::string> read = read_whole_file(order_.text);
  if (!read.ok()) return Status(Code::kUsage, read.status().message());
  while (read->ends_with('\n') || read->ends_with('\r')) read->pop_back();
  return read;
}

Result<Meant> MeetingDesk::somebody(const std::string& word) const {
  Result<Meant> meant = casework_->find(word);
  if (meant.ok() && casework_->cases().persons()[meant->person].erased)
    return Status(Code::kErased, "\"" + word + "\" was erased: nothing new is said of them");
  return meant;
}

Status MeetingDesk::say(const std::vector<v1::Event>& events) {
  MOOT_RETURN_IF_ERROR(publish_events(options_, casework_->reach(), events, false, secretary_));
  said_.insert(said_.end(), events.begin(), events.end());
  MOOT_RETURN_IF_ERROR(casework_->look_again());
  // Otherwise every document would go on as if it had not been said.
  for (const v1::Event& event : events) {
    const bool taken_back = event.facts().meeting().stage() == v1::Meeting::WITHDRAWN ||
                            event.facts().knowledge().stage() == v1::Knowledge::WITHDRAWN;
    if (!taken_back && !casework_->cases().find_position(event.envelope().source(), event.envelope().id()))
      return Status(Code::kNotAllowed, "it is on record, and no agreement lets documents read what \"" + secretary_ +
                                           "\" says of meetings and actions");
  }
  return {};
}

// What is said of somebody has to be of them in the casebook too, however little the record that tells who they are
// holds; where the model does not see it, it is decided.
Status MeetingDesk::say_of(const v1::Event& event, const Meant& who) {
  const std::string id = casework_->cases().persons()[who.person].id;
  MOOT_RETURN_IF_ERROR(say({event}));
  const CaseSet& cases = casework_->cases();
  const std::optional<std::size_t> record = cases.find_position(event.envelope().source(), event.envelope().id());
  MOOT_CHECK(record);
  const std::optional<std::size_t> person = cases.person_at({*record, 0});
  if (person && cases.persons()[*person].id == id) return {};
  const Result<Meant> now = casework_->find(id);
  if (!now.ok()) return now.status();
  const Result<Decided> linked =
      moot::decide(cases, {{Mention{*record, 0}}, now->mentions, true, std::string(kOperator), SystemClock().now()});
  if (!linked.ok()) return linked.status();
  MOOT_RETURN_IF_ERROR(
      publish_events(options_, casework_->reach(), {linked->event}, linked->backfill, std::string(kOperator)));
  return casework_->look_again();
}

MeetingDesk::Told MeetingDesk::schedule() {
  std::vector<v1::Event> events;
  std::vector<std::string> told;
  if (!order_.instead_of.empty()) {
    const Result<Date> before = date_of("--instead-of", order_.instead_of);
    if (!before.ok()) return before.status();
    if (meeting_days(casework_->cases(), *board_, order_.area, working_days(), *before, plus_days(*before, 1)).empty())
      return Status(Code::kNotFound, "--instead-of: no meeting of the board \"" + board_->id + "\" is on record for " +
                                         to_words(*before));
    events.push_back(scheduled_event(words(*before), true));
    told.push_back("Given up: " + board_name() + " on " + to_words(*before));
  }
  if (!order_.on.empty()) {
    events.push_back(scheduled_event(words(on_), false));
    told.push_back("Scheduled: " + board_name() + " on " + to_words(on_));
    if (!working_days().is_working_day(on_)) told.push_back("Note: " + to_words(on_) + " is no working day");
  } else {
    const Result<Date> from = date_of("--from", order_.from), to = date_of("--to", order_.to);
    if (!from.ok() || !to.ok())
      return Status(Code::kUsage, "give --on, or --from and --to for the days of the board's cadence");
    if (*to <= *from || *to > plus_days(*from, kDaysMost))
      return Status(Code::kUsage, "--to must be later than --from, and at most two years");
    for (const MeetingDay& day : meeting_days(casework_->cases(), *board_, order_.area, working_days(), *from, *to)) {
      if (day.scheduled) continue;
      const bool holidays_known = working_days().id().empty() || working_days().covers(day.on);
      events.push_back(scheduled_event(words(day.on), false));
      told.push_back("Scheduled: " + board_name() + " on " + to_words(day.on) +
                     (day.moved_from ? moved_in_words(to_iso(*day.moved_from)) : "") +
                     (day.papers_by ? "; papers by " + to_words(*day.papers_by) : "") +
                     (holidays_known ? "" : " (bank holidays not known)"));
    }
  }
  if (events.empty()) return std::vector<std::string>{"Nothing is left to be scheduled."};
  if (order_.dry_run) return told;
  MOOT_RETURN_IF_ERROR(say(events));
  return told;
}

MeetingDesk::Told MeetingDesk::hold() {
  const auto present = agencies("--present", order_.present), by_email = agencies("--by-email", order_.by_email),
             apologies = agencies("--apologies", order_.apologies);
  for (const auto* list : {&present, &by_email, &apologies})
    if (!list->ok()) return list->status();
  std::set<std::string> named;
  for (const auto* list : {&present, &by_email, &apologies})
    for (const std::string& agency : **list)
      if (!named.insert(agency).second)
        return Status(Code::kUsage, "\"" + agency +
                                        "\" is named twice among who was present, who took part by e-mail " +
                                        "and who sent apologies");
  std::vector<v1::Event> events = {held_event(words(on_), order_.mode)};
  const auto add = [&](const std::vector<std::string>& who, const std::string& how) {
    for (const std::string& agency : who) events.push_back(attendance_event(words(on_), agency, how));
  };
  add(*present, "present");
  add(*by_email, "email");
  add(*apologies, "apologies");
  MOOT_RETURN_IF_ERROR(say(events));
  std::vector<std::string> told = {
      "Held: " + board_name() + " on " + to_words(on_) +
      (order_.mode.empty() ? "" : ", " + code_as_words(order_.mode)) + "; " +
      (events.size() == 1 ? "no attendance on record" : "attendance of " + counted(events.size() - 1, "agency"))};
  if (on_ > today()) told.push_back("Note: " + to_words(on_) + " is still to come");
  // What nobody answered is of no use to this meeting any more, and an agency may not read that it was held.
  const std::vector<v1::Event> over = questions_over();
  if (!over.empty()) {
    MOOT_RETURN_IF_ERROR(say(over));
    told.push_back(taken_back_in_words(over.size()));
  }
  return told;
}

MeetingDesk::Told MeetingDesk::decide() {
  const v1::Meeting::Stage stage = stage_named(order_.decision);
  if (stage == v1::Meeting::STAGE_UNSPECIFIED)
    return Status(Code::kUsage, "expected discussed, kept, removed, pinned or deferred");
  const bool has_reason = !order_.reason.empty();
  if (!has_reason && stage != v1::Meeting::DISCUSSED)
    return Status(Code::kUsage, "--reason says why, as a code in small letters such as no-further-reports");
  if (!order_.until.empty()) {
    const Result<Date> until = date_of("--until", order_.until);
    if (!until.ok()) return until.status();
    if (*until <= on_) return Status(Code::kUsage, "--until: that day is not after the meeting");
  }
  const Result<Meant> who = somebody(order_.person);
  if (!who.ok()) return who.status();
  const Result<std::string> note = text();
  if (!note.ok()) return note.status();
  const CaseSet& cases = casework_->cases();
  const std::string id = cases.persons()[who->person].id;
  const v1::Event event =
      decision_event(words(on_), {stage, id, cases.person(who->mentions.front()), order_.reason, order_.until, *note});
  MOOT_RETURN_IF_ERROR(say_of(event, *who));
  return std::vector<std::string>{"On record: " + id + " " + order_.decision + " by the " + board_name() + " on " +
                                  to_words(on_)};
}

MeetingDesk::Told MeetingDesk::act() {
  const auto owner = agencies("--owner", order_.owner);
  if (!owner.ok()) return owner.status();
  if (owner->size() != 1) return Status(Code::kUsage, "--owner: an action has one owner, an agency");
  if (!order_.due.empty()) {
    const Result<Date> due = date_of("--due", order_.due);
    if (!due.ok()) return due.status();
    if (*due < on_) return Status(Code::kUsage, "--due: that day is before the meeting");
  }
  const Result<std::string> asked = text();
  if (!asked.ok()) return asked.status();
  if (asked->empty()) return Status(Code::kUsage, "--text: a file that says what is asked for");
  ActionWords action{owner->front(), order_.due, *asked, "", {}};
  v1::Event event;
  if (order_.person.empty()) {
    event = action_event(words(on_), action);
    MOOT_RETURN_IF_ERROR(say({event}));
  } else {
    const Result<Meant> who = somebody(order_.person);
    if (!who.ok()) return who.status();
    action.person = casework_->cases().persons()[who->person].id;
    action.who = casework_->cases().person(who->mentions.front());
    event = action_event(words(on_), action);
    MOOT_RETURN_IF_ERROR(say_of(event, *who));
  }
  return std::vector<std::string>{"Set: action " + event.envelope().record() + " of " +
                                  casework_->folder().partnership.agency_name(owner->front()) +
                                  (order_.due.empty() ? "" : ", due on " + date_in_words(order_.due))};
}

MeetingDesk::Told MeetingDesk::conclude() {
  const v1::Action::Stage stage = outcome_named(order_.outcome);
  if (stage == v1::Action::STAGE_UNSPECIFIED)
    return Status(Code::kUsage, "expected done, not-done, overtaken, escalated, carried or taken-up");
  const bool carried = stage == v1::Action::UPDATED;
  if (!order_.due.empty() && !carried && stage != v1::Action::SET)
    return Status(Code::kUsage, "--due: a new date is for an action carried over or taken up");
  if (!order_.due.empty()) {
    const Result<Date> due = date_of("--due", order_.due);
    if (!due.ok()) return due.status();
  }
  const Result<const v1::Event*> action = find_action(casework_->cases(), *board_, order_.action);
  if (!action.ok()) {
    // Of an action that it may not read nobody is told more.
    const Status secretary = must_be_secretary();
    if (secretary.ok()) return action.status();
    return secretary.with("\"" + secretary_ + "\" is given no action \"" + order_.action +
                          "\" of its own (an agreement lets an owner read its actions)");
  }
  const std::string number = record_of((*action)->envelope());
  OutcomeWords outcome{secretary_, stage, order_.due, SystemClock().now()};
  if (!order_.on.empty()) outcome.on = on_;
  const Result<v1::Event> said = say_outcome(casework_->cases(), *board_, **action, outcome);
  if (!said.ok()) return said.status();
  const v1::Event& event = *said;
  MOOT_RETURN_IF_ERROR(say({event}));
  const std::string& due = event.facts().action().due();
  return std::vector<std::string>{
      "On record: action " + (board_->goes_by(secretary_, today()) ? record_of(event.envelope()) : number) + " of " +
      casework_->folder().partnership.agency_name(event.facts().action().owner()) + " " +
      (carried ? "is carried over" + (due.empty() ? std::string() : ", due on " + date_in_words(due))
               : "is " + words_of_outcome(order_.outcome))};
}

std::vector<v1::Event> MeetingDesk::questions_over() const {
  return taking_back(casework_->cases(), board_->known_as, secretary_, today(), SystemClock().now());
}

// Of each person whom the agenda has for discussion, once, to each agency of which nothing is known and that was not
// asked, or did not answer before the meeting for which it was.
Result<std::vector<v1::Event>> MeetingDesk::questions() const {
  const PartnershipFolder& folder = casework_->folder();
  const Result<v1::Agenda> agenda = make_agenda(
      casework_->casebook(), folder.partnership, folder.callers, *board_,
      {on_, casework_->casebook().last_instant(), {}, order_.area, folder.rules_in_force(), folder.every_board()});
  if (!agenda.ok()) return agenda.status();
  const Silence silence = silence_of(casework_->cases(), board_->known_as, on_);
  const auto is_to_be_asked = [&](std::size_t person, const v1::KnownTo& known) {
    if (folder.partnership.find_agency(known.agency()) == nullptr) return false;
    const bool never_answered =
        silence.over.contains({person, known.agency()}) && !silence.waits.contains({person, known.agency()});
    return known.answer() == "not asked" || (known.answer() == "not answered" && never_answered);
  };
  std::vector<v1::Event> questions;
  std::set<std::string> cases;  // some stand in two sections
  for (const v1::AgendaSection& section : agenda->sections()) {
    if (section.kind() == "previous-actions") continue;
    for (const v1::AgendaItem& item : section.items()) {
      if (item.kind() != "person" || item.listed_for() == "noting" || !cases.insert(item.case_()).second) continue;
      const Result<Meant> who = casework_->find(item.case_());
      if (!who.ok() || casework_->cases().persons()[who->person].erased) continue;
      for (const v1::KnownTo& known : item.known_to())
        if (is_to_be_asked(who->person, known))
          questions.push_back(question_event(words(on_), known.agency(), item.case_(),
                                             casework_->cases().person(who->mentions.front())));
    }
  }
  return questions;
}

MeetingDesk::Told MeetingDesk::ask() {
  if (said_to_be_held(casework_->cases(), *board_, order_.area, on_))
    return std::vector<std::string>{"Nothing is asked: the meeting of " + to_words(on_) + " was held."};
  const Result<std::vector<v1::Event>> asked = questions();
  if (!asked.ok()) return asked.status();
  std::map<std::string, std::size_t> by_agency;
  for (const v1::Event& question : *asked) ++by_agency[question.facts().knowledge().agency()];
  std::vector<std::string> told;
  for (const auto& [agency, count] : by_agency)
    told.push_back((order_.dry_run ? "Would be asked: " : "Asked: ") +
                   casework_->folder().partnership.agency_name(agency) + ", " + counted(count, "case"));
  if (told.empty()) told.emplace_back("There is nothing to ask: everybody has answered or was asked.");
  if (order_.dry_run) return told;
  // Those for a meeting of which an export said that it was held, rather than `moot meeting held`.
  std::vector<v1::Event> events = questions_over();
  if (!events.empty()) told.push_back(taken_back_in_words(events.size()));
  events.insert(events.end(), asked->begin(), asked->end());
  if (!events.empty()) MOOT_RETURN_IF_ERROR(say(events));
  return told;
}

}  // namespace moot
