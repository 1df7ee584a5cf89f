// A Consumer reads the log in order from an offset, as far as its agency is entitled, in batches under credit.
//
// Thread: one, the caller's; it owns the socket. Blocking up to the given time.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "broker/core/ids.h"
#include "broker/core/status.h"
#include "broker/wire/key_file.h"
#include "proto/bus.pb.h"
#include "proto/event.pb.h"

namespace moot {

struct ConsumerOptions {
  std::string reader;  // names it in lag figures, as one that is to have everything; empty = it comes once
  v1::Filter filter;
  Offset from;
  std::string purpose;   // what the reading is for; sharing agreements ask it
  std::string coverage;  // of the reading that goes on at `from`, as its last delivery said it; empty = a new one
  std::int64_t timeout_ms = 30'000;  // how long an absent broker is waited for
  std::size_t credit_bytes = 4 * 1024 * 1024;
};

struct Delivery {
  // `end` before the broker has sent anything.
  static constexpr Offset kNotKnown{~std::uint64_t{0}};

  std::vector<v1::Event> events;  // offset and recorded_time set; personal as far as entitled
  Offset through;                 // every offset below has been considered
  Offset end;                     // the end of the log when the batch was made
  std::string coverage;           // names what the reader is entitled to
  bool caught_up() const { return through >= end; }
};

class Consumer {
 public:
  static Result<std::unique_ptr<Consumer>> connect(const KeyFile& key_file, const ConsumerOptions& options);
  ~Consumer();

  // The next batch, or an empty one with the last `through` when nothing came within wait_ms. Reconnects by itself and
  // goes on from the last `through`. kEntitlementChanged when the reader may read something else by now: what it read
  // is no longer what it may know, so it begins again.
  Result<Delivery> next(std::int64_t wait_ms);

 private:
  class Impl;
  explicit Consumer(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace moot
