// One record of an agency's file: the event it says, or why it does not say one.
// Thread: values, usable anywhere.
#pragma once

#include <variant>

#include "broker/core/limits.h"
#include "broker/core/status.h"
#include "proto/bus.pb.h"
#include "proto/event.pb.h"

namespace moot {

struct InputRecord {
  v1::Origin origin;
  std::variant<v1::Event, v1::RefusedInput> content;
};

// Why one record is not an event. `column` is empty where no single column is at fault. The sentence never has the
// value.
struct Refusal {
  std::string column;
  Code code = Code::kUnreadable;
  std::string reason;
  std::string key = {};  // the id that its event would have had, where it could be read
};

// `input` is the record as it stood. At most limits.event_bytes_max of it are kept, as the Producer does, so that the
// refusal fits in a bus message; the sentence then says so.
InputRecord refused_record(const v1::Origin& origin, Refusal refusal, std::string_view input, const Limits& limits);

}  // namespace moot
