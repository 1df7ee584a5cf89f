// Ids and revisions of records that a source changes without numbering all their versions. The id is <record>/<16
// characters of a digest of all that was taken>, keyed with the publisher's secret: the same again is a duplicate,
// anything changed a new version. Thread: pure functions, usable anywhere.
#pragma once

#include <cstdint>
#include <limits>
#include <string>

#include "adapters/publisher.h"
#include "broker/core/instant.h"
#include "proto/event.pb.h"

namespace moot {

// Of the event as it stands, before it has an id.
std::string version_of(const v1::Event& event, const Publisher& publisher);

// The revision of what its source changed at that instant: later is higher. Its own number, where it gives one too,
// decides within one millisecond; kLastVersion: after all that have one. Milliseconds since 1970 times 2^20, and the
// number below that, so up to 1,048,575; a time before 1970 counts as 1970.
constexpr std::uint64_t kLastVersion = std::numeric_limits<std::uint64_t>::max();
std::uint64_t revision_at(Instant changed, std::uint64_t number = 0);

// A number that must not stand in the clear nor travel (a patient's national number), as a reference that is the same
// whenever it is.
std::string token_of(std::string_view what, std::string_view number, const Publisher& publisher);

}  // namespace moot
