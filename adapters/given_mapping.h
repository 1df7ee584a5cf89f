// The mapping file that somebody gave for a file, of whichever format it says it is for. Thread: values, read-only
// after loading, usable anywhere.
#pragma once

#include <filesystem>
#include <memory>
#include <optional>

#include "adapters/area_table.h"
#include "adapters/mapping.h"
#include "adapters/police_uk_mapping.h"
#include "broker/core/status.h"

namespace moot {

// At most one of them is there.
struct GivenMapping {
  std::optional<Mapping> csv;
  std::optional<PoliceUkMapping> police_uk;
};

// An empty path gives none. `areas` are the partnership's, for mappings that look cells up there; null = no partnership
// is known. Errors: as of load_mapping; kUsage when the mapping needs areas and there are none.
Result<GivenMapping> load_given_mapping(const std::filesystem::path& file,
                                        std::shared_ptr<const AreaTable> areas = nullptr);

}  // namespace moot
