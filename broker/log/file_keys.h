// Under which key each file of the key store is sealed, and how one of them is forgotten for good: the epoch key, cut
// up as far as erasing has needed it.
//
// At first there is one secret, the epoch key, and the key of each file is derived from it along a binary tree of 2^32
// leaves. To forget the key of one file its leaf's way to the root is given up and what branches off it is kept (32
// seeds at most, each the secret of a subtree), so that every other file keeps its key and stays as it is, and nothing
// that is left gives that one again. The file itself is written anew under a random key of its own, under a new name
// that counts its generations. So erasing costs one key file of 131 KiB, and this small one.
//
// The file, KEYS/logs/<log id>/epoch.key, readable by its owner only: one line, the epoch key in hexadecimal; or, once
// anything was forgotten,
//   moot file keys 1
//   seed <level> <index> <hex>              the secret of a subtree; level 0 is the root
//   file <number> <generation> <hex>        a file that was written anew, and its key
//   end
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

#include "broker/core/seal.h"
#include "broker/core/status.h"

namespace moot {

class FileKeys {
 public:
  FileKeys(const Key& epoch_key) { seeds_[{0, 0}] = epoch_key; }  // which is the keys of all its files
  // kMissing, kDisk, kCorrupt.
  static Result<FileKeys> read(const std::filesystem::path& file);
  Status write(const std::filesystem::path& file) const;

  std::uint64_t generation(std::uint64_t file_number) const;
  Key of(std::uint64_t file_number) const;  // of the file's generation
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

  std::map<Node, Key> seeds_;  // no two of which stand above one another
  std::map<std::uint64_t, Own> own_;
};

}  // namespace moot
