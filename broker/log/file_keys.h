// The secret behind each file of the key store, and how one of them is forgotten for good: the epoch key, cut up as far
// as erasing has needed it.
//
// At first there is one secret, the epoch key, and the key of each file is derived from it along a binary tree of 2^32
// leaves. To forget the key of one file its leaf's way to the root is given up and what branches off it is kept (32
// seeds at most, each the secret of a subtree), so that every other file keeps its key and stays as it is, and nothing
// that is left gives that one again. The file itself is written anew under a random key of its own, under a new name
// that counts its generations. So erasing costs one key file of 131 KiB, and this small one.
//
// The file, KEYS/logs/<log id>/epoch.key, readable by its owner only:
//   moot file keys 2
//   derived <file number>                   from this file on the keys of a file follow from its own (key_store.h)
//   seed <level> <index> <hex>              the secret of a subtree; level 0 is the root
//   file <number> <generation> <hex>        a file that was written anew, and its key
//   end <checksum, 16 hex>                  of all lines before
// Still read: format 1, which has no line "derived" (no file's keys follow from its own) and no checksum; and before
// anything was forgotten one line alone, the epoch key in hexadecimal.
//
// Thread: a value; one owner.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "broker/core/seal.h"
#include "broker/core/status.h"

namespace moot {

class FileKeys {
 public:
  static constexpr std::uint64_t kFilesMax = 1ULL << 32;          // numbers of files are below
  FileKeys(const Key& epoch_key) { seeds_[{0, 0}] = epoch_key; }  // which is the keys of all its files
  // kMissing, kDisk, kCorrupt; kInvalid for a later format, by its name.
  static Result<FileKeys> read(const std::filesystem::path& file);
  Status write(const std::filesystem::path& file) const;

  std::uint64_t generation(std::uint64_t file_number) const;
  std::vector<std::uint64_t> written_anew() const;  // the files that have a generation, in order
  Key of(std::uint64_t file_number) const;          // of the file's generation
  // The keys of this file and of all after it follow from the file's own; of those before they stand in files. Nothing:
  // an earlier version wrote it, whose keys all do.
  std::optional<std::uint64_t> derived_from() const { return derived_from_; }
  void derive_from(std::uint64_t file_number) { derived_from_ = file_number; }
  // Whole: nothing was forgotten yet. Files of format 2 are sealed under it.
  std::optional<Key> epoch_key() const;
  // Gives the file another key, and its next generation; the one before cannot be had any more.
  void forget(std::uint64_t file_number);

 private:
  FileKeys() = default;
  struct Own {
    std::uint64_t generation = 0;
    Key key{};
  };
  using Node = std::pair<std::uint32_t, std::uint64_t>;  // level, index in it
  const std::pair<const Node, Key>& above(std::uint64_t file_number) const;
  Status take(std::string_view line);
  Status take_format(std::string_view text, std::string_view& lines);

  std::map<Node, Key> seeds_;  // no two of which stand above one another
  std::map<std::uint64_t, Own> own_;
  std::optional<std::uint64_t> derived_from_ = 0;
};

}  // namespace moot
