// The keys that personal parts are sealed under, in a folder of their own, never inside the data directory (promise
// G11).
//
// Keys are numbered from 0. Who gives which number to what is the caller's affair (broker/sealed_event.h); the number
// is stored with what was sealed. Format: files of 4,096 random keys of 32 bytes, "<first key number:16 hex>.keys":
//
//   magic "moot keys 2 "  64 pages of 2,088 bytes: 64 keys, sealed under the epoch key, bound to the file's name and
//                         the page's number
//
// The epoch key is kept apart from this folder: who has the files alone has no key, and with a new epoch key in its
// place old copies of the files say nothing. A file is written whole and synced before the first of its keys is given
// out; the next one is made ahead, by a thread of its own, so that a new key does not wait for the disk. A flipped bit
// makes the page corrupt, never a key wrong. One key costs reading one page, and pages read lately stay in memory.
// Files of format 1 (the bare keys) are still read.
//
// Thread: one owner.
#pragma once

#include <cstdint>
#include <filesystem>
#include <future>
#include <string>
#include <unordered_map>

#include "broker/core/seal.h"
#include "broker/core/status.h"

namespace moot {

class KeyStore {
 public:
  static constexpr std::uint64_t kKeysPerFile = 4096;

  static Result<KeyStore> open(const std::filesystem::path& folder, const Key& epoch_key);
  // True when there is no key file there but bare ones of format 1.
  static bool needs_no_epoch_key(const std::filesystem::path& folder);

  // The key for something new; durable when it returns.
  Result<Key> make(std::uint64_t number);
  // The key something was sealed under. kMissing when its file is gone: that is what erasing, or a wrong key directory,
  // looks like. kCorrupt when the file is not what was written.
  Result<Key> find(std::uint64_t number) const;

 private:
  KeyStore(std::filesystem::path folder, const Key& epoch_key) : folder_(std::move(folder)), epoch_key_(epoch_key) {}
  static std::filesystem::path file_of(const std::filesystem::path& folder, std::uint64_t file_number);
  static Status make_file(const std::filesystem::path& file, const Key& epoch_key);
  Status ensure_file(std::uint64_t file_number);
  // The keys of a page, as they are used.
  Result<std::string> read_page(std::uint64_t page_number) const;

  std::filesystem::path folder_;
  Key epoch_key_;
  std::uint64_t files_made_ = 0;  // every file below this number that will be asked for is durable
  std::future<Status> ahead_;     // makes the file files_made_
  // Pages read lately, in two halves: when the younger is full it takes the place of the elder.
  static constexpr std::size_t kPagesInHalf = 8192;  // 16 MiB
  using Pages = std::unordered_map<std::uint64_t, std::string>;
  mutable Pages younger_, elder_;
};

}  // namespace moot
