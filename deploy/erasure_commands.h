// `moot person hold|erase`: who must be kept, and who must go (README, "Erasing somebody"). Thread: the main thread.
#pragma once

#include "deploy/person_commands.h"

namespace moot {

// Adds both to `moot person`; `run` is set to what they do.
void add_erasure_commands(CLI::App& person, const Options& options, PersonOrder& order, std::function<int()>& run);

}  // namespace moot
