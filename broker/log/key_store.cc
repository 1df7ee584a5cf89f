#include "broker/log/key_store.h"

#include <sodium.h>

#include <algorithm>
#include <charconv>
#include <cstdio>
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

Key derived_key(const Key& file_key, std::uint64_t place) {
  static_assert(sizeof(Key) == crypto_stream_chacha20_KEYBYTES);
  constexpr unsigned char kNonce[crypto_stream_chacha20_NONCEBYTES] = {};
  constexpr Key kZeros{};
  Key key;
  crypto_stream_chacha20_xor_ic(key.data(), kZeros.data(), key.size(), kNonce, place, file_key.data());
  return key;
}

struct KeyFile {
  std::filesystem::path path;
  std::uint64_t number = 0;
  std::uint64_t generation = 0;
};

// "<first key number>.keys" or "<first key number>-<generation>.keys"; nothing when it is named otherwise.
std::optional<KeyFile> key_file_named(const std::filesystem::path& path) {
  constexpr std::size_t kDigits = 16;
  const std::string name = path.stem().string();
  KeyFile file{path};
  if (path.extension() != ".keys" || name.size() < kDigits) return std::nullopt;
  const char* number_end = name.data() + kDigits;
  const char* end = name.data() + name.size();
  std::uint64_t first_key = 0;
  if (std::from_chars(name.data(), number_end, first_key, 16).ptr != number_end) return std::nullopt;
  file.number = first_key / KeyStore::kKeysPerFile;
  if (number_end == end) return file;
  if (*number_end != '-' || std::from_chars(number_end + 1, end, file.generation).ptr != end) return std::nullopt;
  return file;
}

// None where there is no folder: nothing was destroyed yet.
Result<std::vector<KeyFile>> key_files_in(const std::filesystem::path& folder) {
  std::vector<KeyFile> files;
  std::error_code failed;
  for (const auto& entry : std::filesystem::directory_iterator(folder, failed))
    if (std::optional<KeyFile> file = key_file_named(entry.path())) files.push_back(std::move(*file));
  if (failed && failed != std::errc::no_such_file_or_directory)
    return Status(Code::kDisk, folder.string() + ": cannot be read: " + failed.message());
  return files;
}

void wipe_and_clear(std::unordered_map<std::uint64_t, std::string>& pages) {
  for (auto& [number, keys] : pages) sodium_memzero(keys.data(), keys.size());
  pages.clear();
}

// However its scope is left, the keys in it are wiped.
class WipedAtTheEnd {
 public:
  explicit WipedAtTheEnd(Result<std::string>& keys) : keys_(keys) {}
  WipedAtTheEnd(const WipedAtTheEnd&) = delete;
  WipedAtTheEnd& operator=(const WipedAtTheEnd&) = delete;
  ~WipedAtTheEnd() {
    if (keys_.ok()) sodium_memzero(keys_->data(), keys_->size());
  }

 private:
  Result<std::string>& keys_;
};

Status destroyed(std::uint64_t number) {
  return Status(Code::kErased, "key " + std::to_string(number) + " was destroyed when a person was erased");
}

}  // namespace

KeyStore::KeyStore(std::filesystem::path folder, const FileKeys& file_keys)
    : folder_(std::move(folder)), file_keys_(file_keys) {}

bool KeyStore::needs_no_epoch_key(const std::filesystem::path& folder) {
  const Result<std::vector<KeyFile>> files = key_files_in(folder);
  if (!files.ok() || files->empty()) return false;
  return std::all_of(files->begin(), files->end(), [](const KeyFile& file) {
    std::error_code failed;
    return std::filesystem::file_size(file.path, failed) == kBareKeyFileBytes;
  });
}

Result<std::uint64_t> KeyStore::first_without_file(const std::filesystem::path& folder, const FileKeys& epoch) {
  const Result<std::vector<KeyFile>> files = key_files_in(folder);
  if (!files.ok()) return files.status();
  std::uint64_t first = 0;
  for (const KeyFile& file : *files)
    if (file.generation == 0) first = std::max(first, file.number + 1);
  for (const std::uint64_t number : epoch.written_anew()) first = std::max(first, number + 1);
  return first;
}

