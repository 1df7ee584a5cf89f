#include "broker/log/key_store.h"

#include <sodium.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <map>
#include <set>
#include <utility>
#include <vector>

#include "broker/core/whole_file.h"

namespace moot {

namespace {

std::string binding(const std::filesystem::path& file, std::uint64_t page_in_file) {
  return file.filename().string() + " page " + std::to_string(page_in_file);
}

std::string sealed_keys(const std::filesystem::path& file, const Key& file_key, std::string_view keys) {
  std::string sealed(kKeysMagic);
  for (std::uint64_t page = 0; page < kKeyPagesPerFile; ++page)
    append_sealed(sealed, file_key, keys.substr(page * kPageKeyBytes, kPageKeyBytes), binding(file, page));
  MOOT_CHECK(sealed.size() == kKeyFileBytes);
  return sealed;
}

bool is_destroyed(const char* key) {
  return std::all_of(key, key + kKeyBytes, [](char byte) { return byte == 0; });
}

Status destroyed(std::uint64_t number) {
  return Status(Code::kErased, "key " + std::to_string(number) + " was destroyed when a person was erased");
}

}  // namespace

Result<KeyStore> KeyStore::open(const std::filesystem::path& folder, const FileKeys& file_keys) {
  MOOT_RETURN_IF_ERROR(make_folder(folder));
  return KeyStore(folder, file_keys);
}

bool KeyStore::needs_no_epoch_key(const std::filesystem::path& folder) {
  std::error_code failed;
  for (const auto& file : std::filesystem::directory_iterator(folder, failed)) {
    if (file.path().extension() != ".keys") continue;
    if (file.file_size(failed) != kBareKeyFileBytes) return false;
  }
  return !failed;
}

std::filesystem::path KeyStore::file_of(std::uint64_t file_number, std::uint64_t generation) const {
  char name[48];
  const int length =
      std::snprintf(name, sizeof name, "%016llx", static_cast<unsigned long long>(file_number * kKeysPerFile));
  const std::string suffix = generation == 0 ? "" : "-" + std::to_string(generation);
  return folder_ / (std::string(name, static_cast<std::size_t>(length)) + suffix + ".keys");
}

const Key& KeyStore::key_of_file(std::uint64_t file_number) const {
  const auto known = keys_of_files_.find(file_number);
  if (known != keys_of_files_.end()) return known->second;
  return keys_of_files_[file_number] = file_keys_.of(file_number);
}

Status KeyStore::make_file(const std::filesystem::path& file, const Key& file_key) {
  // Made before a restart: its name may not have been synced when the process before this one ended.
  if (std::filesystem::exists(file)) return sync_folder(file.parent_path());
  std::string keys(kBareKeyFileBytes, '\0');
  fill_with_random(keys);  // one after the other they cost ten times as much
  const Status created = create_whole_file(file, sealed_keys(file, file_key, keys));
  sodium_memzero(keys.data(), keys.size());
  return created.code() == Code::kExists ? Status() : created;
}

Status KeyStore::ensure_file(std::uint64_t file_number) {
  while (files_made_ <= file_number) {
    // A fresh store, or one opened again, begins where it is asked to.
    if (!ahead_.valid()) {
      MOOT_RETURN_IF_ERROR(
          make_file(file_of(file_number, file_keys_.generation(file_number)), key_of_file(file_number)));
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
    ahead_ =
        std::async(std::launch::async, [file = file_of(files_made_, file_keys_.generation(files_made_)),
                                        file_key = key_of_file(files_made_)] { return make_file(file, file_key); });
  return find(number);
}

Result<std::string> KeyStore::read_page(std::uint64_t page_number) const {
  const std::uint64_t file_number = page_number / kKeyPagesPerFile;
  const std::filesystem::path file = file_of(file_number, file_keys_.generation(file_number));
  const std::uint64_t page_in_file = page_number % kKeyPagesPerFile;
  Result<KeyPages::Page> page = pages_.read(file, page_in_file);
  if (!page.ok()) return page.status();
  if (page->format == 1) return std::move(page->bytes);
  const std::optional<Key> epoch_key = file_keys_.epoch_key();
  if (page->format == 2 && !epoch_key) return Status(Code::kCorrupt, file.string() + ": is not a file of keys");
  Result<std::string> keys =
      unseal(page->format == 3 ? key_of_file(file_number) : *epoch_key, page->bytes, binding(file, page_in_file));
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
  if (*start == 0 && is_destroyed(start)) return destroyed(number);
  std::copy_n(reinterpret_cast<const std::uint8_t*>(start), kKeyBytes, key.begin());
  return key;
}

void KeyStore::forget_pages() {
  for (Pages* pages : {&younger_, &elder_}) {
    for (auto& [number, keys] : *pages) sodium_memzero(keys.data(), keys.size());
    pages->clear();
  }
  keys_of_files_.clear();
  pages_.forget();
}

Result<std::string> KeyStore::read_keys(std::uint64_t file_number) const {
  std::string keys;
  keys.reserve(kBareKeyFileBytes);
  for (std::uint64_t page = 0; page < kKeyPagesPerFile; ++page) {
    const Result<std::string> of_page = read_page(file_number * kKeyPagesPerFile + page);
    if (!of_page.ok()) return of_page.status();
    keys += *of_page;
  }
  return keys;
}

Status KeyStore::write_keys(std::uint64_t file_number, std::string_view keys, const FileKeys& under) const {
  const std::filesystem::path file = file_of(file_number, under.generation(file_number));
  return write_whole_file(file, sealed_keys(file, under.of(file_number), keys));
}

// Files of older formats depend on the whole epoch key, or on none: they are sealed under keys of their own first.
Status KeyStore::leave_old_formats() {
  if (!file_keys_.epoch_key()) return {};
  std::error_code failed;
  for (const auto& entry : std::filesystem::directory_iterator(folder_, failed)) {
    if (entry.path().extension() != ".keys") continue;
    std::string magic(kKeysMagic.size(), '\0');
    std::ifstream(entry.path(), std::ios::binary).read(magic.data(), static_cast<std::streamsize>(magic.size()));
    if (magic == kKeysMagic) continue;
    const std::uint64_t file_number = std::stoull(entry.path().stem().string(), nullptr, 16) / kKeysPerFile;
    Result<std::string> keys = read_keys(file_number);
    if (!keys.ok()) return keys.status();
    MOOT_RETURN_IF_ERROR(write_keys(file_number, *keys, file_keys_));
    sodium_memzero(keys->data(), keys->size());
  }
  return failed ? Status(Code::kDisk, folder_.string() + ": cannot be read: " + failed.message()) : Status();
}

// Never a later one than epoch.key tells of: on doubt nothing is deleted.
Status KeyStore::remove_earlier_generations() const {
  std::error_code failed;
  std::vector<std::filesystem::path> earlier;
  for (const auto& entry : std::filesystem::directory_iterator(folder_, failed)) {
    const std::string name = entry.path().stem().string();
    if (entry.path().extension() != ".keys" || name.size() < 16) continue;
    const std::uint64_t file_number = std::strtoull(name.substr(0, 16).c_str(), nullptr, 16) / kKeysPerFile;
    const std::uint64_t generation = name.size() > 17 ? std::strtoull(name.c_str() + 17, nullptr, 10) : 0;
    if (generation < file_keys_.generation(file_number)) earlier.push_back(entry.path());
  }
  for (const std::filesystem::path& file : earlier) std::filesystem::remove(file, failed);
  if (failed) return Status(Code::kDisk, folder_.string() + ": an old file of keys cannot be deleted");
  return earlier.empty() ? Status() : sync_folder(folder_);
}

Result<std::uint64_t> KeyStore::destroy(std::span<const std::uint64_t> numbers,
                                        const std::filesystem::path& epoch_file) {
  if (ahead_.valid()) {  // it seals under a key that may be another afterwards
    MOOT_RETURN_IF_ERROR(ahead_.get());
    ++files_made_;
  }
  std::map<std::uint64_t, std::vector<std::uint64_t>> there;  // by file
  std::uint64_t count = 0;
  for (const std::uint64_t number : std::set<std::uint64_t>(numbers.begin(), numbers.end())) {
    const Status known = find(number).status();
    if (known.code() == Code::kErased || known.code() == Code::kMissing) continue;
    MOOT_RETURN_IF_ERROR(known);
    there[number / kKeysPerFile].push_back(number);
    ++count;
  }
  if (count > 0) {
    MOOT_RETURN_IF_ERROR(leave_old_formats());
    pages_.forget();
    FileKeys next = file_keys_;
    for (const auto& [file_number, keys_there] : there) {
      Result<std::string> keys = read_keys(file_number);
      if (!keys.ok()) return keys.status();
      for (const std::uint64_t number : keys_there)
        sodium_memzero(keys->data() + number % kKeysPerFile * kKeyBytes, kKeyBytes);
      next.forget(file_number);
      MOOT_RETURN_IF_ERROR(write_keys(file_number, *keys, next));
      sodium_memzero(keys->data(), keys->size());
    }
    MOOT_RETURN_IF_ERROR(next.write(epoch_file));
    file_keys_ = std::move(next);
  }
  forget_pages();
  MOOT_RETURN_IF_ERROR(remove_earlier_generations());
  return count;
}

}  // namespace moot
