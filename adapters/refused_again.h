// Reads one refused record again, as the inbox keeps it and perhaps mended meanwhile. Thread: pure function.
#pragma once

#include <string>
#include <string_view>

#include "adapters/mapping.h"
#include "adapters/record.h"
#include "broker/core/limits.h"
#include "broker/core/status.h"
#include "proto/bus.pb.h"

namespace moot {

// Whether a record of that format can be read by itself at all: "event", "cloudevents", "csv", "xlsx".
bool is_read_again(std::string_view format);
// The event it is now, or its refusal. kUsage: it cannot be read by itself (a CSV row needs its mapping; a row of
// data.police.uk gets its id from the whole file), and the sentence says what to do instead.
Result<InputRecord> read_again(const v1::InboxItem& item, const Mapping* mapping, const Limits& limits);

// The record in a file that was written to mend the item, as the inbox keeps it: the file has the record alone, or
// below its header, as it is shown; with the line ends, the blank lines and the mark of UTF-8 that programs put there.
// Empty: there is none.
std::string mended_record(const v1::InboxItem& item, std::string_view text);

}  // namespace moot
