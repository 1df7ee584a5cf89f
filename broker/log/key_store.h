// The keys that personal parts are sealed under, in a folder of their own, never inside the data directory (promise
// G11).
//
// Keys are numbered from 0. Who gives which number to what is the caller's affair (broker/sealed_event.h); the number
// is stored with what was sealed. Format: files of 4,096 random keys of 32 bytes, "<first key number:16 hex>.keys", or
// "<first key number>-<generation>.keys" once something in it was destroyed:
//
//   magic "moot keys 3 "  64 pages of 2,088 bytes: 64 keys, sealed under the file's key (file_keys.h), bound to the
//                         file's name and the page's number
//
// The files' keys are kept apart from this folder, in epoch.key: who has the files alone has no key, and a file written
// anew makes old copies of itself say nothing. A file is written whole and synced before the first of its keys is given
// out; the next one is made ahead, by a thread of its own, so that a new key does not wait for the disk. A flipped bit
// makes the page corrupt, never a key wrong. One key costs reading one page, and pages read lately stay in memory.
// Files of format 1 (the bare keys) and 2 (sealed under the epoch key itself) are still read.
//
// A key that was destroyed is zeros: no key that was drawn is. Destroying writes each file concerned anew under another
// key, then epoch.key, which is the instant it counts from, then deletes what stood there before; so it is done or not,
// wherever it stops, and doing it again finishes it.
//
// Thread: one owner.
#pragma once

#include <cstdint>
#include <filesystem>
#include <future>
#include <span>
#include <string>
#include <unordered_map>

#include "broker/core/seal.h"
#include "broker/core/status.h"
#include "broker/log/file_keys.h"
#include "broker/log/key_pages.h"

namespace moot {

class KeyStore {
 public:
  static constexpr std::uint64_t kKeysPerFile = 4096;

  static Result<KeyStore> open(const std::filesystem::path& folder, const FileKeys& file_keys);
  // True when there is no key file there but bare ones of format 1.
  static bool needs_no_epoch_key(const std::filesystem::path& folder);

  // The key for something new; durable when it returns. kErased when it was destroyed already: a log that was put back
  // from an older copy than its keys are numbers on from too low.
  Result<Key> make(std::uint64_t number);
  // The key something was sealed under. kErased when it was destroyed. kMissing when its file is gone: that is what a
  // wrong key directory looks like. kCorrupt when the file is not what was written.
  Result<Key> find(std::uint64_t number) const;
  // Destroys the keys for good, and keeps in `epoch_file` which keys are left. Those destroyed before, and those never
  // made, change nothing. How many were there. Costs a file of 131 KiB and some syncs for each 4,096 numbers in a row
  // that one of them is in.
  Result<std::uint64_t> destroy(std::span<const std::uint64_t> numbers, const std::filesystem::path& epoch_file);

 private:
  KeyStore(std::filesystem::path folder, const FileKeys& keys) : folder_(std::move(folder)), file_keys_(keys) {}
  std::filesystem::path file_of(std::uint64_t file_number, std::uint64_t generation) const;
  static Status make_file(const std::filesystem::path& file, const Key& file_key);
  Status ensure_file(std::uint64_t file_number);
  const Key& key_of_file(std::uint64_t file_number) const;
  // The keys of a page, as they are used.
  Result<std::string> read_page(std::uint64_t page_number) const;
  Result<std::string> read_keys(std::uint64_t file_number) const;
  Status write_keys(std::uint64_t file_number, std::string_view keys, const FileKeys& under) const;
  Status leave_old_formats();
  Status remove_earlier_generations() const;
  void forget_pages();

  std::filesystem::path folder_;
  FileKeys file_keys_;
  std::uint64_t files_made_ = 0;  // every file below this number that will be asked for is durable
  std::future<Status> ahead_;     // makes the file files_made_
  // Pages read lately, in two halves: when the younger is full it takes the place of the elder.
  static constexpr std::size_t kPagesInHalf = 8192;  // 16 MiB
  using Pages = std::unordered_map<std::uint64_t, std::string>;
  mutable Pages younger_, elder_;
  mutable std::unordered_map<std::uint64_t, Key> keys_of_files_;  // derived lately
  mutable KeyPages pages_;
};

}  // namespace moot
