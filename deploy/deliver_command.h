// `moot deliver`: documents go out by e-mail, those that are due or those of one meeting. Thread: the main thread.
#pragma once

#include <CLI/CLI.hpp>
#include <functional>
#include <string>

#include "deploy/options.h"

namespace moot {

struct DeliverOrder {
  std::string board;  // empty = every board
  std::string on;     // the meeting's date; empty = what is due by now
  bool dry_run = false;
};

void add_deliver(CLI::App& app, const Options& options, DeliverOrder& order, std::function<int()>& run);

}  // namespace moot