Result<FileKeys> KeyStore::read_epoch(const std::filesystem::path& epoch_file, const std::filesystem::path& folder) {
  Result<FileKeys> epoch = FileKeys::read(epoch_file);
  if (!epoch.ok() || epoch->derived_from()) return epoch;
  const Result<std::uint64_t> first = first_without_file(folder, *epoch);
  if (!first.ok()) return first.status();
  epoch->derive_from(*first);
  return epoch;
}

Status KeyStore::settle(const std::filesystem::path& epoch_file) {
  if (file_keys_.is_of_this_format()) return {};
  MOOT_RETURN_IF_ERROR(file_keys_.write(epoch_file));
  Result<FileKeys> written = FileKeys::read(epoch_file);
  if (!written.ok()) return written.status();
  file_keys_ = std::move(*written);
  return {};
}

std::filesystem::path KeyStore::file_of(std::uint64_t file_number, std::uint64_t generation) const {
  char name[48];
  const int length =
      std::snprintf(name, sizeof name, "%016llx", static_cast<unsigned long long>(file_number * kKeysPerFile));
  const std::string suffix = generation == 0 ? "" : "-" + std::to_string(generation);
  return folder_ / (std::string(name, static_cast<std::size_t>(length)) + suffix + ".keys");
}

const KeyStore::Source& KeyStore::source_of(std::uint64_t file_number) const {
  const auto known = sources_.find(file_number);
  if (known != sources_.end()) return known->second;
  if (sources_.size() >= kSourcesMax) forget_sources();
  const std::uint64_t generation = file_keys_.generation(file_number);
  const bool derived = generation == 0 && file_keys_.derived_from() && file_number >= *file_keys_.derived_from();
  // A file that is there in spite of that was lost when the earlier version's files were counted, and put back since.
  std::error_code failed;
  const bool in_file = !derived || std::filesystem::exists(file_of(file_number, generation), failed) || failed;
  return sources_[file_number] = Source{file_keys_.of(file_number), in_file};
}

void KeyStore::forget_sources() const {
  for (auto& [number, source] : sources_) sodium_memzero(source.key.data(), source.key.size());
  sources_.clear();
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
      unseal(page->format == 3 ? source_of(file_number).key : *epoch_key, page->bytes, binding(file, page_in_file));
  return keys.ok() ? std::move(keys) : keys.status().with(file.string());
}

std::optional<std::filesystem::path> KeyStore::missing_file() const {
  const auto is_missing = [this](std::uint64_t file_number) {
    std::error_code failed;
    return !std::filesystem::exists(file_of(file_number, file_keys_.generation(file_number)), failed);
  };
  for (std::uint64_t number = 0; number < file_keys_.derived_from().value_or(0); ++number)
    if (is_missing(number)) return file_of(number, file_keys_.generation(number));
  for (const std::uint64_t number : file_keys_.written_anew())
    if (is_missing(number)) return file_of(number, file_keys_.generation(number));
  return std::nullopt;
}

Result<Key> KeyStore::find(std::uint64_t number) const {
  if (number / kKeysPerFile >= FileKeys::kFilesMax)
    return Status(Code::kMissing, folder_.string() + ": there is no key " + std::to_string(number));
  const Source& source = source_of(number / kKeysPerFile);
  if (!source.stands_in_file) return derived_key(source.key, number % kKeysPerFile);
  const std::uint64_t page_number = number / kKeysPerPage;
  auto page = younger_.find(page_number);
  if (page == younger_.end()) {
    const auto elder = elder_.find(page_number);
    Result<std::string> keys = elder == elder_.end() ? read_page(page_number) : std::move(elder->second);
    if (!keys.ok()) return keys.status();
    if (elder != elder_.end()) elder_.erase(elder);
    if (younger_.size() >= kPagesInHalf) {
      wipe_and_clear(elder_);
      std::swap(elder_, younger_);
    }
    page = younger_.emplace(page_number, std::move(*keys)).first;
  }
  Key key;
  const char* start = page->second.data() + number % kKeysPerPage * kKeyBytes;
  if (*start == 0 && is_destroyed(start)) return destroyed(number);
  std::copy_n(reinterpret_cast<const std::uint8_t*>(start), kKeyBytes, key.begin());
  return key;
}

