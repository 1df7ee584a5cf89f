// `moot agency add|list|rotate|revoke|limit`: who may speak on the bus, with which keys, and how much.
#pragma once

#include <CLI/CLI.hpp>
#include <functional>
#include <string>

#include "deploy/options.h"

namespace moot {

struct AgencyOrder {
  std::string id, name;
  std::string member_of;           // of a person: its agency
  std::vector<std::string> roles;  // likewise
  std::string expires;             // the key's last day, as 2028-03-02; empty = two years from today
  bool old_keys_only = false;
  std::uint64_t events_per_day = 0, bytes_per_day = 0;  // 0 = no limit
};

// Adds the words to the command line; each sets `run` to what it does. Both outlive the parsing.
void add_agency_words(CLI::App& app, const Options& options, AgencyOrder& order, std::function<int()>& run);

// What to say of a key whose end (RFC 3339) is near; empty where it is not, or there is none.
std::string expiry_warning(const std::string& agency, const std::string& until);

}  // namespace moot
