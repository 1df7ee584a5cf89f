// `moot document list | fetch | recall`: copies of documents that were issued. Thread: the main thread.
#pragma once

#include <CLI/CLI.hpp>
#include <filesystem>
#include <functional>
#include <string>

#include "deploy/options.h"

namespace moot {

struct CopiesOrder {
  std::string digest, reason;
  std::filesystem::path output;  // of fetch; empty = standard output
};

// Adds `document` to the commands; `run` is set to what it does.
void add_document_copies(CLI::App& app, const Options& options, CopiesOrder& order, std::function<int()>& run);

}  // namespace moot
