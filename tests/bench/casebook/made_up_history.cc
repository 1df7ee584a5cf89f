#include "tests/bench/casebook/made_up_history.h"

#include <algorithm>

#include "broker/core/calendar.h"
#include "broker/core/event_rules.h"

namespace moot::bench {
namespace {

constexpr std::int64_t kDayUs = 86'400'000'000;
constexpr std::int64_t kDays = 8 * 365;
constexpr Date kFirstDay{2018, 1, 1};
constexpr std::uint64_t kHalfYears = 16;
constexpr std::uint64_t kMeetings = 96, kDecisions = 25, kActions = 40;  // of the board; of each meeting
constexpr std::uint64_t kMeeting = 100, kAction = 101;                   // kinds

const char* const kGiven[] = {"Alma",   "Bertil",   "Cosima",  "Dorian",  "Elspet", "Fabian",   "Gisela",
                              "Hamlet", "Isaura",   "Jocasta", "Kasimir", "Leonie", "Melchior", "Nerys",
                              "Osric",  "Philippa", "Quentin", "Rosalba", "Sigurd", "Thelma",   "Ulric",
                              "Verity", "Wilfred",  "Xenia",   "Yorick",  "Zelda"};
const char* const kFirstPart[] = {"Exam",    "Fable", "Ficti", "Imagin", "Legend",  "Mirage", "Myth",  "Phantas",
                                  "Pretend", "Story", "Tale",  "Wonder", "Nowhere", "Never",  "Dream", "Shadow"};
const char* const kMiddlePart[] = {"", "ber", "den", "fal", "gor", "hal", "kin", "lom", "mar", "nes", "pol", "ras"};
const char* const kLastPart[] = {"ton", "wood", "ley", "ham", "worth", "field", "by", "stead", "ford", "combe"};
const char* const kCategories[] = {
    "asb", "asb", "asb", "burglary", "criminal-damage", "noise", "rough-sleeping", "vehicle-crime"};
const char* const kChannels[] = {"999", "101", "101", "101", "web"};

std::uint64_t mixed(std::uint64_t value) {
  value += 0x9e3779b97f4a7c15ULL;
  value = (value ^ (value >> 30)) * 0xbf58476d1ce4e5b9ULL;
  value = (value ^ (value >> 27)) * 0x94d049bb133111ebULL;
  return value ^ (value >> 31);
}

template <std::size_t N>
const char* one_of(const char* const (&words)[N], std::uint64_t number) {
  return words[number % N];
}

void set_type(const char* type, v1::Event& event) {
  event.mutable_envelope()->set_type(type);
  MOOT_CHECK_OK(set_body_and_stage(type, *event.mutable_facts()));
}

std::string id_of(std::uint64_t number) { return "R-" + std::to_string(number); }

std::string day(Instant instant, std::int64_t days) { return to_iso(plus_days(local_date(instant), days)); }

}  // namespace

// Numbers that depend on nothing but seed, event and how many were drawn before.
class MadeUpHistory::Draw {
 public:
  Draw(std::uint64_t seed, std::uint64_t number) : state_(mixed(seed) ^ mixed(number * 2 + 1)) {}
  std::uint64_t below(std::uint64_t end) { return (state_ = mixed(state_)) % end; }
  bool one_in(std::uint64_t number) { return below(number) == 0; }

