#include "broker/log/key_store.h"

#include <sodium.h>

#include <algorithm>
#include <cstdio>
#include <fstream>
#include <utility>

#include "broker/core/whole_file.h"

namespace moot {

namespace {

constexpr std::string_view kMagic = "moot keys 2 ";
constexpr std::size_t kFileKeyBytes = KeyStore::kKeysPerFile * kKeyBytes;  // the size of a file of format 1
constexpr std::uint64_t kKeysPerPage = 64;
constexpr std::uint64_t kPagesPerFile = KeyStore::kKeysPerFile / kKeysPerPage;
constexpr std::size_t kPageKeyBytes = kKeysPerPage * kKeyBytes;
constexpr std::size_t kPageBytes = kPageKeyBytes + kSealBytes;
constexpr std::size_t kFileBytes = kMagic.size() + kPagesPerFile * kPageBytes;

std::string binding(const std::filesystem::path& file, std::uint64_t page_in_file) {
  return file.filename().string() + " page " + std::to_string(page_in_file);
}

}  // namespace

Result<KeyStore> KeyStore::open(const std::filesystem::path& folder, const Key& epoch_key) {
  MOOT_RETURN_IF_ERROR(make_folder(folder));
  return KeyStore(folder, epoch_key);
}

bool KeyStore::needs_no_epoch_key(const std::filesystem::path& folder) {
  std::error_code failed;
  for (const auto& file : std::filesystem::directory_iterator(folder, failed)) {
    if (file.path().extension() != ".keys") continue;
    if (file.file_size(failed) != kFileKeyBytes) return false;
  }
  return !failed;
}

std::filesystem::path KeyStore::file_of(const std::filesystem::path& folder, std::uint64_t file_number) {
  char name[32];
  std::snprintf(name, sizeof name, "%016llx.keys", static_cast<unsigned long long>(file_number * kKeysPerFile));
  return folder / name;
}

Status KeyStore::make_file(const std::filesystem::path& file, const Key& epoch_key) {
  // Made before a restart: its name may not have been synced when the process before this one ended.
  if (std::filesystem::exists(file)) return sync_folder(file.parent_path());
  std::string sealed(kMagic);
  std::string keys(kPageKeyBytes, '\0');
  for (std::uint64_t page = 0; page < kPagesPerFile; ++page) {
    fill_with_random(keys);  // one after the other they cost ten times as much
    sealed += seal(epoch_key, keys, binding(file, page));
  }
  sodium_memzero(keys.data(), keys.size());
  MOOT_CHECK(sealed.size() == kFileBytes);
  const Status created = create_whole_file(file, sealed);
  return created.code() == Code::kExists ? Status() : created;
}

Status KeyStore::ensure_file(std::uint64_t file_number) {
  while (files_made_ <= file_number) {
    // A fresh store, or one opened again, begins where it is asked to.
    if (!ahead_.valid()) {
      MOOT_RETURN_IF_ERROR(make_file(file_of(folder_, file_number), epoch_key_));
      files_made_ = file_number + 1;
      break;
    }
    MOOT_RETURN_IF_ERROR(ahead_.get());
    ++files_made_;
  }
  return {};
}

Result<Key> KeyStore::make(std::uint64_t number) {
  const std::uint64_t file_number = number / kKeysPerFile;
  MOOT_RETURN_IF_ERROR(ensure_file(file_number));
  const bool half_used = number % kKeysPerFile >= kKeysPerFile / 2;
  if (half_used && files_made_ == file_number + 1 && !ahead_.valid())
    ahead_ = std::async(std::launch::async, [file = file_of(folder_, files_made_), epoch_key = epoch_key_] {
      return make_file(file, epoch_key);
    });
  return find(number);
}

Result<std::string> KeyStore::read_page(std::uint64_t page_number) const {
  const std::filesystem::path file = file_of(folder_, page_number / kPagesPerFile);
  const std::uint64_t page = page_number % kPagesPerFile;
  std::ifstream in(file, std::ios::binary | std::ios::ate);
  if (!in) {
    const bool there = std::filesystem::exists(file);
    return Status(there ? Code::kDisk : Code::kMissing, file.string() + (there ? ": cannot be read" : ": is missing"));
  }
  const auto size = static_cast<std::size_t>(in.tellg());
  const bool bare = size == kFileKeyBytes;
  if (!bare && size != kFileBytes) return Status(Code::kCorrupt, file.string() + ": has the wrong length");
  const std::size_t page_bytes = bare ? kPageKeyBytes : kPageBytes;
  std::string magic(bare ? 0 : kMagic.size(), '\0'), bytes(page_bytes, '\0');
  in.seekg(0);
  in.read(magic.data(), static_cast<std::streamsize>(magic.size()));
  in.seekg(static_cast<std::streamoff>(magic.size() + page * page_bytes));
  in.read(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  if (!in) return Status(Code::kDisk, file.string() + ": cannot be read");
  if (bare) return bytes;
  if (magic != kMagic) return Status(Code::kCorrupt, file.string() + ": is not a file of keys");
  Result<std::string> keys = unseal(epoch_key_, bytes, binding(file, page));
  return keys.ok() ? std::move(keys) : keys.status().with(file.string());
}

Result<Key> KeyStore::find(std::uint64_t number) const {
  const std::uint64_t page_number = number / kKeysPerPage;
  auto page = younger_.find(page_number);
  if (page == younger_.end()) {
    const auto elder = elder_.find(page_number);
    Result<std::string> keys = elder == elder_.end() ? read_page(page_number) : std::move(elder->second);
    if (!keys.ok()) return keys.status();
    if (elder != elder_.end()) elder_.erase(elder);
    if (younger_.size() >= kPagesInHalf) elder_ = std::exchange(younger_, {});
    page = younger_.emplace(page_number, std::move(*keys)).first;
  }
  Key key;
  const char* start = page->second.data() + number % kKeysPerPage * kKeyBytes;
  std::copy_n(reinterpret_cast<const std::uint8_t*>(start), kKeyBytes, key.begin());
  return key;
}

}  // namespace moot
