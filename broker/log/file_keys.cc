#include "broker/log/file_keys.h"

#include <sodium.h>

#include <algorithm>
#include <sstream>

#include "broker/core/whole_file.h"
#include "broker/log/big_endian.h"
#include "broker/log/checksum.h"

namespace moot {

namespace {

constexpr std::uint32_t kLevels = 32;
static_assert(FileKeys::kFilesMax == 1ULL << kLevels);
constexpr std::string_view kMagic = "moot file keys ";  // and the format's number
constexpr std::string_view kFormat1 = "moot file keys 1\n", kFormat2 = "moot file keys 2\n";

std::string end_of(std::string_view lines) { return "end " + to_hex(be64(checksum(lines))) + "\n"; }

Key branch(const Key& seed, bool right) { return derive_key(seed, right ? "file keys right" : "file keys left"); }

std::uint64_t index_at(std::uint64_t file_number, std::uint32_t level) { return file_number >> (kLevels - level); }

bool take_number(std::istringstream& words, std::uint64_t& number) { return static_cast<bool>(words >> number); }

}  // namespace

const std::pair<const FileKeys::Node, Key>& FileKeys::above(std::uint64_t file_number) const {
  MOOT_CHECK(file_number < kFilesMax);
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

std::vector<std::uint64_t> FileKeys::written_anew() const {
  std::vector<std::uint64_t> numbers;
  for (const auto& [number, own] : own_) numbers.push_back(number);
  return numbers;
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
  if (kind == "derived") {
    if (!take_number(words, first) || (words >> more))
      return Status(Code::kCorrupt, "a line is not one of a file of keys");
    derived_from_ = first;
    return {};
  }
  const bool numbers = take_number(words, first) && take_number(words, second);
  words >> hex;
  const Result<Key> key = key_from_hex(hex);
  if (!numbers || !key.ok() || (words >> more) || (kind != "seed" && kind != "file"))
    return Status(Code::kCorrupt, "a line is not one of a file of keys");
  const std::uint64_t most = kind == "seed" ? kLevels : FileKeys::kFilesMax - 1;
  if (first > most) return Status(Code::kCorrupt, "a line names what there cannot be");
  if (kind == "seed")
    seeds_[{static_cast<std::uint32_t>(first), second}] = *key;
  else
    own_[first] = Own{second, *key};
  return {};
}

// `lines`: those between the first and the last, once these are as they were written.
Status FileKeys::take_format(std::string_view text, std::string_view& lines) {
  const Status wrong(Code::kCorrupt, "is not what was written");
  if (text.starts_with(kFormat1)) {
    constexpr std::string_view kEnd = "end\n";
    if (!text.ends_with(kEnd)) return wrong;
    lines = text.substr(kFormat1.size(), text.size() - kFormat1.size() - kEnd.size());
    return {};
  }
  if (!text.starts_with(kFormat2))
    return Status(Code::kInvalid, "is of the format \"" + std::string(text.substr(0, text.find('\n'))) +
                                      "\", which this program does not know");
  const std::size_t end = text.rfind("\nend ");
  if (end == std::string_view::npos || end + 1 < kFormat2.size() ||
      text.substr(end + 1) != end_of(text.substr(0, end + 1)))
    return wrong;
  lines = text.substr(kFormat2.size(), end + 1 - kFormat2.size());
  return {};
}

Result<FileKeys> FileKeys::read(const std::filesystem::path& file) {
  const Result<std::string> text = read_whole_file(file);
  if (!text.ok()) return text.status();
  FileKeys keys;
  keys.derived_from_.reset();
  if (!text->starts_with(kMagic)) {
    std::string_view hex = *text;
    while (hex.ends_with('\n')) hex.remove_suffix(1);
    const Result<Key> key = key_from_hex(hex);
    if (!key.ok()) return Status(Code::kCorrupt, file.string() + ": " + key.status().message());
    keys.seeds_[{0, 0}] = *key;
    return keys;
  }
  std::string_view lines;
  const Status format = keys.take_format(*text, lines);
  if (!format.ok()) return format.with(file.string());
  while (!lines.empty()) {
    const std::size_t length = std::min(lines.find('\n'), lines.size());
    const Status taken = keys.take(lines.substr(0, length));
    if (!taken.ok()) return taken.with(file.string());
    lines.remove_prefix(std::min(length + 1, lines.size()));
  }
  return keys;
}

Status FileKeys::write(const std::filesystem::path& file) const {
  std::string text(kFormat2);
  MOOT_CHECK(derived_from_.has_value());  // said before anything is written
  text += "derived " + std::to_string(*derived_from_) + "\n";
  for (const auto& [node, seed] : seeds_)
    text += "seed " + std::to_string(node.first) + " " + std::to_string(node.second) + " " + to_hex(seed) + "\n";
  for (const auto& [number, own] : own_)
    text += "file " + std::to_string(number) + " " + std::to_string(own.generation) + " " + to_hex(own.key) + "\n";
  text += end_of(text);
  const Status written = write_whole_file(file, text);
  sodium_memzero(text.data(), text.size());
  return written;
}

}  // namespace moot
