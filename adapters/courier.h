// Carries what many requests bring to the broker, as one agency: requests that come while a message is on its way share
// the next one, and so a commit. Nothing is promised until the broker has acknowledged it.
//
// Like the Producer it sends again what a broker that died left unanswered; unlike it, nobody waits in here: each
// parcel's `done` is called once, on the courier's thread, with all its outcomes or with why there are none.
//
// With a spool an absent broker is ridden out: what waits is put there, and its outcomes are "kept". When the broker is
// back, it is sent in the order in which it came, and what comes meanwhile waits behind it. What the broker refuses of
// it goes to the inbox, since nobody waits for the answer any more.
//
// Thread: "courier", its own, which owns the socket. submit() may be called from any.
#pragma once

#include <chrono>
#include <condition_variable>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "adapters/spool.h"
#include "broker/client/connection.h"
#include "broker/client/outcome.h"
#include "broker/core/instant.h"
#include "broker/core/limits.h"
#include "broker/wire/key_file.h"
#include "proto/bus.pb.h"

namespace moot {

struct Parcel {
  std::vector<std::string> events;  // serialised moot.v1.Event, none over limits.event_bytes_max
  std::vector<v1::Origin> origins;  // one for each event
  std::vector<v1::RefusedInput> refused;
  bool backfill = false;
  // The outcomes of the events, in order. kUnavailable: nobody answered in time; what was sent may yet be stored, and
  // sending it again is safe. kUnknownKey and the like: the broker does not take this agency's messages.
  std::function<void(Result<std::vector<Outcome>>)> done;
};

struct CourierOptions {
  std::size_t queue_bytes_max = 16 * 1024 * 1024;  // waiting or on their way
  std::chrono::milliseconds patience{10'000};      // with an absent broker, for each parcel
  std::chrono::milliseconds keep_after{2'000};     // of its absence: from then on what comes is put into the spool
  std::size_t window_messages = 8;                 // on their way
  Limits limits;
  const Clock* clock = nullptr;  // borrowed; needed with a spool
  // One line for whoever runs it, without personal data. From the courier's thread. May be empty.
  std::function<void(const std::string&)> log;
};

class Courier {
 public:
  // `spool` may be none.
  Courier(KeyFile key_file, const CourierOptions& options, std::unique_ptr<Spool> spool = nullptr);
  ~Courier();  // what is not done is kept in the spool, or answered kUnavailable where there is none

  // False when the queue is full; then `done` is not called, and the parcel is as it was.
  bool submit(Parcel&& parcel);

 private:
  struct Carried {  // a parcel and what is known of it
    Parcel parcel;
    std::size_t bytes = 0;
    std::chrono::steady_clock::time_point deadline;
    std::vector<Outcome> outcomes;
    std::size_t sent_events = 0, sent_refused = 0;
    std::size_t unanswered = 0;
    bool told = false;
    std::uint64_t number = 0;  // in the spool, from which it was read; 0 = its sender waits
  };
  struct Message {
    v1::Publish publish;
    std::vector<std::string> events;
    std::vector<std::pair<std::shared_ptr<Carried>, std::size_t>> slots;  // whose event each is, and which of theirs
    std::vector<std::shared_ptr<Carried>> refused;                        // whose each refused input is
    std::size_t bytes = 0;
    std::uint64_t number = 0;
    bool resent = false;
  };

  void run();
  bool wait_for_work();
  void reconnect();
  void send_waiting();
  bool fill(Message& message, const std::shared_ptr<Carried>& carried, std::size_t bytes_max);
  bool takes_more(std::size_t bytes) const;
  bool send(Message& message);
  void receive();
  void settle(const Message& message, const v1::Reply& reply);
  void tell(Carried& carried, Result<std::vector<Outcome>> outcomes);
  void tell_late();
  void fail_all(const Status& why);
  void drain_wake() const;
  // In courier_spool.cc.
  void keep_what_cannot_go(bool stopping);
  void keep(const std::vector<std::shared_ptr<Carried>>& parcels);
  std::vector<std::shared_ptr<Carried>> take_all_waiting();
  void read_spool();
  void forget_sent();
  void leave_in_spool(const Status& why);

  // Constant after construction.
  const CourierOptions options_;
  int wake_ = -1;  // eventfd: written by submit() and the destructor
  // Owned by the courier's thread.
  Connection connection_;
  std::deque<std::shared_ptr<Carried>> waiting_;  // not, or not wholly, in a message yet
  std::deque<Message> on_the_way_;
  Offset untold_;  // what was stored for us from here on has not been told of
  std::optional<std::chrono::steady_clock::time_point> away_since_;  // nobody could be reached since
  bool turned_away_ = false;                                         // at the last try: the key has ended, say
  std::chrono::steady_clock::time_point next_try_;
  std::chrono::milliseconds rest_{0};
  const std::unique_ptr<Spool> spool_;
  std::deque<std::shared_ptr<Carried>> from_spool_;  // waiting, on their way, or told while one before them is not
  std::uint64_t read_through_ = 0;                   // of the spool
  std::chrono::steady_clock::time_point spool_rests_until_;
  std::optional<std::chrono::steady_clock::time_point> full_told_;  // when it was last said that nothing more fits
  // Guarded by mutex_.
  std::mutex mutex_;
  std::deque<std::shared_ptr<Carried>> arrived_;
  std::size_t bytes_ = 0;  // of all parcels not told
  bool stopping_ = false;
  std::thread thread_;  // last: it uses all the rest
};

}  // namespace moot
