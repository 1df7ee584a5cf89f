// The sessions of the bus as a state machine: who is connected, what each asked, what each is to be sent. No socket, no
// disk but through its parts, no clock of its own: `now` is given with every call. The bus server drives it from a
// ROUTER; the simulation of tests/simulation from a network that it makes up.
//
//   take(arrival)   one message as it came: hello, publish, consume, credit, ping, administration
//   turn(now)       commits what was offered as one group, gives out the acks, then what readers' credit allows, and
//                   ends what is over: a silent peer, a revoked key, a reading whose entitlement changed
//
// Every message is authorised anew, by the key that its connection was opened with; routing ids say nothing. What a
// peer does not take stays in its outbox, bounded by its credit, and holds up nobody else.
//
// A session begins with a hello and ends with a goodbye, with silence, with a full outbox, with its key or when the
// peer is gone. A hello on the same connection begins it anew, without the reading that ran. A connection that takes
// another's place (the same key, another routing id) has a session of its own; the old one feeds nobody and ends by
// itself.
//
// Thread: bus; one owner.
#pragma once

#include <google/protobuf/arena.h>

#include <array>
#include <cstddef>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "broker/administration.h"
#include "broker/audit_log.h"
#include "broker/core/limits.h"
#include "broker/ingest.h"
#include "broker/peer_room.h"
#include "broker/reader_positions.h"
#include "broker/reading.h"
#include "broker/session.h"
#include "broker/wire/frames.h"

namespace moot {

// Where messages to peers go. Never waits.
class Outlet {
 public:
  enum class Sent { kTaken, kFull, kGone };  // kFull: not now; kGone: the peer is not there any more
  virtual ~Outlet() = default;
  virtual Sent send(const std::string& peer, const BusMessage& message) = 0;
};

class Sessions {
 public:
  using Moment = std::chrono::steady_clock::time_point;

  struct Parts {  // all outlive the sessions
    Registry* registry;
    Ingest* ingest;
    const Reading* reading;
    ReaderPositions* readers;
    Administration* administration;
    const EventLog* log;
    AuditLog* audit;
    const Traffic* traffic;
    BrokerMetrics* metrics;
    RefusalCounts* refusals;
    const Clock* clock;
    Outlet* outlet;
  };

  // A message as it came; the views live as long as the call.
  struct Arrival {
    std::string peer;        // routing id
    std::string connection;  // connection_name of the key it was opened with; empty when that is not known
    std::string_view header, events;
    int frames = 0;  // the routing id's included
  };

  Sessions(const Parts& parts, const Limits& limits) : parts_(parts), limits_(limits), room_(limits.peers_bytes_max) {}

  void take(const Arrival& arrival, Moment now);
  // So much has arrived since the last turn that one is due: an ack never waits for a whole flood.
  bool turn_is_due() const;
  // kDisk, kCorrupt: of the log or the inbox; nothing more was acknowledged, and the owner must stop.
  Status turn(Moment now);
  // The end of the broker: what runs is ended on record.
  Status end_all(Moment now);

  // What the next turn has to do although nothing arrives.
  enum class Work { kNone, kOutbox, kReading };
  Work work_left() const;

  // Peers connected by now, which only the sockets know.
  void set_connections(std::size_t connections) { connections_ = connections; }
  BusFigures figures();

 private:
  using Entry = std::map<std::string, Session>::iterator;

  Status admit(const Arrival& arrival, const Member& member, const v1::Request& request);
  void take_leave(const Arrival& arrival, const Member& member);
  void handle(const Arrival& arrival, std::string_view events, Session& session, const v1::Request& request,
              Moment now);
  v1::Reply welcome(const Session& session, const v1::Request& request) const;
  void answer_stranger(const std::string& peer, const v1::Reply& reply);
  void publish(const Arrival& arrival, std::string_view frame, Session& session, const v1::Request& request,
               Moment now);
  void consume(Session& session, const v1::Request& request, Moment now);
  void count_by_minute(Moment now);
  Status may_begin_reading(const std::string& caller, Moment now);
  Status may_act(const Caller& caller, const v1::Request& request, Moment now);
  void grant(Session& session, std::uint64_t bytes);
  Status commit();
  void acknowledge(Session& session, std::uint64_t number, v1::PublishAck&& ack);
  void reply_acks(Session& session);
  Offset end() const { return parts_.log->end_offset(); }
  bool can_be_fed(const Session& session) const;
  bool end_if_changed(Session& session);
  void end_changed_subscriptions(Moment now);
  Status feed_all(Moment now);
  Result<Reading::Most> feed(Session& session, Reading::Most most);
  void end_subscription(Session& session);
  void save_readers(Moment now);
  void take_back_batches(Session& session);
  void reply(Session& session, const v1::Reply& reply, std::string events = {});
  bool flush(const std::string& peer, Session& session);
  void flush_all();
  Entry forget(Entry session);
  void drop_silent_sessions(Moment now);
  Status key_of(const Session& session) const;
  std::size_t sessions_to_cut() const;
  void cut_sessions_of_ended_keys(Moment now);
  void audit_refusals(Moment now);
  Status show_figures(Moment now);

  const Parts parts_;
  const Limits limits_;
  const PeerRoom room_;
  std::map<std::string, Session> sessions_;  // by routing id; forget() takes one out
  std::map<std::string, int> readings_;      // by caller: begun in the minute that began at minute_since_
  std::map<std::string, int> acts_;          // likewise: other acts that are audited
  Moment minute_since_;
  std::size_t connections_ = 0;
  std::size_t turn_bytes_ = 0;          // arrived since the last turn
  std::optional<Moment> published_at_;  // by anybody, the last time
  Reading::Most committed_{};           // with this turn: events, and about so many bytes
  std::string fed_last_;                // the routing id of the reader that was given something last
  Moment looked_at_entitlements_;
  Moment looked_at_keys_;
  Moment showed_figures_at_;
  Moment saved_readers_at_;
  bool reader_left_ = false;  // since they were saved
  Moment audited_refusals_at_;
  std::map<std::pair<std::string, Code>, std::uint64_t> audited_refusals_;  // how many an entry tells of
  std::uint64_t registry_changes_ = 0;  // when the keys of sessions were last looked at
  struct Waiting {
    std::string peer;
    std::uint64_t number;
  };
  // Of the request in hand: most need no more.
  alignas(std::max_align_t) std::array<char, 2048> request_block_;
  google::protobuf::Arena request_memory_{request_block_.data(), request_block_.size()};
  std::vector<Waiting> waiting_;  // one per offer to ingest since the last commit
};

}  // namespace moot
