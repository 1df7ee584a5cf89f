// The systems that are compared. Another one is one more file like redis.cc and one more line in systems.cc.
#pragma once

#include <filesystem>
#include <memory>
#include <vector>

#include "deploy/bench/moot_system.h"

namespace moot::bench {

struct SystemOptions {
  std::filesystem::path folder;  // for everybody's data; exists
  int copies = 4;                // PostgreSQL's connections, each with one COPY of 1,000 in flight
};

// All there are, in the order in which they are printed.
std::vector<std::unique_ptr<System>> all_systems(const SystemOptions& options);

std::unique_ptr<System> make_redis(const SystemOptions& options, bool always);
std::unique_ptr<System> make_nats(const SystemOptions& options, bool with_ids);
std::unique_ptr<System> make_postgres(const SystemOptions& options);
std::unique_ptr<MootSystem> make_moot(const SystemOptions& options);
// The same broker with an ingest that neither parses nor validates nor seals (plain/ingest.cc).
std::unique_ptr<MootSystem> make_moot_plain(const SystemOptions& options);
// The same broker on a bus that is not encrypted (open/zap.cc): no system of the comparison, only of part "curve".
std::unique_ptr<MootSystem> make_moot_open(const SystemOptions& options);

}  // namespace moot::bench
