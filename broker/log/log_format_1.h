// Logs of format 1 (one key for each event, an index with random keys beside it) become logs of today's format.
//
// Nothing is changed in place: the events are copied into a log of their own, which then takes the place of the old
// one.
//
//   FOLDER                 the log of format 1
//   FOLDER.upgrading       the copy while it is made; begun anew after a crash
//   FOLDER.upgraded        the whole copy, before it takes the place of the old one
//   FOLDER.format-1        the old log, kept: it can be deleted when the new one has proved itself
//
// Each step is one rename, synced; a crash between two of them is made good at the next start.
// Thread: whoever opens the log, before anybody else uses the folder.
#pragma once

#include <filesystem>

#include "broker/core/status.h"

namespace moot {

// Is there one, or an upgrade that waits to be finished? Nothing is written.
bool is_log_of_format_1(const std::filesystem::path& folder);
// Does nothing where there is no log, or one of another format.
Status upgrade_from_format_1(const std::filesystem::path& folder);

}  // namespace moot
