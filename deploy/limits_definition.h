// [limits] of partnership.toml: what a partnership allows less of than Moot does. The format is described in the
// README.
#pragma once

#include <cstddef>

#include "broker/core/definition.h"
#include "broker/core/limits.h"

namespace moot {

struct GivenLimits {
  Limits limits;
  std::size_t body_bytes_max = 0;  // of an HTTP request
};

// Those of Moot where nothing is said. Mistakes are the definition's.
GivenLimits read_limits(Definition& root);

}  // namespace moot
