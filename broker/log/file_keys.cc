#include "broker/log/file_keys.h"

#include <sodium.h>

#include <charconv>
#include <sstream>

#include "broker/core/whole_file.h"

namespace moot {

namespace {

constexpr std::uint32_t kLevels = 32;
constexpr std::string_view kMagic = "moot file keys 1";

Key branch(const Key& seed, bool right) { return derive_key(seed, right ? "file keys right" : "file keys left"); }

std::uint64_t index_at(std::uint64_t file_number, std::uint32_t level) { return file_number >> (kLevels - level); }

bool take_number(std::istringstream& words, std::uint64_t& number) { return static_cast<bool>(words >> number); }

}  // namespace

const std::pair<const FileKeys::Node, Key>& FileKeys::above(std::uint64_t file_number) const {
  MOOT_CHECK(file_number < 1ULL << kLevels);
  for (std::uint32_t level = 0;; ++level) {
    const auto found = seeds_.find({level, index_at(file_number, level)});
    if (found != seeds_.end()) return *found;
    MOOT_CHECK(level < kLevels);  // a file without a key of its own has its seed
  }
}

std::uint64_t FileKeys::generation(std::uint64_t file_number) const {
  const auto own = own_.find(file_number);
  return own == own_.end() ? 0 : own->second.generation;
}

Key FileKeys::of(std::uint64_t file_number) const {
  if (const auto own = own_.find(file_number); own != own_.end()) return own->second.key;
  const auto& [node, seed] = above(file_number);
  Key key = seed;
  for (std::uint32_t level = node.first; level < kLevels; ++level)
    key = branch(key, (index_at(file_number, level + 1) & 1) != 0);
  return derive_key(key, "file key");
}

std::optional<Key> FileKeys::epoch_key() const {
  const auto root = seeds_.find({0, 0});
  return root == seeds_.end() ? std::nullopt : std::optional<Key>(root->second);
}

void FileKeys::forget(std::uint64_t file_number) {
  const bool first = !own_.contains(file_number);
  Own& own = own_[file_number];
  ++own.generation;
  own.key = random_key();
  if (!first) return;
  const auto [node, seed] = above(file_number);
  seeds_.erase(node);
  Key way = seed;
  for (std::uint32_t level = node.first; level < kLevels; ++level) {
    const std::uint64_t next = index_at(file_number, level + 1);
    seeds_[{level + 1, next ^ 1}] = branch(way, (next & 1) == 0);
    way = branch(way, (next & 1) != 0);
  }
  sodium_memzero(way.data(), way.size());
}

Status FileKeys::take(std::string_view line) {
  std::istringstream words{std::string(line)};
  std::string kind, hex, more;
  std::uint64_t first = 0, second = 0;
  words >> kind;
  const bool numbers = take_number(words, first) && take_number(words, second);
  words >> hex;
  const Result<Key> key = key_from_hex(hex);
  if (!numbers || !key.ok() || (words >> more) || (kind != "seed" && kind != "file"))
    return Status(Code::kCorrupt, "a line is not one of a file of keys");
  const std::uint64_t most = kind == "seed" ? kLevels : (1ULL << kLevels) - 1;
  if (first > most) return Status(Code::kCorrupt, "a line names what there cannot be");
  if (kind == "seed")
    seeds_[{static_cast<std::uint32_t>(first), second}] = *key;
  else
    own_[first] = Own{second, *key};
  return {};
}

Result<FileKeys> FileKeys::read(const std::filesystem::path& file) {
  const Result<std::string> text = read_whole_file(file);
  if (!text.ok()) return text.status();
  if (!text->starts_with(kMagic)) {
    std::string_view hex = *text;
    while (hex.ends_with('\n')) hex.remove_suffix(1);
    const Result<Key> key = key_from_hex(hex);
    if (!key.ok()) return Status(Code::kCorrupt, file.string() + ": " + key.status().message());
    return FileKeys(*key);
  }
  FileKeys keys;
  std::istringstream lines(*text);
  std::string line;
  std::getline(lines, line);
  bool whole = line == kMagic && text->ends_with("end\n");
  while (whole && std::getline(lines, line) && line != "end") {
    const Status taken = keys.take(line);
    if (!taken.ok()) return taken.with(file.string());
  }
  if (whole) return keys;
  return Status(Code::kCorrupt, file.string() + ": is not what was written");
}

Status FileKeys::write(const std::filesystem::path& file) const {
  if (const std::optional<Key> root = epoch_key()) return write_whole_file(file, to_hex(*root) + "\n");
  std::string text = std::string(kMagic) + "\n";
  for (const auto& [node, seed] : seeds_)
    text += "seed " + std::to_string(node.first) + " " + std::to_string(node.second) + " " + to_hex(seed) + "\n";
  for (const auto& [number, own] : own_)
    text += "file " + std::to_string(number) + " " + std::to_string(own.generation) + " " + to_hex(own.key) + "\n";
  text += "end\n";
  const Status written = write_whole_file(file, text);
  sodium_memzero(text.data(), text.size());
  return written;
}

}  // namespace moot
