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

inline Board test_board(const std::string& more = "") {
  Result<Board> board = Board::parse(R"(
id = "jtm"
title = "Joint Tasking Meeting"
[[version]]
valid_from = 2019-04-01
minutes = 120
minutes_per_case = 6
minutes_for_actions = 20
)" + more + R"(
[[version.section]]
id = "previous-actions"
title = "Previous actions"
kind = "previous-actions"
[[version.section]]
id = "high-risk"
title = "High risk"
kind = "high-risk"
[[version.section]]
id = "frequent-callers"
title = "Frequent callers"
kind = "frequent-callers"
[[version.section]]
id = "repeat-victims"
title = "Repeat victims"
kind = "repeat-victims"
)",
                                     "jtm.toml");
  MOOT_CHECK_OK(board.status());
  return *board;
}

}  // namespace moot
