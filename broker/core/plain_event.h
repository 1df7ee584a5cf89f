// An event looked at where it stands, without being parsed: most events are plainly in order, and parsing, checking and
// serialising them again was a third of what it cost to take one.
//
// read_plain_event says yes only to a frame that validate (event_rules.h) would let through and that is, byte for byte,
// what protobuf would write for it again: every field known, in order, once, in its shortest form, in ASCII. No means
// nothing: then the frame is parsed and judged by validate, which has the sentences. So there is one source of rules,
// and whoever adds one that is not told by the kind of a field adds it to has_rules_of_its_own there.
// tests/unit/plain_event_test.cc holds the two against each other.
//
// Thread: pure function; the views point into the frame.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "broker/core/instant.h"
#include "broker/core/limits.h"

namespace moot {

struct PlainEvent {
  // As they are written, each without its tag and length. `rest` is the personal part behind its people.
  std::string_view envelope, facts, rest;
  std::vector<std::string_view> people;      // each a v1::Person
  std::vector<std::string_view> references;  // of the people, in the same order; empty where one has none

  std::string_view id, source, type, body, subject, record, area;
  Instant time;
  std::optional<Instant> known_time;
};

// What `event` held before is forgotten, its memory used again.
bool read_plain_event(std::string_view frame, const Limits& limits, PlainEvent& event);

}  // namespace moot
