// Who may speak on this bus: the agencies of one data directory, each with the public key that proves it.
//
// Kept in one small file (no secrets in it), replaced whole and synced at each change:
//   digest = "<32 hex>"          of every byte after this line: a flipped bit in a key or a name does not pass for one
//   [[agency]]
//   id = "soha"
//   name = "Soha Housing"
//   public_key = "<64 hex>"
//
// Whoever edits it by hand writes `digest = "edited"`: it is read as it stands, and the next start writes the digest.
// A file without that line is one of before there were digests; it gets its own likewise.
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
  // An absent file is an empty registry. Nothing is written. kDefinition, kCorrupt.
  static Result<Registry> open(const std::filesystem::path& file);
  // Writes the digest of a file that was read without one.
  Status settle();

  // Durable when it returns ok. kExists when the id is taken.
  Status add(const Member& member);
  const Member* by_id(std::string_view id) const;
  const Member* by_key(const Key& public_key) const;
  const std::vector<Member>& members() const { return members_; }  // in the order they were added

 private:
  explicit Registry(std::filesystem::path file) : file_(std::move(file)) {}
  Status write(const std::vector<Member>& members);

  std::filesystem::path file_;
  std::vector<Member> members_;
  bool has_digest_ = true;
};

}  // namespace moot
