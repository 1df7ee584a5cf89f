// The words of the command line.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <set>
#include <string>
#include <vector>

#include "broker/core/status.h"
#include "deploy/bench/payload.h"

namespace moot::bench {

struct Options {
  int repetitions = 5;
  double seconds = 4;                       // of each measurement
  double warm_up = 1;                       // before it, left out
  double disk_seconds = 0.5;                // short: some disks allow a burst, which this must not use up
  std::uint64_t events = 10'000'000;        // of the long histories
  std::uint64_t replay_events = 1'000'000;  // that are read back
  int copies = 4;
  PayloadOptions payload;
  std::set<std::string> parts = {"compare", "curve",     "syncs",   "replay", "scan",
                                 "beside",  "sustained", "restart", "memory"};
  std::set<std::string> systems;  // empty = all
  std::set<std::string> shapes;   // empty = all
  std::filesystem::path data;     // a folder is made in it, and removed
  std::filesystem::path output;   // Markdown; empty = only to standard output
  std::filesystem::path json;     // empty = beside the output, with .json
  bool help = false;

  bool wants_system(const std::string& name) const { return systems.empty() || systems.contains(name); }
  bool wants_shape(const std::string& name) const { return shapes.empty() || shapes.contains(name); }
};

std::string usage();
Result<Options> parse_options(const std::vector<std::string>& words);

}  // namespace moot::bench
