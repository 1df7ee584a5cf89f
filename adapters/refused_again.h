// Reads one refused record again, as the inbox keeps it and perhaps mended meanwhile. Thread: pure function.
#pragma once

#include "adapters/mapping.h"
#include "adapters/record.h"
#include "broker/core/limits.h"
#include "broker/core/status.h"
#include "proto/bus.pb.h"

namespace moot {

// The event it is now, or its refusal. kUsage: it cannot be read by itself (a CSV row needs its mapping; a row of
// data.police.uk gets its id from the whole file), and the sentence says what to do instead.
Result<InputRecord> read_again(const v1::InboxItem& item, const Mapping* mapping, const Limits& limits);

}  // namespace moot
