#include "broker/log/key_store.h"

#include <sodium.h>

#include <algorithm>
#include <cstdio>

#include "broker/core/whole_file.h"

namespace moot {

Result<KeyStore> KeyStore::open(const std::filesystem::path& folder) {
  const Status made = make_folder(folder);
  if (!made.ok()) return made;
  return KeyStore(folder);
}

std::filesystem::path KeyStore::file_of(std::uint64_t number) const {
  char name[32];
  std::snprintf(name, sizeof name, "%016llx.keys",
                static_cast<unsigned long long>(number / kKeysPerFile * kKeysPerFile));
  return folder_ / name;
}

Result<const std::string*> KeyStore::load(std::uint64_t number) const {
  const std::uint64_t first = number / kKeysPerFile;
  const auto found = loaded_.find(first);
  if (found != loaded_.end()) return &found->second;
  Result<std::string> bytes = read_whole_file(file_of(number));
  if (!bytes.ok()) return bytes.status();
  if (bytes->size() != kKeysPerFile * kKeyBytes)
    return Status(Code::kCorrupt, file_of(number).string() + ": has the wrong length");
  if (loaded_.size() >= kFilesInMemory) loaded_.erase(loaded_.begin());
  return &(loaded_[first] = std::move(*bytes));
}

Result<Key> KeyStore::make(std::uint64_t number) {
  if (loaded_.count(number / kKeysPerFile) == 0 && !std::filesystem::exists(file_of(number))) {
    std::string keys(kKeysPerFile * kKeyBytes, '\0');
    for (std::size_t i = 0; i < kKeysPerFile; ++i) {
      const Key key = random_key();
      std::copy(key.begin(), key.end(), reinterpret_cast<unsigned char*>(keys.data()) + i * kKeyBytes);
    }
    const Status created = create_whole_file(file_of(number), keys);
    sodium_memzero(keys.data(), keys.size());
    if (!created.ok() && created.code() != Code::kExists) return created;
  }
  return find(number);
}

Result<Key> KeyStore::find(std::uint64_t number) const {
  const Result<const std::string*> keys = load(number);
  if (!keys.ok()) return keys.status();
  Key key;
  const char* start = (*keys.value()).data() + number % kKeysPerFile * kKeyBytes;
  std::copy_n(reinterpret_cast<const std::uint8_t*>(start), kKeyBytes, key.begin());
  return key;
}

}  // namespace moot
