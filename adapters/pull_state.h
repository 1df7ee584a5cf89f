// How far a pull has got, in a file of its own, so that the next goes on there: JSON, written whole or not at all. It
// holds where requests are fetched from and up to which instant, and nothing of any request.
//
// It says what it is the state of: the log, and all that tells which requests are meant (url, jurisdiction_id, by,
// since). With another of these, or without the file, a pull begins at `since` again: what is there already is
// recognised. A file that cannot be understood is not passed over, since somebody may want to know what became of it:
// whoever removes it has the pull begin again.
// Thread: functions, usable anywhere; of one file, by one process at a time.
#pragma once

#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "adapters/open311_source.h"
#include "broker/core/instant.h"
#include "broker/core/status.h"

namespace moot {

struct PullState {
  Instant began;    // when the first pull did
  Instant through;  // everything up to here is with the broker, on disk
};

// `log_id`: which log its events are in; empty = not known. kCorrupt when the file cannot be understood or is ahead of
// `now`, kDisk when it cannot be read.
Result<PullState> read_pull_state(const std::filesystem::path& file, const Open311Source& source,
                                  const std::string& log_id, Instant now);
Status write_pull_state(const std::filesystem::path& file, const Open311Source& source, const std::string& log_id,
                        const PullState& state);

// How far each pull has got whose state is in this folder, whatever it is the state of, by the names of their files.
// kCorrupt, kDisk.
std::vector<std::pair<std::string, Result<Instant>>> pulled_through(const std::filesystem::path& folder);

}  // namespace moot
