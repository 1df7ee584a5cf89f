#include "broker/log/inbox.h"

#include <rocksdb/db.h>
#include <rocksdb/write_batch.h>

#include <algorithm>
#include <set>

namespace moot {

class Inbox::Impl {
 public:
  Impl(std::unique_ptr<rocksdb::DB> db, const Key& key) : db_(std::move(db)), key_(key) {}

  std::string id_of(const v1::InboxItem& item) const {
    v1::InboxItem identity;  // what makes it the same refusal: not when it happened
    identity.set_agency(item.agency());
    identity.set_file(item.file());
    identity.set_row(item.row());
    identity.set_column(item.column());
    identity.set_code(item.code());
    identity.set_input(item.input());
    const Digest digest = keyed_digest(key_, identity.SerializeAsString());
    return to_base32({reinterpret_cast<const char*>(digest.data()), 10});
  }

  const std::unique_ptr<rocksdb::DB> db_;
  const Key key_;
  std::uint64_t size_ = 0;
};

Inbox::Inbox(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Inbox::~Inbox() = default;

Result<std::unique_ptr<Inbox>> Inbox::open(const std::filesystem::path& folder, const Key& key) {
  rocksdb::Options options;
  options.create_if_missing = true;
  options.compression = rocksdb::kNoCompression;
  options.write_buffer_size = 4 << 20;
  options.wal_recovery_mode = rocksdb::WALRecoveryMode::kTolerateCorruptedTailRecords;
  rocksdb::DB* db = nullptr;
  const rocksdb::Status opened = rocksdb::DB::Open(options, folder.string(), &db);
  if (!opened.ok())
    return Status(opened.IsCorruption() ? Code::kCorrupt : Code::kDisk,
                  folder.string() + ": the inbox cannot be opened: " + opened.ToString());
  auto inbox = std::unique_ptr<Inbox>(new Inbox(std::make_unique<Impl>(std::unique_ptr<rocksdb::DB>(db), key)));
  Result<std::vector<v1::InboxItem>> items = inbox->list();
  if (!items.ok()) return items.status();
  inbox->impl_->size_ = items->size();
  return inbox;
}

Status Inbox::put(std::span<v1::InboxItem> items) {
  rocksdb::WriteBatch batch;
  std::set<std::string> added;
  for (v1::InboxItem& item : items) {
    item.set_item(impl_->id_of(item));
    std::string there;
    const rocksdb::Status got = impl_->db_->Get(rocksdb::ReadOptions(), item.item(), &there);
    if (got.ok() || added.count(item.item()) > 0) continue;
    if (!got.IsNotFound()) return Status(Code::kDisk, "the inbox cannot be read: " + got.ToString());
    batch.Put(item.item(), seal(impl_->key_, item.SerializeAsString(), item.item()));
    added.insert(item.item());
  }
  if (added.empty()) return {};
  rocksdb::WriteOptions sync;
  sync.sync = true;
  const rocksdb::Status written = impl_->db_->Write(sync, &batch);
  if (!written.ok()) return Status(Code::kDisk, "the inbox cannot be written: " + written.ToString());
  impl_->size_ += added.size();
  return {};
}

Result<std::vector<v1::InboxItem>> Inbox::list() const {
  std::vector<v1::InboxItem> items;
  const std::unique_ptr<rocksdb::Iterator> entry(impl_->db_->NewIterator(rocksdb::ReadOptions()));
  for (entry->SeekToFirst(); entry->Valid(); entry->Next()) {
    const std::string id = entry->key().ToString();
    Result<std::string> plain = unseal(impl_->key_, entry->value().ToStringView(), id);
    v1::InboxItem item;
    if (!plain.ok()) return plain.status().with("inbox item " + id);
    if (!item.ParseFromString(*plain)) return Status(Code::kCorrupt, "inbox item " + id + ": cannot be read");
    items.push_back(std::move(item));
  }
  if (!entry->status().ok()) return Status(Code::kDisk, "the inbox cannot be read: " + entry->status().ToString());
  std::stable_sort(items.begin(), items.end(), [](const v1::InboxItem& a, const v1::InboxItem& b) {
    return std::tie(a.since(), a.file(), a.agency()) < std::tie(b.since(), b.file(), b.agency()) ||
           (std::tie(a.since(), a.file(), a.agency()) == std::tie(b.since(), b.file(), b.agency()) &&
            a.row() < b.row());
  });
  return items;
}

std::uint64_t Inbox::size() const { return impl_->size_; }

}  // namespace moot
