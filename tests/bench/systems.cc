#include "tests/bench/systems.h"

namespace moot::bench {

std::unique_ptr<MootSystem> make_moot(const SystemOptions& options) {
  return std::make_unique<MootSystem>(MootProgram{.file = MOOT_BINARY}, options.folder);
}

std::unique_ptr<MootSystem> make_moot_plain(const SystemOptions& options) {
  const std::string settings =
      "the same broker, bus and log with an ingest that only finds source and id, looks for duplicates of them for "
      "ever "
      "and stores the event as it came: not parsed, not validated, not sealed";
  return std::make_unique<MootSystem>(
      MootProgram{.name = "moot-plain", .file = MOOT_PLAIN_BINARY, .settings = settings, .readable = false},
      options.folder);
}

std::unique_ptr<MootSystem> make_moot_open(const SystemOptions& options) {
  return std::make_unique<MootSystem>(MootProgram{.name = "moot-open",
                                                  .file = MOOT_OPEN_BINARY,
                                                  .settings = "the same broker, all of it, without CURVE",
                                                  .encrypted = false},
                                      options.folder);
}

std::vector<std::unique_ptr<System>> all_systems(const SystemOptions& options) {
  std::vector<std::unique_ptr<System>> systems;
  systems.push_back(make_moot(options));
  systems.push_back(make_moot_plain(options));
  systems.push_back(make_redis(options, true));
  systems.push_back(make_redis(options, false));
  systems.push_back(make_nats(options, false));
  systems.push_back(make_nats(options, true));
  systems.push_back(make_postgres(options));
  return systems;
}

}  // namespace moot::bench
