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
};

Result<KeyFile> read_key_file(const std::filesystem::path& file);
// Replaces the file whole, synced, readable by its owner only.
Status write_key_file(const std::filesystem::path& file, const KeyFile& key_file);

}  // namespace moot