 private:
  std::uint64_t state_;
};

MadeUpHistory::MadeUpHistory(HistorySetting setting)
    : setting_(std::move(setting)), people_(std::max<std::uint64_t>(setting_.events / 8, 200)) {
  MOOT_CHECK(setting_.agencies.size() >= 2 && !setting_.areas.empty());
}

Instant MadeUpHistory::recorded(std::uint64_t number) const {
  const double share = static_cast<double>(number) / static_cast<double>(setting_.events);
  return Instant{local_midnight(kFirstDay).us + static_cast<std::int64_t>(share * static_cast<double>(kDays * kDayUs))};
}

// In each half-year others are those who call again and again.
std::uint64_t MadeUpHistory::caller(Draw& draw, std::uint64_t number) const {
  if (!draw.one_in(5)) return draw.below(people_);
  const std::uint64_t half_year = number * kHalfYears / setting_.events;
  const std::uint64_t few = std::max<std::uint64_t>(people_ / 1000, 20);
  const std::uint64_t which = std::min(draw.below(few), draw.below(few));  // some of them more than others
  return mixed(setting_.seed * 1000 + half_year * people_ + which) % people_;
}

std::string MadeUpHistory::source_of(std::size_t agency) const { return "/" + setting_.agencies[agency] + "/records"; }

void MadeUpHistory::head(Draw& draw, std::uint64_t number, std::size_t agency, v1::Envelope& envelope) const {
  const Instant now = recorded(number);
  envelope.set_agency(setting_.agencies[agency]);
  envelope.set_source(source_of(agency));
  envelope.set_id(id_of(number));
  envelope.set_offset(number);
  *envelope.mutable_recorded_time() = to_proto(now);
  *envelope.mutable_time() = to_proto(Instant{now.us - static_cast<std::int64_t>(1 + draw.below(60)) * 60'000'000});
  envelope.set_area(setting_.areas[draw.below(setting_.areas.size())]);
}

void MadeUpHistory::name(Draw& draw, std::uint64_t number, const std::string& role, v1::Event& event) const {
  constexpr std::uint64_t kGivens = std::size(kGiven), kFirsts = std::size(kFirstPart),
                          kMiddles = std::size(kMiddlePart), kLasts = std::size(kLastPart);
  // Namesakes are born on other days.
  const std::uint64_t names = kGivens * kFirsts * kMiddles * kLasts;
  const std::uint64_t spread = mixed(number % names) % names;
  v1::Person& person = *event.mutable_personal()->add_people();
  person.set_role(role);
  person.set_reference("P-" + std::to_string(number));
  v1::Name& name = *person.add_names();
  name.set_given(one_of(kGiven, spread));
  name.set_family(std::string(one_of(kFirstPart, spread / kGivens)) + one_of(kMiddlePart, spread / kGivens / kFirsts) +
                  one_of(kLastPart, spread / kGivens / kFirsts / kMiddles));
  person.set_born(to_iso(plus_days(Date{1935, 1, 1}, static_cast<std::int64_t>(mixed(number) % 26'000))));
  if (draw.one_in(2)) set_address(number, *person.add_addresses());
}

// Where the person lives.
void MadeUpHistory::set_address(std::uint64_t person, v1::Address& address) {
  address.set_lines(std::to_string(1 + person % 97) + " " + one_of(kFirstPart, person / 97) + " Road");
  address.set_postcode("OX99 " + std::to_string(person / 97 % 10) + "A" + static_cast<char>('A' + person / 970 % 26));
}

void MadeUpHistory::contact(Draw& draw, std::uint64_t number, v1::Event& event) const {
  head(draw, number, 0, *event.mutable_envelope());
  set_type("uk.csp.contact.received.v1", event);
  event.mutable_facts()->mutable_contact()->set_channel(one_of(kChannels, draw.below(5)));
  event.mutable_facts()->mutable_contact()->set_category(one_of(kCategories, draw.below(8)));
  name(draw, caller(draw, number), "caller", event);
  if (!draw.one_in(6)) return;
  const std::uint64_t incident = earlier_incident(draw, number);
  if (incident == number) return;
  v1::Link& about = *event.mutable_envelope()->add_links();
  about.set_rel("about");
  about.set_source(source_of(agency_of(incident)));
  about.set_id(id_of(incident));
}

// Below 100 by their shares, or what the board said.
std::uint64_t MadeUpHistory::kind_of(Draw& draw) const {
  const std::uint64_t kind = draw.below(100);
  const std::uint64_t of_board = std::min(kMeetings * (kDecisions + kActions), setting_.events / 16);
  if (draw.below(setting_.events) >= of_board) return kind;
  return draw.below(kDecisions + kActions) < kDecisions ? kMeeting : kAction;
}

bool MadeUpHistory::is_incident(std::uint64_t number) const {
  Draw draw(setting_.seed, number);
  const std::uint64_t kind = kind_of(draw);
  return kind >= 48 && kind < 84;
}

// Who has an incident of that number.
std::size_t MadeUpHistory::agency_of(std::uint64_t number) const {
  return mixed(number + setting_.seed) % 3 % setting_.agencies.size();
}

// One of the thousand events before; `number` itself where there is none.
std::uint64_t MadeUpHistory::earlier_incident(Draw& draw, std::uint64_t number) const {
  for (std::uint64_t back = 1 + draw.below(900); back < 1000 && back <= number; ++back)
    if (is_incident(number - back)) return number - back;
  return number;
}

void MadeUpHistory::incident(Draw& draw, std::uint64_t number, v1::Event& event) const {
  const std::uint64_t earlier = draw.one_in(12) ? earlier_incident(draw, number) : number;
  head(draw, number, agency_of(earlier), *event.mutable_envelope());
  set_type("uk.csp.incident.reported.v1", event);
  v1::Envelope& envelope = *event.mutable_envelope();
  if (earlier != number) {  // the same record again
    envelope.set_record(id_of(earlier));
    envelope.set_revision(2);
    set_type(draw.one_in(20) ? "uk.csp.incident.withdrawn.v1" : "uk.csp.incident.updated.v1", event);
  }
  v1::Incident& facts = *event.mutable_facts()->mutable_incident();
  facts.set_category(one_of(kCategories, draw.below(8)));
  facts.set_nsir_class(draw.one_in(3) ? "personal" : "nuisance");
  if (!draw.one_in(5)) name(draw, draw.below(people_), draw.one_in(4) ? "suspect" : "victim", event);
  if (draw.one_in(2)) {
    v1::Place& place = *event.mutable_personal()->add_places();
    place.set_role("scene");
    set_address(draw.below(people_), *place.mutable_address());
  }
  if (!draw.one_in(3)) return;
  v1::Text& text = *event.mutable_personal()->add_texts();
  text.set_field("description");
  text.set_text("Reported by telephone; nobody was hurt. The caller was told what happens next.");
}

// Most scores are low, and most bands are those of the score.
void MadeUpHistory::risk(Draw& draw, v1::Risk& risk) const {
  const bool dash = draw.one_in(3);
  const std::uint64_t most = dash ? 24 : 45;
  const std::uint64_t score = 1 + draw.below(most) * draw.below(most) / most;
  const char* band = score >= (dash ? 14 : 32) ? "high" : score >= (dash ? 10 : 22) ? "medium" : "standard";
  risk.set_tool(dash ? "dash" : "ram");
  risk.set_score(static_cast<int>(score));
  risk.set_band(draw.one_in(30) ? "medium" : band);
}

void MadeUpHistory::other(Draw& draw, std::uint64_t number, std::uint64_t kind, v1::Event& event) const {
  head(draw, number, draw.below(setting_.agencies.size()), *event.mutable_envelope());
  const Instant now = recorded(number);
  v1::Facts& facts = *event.mutable_facts();
  if (kind < 91) {
    set_type(draw.one_in(3) ? "uk.csp.referral.completed.v1" : "uk.csp.referral.made.v1", event);
    facts.mutable_referral()->set_scheme(draw.one_in(3) ? "mediation" : "outreach");
    facts.mutable_referral()->set_reason(draw.one_in(6) ? "self-neglect" : "asb");
  } else if (kind < 93) {
    set_type("uk.csp.risk.assessed.v1", event);
    risk(draw, *facts.mutable_risk());
  } else if (kind < 98) {
    set_type(draw.one_in(2) ? "uk.csp.closure.case-closed.v1" : "uk.csp.closure.resolved.v1", event);
  } else if (kind < 100) {
    set_type("uk.csp.order.issued.v1", event);
    facts.mutable_order()->set_power(draw.one_in(2) ? "cpw" : "abc");
    facts.mutable_order()->set_starts(day(now, 0));
    facts.mutable_order()->set_ends(day(now, 180));
  } else if (kind == kAction) {
    set_type(draw.one_in(50) ? "uk.csp.action.set.v1" : "uk.csp.action.done.v1", event);
    facts.mutable_action()->set_board(setting_.board);
    facts.mutable_action()->set_set_on(day(now, -20));
    facts.mutable_action()->set_owner(event.envelope().agency());
    facts.mutable_action()->set_due(day(now, 10));
  } else {
    set_type(draw.one_in(3) ? "uk.csp.meeting.kept.v1" : "uk.csp.meeting.discussed.v1", event);
    facts.mutable_meeting()->set_board(setting_.board);
    facts.mutable_meeting()->set_on(day(now, 0));
  }
  if (!draw.one_in(5)) name(draw, draw.below(people_), "subject", event);
}

v1::Event MadeUpHistory::event(std::uint64_t number) const {
  Draw draw(setting_.seed, number);
  v1::Event event;
  const std::uint64_t kind = kind_of(draw);
  if (kind < 48)
    contact(draw, number, event);
  else if (kind < 84)
    incident(draw, number, event);
  else
    other(draw, number, kind, event);
  return event;
}

}  // namespace moot::bench
