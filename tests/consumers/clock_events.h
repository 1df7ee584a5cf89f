// Orders, versions of a record and records that come of others, for tests of clocks.
#pragma once

#include <string>

#include "tests/consumers/case_events.h"

namespace moot {

inline v1::Event legal_order(const std::string& id, const std::string& stage, const std::string& at,
                             const std::string& power, const std::string& starts = "", const std::string& ends = "") {
  v1::Event event = make_event("uk.csp.order." + stage + ".v1", "north-police", id, at);
  event.mutable_facts()->mutable_order()->set_power(power);
  event.mutable_facts()->mutable_order()->set_starts(starts);
  event.mutable_facts()->mutable_order()->set_ends(ends);
  event.mutable_envelope()->set_subject(id);
  return event;
}

inline v1::Event coming_of(v1::Event event, const v1::Event& earlier) {
  add_link(event, "caused-by", earlier);
  return event;
}

inline v1::Event as_version(v1::Event event, const std::string& record, std::uint64_t revision) {
  event.mutable_envelope()->set_record(record);
  event.mutable_envelope()->set_revision(revision);
  event.mutable_envelope()->set_id(record + "/" + std::to_string(revision));
  return event;
}

}  // namespace moot
