// The plainest log there is, as a measure for reading: a file of records, each behind its length and its checksum, read
// from front to back a mebibyte at a time.
//
// Thread: one, its owner's.
#pragma once

#include <cstdint>
#include <filesystem>

#include "broker/core/status.h"
#include "deploy/bench/payload.h"

namespace moot::bench {

// Writes that many events.
Status write_segment(const std::filesystem::path& file, const Payload& payload, std::uint64_t events);
// Reads all of it, looks at every checksum, and says how many events there were.
Result<std::uint64_t> scan_segment(const std::filesystem::path& file);

}  // namespace moot::bench
