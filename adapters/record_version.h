// Ids for records that a source changes without numbering the versions: <record>/<16 characters of a digest of all that
// was taken>, keyed with the publisher's secret. The same again is a duplicate, anything changed a new version. Thread:
// pure functions, usable anywhere.
#pragma once

#include <string>

#include "adapters/publisher.h"
#include "proto/event.pb.h"

namespace moot {

// Of the event as it stands, before it has an id.
std::string version_of(const v1::Event& event, const Publisher& publisher);

// A number that must not stand in the clear nor travel (a patient's national number), as a reference that is the same
// whenever it is.
std::string token_of(std::string_view what, std::string_view number, const Publisher& publisher);

}  // namespace moot
