#include "adapters/spool_file.h"

#include <algorithm>
#include <charconv>

namespace moot {

namespace {

namespace fs = std::filesystem;

constexpr std::size_t kHeadBytes = 4 + 8 + 4;
constexpr std::size_t kNameDigits = 20;
constexpr std::string_view kEnding = ".parcels";

void append_big_endian(std::string& out, std::uint64_t value, unsigned bytes) {
  for (unsigned i = bytes; i-- > 0;) out.push_back(static_cast<char>(value >> (8 * i) & 0xff));
}

std::uint64_t from_big_endian(std::string_view bytes) {
  std::uint64_t value = 0;
  for (const char c : bytes) value = value << 8 | static_cast<unsigned char>(c);
  return value;
}

std::string bound_to(std::uint64_t number, std::string_view head) {
  std::string bound;
  append_big_endian(bound, number, 8);
  return bound.append(head);
}

}  // namespace

std::string spool_file_name(std::uint64_t first) {
  const std::string digits = std::to_string(first);
  return std::string(kNameDigits - digits.size(), '0') + digits + std::string(kEnding);
}

Result<std::vector<SpoolFile>> spool_files(const fs::path& folder) {
  std::vector<SpoolFile> files;
  std::error_code failed;
  fs::directory_iterator entry(folder, failed);
  if (failed == std::errc::no_such_file_or_directory) return files;
  for (; !failed && entry != fs::directory_iterator(); entry.increment(failed)) {
    const std::string name = entry->path().filename().string();
    std::uint64_t first = 0;
    if (name.size() != kNameDigits + kEnding.size() || !name.ends_with(kEnding)) continue;
    const auto read = std::from_chars(name.data(), name.data() + kNameDigits, first);
    if (read.ec == std::errc() && read.ptr == name.data() + kNameDigits) files.push_back({entry->path(), first});
  }
  if (failed) return Status(Code::kDisk, folder.string() + ": cannot be listed: " + failed.message());
  std::sort(files.begin(), files.end(), [](const auto& one, const auto& other) { return one.first < other.first; });
  return files;
}

std::uint64_t append_entry(std::string& out, const Key& key, std::uint64_t number, Instant kept,
                           const v1::SpooledParcel& parcel) {
  const std::size_t before = out.size();
  const std::string plain = parcel.SerializeAsString();
  append_big_endian(out, plain.size() + kSealBytes, 4);
  append_big_endian(out, static_cast<std::uint64_t>(kept.us), 8);
  append_big_endian(out, static_cast<std::uint64_t>(parcel.events_size()), 4);
  append_sealed(out, key, plain, bound_to(number, std::string_view(out).substr(before, kHeadBytes)));
  return out.size() - before;
}

std::optional<SpoolEntry> entry_at(std::string_view bytes, std::uint64_t number) {
  if (bytes.size() < kHeadBytes) return std::nullopt;
  const std::uint64_t sealed = from_big_endian(bytes.substr(0, 4));
  if (sealed < kSealBytes || sealed > bytes.size() - kHeadBytes) return std::nullopt;
  SpoolEntry entry;
  entry.number = number;
  entry.kept.us = static_cast<std::int64_t>(from_big_endian(bytes.substr(4, 8)));
  entry.events = static_cast<std::uint32_t>(from_big_endian(bytes.substr(12, 4)));
  entry.head = bytes.substr(0, kHeadBytes);
  entry.sealed = bytes.substr(kHeadBytes, sealed);
  return entry;
}

Result<v1::SpooledParcel> unseal_entry(const Key& key, const SpoolEntry& entry) {
  const Result<std::string> plain = unseal(key, entry.sealed, bound_to(entry.number, entry.head));
  if (!plain.ok()) return plain.status();
  v1::SpooledParcel parcel;
  if (!parcel.ParseFromString(*plain)) return Status(Code::kCorrupt, "it is sealed and cannot be read all the same");
  return parcel;
}

}  // namespace moot
