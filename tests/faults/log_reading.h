// What a started broker serves: all events, the inbox and the agencies, read as its operator over the bus, and held
// against what the publishers were promised.
//
// Thread: the test's.
#pragma once

#include <string>
#include <vector>

#include "proto/bus.pb.h"
#include "proto/event.pb.h"
#include "tests/end_to_end/installation.h"
#include "tests/faults/stream.h"

namespace moot {

struct LogReading {
  std::vector<v1::Event> events;
  std::vector<v1::InboxItem> inbox;
  std::vector<v1::Agencies::Row> agencies;
  std::string failed;  // why it could not be read; empty when it was
};

// `gone`: ends the reading when the broker has died.
LogReading read_log(const Installation& here, Process& broker);

// Empty, or the first promise that is broken: offsets dense from 0, of each publisher the events 0, 1, 2, … once and in
// order, whole and opened, all that were promised by `journal_bytes` and none that was not sent; refusals likewise.
std::string broken_promise(const LogReading& reading, const std::vector<const Stream*>& streams,
                           std::size_t journal_bytes);

}  // namespace moot
