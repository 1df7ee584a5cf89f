#include "broker/broker.h"

#include <pthread.h>
#include <sys/resource.h>

#include <csignal>

#include "broker/access/curve_key.h"
#include "broker/access/registry.h"
#include "broker/administration.h"
#include "broker/agency_keys.h"
#include "broker/audit_log.h"
#include "broker/backup_runner.h"
#include "broker/broker_metrics.h"
#include "broker/bus_server.h"
#include "broker/data_folder.h"
#include "broker/erasure.h"
#include "broker/erasure_book.h"
#include "broker/governance.h"
#include "broker/ingest.h"
#include "broker/log/event_log.h"
#include "broker/log/inbox.h"
#include "broker/log/key_store.h"
#include "broker/log/log_format_1.h"
#include "broker/log/watched_log.h"
#include "broker/reader_positions.h"
#include "broker/reading.h"

namespace moot {

// In the order they are made; destroyed in the opposite one. The data folder first: its lock outlives all the rest.
struct Broker::Parts {
  explicit Parts(DataFolder&& data_folder) : folder(std::move(data_folder)) {}

  DataFolder folder;
  SystemClock clock;
  RefusalCounts refusals;
  Traffic traffic;
  BrokerMetrics metrics;
  Key broker_secret{};
  Ingest::Secrets secrets{};
  std::string address;
  WatchedLog log;
  std::unique_ptr<AuditLog> audit;
  std::unique_ptr<KeyStore> keys;
  std::unique_ptr<Inbox> inbox;
  std::unique_ptr<Registry> registry;
  Agreements agreements;
  ErasureBook erasures;
  std::unique_ptr<Ingest> ingest;
  std::unique_ptr<Erasure> erasure;
  std::unique_ptr<Reading> reading;
  std::unique_ptr<ReaderPositions> readers;
  std::unique_ptr<BackupRunner> backups;
  std::unique_ptr<AgencyKeys> agency_keys;
  std::unique_ptr<Administration> administration;
  std::unique_ptr<BusServer> bus;

