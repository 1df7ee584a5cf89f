// A key file: all that a publisher or reader needs to reach its broker.
//
//   agency = "soha"                 who this key speaks as
//   public_key = "<64 hex>"         CURVE25519, the agency's own
//   secret_key = "<64 hex>"
//   broker_public_key = "<64 hex>"  the broker proves itself with it
//   address = "tcp://127.0.0.1:5570"
//
// Written 0600 by the broker when an agency is added; carried to the agency by hand.
#pragma once

#include <filesystem>
#include <functional>
#include <string>

#include "broker/core/ids.h"
#include "broker/core/seal.h"
#include "broker/core/status.h"

namespace moot {

struct KeyFile {
  AgencyId agency;
  Key public_key{};
  Key secret_key{};
  Key broker_public_key{};
  std::string address;
  // Not in the file: where it was read. When set, each connection reads it again: the key may have been rotated.
  std::filesystem::path file;
  // Not in the file: where a broker of this machine writes its real address (DATA/run.json). When set it is read at
  // each connection, so that a broker that came back on another port is found. Empty = use `address`.
  std::filesystem::path run_file;
  // Not in the file: for a broker inside this process, what it ended with; nobody waits for it then. May be empty.
  std::function<Status()> ended;
};

// The address to connect to now; empty while no broker of this machine runs.
std::string current_address(const KeyFile& key_file);

Result<KeyFile> read_key_file(const std::filesystem::path& file);
// Synced, readable by its owner only. kExists when there is such a file: a key is never overwritten.
Status create_key_file(const std::filesystem::path& file, const KeyFile& key_file);

// The "bus" of a run file, {"pid":1,"bus":"tcp://…"}; empty when it has none.
std::string bus_address_in(std::string_view run_file);

}  // namespace moot
