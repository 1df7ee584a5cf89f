// `moot map check` and `moot map suggest`: what a mapping makes of a file, and a first mapping for one. Nothing is
// published, stored or asked of a broker. Thread: the main thread.
#pragma once

#include <CLI/CLI.hpp>
#include <filesystem>
#include <functional>

#include "deploy/options.h"

namespace moot {

struct MapOrder {
  std::filesystem::path file;
  std::filesystem::path mapping;
  std::filesystem::path output;  // empty = standard output
};
int map_check_command(const Options& options, const MapOrder& order);
int map_suggest_command(const Options& options, const MapOrder& order);

// Adds `map` with both; `run` is set to what they do.
void add_map_commands(CLI::App& app, const Options& options, MapOrder& order, std::function<int()>& run);

}  // namespace moot
