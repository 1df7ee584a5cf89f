// Who may speak on this bus: the agencies of one data directory and their people, each with the public keys that prove
// it.
//
// An agency has one key, and for kKeyOverlapUs after a rotation the one before too. A key that was revoked, replaced or
// has expired stays on record and opens nothing; an agency all of whose keys have ended is revoked.
//
// Kept in one small file (no secrets in it), replaced whole and synced at each change:
//   digest = "<32 hex>"          of every byte after this line: a flipped bit in a key or a name does not pass for one
//   log = "<32 hex>"             which log they are the agencies of (DATA/moot.id): another partnership's file in the
//                                place of ours would let its agencies in; absent in older files
//   [[agency]]
//   id = "soha"
//   name = "Soha Housing"
//   events_per_day = 100000      how much it may publish in a day; absent = no limit of its own; also bytes_per_day
//   public_key = "<64 hex>"      in files of before there were rotations: its only key, without an end
//   member_of = "soha"           of a person: the agency it belongs to; and what it may do (roles.h)
//   roles = ["practitioner"]
//   [[key]]                      oldest first
//   agency = "soha"
//   public_key = "<64 hex>"
//   made = "2026-03-02T09:00:00Z"
//   expires = "2028-03-03T00:00:00Z"   absent = it does not
//   ends = "…"                   revoked, or replaced: no longer valid from then on
//
// Whoever edits it by hand writes `digest = "edited"`: it is read as it stands, and the next start writes the digest.
// Whoever means another directory's file takes out its second line as well.
// A file without that line has lost it, and perhaps the rest: it is refused.
//
// Thread: one owner, the broker's bus thread.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "broker/core/ids.h"
#include "broker/core/instant.h"
#include "broker/core/seal.h"
#include "broker/core/status.h"

namespace moot {

// How long a key that was rotated goes on beside the new one, unless it is revoked before.
inline constexpr std::int64_t kKeyOverlapUs = 30 * 24 * kHourUs;
// Expiry is told of from so long before.
inline constexpr std::int64_t kKeyWarningUs = 30 * 24 * kHourUs;

struct AgencyKey {
  Key public_key{};
  std::optional<Instant> made, expires, ends;

  bool valid(Instant now) const { return (!expires || now < *expires) && (!ends || now < *ends); }
  std::optional<Instant> last() const { return ends && (!expires || *ends < *expires) ? ends : expires; }
};

struct Member {
  AgencyId id;
  std::string name;
  std::vector<AgencyKey> keys;             // oldest first
  std::optional<AgencyId> member_of = {};  // of a person: its agency
  std::vector<std::string> roles = {};     // of a person, never empty then: roles.h
  std::uint64_t events_per_day = 0;        // 0 = no limit of its own, likewise below
  std::uint64_t bytes_per_day = 0;

  // The latest key that is valid; none = the agency is revoked, or its keys have expired.
  const AgencyKey* current(Instant now) const;
};

// Whose key it is; both null when nobody's.
struct KeyHolder {
  const Member* member = nullptr;
  const AgencyKey* key = nullptr;
};

// Names a key of an agency on the connection that was opened with it: "soha/0123456789abcdef". Of public things.
std::string connection_name(const Member& member, const AgencyKey& key);
// Why such a key opens nothing: kKeyEnded, with its sentence.
Status key_ended(const Member& member, const AgencyKey& key, Instant now);

class Registry {
 public:
  // An absent file is an empty registry. Nothing is written. kDefinition; kCorrupt, also when it is another log's.
  // `log_id` empty = which one it is of is not asked.
  static Result<Registry> open(const std::filesystem::path& file, std::string log_id = {});
  // Writes the first lines of a file that was read without one of them.
  Status settle();

  // Each durable when it returns ok. kExists when the id is taken by an agency that has a valid key; one whose keys
  // have all ended comes back with the new one.
  // A person's agency must be there, and its roles be some: kUnknownAgency, kInvalid, kNotAllowed.
  Status add(const Member& member, const AgencyKey& key, Instant now);
  Status may_add(const Member& member, Instant now) const;
  // The new key, and an end in kKeyOverlapUs for the one before. kUnknownAgency; kNotAllowed when it has no valid key,
  // or two already.
  Status rotate(std::string_view id, const AgencyKey& key, Instant now);
  Status may_rotate(std::string_view id, Instant now) const;
  // Ends all its keys now, or all but the latest. kUnknownAgency; kNotAllowed when there is none to end.
  Status revoke(std::string_view id, bool old_keys_only, Instant now);

  // How much it may publish in a day. kUnknownAgency; kNotAllowed for the operator, who must always get through.
  Status limit(std::string_view id, std::uint64_t events_per_day, std::uint64_t bytes_per_day);

  // Ok, or why this key opens nothing now: kKeyEnded. A person's key ends with its agency's.
  Status standing(const KeyHolder& holder, Instant now) const;

  const Member* by_id(std::string_view id) const;
  KeyHolder by_key(const Key& public_key) const;
  KeyHolder by_connection(std::string_view connection_name) const;
  std::uint64_t changes() const { return changes_; }               // since it was opened
  const std::vector<Member>& members() const { return members_; }  // in the order they were added

 private:
  Registry(std::filesystem::path file, std::string log_id) : file_(std::move(file)), log_id_(std::move(log_id)) {}
  Status write(const std::vector<Member>& members);
  void name_connections();

  std::filesystem::path file_;
  std::string log_id_;
  std::vector<Member> members_;
  struct Place {
    std::size_t member, key;
  };
  std::map<std::string, Place, std::less<>> connections_;  // by their names: asked for with every message
  bool has_digest_ = true;
  bool has_log_ = true;
  std::uint64_t changes_ = 0;
};

}  // namespace moot
