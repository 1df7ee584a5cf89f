#include "adapters/spool.h"

#include <rocksdb/db.h>
#include <rocksdb/write_batch.h>

#include <algorithm>
#include <charconv>

#include "broker/core/whole_file.h"

namespace moot {

namespace {

constexpr std::string_view kMark = "moot-spool 1 ";
constexpr std::size_t kHeaderBytes = 12;

std::string big_endian(std::uint64_t value, std::size_t bytes) {
  std::string out(bytes, '\0');
  for (std::size_t i = bytes; i-- > 0; value >>= 8) out[i] = static_cast<char>(value & 0xff);
  return out;
}

std::uint64_t from_big_endian(std::string_view bytes) {
  std::uint64_t value = 0;
  for (const char c : bytes) value = value << 8 | static_cast<unsigned char>(c);
  return value;
}

// RocksDB's own notes would end the process on a full disk.
class NoNotes final : public rocksdb::Logger {
 public:
  using rocksdb::Logger::Logv;
  void Logv(const char*, va_list) override {}
};

// What FOLDER.through tells.
struct Through {
  std::uint64_t end = 0;        // so many were ever kept
  std::uint64_t forgotten = 0;  // of them these are in the log
};

std::filesystem::path through_file(const std::filesystem::path& folder) { return folder.string() + ".through"; }

Result<Through> read_through(const std::filesystem::path& folder) {
  const std::filesystem::path file = through_file(folder);
  const Result<std::string> text = read_whole_file(file);
  if (!text.ok()) return text.status();
  Through through;
  const char* const end = text->data() + text->size();
  const char* at = text->data() + std::min(kMark.size(), text->size());
  const auto first = std::from_chars(at, end, through.end);
  const bool one = text->starts_with(kMark) && first.ec == std::errc() && first.ptr != end && *first.ptr == ' ';
  const auto second = one ? std::from_chars(first.ptr + 1, end, through.forgotten) : first;
  if (!one || second.ec != std::errc() || std::string_view(second.ptr, end) != "\n" || through.forgotten > through.end)
    return Status(Code::kCorrupt, file.string() + ": is not what was written; nothing is touched");
  return through;
}

Result<std::unique_ptr<rocksdb::DB>> open_database(const std::filesystem::path& folder, bool read_only) {
  rocksdb::Options options;
  options.create_if_missing = !read_only;
  options.compression = rocksdb::kNoCompression;  // what is sealed does not compress
  options.write_buffer_size = 8 << 20;
  options.wal_recovery_mode = rocksdb::WALRecoveryMode::kPointInTimeRecovery;
  options.info_log = std::make_shared<NoNotes>();
  rocksdb::DB* db = nullptr;
  const rocksdb::Status opened = read_only ? rocksdb::DB::OpenForReadOnly(options, folder.string(), &db)
                                           : rocksdb::DB::Open(options, folder.string(), &db);
  if (opened.ok()) return std::unique_ptr<rocksdb::DB>(db);
  return Status(opened.IsCorruption() ? Code::kCorrupt : Code::kDisk,
                folder.string() + ": the spool cannot be opened: " + opened.ToString());
}

Instant kept_at(std::string_view value) {
  return Instant{static_cast<std::int64_t>(from_big_endian(value.substr(0, 8)))};
}

std::uint64_t events_of(std::string_view value) { return from_big_endian(value.substr(8, 4)); }

// kCorrupt when something is missing.
Result<SpoolFigures> count(rocksdb::DB& db, const std::filesystem::path& folder, const Through& through) {
  const auto lost = [&](std::uint64_t number) {
    return Status(Code::kCorrupt, folder.string() + ": what was kept as number " + std::to_string(number) +
                                      " is not there or not whole; nothing is touched");
  };
  SpoolFigures figures;
  std::uint64_t next = through.forgotten + 1;
  rocksdb::ReadOptions past_the_cache;
  past_the_cache.fill_cache = false;
  const std::unique_ptr<rocksdb::Iterator> entry(db.NewIterator(past_the_cache));
  for (entry->Seek(big_endian(next, 8)); entry->Valid(); entry->Next(), ++next) {
    const std::string_view value = entry->value().ToStringView();
    if (from_big_endian(entry->key().ToStringView()) != next || value.size() < kHeaderBytes) return lost(next);
    if (figures.parcels++ == 0) figures.oldest = kept_at(value);
    figures.events += events_of(value);
    figures.bytes += value.size();
  }
  if (!entry->status().ok())
    return Status(Code::kCorrupt, folder.string() + ": the spool cannot be read: " + entry->status().ToString());
  if (next <= through.end) return lost(next);
  return figures;
}

}  // namespace

class Spool::Impl {
 public:
  Status tell_through() const {
    return write_whole_file(through_file(folder), std::string(kMark) + std::to_string(through.end) + " " +
                                                      std::to_string(through.forgotten) + "\n");
  }

