// The bearer tokens of --data. Thread: a pure function of files.
#pragma once

#include "adapters/bearer_tokens.h"
#include "broker/data_folder.h"
#include "deploy/options.h"

namespace moot {

inline TokensFile tokens_of(const Options& options) { return tokens_file(options.data, read_log_id(options.data)); }

}  // namespace moot
