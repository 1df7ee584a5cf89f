// The keys events are sealed under, in a folder of their own, never inside the data directory (promise G11).
//
// One key per event for now: event n is sealed under key n. Format: files of 4,096 random keys of 32 bytes,
// "<first key number:16 hex>.keys", written whole and synced before the first key of the file is used, so that a key is
// on disk before any event that needs it. Key numbers are stored with the events: another assignment of keys to events
// changes nothing here.
//
// Thread: one owner.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>

#include "broker/core/seal.h"
#include "broker/core/status.h"

namespace moot {

class KeyStore {
 public:
  static constexpr std::uint64_t kKeysPerFile = 4096;

  static Result<KeyStore> open(const std::filesystem::path& folder);

  // The key for something new; makes its file where there is none yet.
  Result<Key> make(std::uint64_t number);
  // The key something was sealed under. kMissing when its file is gone: that is what erasing, or a wrong key directory,
  // looks like.
  Result<Key> find(std::uint64_t number) const;

 private:
  explicit KeyStore(std::filesystem::path folder) : folder_(std::move(folder)) {}
  std::filesystem::path file_of(std::uint64_t number) const;
  Result<const std::string*> load(std::uint64_t number) const;

  std::filesystem::path folder_;
  // Files read so far, at most kFilesInMemory.
  static constexpr std::size_t kFilesInMemory = 64;  // 8 MiB
  mutable std::map<std::uint64_t, std::string> loaded_;
};

}  // namespace moot
