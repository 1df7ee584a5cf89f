// Whose events an agency may publish (promise G8); what its people may do is told by roles.h, who may read whose events
// by the agreements (agreements.h). Pure functions.
#pragma once

#include <string_view>

#include "broker/core/ids.h"
#include "broker/core/status.h"

namespace moot {

// How much of an event a reader gets (DESIGN §4): that there is one, from whom, of what type and when; the people in it
// too; all of it.
enum class Grade { kNone, kExistence, kIdentity, kContent };

// Ok, or kWrongAgency / kNotAllowed with its sentence.
// `governs`: the event says what happens to the data or to the rules.
Status may_publish(const AgencyId& publisher, std::string_view source, bool governs);

}  // namespace moot
