// Events for the tests of the consumers: defaults only where a test does not care. Every person is fictional.
#pragma once

#include <string>
#include <vector>

#include "broker/core/calendar.h"
#include "broker/core/event_rules.h"
#include "broker/core/partnership.h"
#include "broker/core/seal.h"
#include "consumers/agenda/board.h"
#include "consumers/callers/policy.h"
#include "consumers/casebook/casebook.h"

namespace moot {

struct Who {
  explicit Who(std::string its_role = "caller", std::string its_reference = "",
               std::string its_name = "Casey Exampleton", std::string its_born = "1980-02-29",
               std::string its_postcode = "")
      : role(std::move(its_role)),
        reference(std::move(its_reference)),
        name(std::move(its_name)),
        born(std::move(its_born)),
        postcode(std::move(its_postcode)) {}

  std::string role;
  std::string reference;
  std::string name;
  std::string born;
  std::string postcode;
};

inline Key test_secret() {
  Key key{};
  key.fill(7);
  return key;
}

// "2021-03-02T09:05" in London.
inline Instant london(const std::string& local) {
  const Date date = *parse_date(local.substr(0, 10));
  LocalTime time{date, 0, 0, 0};
  if (local.size() >= 16) {
    time.hour = std::stoi(local.substr(11, 2));
    time.minute = std::stoi(local.substr(14, 2));
  }
  return Zone::london().instant(time);
}

inline v1::Event make_event(const std::string& type, const std::string& agency, const std::string& id,
                            const std::string& local_time, const std::vector<Who>& people = {}) {
  v1::Event event;
  v1::Envelope& envelope = *event.mutable_envelope();
  envelope.set_id(id);
  envelope.set_agency(agency);
  envelope.set_source("/" + agency + "/records");
  envelope.set_type(type);
  *envelope.mutable_time() = to_proto(london(local_time));
  *envelope.mutable_recorded_time() = to_proto(london(local_time));
  MOOT_CHECK_OK(set_body_and_stage(type, *event.mutable_facts()));
  for (const Who& who : people) {
    v1::Person& person = *event.mutable_personal()->add_people();
    person.set_role(who.role);
    person.set_reference(who.reference);
    if (!who.name.empty()) person.add_names()->set_full(who.name);
    person.set_born(who.born);
    if (!who.postcode.empty()) person.add_addresses()->set_postcode(who.postcode);
  }
  return event;
}

inline v1::Event call(const std::string& id, const std::string& local_time, const Who& who = Who(),
                      const std::string& channel = "101") {
  v1::Event event = make_event("uk.csp.contact.received.v1", "north-police", id, local_time, {who});
  event.mutable_facts()->mutable_contact()->set_channel(channel);
  event.mutable_facts()->mutable_contact()->set_category("asb");
  return event;
}

inline v1::Event incident(const std::string& agency, const std::string& id, const std::string& local_time,
                          Who who = Who()) {
  if (who.role == "caller") who.role = "victim";
  v1::Event event = make_event("uk.csp.incident.reported.v1", agency, id, local_time, {who});
  event.mutable_facts()->mutable_incident()->set_category("asb");
  return event;
}

inline v1::Event risk(const std::string& id, const std::string& local_time, const Who& who, const std::string& band,
                      int score = 0, const std::string& tool = "ram") {
  v1::Event event = make_event("uk.csp.risk.assessed.v1", "north-homes", id, local_time, {who});
  event.mutable_facts()->mutable_risk()->set_tool(tool);
  event.mutable_facts()->mutable_risk()->set_band(band);
  if (score != 0) event.mutable_facts()->mutable_risk()->set_score(score);
  return event;
}

inline v1::Event referral(const std::string& id, const std::string& stage, const std::string& local_time,
                          const Who& who, const std::string& scheme, const std::string& agency = "north-homes") {
  v1::Event event = make_event("uk.csp.referral." + stage + ".v1", agency, id, local_time, {who});
  event.mutable_facts()->mutable_referral()->set_scheme(scheme);
  return event;
}

// Of a meeting of the board "jtm" on the day: "held", or what it decided of somebody.
inline v1::Event of_meeting(const std::string& id, const std::string& stage, const std::string& day,
                            const std::vector<Who>& people = {}, const std::string& reason = "") {
  v1::Event event = make_event("uk.csp.meeting." + stage + ".v1", "north-police", id, day + "T15:00", people);
  event.mutable_facts()->mutable_meeting()->set_board("jtm");
  event.mutable_facts()->mutable_meeting()->set_on(day);
  event.mutable_facts()->mutable_meeting()->set_reason(reason);
  return event;
}

// Set by the board "jtm" on the day.
inline v1::Event action(const std::string& id, const std::string& stage, const std::string& local_time,
                        const std::string& set_on, const std::string& due, const std::vector<Who>& people,
                        int carried = 0, const std::string& asked = "") {
  v1::Event event = make_event("uk.csp.action." + stage + ".v1", "north-police", id, local_time, people);
  v1::Action& facts = *event.mutable_facts()->mutable_action();
  facts.set_board("jtm");
  facts.set_set_on(set_on);
  facts.set_owner("north-homes");
  facts.set_due(due);
  if (carried != 0) facts.set_carried(static_cast<std::uint32_t>(carried));
  if (asked.empty()) return event;
  v1::Text& text = *event.mutable_personal()->add_texts();
  text.set_field("action");
  text.set_text(asked);
  return event;
}

inline void add_place(v1::Event& event, const std::string& lines, const std::string& postcode = "") {
  v1::Place& place = *event.mutable_personal()->add_places();
  place.set_role("scene");
  place.mutable_address()->set_lines(lines);
  place.mutable_address()->set_postcode(postcode);
}

inline void add_link(v1::Event& event, const std::string& rel, const v1::Event& target) {
  v1::Link& link = *event.mutable_envelope()->add_links();
  link.set_rel(rel);
  link.set_source(target.envelope().source());
  link.set_id(target.envelope().id());
}

inline Casebook casebook_of(const std::vector<v1::Event>& events) {
  Casebook casebook(test_secret());
  for (const v1::Event& event : events) casebook.apply(event);
  return casebook;
}

inline Partnership test_partnership() {
  Partnership partnership;
  partnership.id = "north";
  partnership.name = "North Community Safety Partnership";
  partnership.marking = "OFFICIAL-SENSITIVE";
  partnership.notice = "Demonstration. Every person is fictional.";
  partnership.agencies = {Agency{*AgencyId::parse("north-police"), "North Police", 7},
                          Agency{*AgencyId::parse("north-homes"), "North Homes", 31},
                          Agency{*AgencyId::parse("north-health"), "North Health Trust", 0}};
  return partnership;
}

inline CallerPolicy test_policy(const std::string& more = "") {
  Result<CallerPolicy> policy = CallerPolicy::parse(
      "id = \"north-callers\"\ntitle = \"Frequent callers\"\n[[version]]\nvalid_from = 2019-04-01\n"
      "channels = [\"999\", \"101\", \"web\"]\ncategories = [\"asb\"]\n" +
          more,
      "callers.toml");
  MOOT_CHECK_OK(policy.status());
  return *policy;
}

// A section whose title and id are those of its kind, with more keys.
inline std::string section_of(const std::string& kind, const std::string& more = "") {
  return "[[version.section]]\nid = \"" + kind + "\"\ntitle = \"" + kind + "\"\nkind = \"" + kind + "\"\n" + more;
}

inline const std::string kTwoHours = "minutes = 120\nminutes_per_case = 6\nminutes_for_actions = 20\n";

// `version`: keys of the version, and its [version.points].
inline Board board_of(const std::string& version, const std::string& sections) {
  Result<Board> board = Board::parse(
      "id = \"jtm\"\ntitle = \"Joint Tasking Meeting\"\n[[version]]\nvalid_from = 2019-04-01\n" + version + sections,
      "jtm.toml");
  MOOT_CHECK_OK(board.status());
  return *board;
}

// The secretary of a board on every day; "" = it has none.
inline std::vector<Secretary> always(const std::string& agency) {
  return agency.empty() ? std::vector<Secretary>() : std::vector{Secretary{{Date{1, 1, 1}, {}}, agency}};
}

inline Board test_board(const std::string& version = "") {
  return board_of(kTwoHours + version, section_of("previous-actions") + section_of("high-risk") +
                                           section_of("frequent-callers") + section_of("repeat-victims"));
}

}  // namespace moot
