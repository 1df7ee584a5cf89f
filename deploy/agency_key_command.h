// `moot agency add|list|rotate|revoke`: who may speak on the bus, and with which keys.
#pragma once

#include <CLI/CLI.hpp>
#include <functional>
#include <string>

#include "deploy/options.h"

namespace moot {

struct AgencyOrder {
  std::string id, name;
  std::string expires;  // the key's last day, as 2028-03-02; empty = two years from today
  bool old_keys_only = false;
};

// Adds the words to the command line; each sets `run` to what it does. Both outlive the parsing.
void add_agency_words(CLI::App& app, const Options& options, AgencyOrder& order, std::function<int()>& run);

// What to say of a key whose end (RFC 3339) is near; empty where it is not, or there is none.
std::string expiry_warning(const std::string& agency, const std::string& until);

}  // namespace moot
