// The keys that personal parts are sealed under, in a folder of their own, never inside the data directory (promise
// G11).
//
// Keys are numbered from 0. Who gives which number to what is the caller's affair (broker/sealed_event.h); the number
// is stored with what was sealed. Each 4,096 of them are a file's, and follow from the file's key (file_keys.h): key n
// is the first half of block n mod 4,096 of ChaCha20's key stream under it, with a nonce of zeros. So nothing is
// written for a new key, and there is no file, until one of its keys is destroyed. Then the others are written down,
// "<first key number:16 hex>-<generation>.keys":
//
//   magic "moot keys 3 "  64 pages of 2,088 bytes: 64 keys, sealed under the file's new key, a random one, bound to the
//                         file's name and the page's number
//
// The files' keys are kept apart from this folder, in epoch.key: who has the files alone has no key, and a file written
// anew makes old copies of itself say nothing. Who has had a copy of epoch.key has the keys that follow from it, those
// to come too, but for the ones destroyed since. A flipped bit makes the page corrupt, never a key wrong. One key
// costs reading one page, and pages read lately stay in memory.
// Earlier versions wrote a file for all keys, "<first key number>.keys" until one was destroyed: of format 1 (the bare
// keys), 2 (sealed under the epoch key itself) or 3. They are still read where they stand.
//
// A key that was destroyed is zeros: no key that was drawn is. Destroying writes each file concerned anew under another
// key, then epoch.key, which is the instant it counts from, then deletes what stood there before; so it is done or not,
// wherever it stops, and doing it again finishes it.
//
// Thread: one owner.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
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

  KeyStore(std::filesystem::path folder, const FileKeys& file_keys);
  // True when there is no key file there but bare ones of format 1.
  static bool needs_no_epoch_key(const std::filesystem::path& folder);
  // The first file number from which on there is no file: where a folder of an earlier version begins to do without.
  static Result<std::uint64_t> first_without_file(const std::filesystem::path& folder);

  // The first file that must be there and is not.
  std::optional<std::filesystem::path> missing_file() const;
  // The key of something, new or not; durable. kErased when it was destroyed: that may be so of a new one too, where a
  // log was put back from an older copy than its keys are and numbers on from too low. kMissing when its file is gone:
  // that is what a wrong key directory may look like. kCorrupt when the file is not what was written.
  Result<Key> find(std::uint64_t number) const;
  // Destroys the keys for good, and keeps in `epoch_file` which keys are left. Those destroyed before, and those whose
  // file is missing, change nothing. How many were there. Costs a file of 131 KiB and some syncs for each 4,096 numbers
  // in a row that one of them is in.
  Result<std::uint64_t> destroy(std::span<const std::uint64_t> numbers, const std::filesystem::path& epoch_file);

 private:
  std::filesystem::path file_of(std::uint64_t file_number, std::uint64_t generation) const;
  // How the keys of a file are had.
  struct Source {
    Key key{};  // the file's
    bool stands_in_file = false;
  };
  const Source& source_of(std::uint64_t file_number) const;
  // The keys of a page, as they are used.
  Result<std::string> read_page(std::uint64_t page_number) const;
  Result<std::string> read_keys(std::uint64_t file_number) const;
  Status write_keys(std::uint64_t file_number, std::string_view keys, const FileKeys& under) const;
  Status leave_old_formats();
  Status remove_earlier_generations() const;
  void forget_pages();
  void forget_sources() const;

  std::filesystem::path folder_;
  FileKeys file_keys_;
  // Pages read lately, in two halves: when the younger is full it takes the place of the elder.
  static constexpr std::size_t kPagesInHalf = 1024;  // 2 MiB
  using Pages = std::unordered_map<std::uint64_t, std::string>;
  mutable Pages younger_, elder_;
  static constexpr std::size_t kSourcesMax = 64 * 1024;  // of 268 million keys, 5 MB
  mutable std::unordered_map<std::uint64_t, Source> sources_;
  mutable KeyPages pages_;
};

}  // namespace moot