  struct Seen {
    LogSeen log, audit;
  };
  AuditLog::Place audit_place() const { return {folder.audit(), folder.audit_watermark(), folder.log_id()}; }
  Status open(const BrokerOptions& options);
  Status read_secrets();
  Result<Seen> look_at_stores();
  Status of_log(const Status& status) const;
  Status check_current(const LogSeen& log_seen, const AuditLog::Seen& audit_seen) const;
  Status read_history(const EventLog& as_it_stands);
  Status open_stores(Seen seen);
  Status open_ingest(const Limits& limits, const std::vector<Agency>& agencies);
  Status hear_history(const EventLog& as_it_stands);
  Status add_missing(const std::vector<Agency>& agencies);
};

Status Broker::Parts::open(const BrokerOptions& options) {
  MOOT_RETURN_IF_ERROR(read_secrets());
  Result<Seen> seen = look_at_stores();
  if (!seen.ok()) return seen.status();
  MOOT_RETURN_IF_ERROR(open_stores(std::move(*seen)));
  MOOT_RETURN_IF_ERROR(keys->settle(folder.epoch_file()));
  return open_ingest(options.limits, options.agencies);
}

// Before the log: only a directory without a log may make new ones.
Status Broker::Parts::read_secrets() {
  const Result<Key> partnership = folder.partnership_secret();
  if (!partnership.ok()) return partnership.status();
  secrets = {derive_key(*partnership, "content digest"), derive_key(*partnership, "person reference")};
  const Result<Key> secret = folder.broker_secret();
  if (!secret.ok()) return secret.status();
  broker_secret = *secret;
  const Result<FileKeys> epoch_key = folder.epoch_key();
  if (!epoch_key.ok()) return epoch_key.status();
  keys = std::make_unique<KeyStore>(folder.event_keys(), *epoch_key);
  return {};
}

// All of it before anything is opened for writing, which alone changes RocksDB's files: a start that is refused leaves
// the directory as it is.
Result<Broker::Parts::Seen> Broker::Parts::look_at_stores() {
  Seen seen;
  Result<LogSeen> log_seen = WatchedLog::look(folder.log(), folder.watermark());
  if (!log_seen.ok()) return log_seen.status();
  seen.log = std::move(*log_seen);
  Result<AuditLog::Seen> audit_seen = AuditLog::look(audit_place());
  if (!audit_seen.ok()) return audit_seen.status().with("the audit log");
  MOOT_RETURN_IF_ERROR(check_current(seen.log, *audit_seen));
  seen.audit = std::move(audit_seen->log);
  const Result<Key> inbox_key = folder.inbox_key();
  if (!inbox_key.ok()) return inbox_key.status();
  Result<std::unique_ptr<Inbox>> inbox_seen = Inbox::look(folder.inbox(), *inbox_key);
  if (!inbox_seen.ok()) return inbox_seen.status();
  inbox = std::move(*inbox_seen);
  Result<Registry> opened_registry = Registry::open(folder.registry(), folder.log_id());
  if (!opened_registry.ok()) return opened_registry.status();
  registry = std::make_unique<Registry>(std::move(*opened_registry));
  if (seen.log.log != nullptr) MOOT_RETURN_IF_ERROR(read_history(*seen.log.log));
  return seen;
}

// What is wrong with it names it, once.
Status Broker::Parts::of_log(const Status& status) const {
  const std::string log_folder = folder.log().string();
  return status.message().starts_with(log_folder) ? status : status.with(log_folder);
}

// A log with its watermark, put back together from an older copy, looks like a current one; the audit log beside it
// knows.
Status Broker::Parts::check_current(const LogSeen& log_seen, const AuditLog::Seen& audit_seen) const {
  const Offset end = log_seen.log != nullptr ? log_seen.log->end_offset() : Offset{0};
  if (audit_seen.events <= end || is_log_of_format_1(folder.log())) return {};
  return Status(Code::kCorrupt, folder.log().string() + ": ends at offset " + std::to_string(end.value) +
                                    ", but had reached offset " + std::to_string(audit_seen.events.value) +
                                    " when the last entry of the audit log was made: it is an older copy of itself, " +
                                    "or was lost; nothing is touched");
}

Status Broker::Parts::read_history(const EventLog& as_it_stands) {
  if (as_it_stands.end_offset() > Offset{0} && !std::filesystem::exists(folder.registry()))
    return Status(Code::kMissing, folder.registry().string() +
                                      ": is missing, although there is a log; who may publish and read is not known; "
                                      "nothing is touched");
  MOOT_RETURN_IF_ERROR(of_log(Ingest::check_history(as_it_stands, *keys, secrets)));
  MOOT_RETURN_IF_ERROR(hear_history(as_it_stands));
  MOOT_RETURN_IF_ERROR(read_agreements(as_it_stands, agreements));
  MOOT_RETURN_IF_ERROR(read_erasures(as_it_stands, *keys, erasures));
  // What was left of an erasure is finished once everything is open: a damaged file of keys must be met before that.
  for (const std::uint64_t key : erasures.keys())
    if (const Status there = keys->find(key).status(); there.code() == Code::kCorrupt || there.code() == Code::kDisk)
      return there;
  return {};
}

Status Broker::Parts::open_stores(Seen seen) {
  const bool read = seen.log.log != nullptr;
  Result<WatchedLog> opened_log = WatchedLog::open(folder.log(), folder.watermark(), std::move(seen.log));
  if (!opened_log.ok()) return opened_log.status();
  log = std::move(*opened_log);
  if (!read) MOOT_RETURN_IF_ERROR(read_history(*log.log));  // it was of an older format
  Result<std::unique_ptr<AuditLog>> opened_audit =
      AuditLog::open(audit_place(), std::move(seen.audit), clock, log.log->end_offset());
  if (!opened_audit.ok()) return opened_audit.status().with("the audit log");
  audit = std::move(*opened_audit);
  MOOT_RETURN_IF_ERROR(inbox->begin_writing());
  return registry->settle();
}

// When each agency was last heard from.
Status Broker::Parts::hear_history(const EventLog& as_it_stands) {
  for (const Member& member : registry->members()) {
    const std::optional<Offset> last = as_it_stands.last_of(member.id.value());
    if (!last) continue;
    const Result<std::vector<StoredRecord>> record = as_it_stands.read(*last, 1, 1);
    if (!record.ok()) return record.status();
    v1::StoredEvent stored;
    if (!record->empty() && stored.ParseFromString(record->front().bytes))
      traffic.heard(member.id.value(), from_proto(stored.envelope().recorded_time()));
  }
  return {};
}

Status Broker::Parts::open_ingest(const Limits& limits, const std::vector<Agency>& agencies) {
  std::map<std::string, int> rhythm_days;
  for (const Agency& agency : agencies) rhythm_days[agency.id.value()] = agency.rhythm_days;
  Result<std::unique_ptr<Ingest>> created = Ingest::create(
      {log.log.get(), keys.get(), inbox.get(), &clock, &refusals, &traffic, &agreements, &erasures}, limits, secrets);
  if (!created.ok()) return of_log(created.status());
  ingest = std::move(*created);
  erasure = std::make_unique<Erasure>(
      Erasure::Parts{&folder, log.log.get(), keys.get(), inbox.get(), ingest.get(), &erasures, &clock});
  MOOT_RETURN_IF_ERROR(erasure->finish());
  reading = std::make_unique<Reading>(Reading::Parts{log.log.get(), keys.get(), &agreements, &clock, &erasures});
  const Result<Key> inbox_key = folder.inbox_key();
  if (!inbox_key.ok()) return inbox_key.status();
  readers =
      std::make_unique<ReaderPositions>(reading.get(), &clock, folder.readers(), derive_key(*inbox_key, "readers"));
  readers->load(log.log->end_offset());
  backups =
      std::make_unique<BackupRunner>(BackupRun::Parts{&folder, log.log.get(), &audit->log(), inbox.get(), &clock});
  agency_keys = std::make_unique<AgencyKeys>(folder.agency_keys(), curve_public_key(broker_secret), address);
  administration = std::make_unique<Administration>(Administration::Parts{
      registry.get(), log.log.get(), inbox.get(), &refusals, agency_keys.get(), &clock, audit.get(), &traffic, &metrics,
      std::move(rhythm_days), backups.get(), erasure.get(), limits});
  return {};
}

Status Broker::Parts::add_missing(const std::vector<Agency>& agencies) {
  std::vector<Agency> wanted = {{*AgencyId::parse(kOperator), "Operator of this data directory", 0},
                                {*AgencyId::parse(kCasebook), "Casebook, which assembles documents", 0}};
  wanted.insert(wanted.end(), agencies.begin(), agencies.end());
  std::erase_if(wanted, [&](const Agency& agency) { return registry->by_id(agency.id.value()) != nullptr; });
  // Before it is done: a start that is cut off between tells it twice rather than not at all.
  for (const Agency& agency : wanted) {
    v1::AuditEntry entry;
    entry.set_actor(std::string(kOperator));
    entry.set_act("agency-add");
    entry.set_what(agency.id.value());
    audit->note(std::move(entry));
  }
  MOOT_RETURN_IF_ERROR(audit->commit(log.log->end_offset()));
  for (const Agency& agency : wanted) {
    const Result<NewKey> added = administration->add_agency(agency.id.value(), agency.name, 0);
    if (!added.ok()) return added.status();
  }
  return {};
}

Broker::Broker(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}

Broker::~Broker() {
  (void)stop();  // whoever wants to know asked before
}

namespace {

// Peers, tables and key files all need descriptors; a process may usually have many more than it starts with.
void raise_descriptor_limit() {
  struct rlimit limit = {};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur >= limit.rlim_max) return;
  limit.rlim_cur = limit.rlim_max;
  (void)::setrlimit(RLIMIT_NOFILE, &limit);  // refused: then it is as it was
}

// What to do next, for whoever finds that the partnership does not start.
Status with_advice(const Status& status, const std::filesystem::path& data) {
  if (status.code() != Code::kCorrupt) return status;
  return Status(Code::kCorrupt, status.message() + ". `moot verify --data " + data.string() +
                                    "` tells what is damaged; `moot repair " + data.string() +
                                    "` puts what can be saved into a new directory, or restore the last backup");
}

}  // namespace

