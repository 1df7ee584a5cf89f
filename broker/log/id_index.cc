#include "broker/log/id_index.h"

#include <rocksdb/sst_file_writer.h>

#include <algorithm>

#include "broker/log/big_endian.h"
#include "broker/log/block.h"

namespace moot {

namespace {

constexpr std::string_view kThroughKey{"\0", 1};  // sorts before every key of 16 bytes

rocksdb::Slice slice(const EventKey& key) { return {reinterpret_cast<const char*>(key.data()), key.size()}; }

// Keys are digests, so their first eight bytes nearly always decide; the table's entries are all over the memory.
struct Sorted {
  std::uint64_t begins;
  const KeyTable::value_type* entry;

  bool operator<(const Sorted& other) const {
    return begins != other.begins ? begins < other.begins : entry->first < other.entry->first;
  }
};

std::vector<Sorted> by_key(const KeyTable& table) {
  std::vector<Sorted> sorted;
  sorted.reserve(table.size());
  for (const auto& entry : table) sorted.push_back({from_be(view(slice(entry.first)).substr(0, 8)), &entry});
  std::sort(sorted.begin(), sorted.end());
  return sorted;
}

}  // namespace

IdIndex::IdIndex(const LogDatabase& database, std::size_t run_entries)
    : database_(database), run_entries_(run_entries), recent_(empty_table()) {}

IdIndex::~IdIndex() {
  if (writing_.valid()) writing_.wait();
}

KeyTable IdIndex::empty_table() const {
  // Some room above the limit: a group is added whole before a run is made.
  return make_key_table(run_entries_ + run_entries_ / 8);
}

Result<Offset> IdIndex::through() const {
  std::string value;
  const rocksdb::Status got =
      database_.db().Get(rocksdb::ReadOptions(), database_.ids(), moot::slice(kThroughKey), &value);
  if (got.IsNotFound()) return Offset{0};
  MOOT_RETURN_IF_ERROR(database_.status(got, "how far the index goes cannot be read"));
  if (value.size() != 8)
    return Status(Code::kCorrupt, database_.folder().string() + ": the index tells no end of itself");
  return Offset{from_be(value)};
}

// Another in each database.
std::string IdIndex::identity() const {
  std::string identity;
  MOOT_CHECK(database_.db().GetDbIdentity(identity).ok());  // read when it was opened
  return identity;
}

Status IdIndex::open_filter() {
  const Result<Offset> indexed = through();
  if (!indexed.ok()) return indexed.status();
  filter_ = KeyFilter();
  // Whatever is wrong with its files, it is made again: nothing is lost with them.
  const Status loaded = filter_->load(database_.folder(), identity());
  return loaded.ok() && filter_->through() >= *indexed ? Status() : make_filter(*indexed);
}

// Reads every run: only after a backup was restored, or where a file was damaged.
Status IdIndex::make_filter(Offset through) {
  MOOT_RETURN_IF_ERROR(KeyFilter::remove_files(database_.folder()));
  filter_ = KeyFilter();
  rocksdb::ReadOptions options;
  options.fill_cache = false;
  options.readahead_size = 1 << 20;
  const std::unique_ptr<rocksdb::Iterator> entry(database_.db().NewIterator(options, database_.ids()));
  std::vector<EventKey> keys;
  keys.reserve(kRunEntries);
  entry->SeekToFirst();
  while (entry->Valid()) {
    keys.clear();
    for (; entry->Valid() && keys.size() < kRunEntries; entry->Next()) {
      if (entry->key().size() != sizeof(EventKey)) continue;  // the one that tells how far the runs go
      std::copy_n(entry->key().data(), sizeof(EventKey), reinterpret_cast<char*>(keys.emplace_back().data()));
    }
    // Before anything is saved that says it tells of all.
    MOOT_RETURN_IF_ERROR(database_.status(entry->status(), "the runs of the index cannot be read"));
    // Until the last file is there, none says that it tells of anything. One that cannot be saved is made again at the
    // next start.
    filter_ = filter_->with(keys, entry->Valid() ? Offset{} : through);
    (void)filter_->save(database_.folder(), identity());
  }
  return {};
}

void IdIndex::add(const IndexEntry& entry) { recent_.emplace(entry.key, entry.known); }

Status IdIndex::put_in_runs(Offset end) {
  if (recent_.size() < run_entries_) {
    const bool done = writing_.valid() && writing_.wait_for(std::chrono::seconds(0)) == std::future_status::ready;
    return done ? finish_run() : Status();
  }
  MOOT_RETURN_IF_ERROR(finish_run());  // waits for the one before
  MOOT_CHECK(frozen_ == nullptr);      // else its keys would be forgotten
  MOOT_CHECK(filter_.has_value());     // else a run would hold keys that it knows nothing of
  frozen_ = std::make_unique<const KeyTable>(std::move(recent_));
  recent_ = empty_table();
  writing_ = std::async(std::launch::async, [this, end, table = frozen_.get()] { return write_run(*table, end); });
  return {};
}

Status IdIndex::finish_run() {
  if (!writing_.valid()) return {};
  Result<KeyFilter> written = writing_.get();
  if (!written.ok()) return written.status();
  filter_ = std::move(*written);
  frozen_.reset();
  return {};
}

Result<KeyFilter> IdIndex::write_run(const KeyTable& table, Offset through) const {
  std::vector<EventKey> keys;
  keys.reserve(table.size());
  for (const auto& entry : table) keys.push_back(entry.first);
  KeyFilter filter = filter_->with(keys, through);
  // On a full disk the run may still fit. The files then end before the index does, and are made again at the next
  // start.
  (void)filter.save(database_.folder(), identity());
  const std::vector<Sorted> sorted = by_key(table);
  const std::filesystem::path file = database_.folder() / "run.incoming";
  // Unlinked, never truncated: after a crash it may still be a second name of a table that the index holds.
  std::error_code failed;
  std::filesystem::remove(file, failed);
  if (failed) return Status(Code::kDisk, file.string() + ": cannot be removed: " + failed.message());
  rocksdb::SstFileWriter writer(rocksdb::EnvOptions(), database_.ids_options(), database_.ids());
  constexpr const char* kDoing = "a run of the index cannot be written";
  MOOT_RETURN_IF_ERROR(database_.status(writer.Open(file.string()), kDoing));
  MOOT_RETURN_IF_ERROR(database_.status(writer.Put(moot::slice(kThroughKey), be64(through.value)), kDoing));
  std::string value;
  constexpr std::size_t kAhead = 8;  // the next ones are not where this one is
  for (std::size_t i = 0; i < sorted.size(); ++i) {
    if (i + kAhead < sorted.size()) __builtin_prefetch(sorted[i + kAhead].entry);
    const auto& [key, known] = *sorted[i].entry;
    value.clear();
    append_known(value, known);
    MOOT_RETURN_IF_ERROR(database_.status(writer.Put(slice(key), value), kDoing));
  }
  MOOT_RETURN_IF_ERROR(database_.status(writer.Finish(), kDoing));
  rocksdb::IngestExternalFileOptions options;
  options.move_files = true;
  options.allow_blocking_flush = false;  // nothing is ever written to this family otherwise
  MOOT_RETURN_IF_ERROR(database_.status(database_.db().IngestExternalFile(database_.ids(), {file.string()}, options),
                                        "a run of the index cannot be taken in"));
  return filter;
}

Result<std::optional<Known>> IdIndex::find(const EventKey& key) const {
  const auto recent = recent_.find(key);
  if (recent != recent_.end()) return std::optional<Known>(recent->second);
  if (frozen_ != nullptr) {
    const auto frozen = frozen_->find(key);
    if (frozen != frozen_->end()) return std::optional<Known>(frozen->second);
  }
  if (filter_ && !filter_->may_hold(key)) return std::optional<Known>();
  rocksdb::PinnableSlice value;
  const rocksdb::Status got = database_.db().Get(rocksdb::ReadOptions(), database_.ids(), slice(key), &value);
  if (got.IsNotFound()) return std::optional<Known>();
  MOOT_RETURN_IF_ERROR(database_.status(got, "a key cannot be looked up"));
  if (value.size() != kKnownBytes)
    return Status(Code::kCorrupt, database_.folder().string() + ": an entry of the index has the wrong length");
  return std::optional<Known>(known_from(view(value)));
}

}  // namespace moot
