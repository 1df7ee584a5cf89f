// What of a section is listed, and what of an agenda the meeting has time for. A case that is left out comes back with
// the reason; nothing vanishes. Thread: pure functions.
#pragma once

#include <string>
#include <vector>

#include "consumers/agenda/board.h"
#include "proto/document.pb.h"

namespace moot {

// How many a section lists: where the board says nothing, as many as it may say.
constexpr int kListedMost = 1000;
constexpr std::size_t kNotListedMost = 500;  // rows of an agenda that tell why not
std::size_t most_in(const Section& section);
// Whether it lists one with such a score after those that it lists already, which have no lower ones.
bool has_place(const Section& section, std::size_t listed, int score);
// Why a case with such a score, which the section claims, is not listed in it.
std::string reason_beyond(const Section& section, int score);

// Says of each item whether it is for discussion or for noting. First every section's at_least, then the highest score
// wherever it stands, until the meeting's minutes are used; of equal scores that of the section printed first. A case
// that stands in several sections takes its time once, and is counted once.
// `agenda` has a section for each of the board's, in their order. Returns the sentence that says so; empty where the
// board has no time.
std::string share_time(const BoardVersion& rules, v1::Agenda& agenda);

}  // namespace moot
