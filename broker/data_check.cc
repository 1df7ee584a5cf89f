#include "broker/data_check.h"

#include <map>

#include "broker/access/curve_key.h"
#include "broker/access/registry.h"
#include "broker/audit_log.h"
#include "broker/core/checksum_line.h"
#include "broker/core/instant.h"
#include "broker/data_folder.h"
#include "broker/event_tags.h"
#include "broker/ingest.h"
#include "broker/log/inbox.h"
#include "broker/log/key_store.h"
#include "broker/log/log_check.h"
#include "broker/log/watched_log.h"
#include "broker/log/watermark.h"
#include "broker/sealed_event.h"
#include "broker/wire/key_file.h"

namespace moot {

namespace {

namespace fs = std::filesystem;

class DataWalk {
 public:
  DataWalk(fs::path data, fs::path keys, const std::string& log_id)
      : data_(std::move(data)), keys_(std::move(keys)), log_id_(log_id), log_keys_(keys_ / "logs" / log_id) {}

  DataCheck run(const std::function<void(std::uint64_t)>& progress) {
    open_keys();
    look_at_log(progress);
    tell_lost_keys();
    look_at_audit();
    look_at_inbox();
    look_at_registry();
    look_at_tokens();
    look_at_broker_keys();
    return std::move(check_);
  }

 private:
  void find(const fs::path& file, std::optional<Offset> offset, std::string text) {
    const std::string place = file.string() + ": ";
    if (text.starts_with(place)) text.erase(0, place.size());  // a finding names its file already
    check_.findings.push_back({file, offset, std::move(text)});
  }

  void open_keys() {
    const Result<FileKeys> epoch = FileKeys::read(log_keys_ / "epoch.key");
    if (!epoch.ok()) return find(log_keys_ / "epoch.key", std::nullopt, epoch.status().message());
    key_store_ = std::make_unique<KeyStore>(log_keys_ / "events", *epoch);
  }

  // Do its keys open? Where not, that is told of the file that they are in, once, not of each event.
  bool has_keys(const v1::StoredEvent& stored) {
    std::vector<std::uint64_t> numbers;
    for (const v1::SealedPart& person : stored.people()) numbers.push_back(person.key_number());
    if (stored.has_rest()) numbers.push_back(stored.rest().key_number());
    if (!stored.sealed_personal().empty()) numbers.push_back(stored.key_number());
    for (const std::uint64_t number : numbers) {
      const Status found = key_store_->find(number).status();
      if (found.ok() || found.code() == Code::kErased) continue;
      LostKeys& lost = lost_keys_.try_emplace(found.message(), Offset{stored.envelope().offset()}).first->second;
      ++lost.events;
      return false;
    }
    return true;
  }

  void tell_lost_keys() {
    constexpr std::string_view kEnd = ".keys: ";
    for (const auto& [message, lost] : lost_keys_) {
      const std::size_t end = message.find(kEnd);
      const bool named = end != std::string::npos;
      find(named ? fs::path(message.substr(0, end + kEnd.size() - 2)) : log_keys_ / "events", lost.first,
           (named ? message.substr(end + kEnd.size()) : message) + ": " + std::to_string(lost.events) +
               (lost.events == 1 ? " event, here," : " events, from here on,") +
               " cannot be opened without it; the log itself is not damaged by that: put the file back from the "
               "backup of the keys");
    }
  }

  // What is wrong with a stored event.
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
    if (!has_sealed_part(stored) || key_store_ == nullptr || !has_keys(stored)) return {};
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
    look_at_watermark(data_ / "log", data_ / "watermark", log, "events");
    if (log.end_known) log_end_ = log.end;
  }

  // Nothing is said of the end of a log that cannot be read so far.
  void look_at_watermark(const fs::path& log, const fs::path& file, const LogCheck& seen, const std::string& what) {
    const Result<Offset> mark = Watermark::value_in(file);
    if (!mark.ok()) return find(file, std::nullopt, mark.status().message());
    if (seen.end_known && *mark > seen.end)
      find(log, seen.end,
           "the log can be read up to here, but was acknowledged up to offset " + std::to_string(mark->value) + ": " +
               std::to_string(mark->value - seen.end.value) + " " + what + " are lost");
  }

