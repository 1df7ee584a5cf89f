#include "broker/log/inbox.h"

#include <rocksdb/db.h>
#include <rocksdb/write_batch.h>

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <tuple>

#include "broker/log/database_backup.h"
#include "broker/log/not_opened.h"
#include "broker/log/silent_logger.h"
#include "broker/log/table_list.h"
#include "broker/log/table_salvage.h"
#include "broker/log/watermark.h"
#include "broker/log/write_ahead.h"

namespace moot {

namespace {

rocksdb::WriteOptions synced() {
  rocksdb::WriteOptions options;
  options.sync = true;
  return options;
}

struct InboxDatabase {
  std::unique_ptr<rocksdb::Env> disk;  // only where the list of tables has a torn end (table_list.h)
  std::unique_ptr<rocksdb::DB> db;
};

}  // namespace

class Inbox::Impl {
 public:
  Impl(std::filesystem::path folder, InboxDatabase database, const Key& key)
      : folder_(std::move(folder)), disk_(std::move(database.disk)), db_(std::move(database.db)), key_(key) {}

  Status load();

  // What makes it the same refusal: where it came from and what it was, not when.
  std::string id_of(const v1::InboxItem& item) const {
    v1::InboxItem identity;
    identity.set_agency(item.agency());
    identity.set_file(item.file());
    identity.set_row(item.row());
    identity.set_column(item.column());
    identity.set_code(item.code());
    identity.set_input(item.input());
    const Digest digest = keyed_digest(key_, identity.SerializeAsString());
    return to_base32({reinterpret_cast<const char*>(digest.data()), 10});
  }

  std::string sealed(const v1::InboxItem& item) const { return seal(key_, item.SerializeAsString(), item.item()); }

  Result<v1::InboxItem> opened(const std::string& id, std::string_view value) const {
    const Result<std::string> plain = unseal(key_, value, id);
    v1::InboxItem item;
    if (!plain.ok()) return plain.status().with("inbox item " + id);
    if (!item.ParseFromString(*plain)) return Status(Code::kCorrupt, "inbox item " + id + ": cannot be read");
    return item;
  }

  // Keeps the counts and the index in step with what is stored.
  void note(const v1::InboxItem& item) {
    const bool waits = item.state() == v1::InboxItem::WAITING;
    if (waits)
      waiting_.insert(item.item());
    else
      waiting_.erase(item.item());
    if (item.key().empty() || item.file().empty()) return;
    const auto place = std::make_tuple(item.agency(), item.file(), item.key());
    std::set<std::string>& ids = by_record_[place];
    if (waits)
      ids.insert(item.item());
    else
      ids.erase(item.item());
    if (ids.empty()) by_record_.erase(place);
  }

  // Synced, and marked: a store that loses its end must not look like one that held less.
  Status write(rocksdb::WriteBatch& batch) {
    const rocksdb::Status written = db_->Write(synced(), &batch);
    if (!written.ok()) return Status(Code::kDisk, "the inbox cannot be written: " + written.ToString());
    return mark_->raise(Offset{db_->GetLatestSequenceNumber()});
  }

