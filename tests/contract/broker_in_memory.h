// A broker without sockets: the real sessions, ingest, reading and administration over logs in memory, a real key store
// and inbox. The test says what arrives and when, and sees what is sent to whom.
//
// Agencies: operator, casebook, council, north-police, soha. The clock stands at noon on 10 March 2021 until it is set.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "broker/access/curve_key.h"
#include "broker/access/registry.h"
#include "broker/administration.h"
#include "broker/audit_log.h"
#include "broker/broker_metrics.h"
#include "broker/ingest.h"
#include "broker/reading.h"
#include "broker/sessions.h"
#include "tests/contract/memory_event_log.h"
#include "tests/contract/temporary_folder.h"
#include "tests/unit/fixed_clock.h"

namespace moot {

class BrokerInMemory final : private Outlet {
 public:
  struct Got {
    v1::Reply reply;
    std::vector<std::string> events;
  };

  BrokerInMemory()
      : keys_(folder_ / "keys", random_key()),
        inbox_(*Inbox::open(folder_ / "inbox", random_key())),
        registry_(*Registry::open(folder_ / "agencies.toml")) {
    for (const char* id : {"operator", "casebook", "council", "north-police", "soha"}) {
      Member member;
      member.id = *AgencyId::parse(id);
      member.name = id;
      MOOT_CHECK_OK(registry_.add(member, {make_curve_key().public_key, {}, {}, {}}, clock.now()));
    }
    WatchedLog audit;
    audit.log = std::make_unique<MemoryEventLog>();
    audit_ = std::move(*AuditLog::open(std::move(audit), clock, Offset{}));
    ingest_ = std::move(*Ingest::create({&log, &keys_, inbox_.get(), &clock, &refusals, &traffic_, &agreements_},
                                        Limits(), {random_key(), random_key()}));
    administration_ = std::make_unique<Administration>(Administration::Parts{
        &registry_, &log, inbox_.get(), &refusals, &agency_keys_, &clock, audit_.get(), &traffic_, &metrics_, {}});
    sessions = std::make_unique<Sessions>(
        Sessions::Parts{&registry_, ingest_.get(), &reading_, &readers_, administration_.get(), &log, audit_.get(),
                        &traffic_, &metrics_, &refusals, &clock, this},
        Limits());
  }

  // The routing id that ZeroMQ would give the peer of that name (one letter).
  static std::string peer(char name) { return {'\0', 'p', 'e', 'r', name}; }
  // What ZAP calls a connection with the agency's key.
  std::string connection(const std::string& agency) const {
    const Member* member = registry_.by_id(agency);
    return connection_name(*member, member->keys.back());
  }
  // Bytes from a peer as they come off the wire.
  void arrive(char name, const std::string& agency, const std::string& header, const std::string& events = "",
              int frames = 0) {
    frames = frames > 0 ? frames : events.empty() ? 2 : 3;
    sessions->take({peer(name), connection(agency), header, events, frames}, now);
  }
  void say(char name, const std::string& agency, v1::Request request, const std::vector<std::string>& events = {}) {
    if (request.number() == 0) request.set_number(++numbers_);
    arrive(name, agency, request.SerializeAsString(), packed_events(events));
  }
  void hello(char name, const std::string& agency, std::uint32_t protocol = kProtocolVersion) {
    v1::Request request;
    request.mutable_hello()->set_protocol(protocol);
    say(name, agency, request);
  }
  void publish(char name, const std::string& agency, const v1::Event& event) {
    v1::Request request;
    request.mutable_publish();
    say(name, agency, request, {event.SerializeAsString()});
  }
  void turn(std::chrono::milliseconds later = {}) {
    now += later;
    MOOT_CHECK_OK(sessions->turn(now));
  }
  // What was sent to the peer since it was last asked.
  std::vector<Got> got(char name) { return std::exchange(sent_[peer(name)], {}); }
  // The last of them, after a turn.
  Got answer(char name) {
    turn();
    std::vector<Got> all = got(name);
    return all.empty() ? Got() : std::move(all.back());
  }

  const AuditLog& audit() const { return *audit_; }

  // Public, for the test to look at and to set.
  FixedClock clock{"2021-03-10T12:00:00Z"};
  Sessions::Moment now{std::chrono::hours(1)};
  MemoryEventLog log;
  RefusalCounts refusals;
  std::map<std::string, Sent> takes;    // by routing id; a peer takes all where nothing is said
  std::map<std::string, int> messages;  // taken, by routing id
  std::size_t largest_header = 0;       // of those
  std::unique_ptr<Sessions> sessions;

 private:
  Sent send(const std::string& to, const BusMessage& message) override {
    const auto said = takes.find(to);
    if (said != takes.end() && said->second != Sent::kTaken) return said->second;
    const Result<std::vector<std::string_view>> events = unpacked_events(message.events, 0, Limits());
    MOOT_CHECK_OK(events.status());
    v1::Reply reply;
    MOOT_CHECK(reply.ParseFromString(message.header));
    for (v1::Reply& one : separate(std::move(reply)))
      sent_[to].push_back({std::move(one), {events->begin(), events->end()}});
    ++messages[to];
    largest_header = std::max(largest_header, message.header.size());
    return Sent::kTaken;
  }

  TemporaryFolder folder_;
  KeyStore keys_;
  std::unique_ptr<Inbox> inbox_;
  Registry registry_;
  Traffic traffic_;
  BrokerMetrics metrics_;
  Agreements agreements_;
  const Reading reading_{{&log, &keys_, &agreements_, &clock}};
  ReaderPositions readers_{&reading_, &clock, {}, Key{}};
  const std::string address_ = "tcp://127.0.0.1:1";
  const AgencyKeys agency_keys_{folder_.path(), Key{}, address_};
  std::unique_ptr<AuditLog> audit_;
  std::unique_ptr<Ingest> ingest_;
  std::unique_ptr<Administration> administration_;
  std::map<std::string, std::vector<Got>> sent_;
  std::uint64_t numbers_ = 100;
};

}  // namespace moot