  std::string look_at_entry(Offset offset, std::string_view bytes, std::optional<SeenRecord>& seen) {
    v1::AuditEntry entry;
    if (!entry.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()))) return "the entry cannot be read";
    const SealedRecord record = audit_record(entry);
    seen = SeenRecord{record.key, record.tags};
    if (entry.number() != offset.value) return "the entry says that it stands elsewhere";
    if (entry.at_us() < last_entry_us_) return "the entry was made before the one before it";
    last_entry_us_ = entry.at_us();
    reached_ = Offset{entry.log_end()};
    if (entry.number() == 0) check_.audit_begun = entry.count();
    return entry.number() == 0 ? not_of(log_id_, entry) : std::string();
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
    look_at_watermark(folder, data_ / "audit.watermark", log, "entries");
    const Result<Offset> mark = Watermark::value_in(data_ / "watermark");
    const bool told = mark.ok() && *mark >= reached_;  // by the watermark, where anything is wrong
    if (!told && log_end_ && reached_ > *log_end_)
      find(data_ / "log", log_end_,
           "the log ends here, but had reached offset " + std::to_string(reached_.value) +
               " when the last entry of the audit log was made: it is an older copy of itself, or was lost");
  }

  void look_at_inbox() {
    const Result<Key> key = read_secret(log_keys_ / "inbox.key");
    if (!key.ok()) return find(log_keys_ / "inbox.key", std::nullopt, key.status().message());
    const Result<std::uint64_t> items = Inbox::check(data_ / "inbox", *key);
    if (!items.ok()) return find(data_ / "inbox", std::nullopt, items.status().message());
    check_.inbox_items = *items;
  }

  struct LostKeys {
    explicit LostKeys(Offset at) : first(at) {}
    Offset first;
    std::uint64_t events = 0;
  };

  // A broker refuses to start without it: who was revoked would be let in again.
  void look_at_registry() {
    const fs::path file = data_ / "agencies.toml";
    const Result<Registry> registry = Registry::open(file, log_id_);
    std::error_code failed;
    if (!registry.ok())
      find(file, std::nullopt, registry.status().message());
    else if (check_.events > 0 && !fs::exists(file, failed))
      find(file, std::nullopt,
           "is missing, although there is a log; who may publish and read is not known: put it back from a backup, or "
           "make it anew with the one line digest = \"edited\" and add the agencies again");
  }

  void look_at_tokens() {
    const fs::path file = data_ / "tokens.toml";
    const Status sound = check_first_lines(file, log_id_);
    if (!sound.ok()) find(file, std::nullopt, sound.message() + kTokensAdvice);
  }

  // Sound in itself it may still be another's: then nothing that was said is recognised. Nothing is said of it where
  // the log itself is damaged.
  void look_at_partnership_key(const Key& partnership) {
    if (!check_.findings.empty() || key_store_ == nullptr) return;
    const Result<LogSeen> log = WatchedLog::look(data_ / "log", data_ / "watermark");
    if (!log.ok() || log->log == nullptr) return;
    const Status ours = Ingest::check_history(*log->log, *key_store_, {derive_key(partnership, "content digest"), {}});
    if (!ours.ok()) find(keys_ / "partnership.key", std::nullopt, ours.message() + kKeysAdvice);
  }

  // What the key directory has for all its logs.
  void look_at_broker_keys() {
    const Result<Key> partnership = read_secret(keys_ / "partnership.key");
    if (!partnership.ok()) find(keys_ / "partnership.key", std::nullopt, partnership.status().message() + kKeysAdvice);
    if (partnership.ok()) look_at_partnership_key(*partnership);
    const fs::path file = keys_ / "broker.key";
    const Result<Key> broker = read_secret(file);
    if (!broker.ok()) return find(file, std::nullopt, broker.status().message() + kKeysAdvice);
    const Key known = curve_public_key(*broker);
    std::uint64_t others = 0;
    std::error_code failed;
    fs::path one;
    for (const auto& entry : fs::directory_iterator(keys_ / "agencies", failed)) {
      const Result<KeyFile> key = read_key_file(entry.path());
      if (!key.ok() || key->broker_public_key == known) continue;
      one = entry.path();
      ++others;
    }
    if (others > 0)
      find(file, std::nullopt,
           "is another key than the one that " + std::to_string(others) +
               " of the agencies' key files were made for (" + one.string() + "): whoever holds one cannot connect" +
               kKeysAdvice);
  }

  static constexpr const char* kKeysAdvice = ": put it back from the backup of the keys";
  static constexpr const char* kTokensAdvice =
      ": the gateway answers every push with 503; put it back from a backup, or move it away and give the agencies new "
      "tokens (`moot token add`)";

  const fs::path data_;
  const fs::path keys_;
  const std::string log_id_;
  const fs::path log_keys_;
  DataCheck check_;
  std::map<std::string, LostKeys> lost_keys_;  // by what is wrong with them
  std::unique_ptr<KeyStore> key_store_;
  std::int64_t last_recorded_us_ = 0;
  std::int64_t last_entry_us_ = 0;
  std::optional<Offset> log_end_;  // where it is known
  Offset reached_;                 // of the log of events, as the last entry of the audit log tells
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
