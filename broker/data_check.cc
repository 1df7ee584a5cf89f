#include "broker/data_check.h"

#include "broker/access/registry.h"
#include "broker/audit_log.h"
#include "broker/core/instant.h"
#include "broker/data_folder.h"
#include "broker/event_tags.h"
#include "broker/log/inbox.h"
#include "broker/log/key_store.h"
#include "broker/log/log_check.h"
#include "broker/log/watermark.h"
#include "broker/sealed_event.h"

namespace moot {

namespace {

namespace fs = std::filesystem;

class DataWalk {
 public:
  DataWalk(fs::path data, fs::path keys, const std::string& log_id)
      : data_(std::move(data)), log_keys_(std::move(keys) / "logs" / log_id) {}

  DataCheck run(const std::function<void(std::uint64_t)>& progress) {
    open_keys();
    look_at_log(progress);
    look_at_watermark(data_ / "log", data_ / "watermark", check_.events, "events");
    look_at_audit();
    look_at_inbox();
    const Result<Registry> registry = Registry::open(data_ / "agencies.toml");
    if (!registry.ok()) find(data_ / "agencies.toml", std::nullopt, registry.status().message());
    return std::move(check_);
  }

 private:
  void find(const fs::path& file, std::optional<Offset> offset, std::string text) {
    check_.findings.push_back({file, offset, std::move(text)});
  }

  void open_keys() {
    const Result<FileKeys> epoch = FileKeys::read(log_keys_ / "epoch.key");
    if (!epoch.ok()) return find(log_keys_ / "epoch.key", std::nullopt, epoch.status().message());
    // Opening it would make the folder.
    if (!fs::is_directory(log_keys_ / "events")) return find(log_keys_ / "events", std::nullopt, "is missing");
    Result<KeyStore> keys = KeyStore::open(log_keys_ / "events", *epoch);
    if (!keys.ok()) return find(log_keys_ / "events", std::nullopt, keys.status().message());
    key_store_ = std::make_unique<KeyStore>(std::move(*keys));
  }

  // What is wrong with a stored event. The first thing wrong with the keys is told once, not for each event.
  std::string look_at_event(Offset offset, std::string_view bytes, std::optional<SeenRecord>& seen) {
    v1::StoredEvent stored;
    if (!stored.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()))) return "the event cannot be read";
    const v1::Envelope& envelope = stored.envelope();
    seen =
        SeenRecord{event_key(envelope.source(), envelope.id()), tags_of(envelope.agency(), envelope, stored.facts())};
    if (envelope.offset() != offset.value) return "the event says that it stands elsewhere";
    const std::int64_t recorded = from_proto(envelope.recorded_time()).us;
    if (recorded < last_recorded_us_) return "the event was recorded before the one before it";
    last_recorded_us_ = recorded;
    if (!has_sealed_part(stored) || key_store_ == nullptr) return {};
    const Result<v1::Event> opened = open_event(stored, *key_store_);
    if (opened.ok()) ++check_.sealed_events;
    return opened.ok() ? std::string() : opened.status().message();
  }

  void look_at_log(const std::function<void(std::uint64_t)>& progress) {
    const LogCheck log =
        check_log(data_ / "log", {[this](Offset offset, std::string_view bytes, std::optional<SeenRecord>& seen) {
                                    return look_at_event(offset, bytes, seen);
                                  },
                                  progress});
    check_.events = log.events;
    check_.blocks = log.blocks;
    check_.bytes = log.bytes;
    check_.index_keys = log.keys;
    check_.digest = to_hex(log.last_head_digest);
    if (log.torn.bytes > 0)
      check_.torn_end = log.torn.file.string() + ": the last " + std::to_string(log.torn.bytes) +
                        " bytes are a torn write that was never acknowledged";
    for (const LogFinding& one : log.findings) find(data_ / "log", one.offset, one.what);
  }

  void look_at_watermark(const fs::path& log, const fs::path& file, std::uint64_t end, const std::string& what) {
    const Result<Offset> mark = Watermark::value_in(file);
    if (!mark.ok()) return find(file, std::nullopt, mark.status().message());
    if (mark->value > end)
      find(log, Offset{end},
           "the log can be read up to here, but was acknowledged up to offset " + std::to_string(mark->value) + ": " +
               std::to_string(mark->value - end) + " " + what + " are lost");
  }

  std::string look_at_entry(Offset offset, std::string_view bytes, std::optional<SeenRecord>& seen) {
    v1::AuditEntry entry;
    if (!entry.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()))) return "the entry cannot be read";
    const SealedRecord record = audit_record(entry);
    seen = SeenRecord{record.key, record.tags};
    if (entry.number() != offset.value) return "the entry says that it stands elsewhere";
    if (entry.at_us() < last_entry_us_) return "the entry was made before the one before it";
    last_entry_us_ = entry.at_us();
    if (entry.number() == 0) check_.audit_begun = entry.count();
    return {};
  }

  // A directory that no broker has run on since there are audit logs has none.
  void look_at_audit() {
    const fs::path folder = data_ / "audit";
    std::error_code failed;
    if (!fs::exists(folder / "CURRENT", failed) && !fs::exists(data_ / "audit.watermark", failed)) return;
    const LogCheck log =
        check_log(folder, {[this](Offset offset, std::string_view bytes, std::optional<SeenRecord>& seen) {
                             return look_at_entry(offset, bytes, seen);
                           },
                           {}});
    check_.audit_entries = log.events;
    check_.audit_digest = to_hex(log.last_head_digest);
    for (const LogFinding& one : log.findings) find(folder, one.offset, one.what);
    look_at_watermark(folder, data_ / "audit.watermark", log.events, "entries");
  }

  void look_at_inbox() {
    const Result<Key> key = read_secret(log_keys_ / "inbox.key");
    if (!key.ok()) return find(log_keys_ / "inbox.key", std::nullopt, key.status().message());
    const Result<std::uint64_t> items = Inbox::check(data_ / "inbox", *key);
    if (!items.ok()) return find(data_ / "inbox", std::nullopt, items.status().message());
    check_.inbox_items = *items;
  }

  const fs::path data_;
  const fs::path log_keys_;
  DataCheck check_;
  std::unique_ptr<KeyStore> key_store_;
  std::int64_t last_recorded_us_ = 0;
  std::int64_t last_entry_us_ = 0;
};

}  // namespace

Result<DataCheck> check_data(const fs::path& data, const fs::path& keys,
                             const std::function<void(std::uint64_t)>& progress) {
  const std::string log_id = read_log_id(data);
  if (log_id.empty()) return Status(Code::kInvalid, data.string() + ": is not a data directory of Moot");
  if (DataFolder::in_use(data))
    return Status(Code::kExists, data.string() + ": a broker runs on it; stop it first, or verify a backup");
  return DataWalk(data, keys, log_id).run(progress);
}

}  // namespace moot
