// `moot watch`: publishes what agencies put into folders, beside a broker. The folders are those of the configuration,
// or one that is named. Thread: the main thread.
#pragma once

#include <CLI/CLI.hpp>
#include <filesystem>
#include <functional>
#include <string>

#include "deploy/options.h"

namespace moot {

struct WatchOrder {
  std::filesystem::path folder;  // empty = those of the configuration
  std::string format = "auto";
  std::filesystem::path mapping;
  bool backfill = false;
  int settle_seconds = 3;
  int keep_days = 7;
};
int watch_command(const Options& options, const WatchOrder& order);

// Adds `watch`; `run` is set to what it does.
void add_watch_command(CLI::App& app, const Options& options, WatchOrder& order, std::function<int()>& run);

}  // namespace moot
