// `moot meeting …`: what is said of a meeting before, at and after it, each an event of the agency that runs it; and
// `moot minutes`. Errors: kUsage and kNotFound with a sentence; those of the bus. Thread: the main thread.
#pragma once

#include <CLI/CLI.hpp>
#include <filesystem>
#include <functional>
#include <string>

#include "deploy/options.h"

namespace moot {

struct MeetingOrder {
  std::string board, area, on;
  std::string from, to;                      // schedule: by the cadence, dates of [from, to)
  std::string instead_of;                    // schedule: the date that is given up
  std::string mode;                          // held
  std::string present, by_email, apologies;  // held: agencies with commas between them
  std::string person;                        // decide, action: as `moot person find` prints them
  std::string decision;                      // decide: "discussed", "kept", "removed", "pinned", "deferred"
  std::string reason, until;
  std::string owner, due;       // action; `due` also outcome
  std::string action, outcome;  // outcome: "done", "not-done", "overtaken", "escalated", "carried"
  std::filesystem::path text;   // decide, action: a file with what was said
  std::string item, answer;     // answer
  bool dry_run = false;
  std::string as_at, format, to_whom;  // minutes
  bool issue = false;
  std::filesystem::path output;
};

void add_meeting_commands(CLI::App& app, const Options& options, MeetingOrder& order, std::function<int()>& run);

}  // namespace moot
