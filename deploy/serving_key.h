// The keys of agencies for a process that serves them beside a broker: the gateway, the watch of folders. Thread: a
// pure function but for the files it reads, usable anywhere.
#pragma once

#include <string>

#include "broker/core/status.h"
#include "broker/wire/key_file.h"
#include "deploy/options.h"

namespace moot {

// The key that `moot agency add` made, from the key directory, and where its broker is: the one of this data directory,
// or, with --bus, elsewhere. kUnknownAgency when there is no such key file.
Result<KeyFile> serving_key(const Options& options, const std::string& agency);

}  // namespace moot
