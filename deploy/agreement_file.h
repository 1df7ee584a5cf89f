// A sharing agreement as a file (TOML; the README describes it), and the Governance events that sign and end it.
// Mistakes are kDefinition with file, line, key and what was expected.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "broker/core/calendar.h"
#include "broker/core/status.h"
#include "proto/event.pb.h"

namespace moot {

// One event for each clause. The same file makes the same events: signing again what is signed is a duplicate.
Result<std::vector<v1::Event>> load_agreement(const std::filesystem::path& file);
// Ends that version of the agreement on the day: from then on it opens nothing.
v1::Event agreement_ended(const std::string& id, const std::string& version, Date on);

}  // namespace moot