Result<std::unique_ptr<Broker>> Broker::start(const BrokerOptions& options) {
  raise_descriptor_limit();
  Result<DataFolder> folder = DataFolder::open(options.data, options.keys);
  if (!folder.ok()) return with_advice(folder.status(), options.data);
  auto parts = std::make_unique<Parts>(std::move(*folder));
  if (const Status opened = parts->open(options); !opened.ok()) return with_advice(opened, options.data);
  Result<std::unique_ptr<BusServer>> bus =
      BusServer::create({parts->registry.get(), parts->ingest.get(), parts->reading.get(), parts->readers.get(),
                         parts->administration.get(), &parts->log, parts->audit.get(), &parts->traffic, &parts->metrics,
                         &parts->refusals, &parts->clock},
                        options.limits, parts->broker_secret, options.bus_address);
  if (!bus.ok()) return bus.status();
  parts->bus = std::move(*bus);
  parts->address = parts->bus->address();
  MOOT_RETURN_IF_ERROR(parts->add_missing(options.agencies));
  MOOT_RETURN_IF_ERROR(sign_agreements(options.agreements, *parts->ingest, *parts->audit));
  MOOT_RETURN_IF_ERROR(parts->folder.write_run_file(parts->address));
  auto broker = std::unique_ptr<Broker>(new Broker(std::move(parts)));
  broker->torn_end_ = broker->parts_->log.log->figures().torn_end;
  broker->running_ = true;
  broker->thread_ = std::thread([self = broker.get()] {
    pthread_setname_np(pthread_self(), "bus");
    sigset_t all;  // signals are the main thread's business
    sigfillset(&all);
    pthread_sigmask(SIG_BLOCK, &all, nullptr);
    try {
      self->ended_ = self->parts_->bus->run();
    } catch (const std::exception& error) {  // of a library, on what it does not expect of disk or network
      self->ended_ = Status(Code::kDisk, error.what());
    }
    self->running_ = false;
  });
  return broker;
}

const std::string& Broker::bus_address() const { return parts_->address; }

std::filesystem::path Broker::key_file(const std::string& agency) const { return parts_->folder.key_file(agency); }

const BrokerMetrics& Broker::metrics() const { return parts_->metrics; }

std::size_t Broker::connections() const { return parts_->bus->connections(); }

Status Broker::stop() {
  if (thread_.joinable()) {
    parts_->bus->stop();
    thread_.join();
  }
  return ended_;
}

}  // namespace moot
