#include "consumers/casework/meeting_events.h"

#include <algorithm>

#include "broker/core/event_rules.h"
#include "broker/core/seal.h"
#include "consumers/runtime/counts_from.h"

namespace moot {
namespace {

// "jtm/didcot/2021-04-13"
std::string meeting_of(const MeetingWords& words) {
  return words.board + (words.area.empty() ? "" : "/" + words.area) + "/" + to_iso(words.on);
}

// A version of a record of the meeting; `what` names the record in it.
v1::Event version_of(const MeetingWords& words, const std::string& what) {
  v1::Event event;
  v1::Envelope& envelope = *event.mutable_envelope();
  envelope.set_source("/" + words.agency + "/meetings");
  envelope.set_record(meeting_of(words) + "/" + what);
  envelope.set_revision(static_cast<std::uint64_t>(words.now.us));
  envelope.set_id(envelope.record() + "/" + std::to_string(words.now.us));
  envelope.set_area(words.area);
  *envelope.mutable_time() = to_proto(words.now);
  return event;
}

v1::Meeting& meeting_in(const MeetingWords& words, v1::Meeting::Stage stage, v1::Event& event) {
  v1::Meeting& meeting = *event.mutable_facts()->mutable_meeting();
  meeting.set_stage(stage);
  meeting.set_board(words.board);
  meeting.set_on(to_iso(words.on));
  event.mutable_envelope()->set_type(type_of(event.facts()));
  return meeting;
}

// Who somebody is, without the number that another agency's system has for them.
void add_person(const v1::Person& who, v1::Event& event) {
  v1::Person& person = *event.mutable_personal()->add_people();
  person = who;
  person.clear_reference();
  person.clear_erased();
}

void add_text(const std::string& field, const std::string& text, v1::Event& event) {
  if (text.empty()) return;
  v1::Text& part = *event.mutable_personal()->add_texts();
  part.set_field(field);
  part.set_text(text);
}

// A record's name for what it says of another record, whatever that is called.
std::string code_for(const std::string& what, const v1::Event& of) {
  const Digest digest = keyed_digest(Key{}, what + "\n" + of.envelope().source() + "\n" + record_of(of.envelope()));
  return to_base32(std::string_view(reinterpret_cast<const char*>(digest.data()), 10));
}

void add_link_to(std::string_view rel, const v1::Event& to, v1::Event& event) {
  v1::Link& link = *event.mutable_envelope()->add_links();
  link.set_rel(std::string(rel));
  link.set_source(to.envelope().source());
  link.set_id(to.envelope().id());
}

// A further version of a record that may have been numbered by another system before.
v1::Event next_version_of(const v1::Envelope& before, Instant now) {
  v1::Event event;
  v1::Envelope& envelope = *event.mutable_envelope();
  envelope.set_source(before.source());
  envelope.set_record(record_of(before));
  envelope.set_revision(std::max(before.revision() + 1, static_cast<std::uint64_t>(now.us)));
  envelope.set_id(envelope.record() + "/" + std::to_string(envelope.revision()));
  envelope.set_area(before.area());
  envelope.set_marking(before.marking());
  envelope.set_compartment(before.compartment());
  *envelope.mutable_time() = to_proto(now);
  return event;
}

// As the action was before, but for this.
void say_what_became(const ActionOnRecord& action, v1::Action::Stage stage, const std::string& due, v1::Event& event) {
  v1::Action& said = *event.mutable_facts()->mutable_action();
  said = action.event.facts().action();
  said.set_stage(stage);
  said.set_set_on(action.day);
  if (!due.empty()) said.set_due(due);
  if (stage == v1::Action::UPDATED) said.set_carried(said.carried() + 1);
  event.mutable_envelope()->set_type(type_of(event.facts()));
}

}  // namespace

bool names_its_day(const v1::Envelope& envelope) {
  return envelope.time_precision() == v1::EXACT || envelope.time_precision() == v1::DAY;
}

std::string meeting_day(const v1::Event& event) {
  const v1::Meeting& meeting = event.facts().meeting();
  if (!meeting.on().empty()) return meeting.on();
  if (!names_its_day(event.envelope())) return {};
  const Date day = local_date(from_proto(event.envelope().time()));
  // Else it is the day on which somebody did the scheduling.
  if (meeting.stage() == v1::Meeting::SCHEDULED && day <= local_date(known_from(event.envelope()))) return {};
  return to_iso(day);
}

void set_time(Date day, Instant now, v1::Event& event) {
  const bool is_past = day < local_date(now);
  *event.mutable_envelope()->mutable_time() = to_proto(is_past ? local_midnight(day) : now);
  event.mutable_envelope()->set_time_precision(is_past ? v1::DAY : v1::EXACT);
}

v1::Event scheduled_event(const MeetingWords& words, bool withdrawn) {
  v1::Event event = version_of(words, "scheduled");
  meeting_in(words, withdrawn ? v1::Meeting::WITHDRAWN : v1::Meeting::SCHEDULED, event);
  return event;
}

v1::Event held_event(const MeetingWords& words, const std::string& mode) {
  v1::Event event = version_of(words, "held");
  meeting_in(words, v1::Meeting::HELD, event).set_mode(mode);
  set_time(words.on, words.now, event);
  return event;
}

v1::Event attendance_event(const MeetingWords& words, const std::string& who, const std::string& how) {
  v1::Event event = version_of(words, "attendance/" + who);
  v1::Meeting& meeting = meeting_in(words, v1::Meeting::ATTENDANCE, event);
  meeting.set_agency(who);
  meeting.set_mode(how);
  set_time(words.on, words.now, event);
  return event;
}

v1::Event decision_event(const MeetingWords& words, const DecisionWords& decision) {
  v1::Event event = version_of(words, "case/" + decision.person);
  v1::Meeting& meeting = meeting_in(words, decision.stage, event);
  meeting.set_reason(decision.reason);
  meeting.set_until(decision.until);
  add_person(decision.who, event);
  add_text("decision", decision.note, event);
  return event;
}

v1::Event action_event(const MeetingWords& words, const ActionWords& asked) {
  // Two actions of one meeting are two records, whatever they say.
  v1::Event event = version_of(words, "action/" + std::to_string(words.now.us));
  v1::Action& action = *event.mutable_facts()->mutable_action();
  action.set_stage(v1::Action::SET);
  action.set_board(words.board);
  action.set_set_on(to_iso(words.on));
  action.set_owner(asked.owner);
  action.set_due(asked.due);
  event.mutable_envelope()->set_type(type_of(event.facts()));
  if (!asked.person.empty()) add_person(asked.who, event);
  add_text("action", asked.text, event);
  return event;
}

v1::Event outcome_event(const ActionOnRecord& action, v1::Action::Stage stage, const std::string& due, Instant now) {
  const v1::Envelope& before = action.event.envelope();
  v1::Event event = next_version_of(before, now);
  v1::Envelope& envelope = *event.mutable_envelope();
  for (const v1::Link& link : before.links())
    if (link.rel() == kTakesUp) *envelope.add_links() = link;  // it goes on standing in another's place
  say_what_became(action, stage, due, event);
  return event;
}

v1::Event taken_up_event(const MeetingWords& words, const ActionOnRecord& of, v1::Action::Stage stage,
                         const std::string& due) {
  const v1::Event& action = of.event;
  v1::Event event = version_of(words, "taken-up/" + code_for("taken-up", action));
  v1::Envelope& envelope = *event.mutable_envelope();
  envelope.set_area(action.envelope().area());
  envelope.set_marking(action.envelope().marking());
  envelope.set_compartment(action.envelope().compartment());
  add_link_to(kTakesUp, action, event);
  say_what_became(of, stage, due, event);
  for (const v1::Person& person : action.personal().people()) add_person(person, event);
  for (const v1::Text& text : action.personal().texts()) add_text(text.field(), text.text(), event);
  return event;
}

v1::Event owner_word_event(const ActionOnRecord& of, v1::Action::Stage stage, Instant now) {
  const v1::Event& action = of.event;
  v1::Event event;
  v1::Envelope& envelope = *event.mutable_envelope();
  const v1::Action& asked = action.facts().action();
  envelope.set_source("/" + asked.owner() + "/actions");
  envelope.set_record(code_for("outcome", action));
  envelope.set_revision(static_cast<std::uint64_t>(now.us));
  envelope.set_id(envelope.record() + "/" + std::to_string(now.us));
  envelope.set_area(action.envelope().area());
  envelope.set_marking(action.envelope().marking());
  envelope.set_compartment(action.envelope().compartment());
  *envelope.mutable_time() = to_proto(now);
  add_link_to(kOutcomeOf, action, event);
  v1::Action& said = *event.mutable_facts()->mutable_action();
  said.set_stage(stage);
  said.set_board(asked.board());
  said.set_set_on(of.day);
  said.set_owner(asked.owner());
  envelope.set_type(type_of(event.facts()));
  return event;
}

v1::Event question_event(const MeetingWords& words, const std::string& asked, const std::string& person,
                         const v1::Person& who) {
  v1::Event event = version_of(words, "known-to/" + person + "/" + asked);
  v1::Knowledge& knowledge = *event.mutable_facts()->mutable_knowledge();
  knowledge.set_stage(v1::Knowledge::ASKED);
  knowledge.set_board(words.board);
  knowledge.set_agency(asked);
  knowledge.set_on(to_iso(words.on));
  event.mutable_envelope()->set_type(type_of(event.facts()));
  add_person(who, event);
  return event;
}

v1::Event taken_back_event(const v1::Event& question, Instant now) {
  v1::Event event = next_version_of(question.envelope(), now);
  v1::Knowledge& knowledge = *event.mutable_facts()->mutable_knowledge();
  knowledge = question.facts().knowledge();
  knowledge.set_stage(v1::Knowledge::WITHDRAWN);
  event.mutable_envelope()->set_type(type_of(event.facts()));
  return event;
}

v1::Event answer_event(const v1::Event& question, v1::Knowledge::Stage answer, const std::string& agency, Instant now) {
  v1::Event event;
  v1::Envelope& envelope = *event.mutable_envelope();
  envelope.set_source("/" + agency + "/answers");
  envelope.set_record(code_for("answer", question));
  envelope.set_revision(static_cast<std::uint64_t>(now.us));
  envelope.set_id(envelope.record() + "/" + std::to_string(now.us));
  envelope.set_area(question.envelope().area());
  *envelope.mutable_time() = to_proto(now);
  add_link_to("answers", question, event);
  v1::Knowledge& knowledge = *event.mutable_facts()->mutable_knowledge();
  knowledge.set_stage(answer);
  knowledge.set_board(question.facts().knowledge().board());
  envelope.set_type(type_of(event.facts()));
  for (const v1::Person& person : question.personal().people()) add_person(person, event);
  return event;
}

}  // namespace moot
