// What filters can tell of many events at once (v1::Summary): made as events are appended, asked before they are read.
// Thread: pure functions, usable anywhere.
#pragma once

#include "broker/core/ids.h"
#include "broker/log/event_log.h"
#include "proto/log.pb.h"

namespace moot {

void add(v1::Summary& summary, const Tags& tags, Offset offset);
void merge(v1::Summary& summary, const v1::Summary& other);
// False only when none of the events can be wanted. `first` is the first of their offsets.
bool may_match(const v1::Filter& filter, const v1::Summary& summary, Offset first);

// Raises the agency's last offset in the list.
void note_last(google::protobuf::RepeatedPtrField<v1::AgencyLast>& list, std::string_view agency, Offset offset);

}  // namespace moot
