#include "broker/log/key_store.h"

#include <sodium.h>

#include <algorithm>
#include <cstdio>

#include "broker/core/whole_file.h"

namespace moot {

namespace {

constexpr std::string_view kMagic = "moot keys 2 ";
constexpr std::size_t kFileKeyBytes = KeyStore::kKeysPerFile * kKeyBytes;

}  // namespace

Result<KeyStore> KeyStore::open(const std::filesystem::path& folder, const Key& epoch_key) {
  MOOT_RETURN_IF_ERROR(make_folder(folder));
  return KeyStore(folder, epoch_key);
}

bool KeyStore::needs_no_epoch_key(const std::filesystem::path& folder) {
  bool any = false;
  std::error_code failed;
  for (const auto& file : std::filesystem::directory_iterator(folder, failed)) {
    if (file.path().extension() != ".keys") continue;
    any = true;
    if (file.file_size(failed) != kFileKeyBytes) return false;
  }
  return any && !failed;
}

std::filesystem::path KeyStore::file_of(const std::filesystem::path& folder, std::uint64_t file_number) {
  char name[32];
  std::snprintf(name, sizeof name, "%016llx.keys", static_cast<unsigned long long>(file_number * kKeysPerFile));
  return folder / name;
}

Status KeyStore::make_file(const std::filesystem::path& file, const Key& epoch_key) {
  if (std::filesystem::exists(file)) return {};  // made before a restart
  std::string keys(kFileKeyBytes, '\0');
  for (std::size_t i = 0; i < kKeysPerFile; ++i) {
    const Key key = random_key();
    std::copy(key.begin(), key.end(), reinterpret_cast<unsigned char*>(keys.data()) + i * kKeyBytes);
  }
  const std::string sealed = seal(epoch_key, keys, file.filename().string());
  sodium_memzero(keys.data(), keys.size());
  const Status created = create_whole_file(file, std::string(kMagic) + sealed);
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

Result<const std::string*> KeyStore::load(std::uint64_t file_number) const {
  const auto found = loaded_.find(file_number);
  if (found != loaded_.end()) return &found->second;
  const std::filesystem::path file = file_of(folder_, file_number);
  Result<std::string> keys = read_whole_file(file);
  if (!keys.ok()) return keys.status();
  if (keys->starts_with(kMagic)) {
    keys = unseal(epoch_key_, std::string_view(*keys).substr(kMagic.size()), file.filename().string());
    if (!keys.ok()) return keys.status().with(file.string());
  }
  if (keys->size() != kFileKeyBytes) return Status(Code::kCorrupt, file.string() + ": has the wrong length");
  if (loaded_.size() >= kFilesInMemory) loaded_.erase(loaded_.begin());
  return &(loaded_[file_number] = std::move(*keys));
}

Result<Key> KeyStore::find(std::uint64_t number) const {
  const Result<const std::string*> keys = load(number / kKeysPerFile);
  if (!keys.ok()) return keys.status();
  Key key;
  const char* start = (*keys.value()).data() + number % kKeysPerFile * kKeyBytes;
  std::copy_n(reinterpret_cast<const std::uint8_t*>(start), kKeyBytes, key.begin());
  return key;
}

}  // namespace moot