  // Constant after opening.
  std::filesystem::path folder;
  Key key{};
  std::uint64_t bytes_max = 0;
  // The owner's.
  std::unique_ptr<rocksdb::DB> db;  // none where nothing waits
  Through through;
  bool failed = false;  // only a fresh start knows what is on disk
  mutable std::mutex mutex;
  SpoolFigures figures;  // guarded by mutex
};

Spool::Spool(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Spool::~Spool() = default;

Result<std::unique_ptr<Spool>> Spool::open(const std::filesystem::path& folder, const Key& key,
                                           std::uint64_t bytes_max) {
  auto impl = std::make_unique<Impl>();
  impl->folder = folder;
  impl->key = key;
  impl->bytes_max = bytes_max;
  const Result<Through> through = read_through(folder);
  if (!through.ok() && through.status().code() != Code::kMissing) return through.status();
  std::error_code failed;
  if (through.ok() && through->end > through->forgotten && !std::filesystem::exists(folder / "CURRENT", failed))
    return Status(Code::kCorrupt, folder.string() + ": is missing, although events wait in it");
  if (!through.ok() && std::filesystem::exists(folder, failed))
    return Status(Code::kCorrupt, through_file(folder).string() +
                                      ": is missing, although there is a spool; what it should hold is not known, and "
                                      "nothing is touched");
  if (through.ok()) impl->through = *through;
  // Looked at before a byte is written: RocksDB would drop what makes no sense.
  const bool holds_some = impl->through.end > impl->through.forgotten;
  Result<std::unique_ptr<rocksdb::DB>> as_it_stands = Status(Code::kMissing, "");
  if (std::filesystem::exists(folder / "CURRENT", failed)) as_it_stands = open_database(folder, true);
  if (as_it_stands.ok()) MOOT_RETURN_IF_ERROR(count(**as_it_stands, folder, impl->through).status());
  if (!as_it_stands.ok() && holds_some) return as_it_stands.status();
  if (!as_it_stands.ok()) {
    // There is none; or its making or its removal was cut off, and nobody was told that anything in it is kept.
    std::filesystem::remove_all(folder, failed);
    return std::unique_ptr<Spool>(new Spool(std::move(impl)));
  }
  as_it_stands->reset();
  Result<std::unique_ptr<rocksdb::DB>> db = open_database(folder, false);
  if (!db.ok()) return db.status();
  impl->db = std::move(*db);
  const Result<SpoolFigures> figures = count(*impl->db, folder, impl->through);
  if (!figures.ok()) return figures.status();
  impl->through.end = std::max(impl->through.end, impl->through.forgotten + figures->parcels);
  impl->figures = *figures;
  MOOT_RETURN_IF_ERROR(impl->tell_through());
  std::unique_ptr<Spool> spool(new Spool(std::move(impl)));
  if (spool->empty()) return spool;
  // Another key would be found out only when the broker is back.
  const Result<std::vector<Kept>> first = spool->read(spool->impl_->through.forgotten + 1, 1);
  if (!first.ok()) return first.status();
  return spool;
}

// Its owner may be at work: what was read is right when the numbers are the same before and after.
Result<SpoolFigures> Spool::look(const std::filesystem::path& folder) {
  constexpr int kTries = 20;
  Result<SpoolFigures> figures = SpoolFigures();
  for (int i = 0; i < kTries; ++i) {
    const Result<Through> before = read_through(folder);
    if (!before.ok()) return before.status();
    if (before->end == before->forgotten) return SpoolFigures();
    {
      const Result<std::unique_ptr<rocksdb::DB>> db = open_database(folder, true);
      figures = db.ok() ? count(**db, folder, *before) : Result<SpoolFigures>(db.status());
    }
    const Result<Through> after = read_through(folder);
    if (figures.ok() || !after.ok()) break;
    if (after->end == before->end && after->forgotten == before->forgotten) break;
  }
  return figures;
}

Status Spool::keep(std::span<const v1::SpooledParcel> parcels, Instant now) {
  if (impl_->failed) return Status(Code::kDisk, impl_->folder.string() + ": an earlier write failed");
  if (!impl_->db) {
    // First: a folder without it is a loss.
    MOOT_RETURN_IF_ERROR(make_folder(impl_->folder.parent_path()));
    MOOT_RETURN_IF_ERROR(impl_->tell_through());
    MOOT_RETURN_IF_ERROR(make_folder(impl_->folder));
    Result<std::unique_ptr<rocksdb::DB>> made = open_database(impl_->folder, false);
    if (!made.ok()) return made.status();
    impl_->db = std::move(*made);
  }
  rocksdb::WriteBatch batch;
  SpoolFigures after = figures();
  std::uint64_t number = impl_->through.end;
  for (const v1::SpooledParcel& parcel : parcels) {
    const std::string key = big_endian(++number, 8);
    std::string value = big_endian(static_cast<std::uint64_t>(now.us), 8) +
                        big_endian(static_cast<std::uint64_t>(parcel.events_size()), 4);
    append_sealed(value, impl_->key, parcel.SerializeAsString(), key);
    if (after.parcels++ == 0) after.oldest = now;
    after.events += events_of(value);
    after.bytes += value.size();
    batch.Put(key, value);
  }
  if (after.bytes > impl_->bytes_max)
    return Status(Code::kQuota, "the spool holds as much as it may: " + std::to_string(impl_->bytes_max) + " bytes");
  rocksdb::WriteOptions sync;
  sync.sync = true;
  const rocksdb::Status written = impl_->db->Write(sync, &batch);
  Status done = written.ok() ? Status()
                             : Status(Code::kDisk,
                                      impl_->folder.string() + ": the spool cannot be written: " + written.ToString());
  impl_->through.end = number;
  if (done.ok()) done = impl_->tell_through();
  impl_->failed = !done.ok();
  if (!done.ok()) return done;
  const std::lock_guard<std::mutex> lock(impl_->mutex);
  impl_->figures = after;
  return {};
}

Result<std::vector<Spool::Kept>> Spool::read(std::uint64_t from, std::uint64_t bytes) const {
  std::vector<Kept> found;
  if (!impl_->db) return found;
  std::uint64_t taken = 0, next = std::max(from, impl_->through.forgotten + 1);
  const std::unique_ptr<rocksdb::Iterator> entry(impl_->db->NewIterator(rocksdb::ReadOptions()));
  for (entry->Seek(big_endian(next, 8)); entry->Valid() && (found.empty() || taken < bytes); entry->Next(), ++next) {
    const std::string_view key = entry->key().ToStringView(), value = entry->value().ToStringView();
    const bool sound = from_big_endian(key) == next && value.size() >= kHeaderBytes;
    const Result<std::string> plain = sound
                                          ? unseal(impl_->key, value.substr(kHeaderBytes), key)
                                          : Result<std::string>(Status(Code::kCorrupt, "it is not there or not whole"));
    Kept kept{next, {}};
    if (!plain.ok() || !kept.parcel.ParseFromString(*plain))
      return Status(Code::kCorrupt, impl_->folder.string() + ": what was kept as number " + std::to_string(next) +
                                        ": " + (plain.ok() ? "it cannot be read" : plain.status().message()));
    taken += value.size();
    found.push_back(std::move(kept));
  }
  if (entry->status().ok()) return found;
  return Status(Code::kDisk, impl_->folder.string() + ": the spool cannot be read: " + entry->status().ToString());
}

Status Spool::forget_through(std::uint64_t number) {
  if (number <= impl_->through.forgotten) return {};
  MOOT_CHECK(number <= impl_->through.end);
  SpoolFigures after = figures();
  {
    const std::unique_ptr<rocksdb::Iterator> entry(impl_->db->NewIterator(rocksdb::ReadOptions()));
    for (entry->Seek(big_endian(impl_->through.forgotten + 1, 8)); entry->Valid(); entry->Next()) {
      const std::string_view value = entry->value().ToStringView();
      after.oldest = kept_at(value);
      if (from_big_endian(entry->key().ToStringView()) > number) break;
      --after.parcels;
      after.events -= events_of(value);
      after.bytes -= value.size();
    }
  }
  impl_->through.forgotten = number;
  MOOT_RETURN_IF_ERROR(impl_->tell_through());
  {
    const std::lock_guard<std::mutex> lock(impl_->mutex);
    impl_->figures = after;
  }
  // Not synced: what comes back after a power cut is in the log already, and is not looked at.
  if (after.parcels > 0) {
    const rocksdb::Status deleted = impl_->db->DeleteRange(rocksdb::WriteOptions(), impl_->db->DefaultColumnFamily(),
                                                           big_endian(0, 8), big_endian(number + 1, 8));
    if (deleted.ok()) return {};
    return Status(Code::kDisk, impl_->folder.string() + ": the spool cannot be written: " + deleted.ToString());
  }
  // RocksDB keeps what is deleted in its files for a long time; somebody who is erased must not go on being there.
  impl_->db.reset();
  std::error_code failed;
  std::filesystem::remove_all(impl_->folder, failed);
  if (!failed) return {};
  return Status(Code::kDisk, impl_->folder.string() + ": the spool cannot be removed: " + failed.message());
}

SpoolFigures Spool::figures() const {
  const std::lock_guard<std::mutex> lock(impl_->mutex);
  return impl_->figures;
}

}  // namespace moot
