// Which keys the index's runs surely do not hold: blocked Bloom filters in memory. Nearly every key that is looked up
// is new, and a new key looked for in every run costs the more the longer the history is.
//
// Layers, each of twice the room of the one before, up to 4 Mi keys: 16 bits of filter a key, so 2 MB for a million. A
// key sets one bit in each of the 8 words of one block of 64 bytes. A key that was added is always found; one that was
// not is by mistake about once in 500 times and layer. A ceiling bounds the memory: at it the last layer takes all keys
// that come, and more and more of them are looked for on disk.
//
// Derived, but kept in files, because making it again means reading every run. A layer is one file, written whole when
// its keys change, and before the run with those keys is taken in: so it holds what the runs hold, or more.
//
//   filter-<layer>  = checksum:be64  "moot filter 1 "  layer:be32  from:be64  through:be64  before:be64
//                     keys:be64
//                     identity-length:be32 identity    (of the RocksDB)    block*
//
// `from` is the layer's before `through`, `before` the keys of all layers before, and the last layer's `through` must
// reach the index's: a file that is missing, damaged, old, half made or another log's is noticed. Example:
// filter-00000000 of an index whose one run of 7 keys goes through offset 7: <checksum> "moot filter 1 " 0 0 7 0 7 36
// "…" and 16,384 x 8 words.
//
// Thread: a value; sharing its layers with copies of it is safe, they never change.
#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "broker/core/ids.h"
#include "broker/core/status.h"

namespace moot {

class KeyFilter {
 public:
  static constexpr std::size_t kFirstLayerKeys = 512 * 1024;
  static constexpr std::size_t kLayerKeysMax = 4 * 1024 * 1024;
  static constexpr std::size_t kBytesMax = 128 << 20;  // 64 million keys

  // Of no keys. Smaller figures only in tests.
  explicit KeyFilter(std::size_t first_layer_keys = kFirstLayerKeys, std::size_t bytes_max = kBytesMax)
      : first_layer_keys_(first_layer_keys), bytes_max_(bytes_max) {}

  bool may_hold(const EventKey& key) const;
  // This one with more keys, of blocks below `through`.
  KeyFilter with(std::span<const EventKey> keys, Offset through) const;
  Offset through() const { return layers_.empty() ? Offset{} : layers_.back()->through; }
  std::size_t bytes() const;

  // Writes the layer that the last `with` changed; it and its name are durable then.
  Status save(const std::filesystem::path& folder, const std::string& identity) const;
  // Takes the files of such a filter into this one, which is of no keys. kCorrupt names the file that is not as it was
  // written.
  Status load(const std::filesystem::path& folder, const std::string& identity);
  // Also what a process that was killed left half-written.
  static Status remove_files(const std::filesystem::path& folder);

 private:
  struct alignas(64) Block {
    std::array<std::uint64_t, 8> words{};
  };
  struct Layer {
    std::vector<Block> blocks;
    std::uint64_t keys = 0;
    Offset from, through;
  };
  std::size_t keys_of_layer(std::size_t layer) const;
  bool is_full(const Layer& last, std::size_t more) const;
  std::string header_of(std::size_t layer, const std::string& identity) const;

  std::size_t first_layer_keys_;
  std::size_t bytes_max_;
  std::vector<std::shared_ptr<const Layer>> layers_;
};

}  // namespace moot
