// `moot bench linkage FILE`: links the people of any CSV file, writes who is one person, and, where a column says who
// they truly are, how right that is. Reads and writes only the files named. Thread: the main thread.
#pragma once

#include <CLI/CLI.hpp>
#include <filesystem>
#include <functional>

#include "deploy/linkage_columns.h"
#include "deploy/options.h"

namespace moot {

struct LinkageBenchOrder {
  std::filesystem::path file;
  LinkageColumns columns;
  bool stream = false;  // the records once more, one after the other
  std::filesystem::path output;
};
int linkage_bench_command(const Options& options, const LinkageBenchOrder& order);

// Adds `linkage` to the group; `run` is set to what it does.
void add_linkage_bench(CLI::App& group, const Options& options, LinkageBenchOrder& order, std::function<int()>& run);

}  // namespace moot