  const std::filesystem::path folder_;
  std::unique_ptr<rocksdb::Env> disk_;
  std::unique_ptr<rocksdb::DB> db_;  // only to be read until it is opened for writing; none where there is none yet
  const Key key_;
  std::optional<Watermark> mark_;  // RocksDB's own number of the last write; none when only looked at
  std::uint64_t stored_ = 0;       // when it was opened, whether they wait or not
  std::set<std::string> waiting_;
  std::map<std::tuple<std::string, std::string, std::string>, std::set<std::string>> by_record_;
};

Inbox::Inbox(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Inbox::~Inbox() = default;

namespace {

Result<InboxDatabase> open_database(const std::filesystem::path& folder, bool read_only) {
  rocksdb::Options options;
  options.create_if_missing = !read_only;
  options.compression = rocksdb::kNoCompression;
  options.write_buffer_size = 4 << 20;
  options.info_log = silent_logger();
  // What is torn was never acknowledged: the mark, which is checked before anything is written, tells how far it was.
  options.wal_recovery_mode = rocksdb::WALRecoveryMode::kPointInTimeRecovery;
  const Result<TornEnd> torn = torn_end_of_list(folder);
  if (!torn.ok()) return torn.status();
  InboxDatabase database;
  if (torn->bytes > 0) {
    database.disk = without_torn_end(*torn);
    options.env = database.disk.get();
  }
  rocksdb::DB* db = nullptr;
  const rocksdb::Status opened = read_only ? rocksdb::DB::OpenForReadOnly(options, folder.string(), &db)
                                           : rocksdb::DB::Open(options, folder.string(), &db);
  database.db.reset(db);
  if (opened.ok() && !read_only) MOOT_RETURN_IF_ERROR(let_go_of_torn_files(folder, *db));
  if (opened.ok()) return database;
  return not_opened(folder, "the inbox", opened);
}

Status check_as_it_stands(const std::filesystem::path& folder, rocksdb::DB& db, Offset mark) {
  MOOT_RETURN_IF_ERROR(check_write_ahead(folder, db).status());
  MOOT_RETURN_IF_ERROR(check_list(folder, db, {db.DefaultColumnFamily()}));
  if (db.GetLatestSequenceNumber() >= mark.value) return {};
  return Status(Code::kCorrupt, folder.string() + ": the inbox has lost its latest items; nothing is touched");
}

std::filesystem::path mark_of(const std::filesystem::path& folder) { return folder.string() + ".watermark"; }

// Without its mark a store may hold nothing: the mark is made with it, before the first item is written.
Status check_never_written(const std::filesystem::path& folder) {
  std::error_code failed;
  if (!std::filesystem::exists(folder / "CURRENT", failed)) return {};
  const Result<InboxDatabase> as_it_stands = open_database(folder, true);
  // A first start that was cut off half-way may leave a database that cannot be opened to be read.
  if (!as_it_stands.ok() || as_it_stands->db->GetLatestSequenceNumber() == 0) return {};
  return Status(Code::kCorrupt, mark_of(folder).string() +
                                    ": is missing or empty, although the inbox was written to; how much it should " +
                                    "hold is not known; nothing is touched");
}

}  // namespace

Status Inbox::Impl::load() {
  const std::unique_ptr<rocksdb::Iterator> entry(db_->NewIterator(rocksdb::ReadOptions()));
  for (entry->SeekToFirst(); entry->Valid(); entry->Next()) {
    const Result<v1::InboxItem> item = opened(entry->key().ToString(), entry->value().ToStringView());
    if (!item.ok()) return item.status().with(folder_.string());
    note(*item);
    ++stored_;
  }
  if (entry->status().ok()) return {};
  return Status(entry->status().IsCorruption() ? Code::kCorrupt : Code::kDisk,
                folder_.string() + ": the inbox cannot be read: " + entry->status().ToString());
}

Result<std::unique_ptr<Inbox>> Inbox::look(const std::filesystem::path& folder, const Key& key) {
  const Result<Offset> mark = Watermark::value_in(mark_of(folder));
  if (!mark.ok() && mark.status().code() != Code::kMissing) return mark.status();
  if (!mark.ok()) MOOT_RETURN_IF_ERROR(check_never_written(folder));
  const bool written = mark.ok() && *mark > Offset{0};
  std::error_code failed;
  InboxDatabase none;
  if (!written && !std::filesystem::exists(folder / "CURRENT", failed)) {
    MOOT_RETURN_IF_ERROR(check_none_is_lost(folder, "the inbox"));
    return std::unique_ptr<Inbox>(new Inbox(std::make_unique<Impl>(folder, std::move(none), key)));
  }
  Result<InboxDatabase> as_it_stands = open_database(folder, true);
  // A first start that was cut off half-way may leave a database that cannot be opened to be read.
  if (!as_it_stands.ok() && !written)
    return std::unique_ptr<Inbox>(new Inbox(std::make_unique<Impl>(folder, std::move(none), key)));
  if (!as_it_stands.ok()) return as_it_stands.status();
  MOOT_RETURN_IF_ERROR(check_as_it_stands(folder, *as_it_stands->db, mark.ok() ? *mark : Offset{}));
  std::unique_ptr<Inbox> inbox(new Inbox(std::make_unique<Impl>(folder, std::move(*as_it_stands), key)));
  MOOT_RETURN_IF_ERROR(inbox->impl_->load());
  return inbox;
}

Status Inbox::begin_writing() {
  impl_->db_.reset();
  impl_->disk_.reset();
  Result<InboxDatabase> database = open_database(impl_->folder_, false);
  if (!database.ok()) return database.status();
  impl_->disk_ = std::move(database->disk);
  impl_->db_ = std::move(database->db);
  Result<Watermark> mark = Watermark::open(mark_of(impl_->folder_));
  if (!mark.ok()) return mark.status();
  impl_->mark_.emplace(std::move(*mark));
  return {};
}

Result<std::unique_ptr<Inbox>> Inbox::open(const std::filesystem::path& folder, const Key& key) {
  Result<std::unique_ptr<Inbox>> inbox = look(folder, key);
  if (inbox.ok()) MOOT_RETURN_IF_ERROR((*inbox)->begin_writing());
  return inbox;
}

Result<std::uint64_t> Inbox::check(const std::filesystem::path& folder, const Key& key) {
  const Result<Offset> mark = Watermark::value_in(mark_of(folder));
  if (!mark.ok()) return mark.status();
  Result<InboxDatabase> database = open_database(folder, true);
  if (!database.ok()) return database.status();
  MOOT_RETURN_IF_ERROR(check_as_it_stands(folder, *database->db, *mark));
  Impl inbox(folder, std::move(*database), key);
  MOOT_RETURN_IF_ERROR(inbox.load());
  return inbox.stored_;
}

Result<std::uint64_t> Inbox::salvage(const std::filesystem::path& folder, const Key& key,
                                     const std::filesystem::path& to, std::uint64_t& lost) {
  Result<std::unique_ptr<Inbox>> made = open(to, key);
  if (!made.ok()) return made.status();
  TableSalvage entries(folder, rocksdb::kDefaultColumnFamilyName, 0);
  std::uint64_t saved = 0;
  while (const std::optional<SalvagedEntry> entry = entries.next()) {
    const std::uint64_t before = saved;
    for (const std::string& value : entry->values) {
      const Result<v1::InboxItem> item = (*made)->impl_->opened(entry->key, value);
      if (!item.ok()) continue;
      MOOT_RETURN_IF_ERROR((*made)->replace({&*item, 1}));
      ++saved;
      break;
    }
    if (saved == before) ++lost;
  }
  return saved;
}

Result<std::vector<const v1::InboxItem*>> Inbox::put(std::span<v1::InboxItem> items) {
  rocksdb::WriteBatch batch;
  std::vector<const v1::InboxItem*> stored;
  std::set<std::string> added;
  for (v1::InboxItem& item : items) {
    item.set_item(impl_->id_of(item));
    std::string there;
    const rocksdb::Status got = impl_->db_->Get(rocksdb::ReadOptions(), item.item(), &there);
    if (got.ok() || added.contains(item.item())) continue;
    if (!got.IsNotFound()) return Status(Code::kDisk, "the inbox cannot be read: " + got.ToString());
    batch.Put(item.item(), impl_->sealed(item));
    added.insert(item.item());
    stored.push_back(&item);
  }
  if (stored.empty()) return stored;
  MOOT_RETURN_IF_ERROR(impl_->write(batch));
  for (const v1::InboxItem* item : stored) impl_->note(*item);
  return stored;
}

Result<Inbox::Page> Inbox::page(const std::string& after) const {
  Page page;
  auto next = impl_->waiting_.upper_bound(after);
  for (std::size_t bytes = 0; next != impl_->waiting_.end() && page.items.size() < kPageMax && bytes < kPageBytesMax;
       ++next) {
    Result<v1::InboxItem> item = find(*next);
    if (!item.ok()) return item.status();
    bytes += item->ByteSizeLong();
    for (const char* offered : {"input", "header", "key", "original_input"})
      item->GetReflection()->ClearField(&*item, item->GetDescriptor()->FindFieldByName(offered));
    page.items.push_back(v1::InboxItem(*item));  // a copy, since a message keeps the memory of what it held
  }
  if (next != impl_->waiting_.end()) page.next = page.items.back().item();
  return page;
}

Result<std::vector<v1::InboxItem>> Inbox::all() const {
  std::vector<v1::InboxItem> items;
  const std::unique_ptr<rocksdb::Iterator> entry(impl_->db_->NewIterator(rocksdb::ReadOptions()));
  for (entry->SeekToFirst(); entry->Valid(); entry->Next()) {
    Result<v1::InboxItem> item = impl_->opened(entry->key().ToString(), entry->value().ToStringView());
    if (!item.ok()) return item.status();
    items.push_back(std::move(*item));
  }
  if (!entry->status().ok()) return Status(Code::kDisk, "the inbox cannot be read: " + entry->status().ToString());
  return items;
}

std::uint64_t Inbox::size() const { return impl_->waiting_.size(); }

Result<v1::InboxItem> Inbox::find(const std::string& id) const {
  std::string value;
  const rocksdb::Status got = impl_->db_->Get(rocksdb::ReadOptions(), id, &value);
  if (got.IsNotFound()) return Status(Code::kNotFound, "there is no item \"" + id + "\" in the inbox");
  if (!got.ok()) return Status(Code::kDisk, "the inbox cannot be read: " + got.ToString());
  return impl_->opened(id, value);
}

Status Inbox::replace(std::span<const v1::InboxItem> items) {
  if (items.empty()) return {};
  rocksdb::WriteBatch batch;
  for (const v1::InboxItem& item : items) batch.Put(item.item(), impl_->sealed(item));
  MOOT_RETURN_IF_ERROR(impl_->write(batch));
  for (const v1::InboxItem& item : items) impl_->note(item);
  return {};
}

std::set<std::string> Inbox::waiting_for(const std::string& agency, const std::string& file,
                                         const std::string& key) const {
  const auto found = impl_->by_record_.find(std::make_tuple(agency, file, key));
  return found == impl_->by_record_.end() ? std::set<std::string>() : found->second;
}

Status Inbox::copy_to(DatabaseBackup& backup) const { return backup.add(*impl_->db_); }

Status Inbox::mark_restored(const std::filesystem::path& folder, std::uint64_t last_write) {
  Result<Watermark> mark = Watermark::open(mark_of(folder));
  return mark.ok() ? mark->raise(Offset{last_write}) : mark.status();
}

}  // namespace moot
