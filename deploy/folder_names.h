// Whether the definitions of a partnership's folder name each other rightly: what no file can tell by itself.
// Errors: kDefinition, with the definition, the name and those that there are. Thread: pure functions.
#pragma once

#include "broker/core/status.h"
#include "deploy/partnership_folder.h"

namespace moot {

// Clocks, areas, agencies and boards that boards, reports and rule packs name.
Status check_names(const PartnershipFolder& read);

}  // namespace moot
