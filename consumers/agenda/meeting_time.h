// What of a section is listed, and what of an agenda the meeting has time for. A case that is left out comes back with
// the reason; nothing vanishes. Thread: pure functions.
#pragma once

#include <string>
#include <vector>

#include "consumers/agenda/board.h"
#include "proto/document.pb.h"

namespace moot {

struct LeftOut {
  v1::AgendaItem item;
  std::string reason;
};

// Takes from `out`, whose items stand by score, what is below the section's score_min or beyond its at_most.
std::vector<LeftOut> apply_limits(const Section& section, v1::AgendaSection& out);

// Says of each item whether it is for discussion or for noting. First every section's at_least, then the highest score
// wherever it stands, until the meeting's minutes are used; of equal scores that of the section printed first. A case
// that stands in several sections takes its time once, and is counted once.
// `agenda` has a section for each of the board's, in their order. Returns the sentence that says so; empty where the
// board has no time.
std::string share_time(const BoardVersion& rules, v1::Agenda& agenda);

}  // namespace moot
