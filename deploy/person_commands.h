// `moot person find|explain|link|unlink|export|hold|erase`: who is who, why, and what a person decides of it.
// Thread: the main thread.
#pragma once

#include <CLI/CLI.hpp>
#include <filesystem>
#include <functional>
#include <string>

#include "deploy/options.h"

namespace moot {

struct PersonOrder {
  std::string a, b;         // people or records, deploy/casework.h says how they are written
  std::string words, born;  // find
  std::string format;       // explain: "text", "json" or "svg"
  std::filesystem::path output;
  std::string reason, until;  // erase, hold
  bool release = false;       // hold
  bool dry_run = false;       // erase
};

// Adds `person` to the program and answers it; `run` is set to what it does.
CLI::App& add_person_commands(CLI::App& app, const Options& options, PersonOrder& order, std::function<int()>& run);

}  // namespace moot
