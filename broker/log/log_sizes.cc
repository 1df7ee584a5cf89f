#include "broker/log/log_sizes.h"

#include <cstdlib>
#include <sstream>

#include "broker/core/status.h"

namespace moot {

LogSizes log_sizes() {
  LogSizes sizes;
  const char* given = std::getenv("MOOT_LOG_SIZES");
  if (given == nullptr) return sizes;
  std::istringstream in(given);
  in >> sizes.blocks_buffer >> sizes.heads_buffer >> sizes.write_ahead >> sizes.run_entries;
  MOOT_CHECK(!in.fail() && sizes.run_entries > 0);
  return sizes;
}

}  // namespace moot
