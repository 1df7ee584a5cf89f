// The gateway's spools of a data directory (adapters/spool.h), as commands look at them.
//
// Thread: one caller. A gateway may run meanwhile, but for salvage_spools.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "adapters/spool.h"
#include "broker/core/ids.h"
#include "deploy/options.h"

namespace moot {

struct SpoolSeen {
  AgencyId agency;
  std::filesystem::path folder;
  Result<SpoolFigures> figures;
};

// Those in which something waits, and those that are not as they were written.
std::vector<SpoolSeen> look_at_spools(const std::filesystem::path& data);
// Likewise; every entry is opened with its key.
std::vector<SpoolSeen> check_spools(const Options& options);

Status spools_are_free(const std::filesystem::path& data);  // kExists when a gateway has one

struct SpoolsSaved {
  std::uint64_t events = 0;
  std::uint64_t lost = 0;  // parcels, or whole spools
  std::vector<std::string> notes;
};
// Puts what waits in the spools of the damaged data directory into those of `to`. kExists when a gateway has one.
Result<SpoolsSaved> salvage_spools(const Options& options, const std::filesystem::path& to);

}  // namespace moot
