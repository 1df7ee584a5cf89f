// One publisher that sends events without end to a recorded broker, and knows of each when it was sent and when its
// acknowledgement came, in bytes of the broker's journal: so that at any record it is known what was promised.
//
// Its events are numbered from 0; number n is always the same event. Every seventh is followed by an input that cannot
// be made into an event, for the inbox. After a power cut it goes on with the first that was not acknowledged.
//
// Thread: run() in a thread of its own; everything else before or after.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <map>
#include <string>
#include <vector>

#include "broker/core/status.h"
#include "broker/wire/key_file.h"
#include "proto/event.pb.h"
#include "tests/faults/recording.h"

namespace moot {

class Stream {
 public:
  static constexpr std::size_t kNever = std::numeric_limits<std::size_t>::max();

  Stream(std::string agency, std::size_t seed) : agency_(std::move(agency)), seed_(seed) {}
  Stream(const Stream& other) { *this = other; }
  Stream& operator=(const Stream& other);  // while neither runs

  const std::string& agency() const { return agency_; }
  std::string source() const { return "/" + agency_ + "/stream"; }
  v1::Event event(std::size_t number) const;
  std::string file() const { return agency_ + "-refused.csv"; }

  // Publishes bursts until the broker is gone or `events_max` more are acknowledged. `gone`: set before it is killed.
  void run(const Recording& recording, KeyFile key_file, const std::atomic<bool>& gone, std::size_t events_max);
  // What stopped the last run; ok when it had sent all it should.
  const Status& ended() const { return ended_; }
  std::size_t acknowledged() const { return acknowledged_; }  // from any thread

  // When the journal held so many bytes: of the events from 0, how many were acknowledged, and how many may be there.
  std::size_t promised(std::size_t journal_bytes) const;
  std::size_t sent(std::size_t journal_bytes) const;
  std::vector<std::uint64_t> promised_refusals(std::size_t journal_bytes) const;  // rows of file()
  std::size_t sent_refusals() const { return refusals_.size(); }

  // The power failed when the journal held so many bytes, and a new one begins: what was acknowledged by then stays so.
  void begin_again(std::size_t journal_bytes);
  // As if nothing had ever been sent.
  void forget();

 private:
  struct Times {
    std::size_t sent = kNever;
    std::size_t acknowledged = kNever;
  };

  std::string agency_;
  std::size_t seed_ = 0;
  std::vector<Times> events_;
  std::map<std::uint64_t, Times> refusals_;  // by row
  std::atomic<std::size_t> acknowledged_{0};
  Status ended_;
};

}  // namespace moot
