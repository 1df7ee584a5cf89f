// `moot pull`: fetches what is new and changed from agencies' own servers, those of [[pull]] in the configuration,
// beside a broker; with --once, one time, for a timer. Thread: the main thread.
#pragma once

#include <CLI/CLI.hpp>
#include <functional>

#include "deploy/options.h"

namespace moot {

struct PullOrder {
  bool once = false;
};
int pull_command(const Options& options, const PullOrder& order);

// Adds `pull`; `run` is set to what it does.
void add_pull_command(CLI::App& app, const Options& options, PullOrder& order, std::function<int()>& run);

}  // namespace moot
