#include "broker/backup_place.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <utility>

#include "broker/core/seal.h"
#include "broker/core/whole_file.h"
#include "broker/log/block.h"

namespace moot {

namespace fs = std::filesystem;

namespace {

constexpr std::string_view kMarkOfPlace = " 1 ";
constexpr std::size_t kIdCharacters = 32;
constexpr std::string_view kManifest = "generation-";

// 0 when the name is not that of a manifest.
std::uint64_t generation_of(const std::string& name) {
  if (!name.starts_with(kManifest)) return 0;
  const std::string digits = name.substr(kManifest.size());
  if (digits.empty() || digits.size() > 18 || digits.find_first_not_of("0123456789") != std::string::npos) return 0;
  return std::stoull(digits);
}

// Other than the mark that an interrupted first backup was about to set.
bool holds_something(const fs::path& folder, BackupKind kind) {
  std::error_code failed;
  for (const auto& entry : fs::directory_iterator(folder, failed))
    if (!entry.path().filename().string().starts_with(std::string(mark_of(kind)) + ".new-")) return true;
  return static_cast<bool>(failed);  // no folder, or one that cannot be looked into
}

}  // namespace

BackupPlace::BackupPlace(BackupPlace&& other) noexcept
    : folder_(std::move(other.folder_)),
      kind_(other.kind_),
      log_id_(std::move(other.log_id_)),
      lock_(std::exchange(other.lock_, -1)) {}

BackupPlace::~BackupPlace() {
  if (lock_ >= 0) ::close(lock_);  // lets the lock go
}

bool BackupPlace::is_one(const fs::path& folder, BackupKind kind) {
  std::error_code ignored;
  return fs::exists(folder / mark_of(kind), ignored);
}

Status BackupPlace::read_mark() {
  const fs::path file = folder_ / mark_of(kind_);
  const Result<std::string> text = read_whole_file(file);
  if (text.status().code() == Code::kMissing)
    return Status(Code::kInvalid, folder_.string() + ": is not a backup" +
                                      (kind_ == BackupKind::kKeys ? " of keys" : "") + " made by Moot");
  if (!text.ok()) return text.status();
  const std::string begin = std::string(mark_of(kind_)) + std::string(kMarkOfPlace);
  if (!text->starts_with(begin) || text->size() != begin.size() + kIdCharacters + 1 || text->back() != '\n')
    return Status(Code::kInvalid, file.string() + ": is not of a format this program reads");
  log_id_ = text->substr(begin.size(), kIdCharacters);
  return {};
}

Result<BackupPlace> BackupPlace::open(const fs::path& folder, BackupKind kind) {
  BackupPlace place(folder, kind);
  MOOT_RETURN_IF_ERROR(place.read_mark());
  return place;
}

Result<BackupPlace> BackupPlace::begin(const fs::path& folder, BackupKind kind, const std::string& log_id) {
  BackupPlace place(folder, kind);
  std::error_code failed;
  if (fs::exists(folder, failed) && !is_one(folder, kind) && holds_something(folder, kind))
    return Status(Code::kInvalid,
                  folder.string() + ": is neither empty nor a backup made by Moot; it is left as it is");
  MOOT_RETURN_IF_ERROR(make_folder(folder));
  if (!is_one(folder, kind)) {
    const std::string mark = std::string(mark_of(kind)) + std::string(kMarkOfPlace) + log_id + "\n";
    MOOT_RETURN_IF_ERROR(write_whole_file(folder / mark_of(kind), mark));
  }
  MOOT_RETURN_IF_ERROR(place.read_mark());
  if (place.log_id_ != log_id)
    return Status(Code::kInvalid, folder.string() + ": holds backups of another data directory; it is left as it is");
  MOOT_RETURN_IF_ERROR(place.take_lock());
  return place;
}

Status BackupPlace::take_lock() {
  const fs::path file = folder_ / mark_of(kind_);
  lock_ = ::open(file.c_str(), O_RDWR | O_CLOEXEC);
  if (lock_ < 0) return Status(Code::kDisk, file.string() + ": cannot be written: " + std::strerror(errno));
  struct flock lock = {};
  lock.l_type = F_WRLCK;
  lock.l_whence = SEEK_SET;
  // Some network file systems have no locks: then there is only the broker's own "one at a time".
  if (::fcntl(lock_, F_OFD_SETLK, &lock) == 0 || (errno != EAGAIN && errno != EACCES)) return {};
  return Status(Code::kExists, folder_.string() + ": another broker is just adding to this backup");
}

std::vector<std::uint64_t> BackupPlace::generations() const {
  std::vector<std::uint64_t> found;
  std::error_code ignored;
  for (const auto& entry : fs::directory_iterator(folder_, ignored))
    if (const std::uint64_t number = generation_of(entry.path().filename().string()); number > 0)
      found.push_back(number);
  std::sort(found.begin(), found.end());
  return found;
}

std::uint64_t BackupPlace::next_generation() const {
  const std::vector<std::uint64_t> there = generations();
  return there.empty() ? 1 : there.back() + 1;
}

fs::path BackupPlace::manifest_file(std::uint64_t generation) const {
  char name[40];
  std::snprintf(name, sizeof name, "%s%06llu", kManifest.data(), static_cast<unsigned long long>(generation));
  return folder_ / name;
}

Result<BackupManifest> BackupPlace::manifest(std::optional<std::uint64_t> generation) const {
  const std::vector<std::uint64_t> there = generations();
  if (!generation && there.empty())
    return Status(Code::kMissing, folder_.string() + ": holds no whole generation; its first backup was interrupted");
  const std::uint64_t number = generation ? *generation : there.back();
  if (std::find(there.begin(), there.end(), number) == there.end())
    return Status(Code::kMissing, folder_.string() + ": has no generation " + std::to_string(number));
  const fs::path file = manifest_file(number);
  const Result<std::string> text = read_whole_file(file);
  if (!text.ok()) return text.status();
  Result<BackupManifest> manifest = manifest_from(*text, kind_);
  if (!manifest.ok()) return manifest.status().with(file.string());
  if (manifest->generation != number || manifest->log_id != log_id_)
    return Status(Code::kCorrupt, file.string() + ": is the manifest of another backup");
  return manifest;
}

Status BackupPlace::add(const BackupManifest& manifest) const {
  return write_whole_file(manifest_file(manifest.generation), to_text(manifest));
}

Result<std::vector<BackupManifest>> BackupPlace::keep(std::uint32_t count) const {
  std::vector<std::uint64_t> numbers = generations();
  std::vector<BackupManifest> kept;
  for (const std::uint64_t number : numbers) {
    Result<BackupManifest> one = manifest(number);
    if (!one.ok()) return one.status();
    kept.push_back(std::move(*one));
  }
  while (kept.size() > count) {
    std::error_code failed;
    fs::remove(manifest_file(kept.front().generation), failed);
    if (failed) return Status(Code::kDisk, manifest_file(kept.front().generation).string() + ": cannot be deleted");
    kept.erase(kept.begin());
  }
  MOOT_RETURN_IF_ERROR(sync_folder(folder_));  // forgotten for good before anything it names is deleted
  return kept;
}

bool is_inside(const fs::path& path, const fs::path& folder) {
  std::error_code failed;
  const fs::path outer = fs::weakly_canonical(fs::absolute(folder), failed);
  const fs::path inner = fs::weakly_canonical(fs::absolute(path), failed);
  // A name that ends with "/" has an empty last part.
  const fs::path relative = inner.lexically_relative(outer.has_filename() ? outer : outer.parent_path());
  return !relative.empty() && *relative.begin() != "..";
}

Result<BackupFile> digest_file(const fs::path& root, const std::string& path) {
  const Result<std::string> bytes = read_whole_file(root / path);
  if (!bytes.ok()) return bytes.status();
  return BackupFile{path, bytes->size(), to_hex(digest_of(*bytes))};
}

Status check_file(const fs::path& file, const BackupFile& expected) {
  const Result<std::string> bytes = read_whole_file(file);
  if (!bytes.ok()) return bytes.status();
  if (bytes->size() == expected.bytes && to_hex(digest_of(*bytes)) == expected.digest) return {};
  return Status(Code::kCorrupt, file.string() + ": is not what was written");
}

}  // namespace moot