void KeyStore::forget_pages() {
  wipe_and_clear(younger_);
  wipe_and_clear(elder_);
  forget_sources();
  pages_.forget();
}

Result<std::string> KeyStore::read_keys(std::uint64_t file_number) const {
  std::string keys;
  keys.reserve(kBareKeyFileBytes);
  if (const Source& source = source_of(file_number); !source.stands_in_file) {
    for (std::uint64_t place = 0; place < kKeysPerFile; ++place) {
      Key key = derived_key(source.key, place);
      keys.append(reinterpret_cast<const char*>(key.data()), key.size());
      sodium_memzero(key.data(), key.size());
    }
    return keys;
  }
  for (std::uint64_t page = 0; page < kKeyPagesPerFile; ++page) {
    Result<std::string> of_page = read_page(file_number * kKeyPagesPerFile + page);
    if (!of_page.ok()) {
      sodium_memzero(keys.data(), keys.size());
      return of_page.status();
    }
    keys += *of_page;
    sodium_memzero(of_page->data(), of_page->size());
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
  const Result<std::vector<KeyFile>> files = key_files_in(folder_);
  if (!files.ok()) return files.status();
  for (const KeyFile& file : *files) {
    std::string magic(kKeysMagic.size(), '\0');
    std::ifstream(file.path, std::ios::binary).read(magic.data(), static_cast<std::streamsize>(magic.size()));
    if (magic == kKeysMagic) continue;
    Result<std::string> keys = read_keys(file.number);
    const WipedAtTheEnd wiped(keys);
    if (!keys.ok()) return keys.status();
    MOOT_RETURN_IF_ERROR(write_keys(file.number, *keys, file_keys_));
  }
  return {};
}

// Never a later one than epoch.key tells of: on doubt nothing is deleted.
Status KeyStore::remove_earlier_generations() const {
  const Result<std::vector<KeyFile>> files = key_files_in(folder_);
  if (!files.ok()) return files.status();
  bool removed = false;
  std::error_code failed;
  for (const KeyFile& file : *files) {
    if (file.generation >= file_keys_.generation(file.number)) continue;
    std::filesystem::remove(file.path, failed);
    if (failed) return Status(Code::kDisk, file.path.string() + ": is an old file of keys and cannot be deleted");
    removed = true;
  }
  return removed ? sync_folder(folder_) : Status();
}

Result<std::uint64_t> KeyStore::destroy(std::span<const std::uint64_t> numbers,
                                        const std::filesystem::path& epoch_file) {
  MOOT_CHECK(file_keys_.derived_from().has_value());          // DataFolder::epoch_key says it
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
    MOOT_RETURN_IF_ERROR(make_folder(folder_));
    MOOT_RETURN_IF_ERROR(leave_old_formats());
    pages_.forget();
    FileKeys next = file_keys_;
    for (const auto& [file_number, keys_there] : there) {
      Result<std::string> keys = read_keys(file_number);
      const WipedAtTheEnd wiped(keys);
      if (!keys.ok()) return keys.status();
      for (const std::uint64_t number : keys_there)
        sodium_memzero(keys->data() + number % kKeysPerFile * kKeyBytes, kKeyBytes);
      next.forget(file_number);
      MOOT_RETURN_IF_ERROR(write_keys(file_number, *keys, next));
    }
    MOOT_RETURN_IF_ERROR(next.write(epoch_file));
    file_keys_ = std::move(next);
  }
  forget_pages();
  MOOT_RETURN_IF_ERROR(remove_earlier_generations());
  return count;
}

}  // namespace moot
