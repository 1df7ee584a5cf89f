// Who may do what: the one place that is asked for publishing, reading and administering (promise G8).
//
// Until sharing agreements exist, an agency reads back what it published itself and nothing else; the casebook and the
// operator read everything; only the operator administers. Pure functions.
#pragma once

#include <string_view>

#include "broker/core/ids.h"
#include "broker/core/status.h"
#include "proto/event.pb.h"

namespace moot {

// How much of an event a reader gets (DESIGN §4).
enum class Grade { kNone, kExistence, kIdentity, kContent };

Grade grade_of(const AgencyId& reader, const v1::Envelope& envelope);

// Ok, or kWrongAgency / kNotAllowed with its sentence.
Status may_publish(const AgencyId& publisher, std::string_view source);
Status may_administer(const AgencyId& caller, std::string_view what);

}  // namespace moot
