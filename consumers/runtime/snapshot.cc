#include "consumers/runtime/snapshot.h"

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <system_error>
#include <vector>

#include "broker/core/seal.h"
#include "broker/core/whole_file.h"

namespace moot {
namespace {

constexpr std::string_view kMagic = "moot-snapshot 2 ";
constexpr std::size_t kKeyIdCharacters = 32;

Status disk_error(std::string_view what, const std::filesystem::path& file) {
  std::string sentence(what);
  sentence.append(" ").append(file.string()).append(": ").append(std::strerror(errno));
  return Status(Code::kDisk, std::move(sentence));
}

// Log ids are free text; a digest keeps file names plain, and two data directories that share keys apart.
std::string key_prefix(const SnapshotPlace& place) {
  const Digest digest = keyed_digest(Key{}, place.log_id);
  const std::string_view bytes(reinterpret_cast<const char*>(digest.data()), 8);
  return "snapshot-" + place.view + "-" + to_hex(bytes) + "-";
}

std::filesystem::path key_path(const SnapshotPlace& place, const std::string& key_id) {
  return place.keys_folder / (key_prefix(place) + key_id + ".key");
}

std::string bound_to(const SnapshotPlace& place, const std::string& key_id) {
  return "snapshot 2\n" + place.view + "\n" + place.log_id + "\n" + key_id;
}

std::string cursor_bytes(Offset cursor) {
  std::string bytes;
  for (int shift = 56; shift >= 0; shift -= 8) bytes.push_back(static_cast<char>((cursor.value >> shift) & 0xff));
  return bytes;
}

void remove_old_keys(const SnapshotPlace& place, const std::filesystem::path& current) {
  const std::string prefix = key_prefix(place);
  std::vector<std::filesystem::path> old;
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator(place.keys_folder, error)) {
    const std::string name = entry.path().filename().string();
    if (name.starts_with(prefix) && entry.path() != current) old.push_back(entry.path());
  }
  // A key that cannot be removed now goes with the next save; the new snapshot stands either way.
  for (const auto& file : old) std::filesystem::remove(file, error);
}

Status unreadable(const SnapshotPlace& place, std::string_view why) {
  return Status(Code::kCorrupt, "the snapshot " + place.file().string() + " cannot be used: " + std::string(why));
}

}  // namespace

Status write_snapshot(const SnapshotPlace& place, Snapshot snapshot) {
  const Key name_key = random_key();
  const std::string key_id = to_hex(std::string_view(reinterpret_cast<const char*>(name_key.data()), 16));
  const Key key = random_key();
  const std::filesystem::path key_file = key_path(place, key_id);
  const std::string key_hex = to_hex(std::string_view(reinterpret_cast<const char*>(key.data()), key.size()));
  MOOT_RETURN_IF_ERROR(write_whole_file(key_file, key_hex + "\n"));

  MOOT_CHECK(snapshot.coverage.size() < 256);
  std::string plain = std::move(snapshot.state);
  plain.insert(0, cursor_bytes(snapshot.cursor) + static_cast<char>(snapshot.coverage.size()) + snapshot.coverage);
  std::string bytes = std::string(kMagic) + key_id + "\n";
  append_sealed(bytes, key, plain, bound_to(place, key_id));
  plain = std::string();
  MOOT_RETURN_IF_ERROR(write_whole_file(place.file(), bytes));
  remove_old_keys(place, key_file);
  return sync_folder(place.keys_folder);
}

Result<Snapshot> read_snapshot(const SnapshotPlace& place) {
  Result<std::string> whole = read_whole_file(place.file());
  if (!whole.ok() && whole.status().code() == Code::kMissing)
    return Status(Code::kNotFound, "there is no snapshot " + place.file().string());
  if (!whole.ok()) return whole.status();
  const std::string_view bytes = *whole;
  const std::size_t head = kMagic.size() + kKeyIdCharacters + 1;
  if (bytes.size() < head || !bytes.starts_with(kMagic) || bytes[head - 1] != '\n')
    return unreadable(place, "it does not begin as one");
  const std::string key_id(bytes.substr(kMagic.size(), kKeyIdCharacters));
  if (key_id.find_first_not_of("0123456789abcdef") != std::string::npos)
    return unreadable(place, "the id of its key is damaged");
  const Result<std::string> key_text = read_whole_file(key_path(place, key_id));
  if (!key_text.ok()) return unreadable(place, "its key is not there, or belongs to another log");
  std::string_view key_hex = *key_text;
  while (key_hex.ends_with('\n')) key_hex.remove_suffix(1);
  const Result<Key> key = key_from_hex(key_hex);
  if (!key.ok()) return unreadable(place, "its key is damaged");
  Result<std::string> plain = unseal(*key, bytes.substr(head), bound_to(place, key_id));
  if (!plain.ok()) return unreadable(place, "it is torn, was changed, or belongs to another log");
  *whole = std::string();
  if (plain->size() < 9) return unreadable(place, "it is too short");
  Snapshot snapshot;
  for (std::size_t i = 0; i < 8; ++i)
    snapshot.cursor.value = (snapshot.cursor.value << 8) | static_cast<unsigned char>((*plain)[i]);
  const std::size_t length = static_cast<unsigned char>((*plain)[8]);
  if (plain->size() < 9 + length) return unreadable(place, "it is too short");
  snapshot.coverage = plain->substr(9, length);
  plain->erase(0, 9 + length);
  snapshot.state = std::move(*plain);
  return snapshot;
}

Status set_snapshot_aside(const SnapshotPlace& place) {
  for (int number = 1; number < 10'000; ++number) {
    std::filesystem::path aside = place.file();
    aside += number == 1 ? ".unreadable" : ".unreadable-" + std::to_string(number);
    if (std::filesystem::exists(aside)) continue;
    if (::rename(place.file().c_str(), aside.c_str()) != 0) return disk_error("cannot set aside", place.file());
    return sync_folder(place.folder);
  }
  return Status(Code::kDisk, "too many unreadable snapshots stand beside " + place.file().string());
}

}  // namespace moot
