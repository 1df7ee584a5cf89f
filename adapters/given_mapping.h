// The mapping file that somebody gave for a file, of whichever format it says it is for. Thread: values, read-only
// after loading, usable anywhere.
#pragma once

#include <filesystem>
#include <optional>

#include "adapters/mapping.h"
#include "adapters/police_uk_mapping.h"
#include "broker/core/status.h"

namespace moot {

// At most one of them is there.
struct GivenMapping {
  std::optional<Mapping> csv;
  std::optional<PoliceUkMapping> police_uk;
};

// An empty path gives none. Errors: as of load_mapping.
Result<GivenMapping> load_given_mapping(const std::filesystem::path& file);

}  // namespace moot
