// `moot linkage show|estimate|preview|pin`: the model that tells who is who, and the change of it. Nothing changes
// until a model is pinned, which is an event; what a model would change is shown before. Thread: the main thread.
#pragma once

#include <CLI/CLI.hpp>
#include <functional>

#include "deploy/options.h"

namespace moot {

struct LinkageOrder {
  std::string version;  // pin: only if this is what would be pinned; empty = whatever is
  std::string from;     // pin: the date from which on it holds, for history that was loaded later; empty = now
  bool usual = false;   // the one that Moot ships, rather than one estimated from the records
};

// Adds `linkage` to the program; `run` is set to what it does.
void add_linkage_commands(CLI::App& app, const Options& options, LinkageOrder& order, std::function<int()>& run);

}  // namespace moot
