// Saves what can be saved of a spool that does not open any more into a new one elsewhere. The damaged one is read
// only.
//
// Thread: one caller; no gateway may have the spool.
#pragma once

#include <cstdint>
#include <filesystem>

#include "broker/core/seal.h"
#include "broker/core/status.h"

namespace moot {

struct SpoolSalvage {
  std::uint64_t parcels = 0;  // saved, in their order; they have new numbers
  std::uint64_t events = 0;
  std::uint64_t lost = 0;  // parcels
  // What was handed over could not be told from what was not: all of it is saved, and handed over again is recognised.
  bool all_again = false;
};

// Also of a sound one. kExists when a gateway has it, kDisk.
Result<SpoolSalvage> salvage_spool(const std::filesystem::path& folder, const Key& key,
                                   const std::filesystem::path& to);

}  // namespace moot
