#include "tests/bench/system.h"

namespace moot::bench {

std::vector<std::unique_ptr<System>> all_systems(const SystemOptions& options) {
  std::vector<std::unique_ptr<System>> systems;
  systems.push_back(make_moot(options));
  systems.push_back(make_redis(options, true));
  systems.push_back(make_redis(options, false));
  systems.push_back(make_nats(options, false));
  systems.push_back(make_nats(options, true));
  systems.push_back(make_postgres(options));
  return systems;
}

Status System::read(const std::string& way, std::uint64_t) {
  return Status(Code::kUsage, name() + " has no way to read called \"" + way + "\"");
}

Status System::kill_and_start_again() { return Status(Code::kUsage, name() + " is not killed by this bench"); }

}  // namespace moot::bench
