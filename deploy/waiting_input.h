// What an installation has been given and not stored yet, as `moot status` tells it: what the gateway keeps while no
// broker answers, the files that wait in watched folders, and how far the pulls have come. It is looked at where it
// waits, beside whoever takes it on. Thread: one caller.
#pragma once

#include <boost/json/object.hpp>
#include <string>
#include <vector>

#include "adapters/arrivals.h"
#include "deploy/options.h"
#include "deploy/partnership_folder.h"
#include "deploy/spools.h"

namespace moot {

struct WaitingInput {
  struct Folder {
    std::string agency;
    std::filesystem::path folder;
    Result<WaitingFiles> files;
  };
  std::vector<SpoolSeen> spools;
  std::vector<Folder> folders;  // the watched ones of the configuration, also those in which nothing waits
  std::vector<std::pair<std::string, Result<Instant>>> pulls;
};

WaitingInput look_at_waiting(const Options& options, const PartnershipFolder& folder);

// {"spool":[{"agency","events","bytes","oldest"}],"folders":[{"agency","folder","files","oldest"}],
// "pulls":[{"agency","through"}]}; a row whose figures cannot be had has "problem" in their place. "oldest" is null
// where no file waits.
boost::json::object waiting_json(const WaitingInput& waiting);
// A line for whatever waits and for each pull; nothing of a folder that is empty.
std::string waiting_words(const WaitingInput& waiting);

}  // namespace moot
