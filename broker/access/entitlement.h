// Who may publish and administer (promise G8); who may read is the agreements' to say (agreements.h). Only the operator
// administers. Pure functions.
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
Status may_administer(const AgencyId& caller, std::string_view what);

}  // namespace moot
