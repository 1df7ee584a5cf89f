// Reading everything back: to a client, from every system; and inside the broker, against the plainest log.
#include <cstdio>

#include "broker/access/agreements.h"
#include "broker/core/instant.h"
#include "broker/data_folder.h"
#include "broker/reading.h"
#include "deploy/bench/server.h"
#include "tests/bench/bench.h"
#include "tests/bench/segment.h"
#include "tests/bench/systems.h"

namespace moot::bench {

namespace {

const Shape kFilling = {"filling", 4, 4, 100, 0};
constexpr std::size_t kAtOnceBytes = 256 * 1024;  // as the bus asks

// The log of a broker that has ended, opened as the broker opens it.
class RestingLog {
 public:
  static Result<std::unique_ptr<RestingLog>> open(const MootSystem& moot) {
    Result<DataFolder> folder = DataFolder::open(moot.data(), moot.keys());
    if (!folder.ok()) return folder.status();
    Result<std::unique_ptr<EventLog>> log = open_rocksdb_event_log(folder->log());
    if (!log.ok()) return log.status();
    const Result<FileKeys> epoch = folder->epoch_key();
    if (!epoch.ok()) return epoch.status();
    KeyStore keys(folder->event_keys(), *epoch);
    return std::unique_ptr<RestingLog>(new RestingLog(std::move(*folder), std::move(*log), std::move(keys)));
  }

  // The records as they are stored.
  Result<std::uint64_t> scan() const {
    Offset at;
    while (at < log_->end_offset()) {
      const Result<std::vector<StoredRecord>> records = log_->read(at, kBlockOfEvents, kAtOnceBytes);
      if (!records.ok()) return records.status();
      if (records->empty()) break;
      at.value += records->size();
    }
    return at.value;
  }

  // The events as a reader gets them: opened with their keys.
  Result<std::uint64_t> read() const {
    const Agreements none;  // the operator reads all
    const SystemClock clock;
    const Recipient reader{*AgencyId::parse(kOperator), "operations"};
    const moot::Reading reading({log_.get(), &keys_, &none, &clock});
    std::uint64_t events = 0;
    for (Offset at; at < log_->end_offset();) {
      const Result<moot::Reading::Portion> portion = reading.next(reader, {}, at, {kBlockOfEvents, kAtOnceBytes});
      if (!portion.ok()) return portion.status();
      if (portion->through == at) break;
      at = portion->through;
      events += portion->count;
    }
    return events;
  }

 private:
  static constexpr std::size_t kBlockOfEvents = 1000;
  RestingLog(DataFolder&& folder, std::unique_ptr<EventLog> log, KeyStore&& keys)
      : folder_(std::move(folder)), log_(std::move(log)), keys_(std::move(keys)) {}

  const DataFolder folder_;
  const std::unique_ptr<EventLog> log_;
  const KeyStore keys_;
};

// One reading of `events` events by one system in one way; the server's processes, where there is one.
Result<Reading> timed(Reading reading, const std::vector<pid_t>& processes, const std::function<Status()>& read) {
  const double server_before = cpu_seconds(processes), client_before = own_cpu_seconds();
  const auto begin = std::chrono::steady_clock::now();
  MOOT_RETURN_IF_ERROR(read());
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begin;
  reading.rate = static_cast<double>(reading.events) / took.count();
  reading.server_cpu_s = cpu_seconds(processes) - server_before;
  reading.client_cpu_s = own_cpu_seconds() - client_before;
  std::fprintf(stderr, "%d reading %s, %s: %.0f events/s\n", reading.repetition + 1, reading.system.c_str(),
               reading.way.c_str(), reading.rate);
  return reading;
}

// What a scan found must be what was written.
Status all_there(const Result<std::uint64_t>& found, std::uint64_t events) {
  if (!found.ok()) return found.status();
  if (*found == events) return {};
  return Status(Code::kMissing, "gave back " + std::to_string(*found) + " of " + std::to_string(events) + " events");
}

}  // namespace

Status Bench::fill_up(System& system, std::uint64_t events, const Conditions& conditions) {
  const Result<UnderLoad> running = UnderLoad::start(system, system.own_shape(kFilling), conditions);
  if (!running.ok()) return running.status();
  const Result<Load::Part> filled = running->load->run(events);
  if (!filled.ok()) return filled.status();
  return running->load->finish();
}

Status Bench::replay(System& system, int repetition) {
  const Conditions from_the_first_event{0, 0, payload_, stop_};
  MOOT_RETURN_IF_ERROR(fill_up(system, options_.replay_events, from_the_first_event));
  for (const std::string& way : system.ways_to_read()) {
    const Result<Reading> reading = timed({system.name(), way, repetition, options_.replay_events, 0, 0, 0},
                                          system.processes(), [&] { return system.read(way, options_.replay_events); });
    if (!reading.ok()) return reading.status();
    findings_.readings.push_back(*reading);
  }
  return {};
}

Status Bench::replay() {
  std::vector<System*> systems;
  for (System* system : systems_)
    if (!system->ways_to_read().empty()) systems.push_back(system);
  const auto open = make_moot_open({folder_});
  systems.push_back(open.get());
  for (int repetition = 0; repetition < options_.repetitions; ++repetition)
    MOOT_RETURN_IF_ERROR(
        for_each(systems, repetition, "replay", [&](System& system) { return replay(system, repetition); }));
  return {};
}

Status Bench::scan() {
  const auto moot = make_moot({folder_});
  const std::filesystem::path segment = folder_ / "segment";
  const Status scanned = [&]() -> Status {
    const Conditions from_the_first_event{0, 0, payload_, stop_};
    MOOT_RETURN_IF_ERROR(fill_up(*moot, options_.replay_events, from_the_first_event));
    const Result<std::uint64_t> stored = moot->stored();
    if (!stored.ok()) return stored.status();
    moot->rest();
    MOOT_RETURN_IF_ERROR(write_segment(segment, payload_, *stored));
    Result<std::unique_ptr<RestingLog>> log = RestingLog::open(*moot);
    if (!log.ok()) return log.status();
    const std::vector<std::pair<std::string, std::function<Status()>>> ways = {
        {"segment", [&] { return all_there(scan_segment(segment), *stored); }},
        {"log", [&] { return all_there((*log)->scan(), *stored); }},
        {"reading", [&] { return all_there((*log)->read(), *stored); }}};
    for (const auto& [way, read] : ways) MOOT_RETURN_IF_ERROR(read());  // so that nobody finds the cache cold
    for (int repetition = 0; repetition < options_.repetitions; ++repetition) {
      for (std::size_t i = 0; i < ways.size(); ++i) {
        MOOT_RETURN_IF_ERROR(go_on());
        const auto& [way, read] = ways[(i + static_cast<std::size_t>(repetition)) % ways.size()];
        const Result<Reading> reading = timed({"inside", way, repetition, *stored, 0, 0, 0}, {}, read);
        if (!reading.ok()) return reading.status();
        findings_.scans.push_back(*reading);
      }
    }
    return {};
  }();
  std::filesystem::remove(segment);
  end_system(*moot);
  if (!scanned.ok()) note("reading inside the broker", scanned);
  return go_on();
}

}  // namespace moot::bench
