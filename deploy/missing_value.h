// The command line's rule that an option without its value is a mistake. CLI11 gives an option the next word whatever
// it is, so that in `--type --data D` the type would be "--data". Thread: the main thread.
#pragma once

#include <CLI/CLI.hpp>

namespace moot {

// For every option and argument of the command and of its sub-commands, made so far: a value that looks like an option
// is refused (CLI::ValidationError).
void refuse_options_as_values(CLI::App& app);

}  // namespace moot
