#include "broker/log/key_filter.h"

#include <algorithm>
#include <bit>
#include <cstdio>
#include <cstring>

#include "broker/core/whole_file.h"
#include "broker/log/big_endian.h"
#include "broker/log/checksum.h"

namespace moot {

namespace {

static_assert(std::endian::native == std::endian::little);  // words are written as they stand in memory

constexpr std::string_view kMagic = "moot filter 1 ";
constexpr std::size_t kKeysInBlock = 512 / 16;

// Keys are digests: any of their bits will do. The first half picks the block, the second a bit in each word.
struct Place {
  std::size_t block;
  std::uint64_t bits;
};

Place place_of(const EventKey& key, std::size_t blocks) {
  std::uint32_t which = 0;
  Place place{};
  std::memcpy(&which, key.data(), sizeof which);
  std::memcpy(&place.bits, key.data() + 8, sizeof place.bits);
  place.block = static_cast<std::size_t>((static_cast<std::uint64_t>(which) * blocks) >> 32);
  return place;
}

std::uint64_t bit_in_word(const Place& place, std::size_t word) {
  return std::uint64_t{1} << ((place.bits >> (6 * word)) & 63);
}

std::filesystem::path file_of(const std::filesystem::path& folder, std::size_t layer) {
  char name[32];
  std::snprintf(name, sizeof name, "filter-%08zu", layer);
  return folder / name;
}

}  // namespace

bool KeyFilter::may_hold(const EventKey& key) const {
  return std::any_of(layers_.begin(), layers_.end(), [&](const std::shared_ptr<const Layer>& layer) {
    const Place place = place_of(key, layer->blocks.size());
    const Block& block = layer->blocks[place.block];
    std::uint64_t all = 1;
    for (std::size_t word = 0; word < block.words.size(); ++word)
      all &= block.words[word] >> ((place.bits >> (6 * word)) & 63);
    return all != 0;
  });
}

std::size_t KeyFilter::keys_of_layer(std::size_t layer) const {
  const std::size_t doublings = std::min<std::size_t>(layer, 32);
  return std::min(first_layer_keys_ << doublings, std::max(first_layer_keys_, kLayerKeysMax));
}

bool KeyFilter::is_full(const Layer& last, std::size_t more) const {
  const std::size_t next_bytes = keys_of_layer(layers_.size()) / kKeysInBlock * sizeof(Block);
  // A run has a little more keys than half of the first layer.
  const std::size_t room = last.blocks.size() * kKeysInBlock;
  return last.keys + more > room + room / 8 && bytes() + next_bytes <= bytes_max_;
}

KeyFilter KeyFilter::with(std::span<const EventKey> keys, Offset through) const {
  KeyFilter more = *this;
  std::shared_ptr<Layer> layer;
  if (layers_.empty() || is_full(*layers_.back(), keys.size())) {
    layer = std::make_shared<Layer>();
    layer->blocks.resize(std::max<std::size_t>(1, keys_of_layer(layers_.size()) / kKeysInBlock));
    layer->from = this->through();
    more.layers_.push_back(layer);
  } else {
    layer = std::make_shared<Layer>(*layers_.back());
    more.layers_.back() = layer;
  }
  for (const EventKey& key : keys) {
    const Place place = place_of(key, layer->blocks.size());
    Block& block = layer->blocks[place.block];
    for (std::size_t word = 0; word < block.words.size(); ++word) block.words[word] |= bit_in_word(place, word);
  }
  layer->keys += keys.size();
  layer->through = through;
  return more;
}

std::size_t KeyFilter::bytes() const {
  std::size_t bytes = 0;
  for (const auto& layer : layers_) bytes += layer->blocks.size() * sizeof(Block);
  return bytes;
}

std::string KeyFilter::header_of(std::size_t layer, const std::string& identity) const {
  std::string header(kMagic);
  append_be(header, layer, 4);
  append_be(header, layers_[layer]->from.value, 8);
  append_be(header, layers_[layer]->through.value, 8);
  std::uint64_t before = 0;
  for (std::size_t earlier = 0; earlier < layer; ++earlier) before += layers_[earlier]->keys;
  append_be(header, before, 8);
  append_be(header, layers_[layer]->keys, 8);
  append_be(header, identity.size(), 4);
  return header + identity;
}

Status KeyFilter::save(const std::filesystem::path& folder, const std::string& identity) const {
  MOOT_CHECK(!layers_.empty());
  std::string bytes = header_of(layers_.size() - 1, identity);
  const std::vector<Block>& blocks = layers_.back()->blocks;
  bytes.append(reinterpret_cast<const char*>(blocks.data()), blocks.size() * sizeof(Block));
  return write_whole_file(file_of(folder, layers_.size() - 1), with_checksum(bytes));
}

Status KeyFilter::load(const std::filesystem::path& folder, const std::string& identity) {
  MOOT_CHECK(layers_.empty());
  for (;;) {
    const std::size_t index = layers_.size();
    const std::filesystem::path file = file_of(folder, index);
    const Result<std::string> stored = read_whole_file(file);
    if (stored.status().code() == Code::kMissing) return {};
    if (!stored.ok()) return stored.status();
    const Offset before = through();
    const auto layer = std::make_shared<Layer>();
    layers_.push_back(layer);
    const std::size_t header_bytes = header_of(index, identity).size();
    std::string_view bytes;
    const Status wrong(Code::kCorrupt, file.string() + ": is not this index's filter as it was written");
    if (!checked(*stored, bytes) || bytes.size() <= header_bytes || (bytes.size() - header_bytes) % sizeof(Block) != 0)
      return wrong;
    const std::string_view figures = bytes.substr(kMagic.size() + 4);
    layer->from = Offset{from_be(figures.substr(0, 8))};
    layer->through = Offset{from_be(figures.substr(8, 8))};
    layer->keys = from_be(figures.substr(24, 8));
    if (bytes.substr(0, header_bytes) != header_of(index, identity) || layer->from != before) return wrong;
    layer->blocks.resize((bytes.size() - header_bytes) / sizeof(Block));
    std::memcpy(layer->blocks.data(), bytes.data() + header_bytes, bytes.size() - header_bytes);
  }
}

Status KeyFilter::remove_files(const std::filesystem::path& folder) {
  // By their names and not by counting: where one is missing, those after it must not outlive it.
  std::error_code failed;
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::directory_iterator(folder, failed))
    if (entry.path().filename().string().starts_with("filter-")) files.push_back(entry.path());
  for (const std::filesystem::path& file : files) {
    std::filesystem::remove(file, failed);
    if (failed) return Status(Code::kDisk, file.string() + ": cannot be removed: " + failed.message());
  }
  return files.empty() ? Status() : sync_folder(folder);
}

}  // namespace moot
