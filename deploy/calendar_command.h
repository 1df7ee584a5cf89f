// `moot calendar`: what boards have in their calendars, as a file that calendar programs read or subscribe to.
// Thread: the main thread.
#pragma once

#include <CLI/CLI.hpp>
#include <filesystem>
#include <functional>
#include <string>

#include "broker/core/status.h"
#include "deploy/documents.h"
#include "deploy/options.h"

namespace moot {

struct CalendarOrder {
  std::string board;     // empty = every board
  std::string owner;     // only this agency's actions; empty = everybody's
  std::string from, to;  // dates; empty = today, and a year from the first
  std::string as_at;     // a date or time; empty = everything that is known
  std::filesystem::path output;
};

void add_calendar(CLI::App& app, const Options& options, CalendarOrder& order, std::function<int()>& run);

// As the partnership keeps it on disk: from a month before the last recorded instant to a year after it.
std::string rolling_calendar(const Casebook& casebook, const PartnershipFolder& folder, const std::string& board,
                             const std::string& owner);

}  // namespace moot
