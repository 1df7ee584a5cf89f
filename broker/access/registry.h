// Who may speak on this bus: the agencies of one data directory, each with the public key that proves it.
//
// Kept in one small file (no secrets in it), replaced whole and synced at each change:
//   [[agency]]
//   id = "soha"
//   name = "Soha Housing"
//   public_key = "<64 hex>"
//
// Thread: one owner, the broker's bus thread.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "broker/core/ids.h"
#include "broker/core/seal.h"
#include "broker/core/status.h"

namespace moot {

struct Member {
  AgencyId id;
  std::string name;
  Key public_key{};
};

class Registry {
 public:
  static Result<Registry> open(const std::filesystem::path& file);  // an absent file is an empty registry

  // Durable when it returns ok. kExists when the id is taken.
  Status add(const Member& member);
  const Member* by_id(std::string_view id) const;
  const Member* by_key(const Key& public_key) const;
  const std::vector<Member>& members() const { return members_; }  // in the order they were added

 private:
  explicit Registry(std::filesystem::path file) : file_(std::move(file)) {}
  std::filesystem::path file_;
  std::vector<Member> members_;
};

}  // namespace moot
