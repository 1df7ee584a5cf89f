// The [[pull]] tables of partnership.toml. Mistakes are recorded in the definition. Thread: a pure function.
#pragma once

#include <filesystem>
#include <vector>

#include "adapters/open311_source.h"
#include "broker/core/definition.h"
#include "broker/core/partnership.h"

namespace moot {

// `folder`: what file names in them are relative to.
std::vector<Open311Source> read_pulls(Definition& root, const std::filesystem::path& folder,
                                      const Partnership& partnership);

}  // namespace moot
