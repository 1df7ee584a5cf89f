// The key files that the broker makes for agencies, in the key directory:
//
//   KEYS/agencies/<id>.key              the latest; its owner finds it there at the next connection
//   KEYS/agencies/<id>.<16 hex>.key     those before, by the beginning of their public key
//   KEYS/agencies/<id>.next.key         made, and perhaps not in the registry yet: settled with the next one
//
// A key is never overwritten. Thread: one owner, the broker's bus thread.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "broker/access/registry.h"
#include "broker/core/seal.h"
#include "broker/core/status.h"

namespace moot {

struct NewKey {
  Key public_key{};
  std::string key_file;  // where it is once it is settled
};

class AgencyKeys {
 public:
  // `address`: of the bus, as key files name it; owned by the composition, which knows it later than this.
  AgencyKeys(std::filesystem::path folder, const Key& broker_public_key, const std::string& address)
      : folder_(std::move(folder)), broker_public_key_(broker_public_key), address_(address) {}

  // A person's key file names the agency that it publishes and reads as.
  // A key of the agency that is not among `known`, in a file: a new pair, or what another data directory that shares
  // this key directory made for the same agency.
  Result<NewKey> make(const Member& member, const std::vector<AgencyKey>& known) const;
  // Once the registry has the key: its file takes the place of the one before.
  Status settle(const AgencyId& agency) const;

 private:
  std::filesystem::path file(const AgencyId& agency, const std::string& which) const {
    return folder_ / (agency.value() + which + ".key");
  }

  const std::filesystem::path folder_;
  const Key broker_public_key_;
  const std::string& address_;
};

}  // namespace moot
