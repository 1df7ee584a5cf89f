// The records of a file, handed to a courier: while the broker is away they go into the courier's spool, and their
// outcomes are "kept". Thread: one, the caller's; it blocks while as much is under way as may be.
#pragma once

#include <deque>
#include <memory>
#include <vector>

#include "adapters/courier.h"
#include "adapters/record_sink.h"
#include "broker/core/limits.h"

namespace moot {

class CourierSink final : public RecordSink {
 public:
  // `courier` is borrowed. `patience`: how long a courier whose queue is full is waited for.
  CourierSink(Courier& courier, bool backfill, std::chrono::milliseconds patience, const Limits& limits)
      : courier_(courier), backfill_(backfill), patience_(patience), limits_(limits) {}

  void on_outcome(std::function<void(const Outcome&)> callback) override { callback_ = std::move(callback); }
  // An event over its limit is refused here; it is still recorded in the inbox.
  Status publish(const v1::Event& event, const v1::Origin& origin) override;
  Status refuse(const v1::RefusedInput& refused) override;
  Status flush() override;
  bool stores() const override { return true; }

 private:
  struct Answer;
  // One parcel under way: what was known before it went, in the places of what was refused, and the answer to come.
  struct Sent {
    std::vector<Outcome> outcomes;
    std::vector<std::size_t> events;  // which of them the courier will tell
    std::shared_ptr<Answer> answer;
  };
  Status send();
  Status settle_first();
  Status make_room(std::size_t bytes);

  // Constant after construction.
  Courier& courier_;
  const bool backfill_;
  const std::chrono::milliseconds patience_;
  const Limits limits_;
  std::function<void(const Outcome&)> callback_ = [](const Outcome&) {};
  Parcel filling_;
  Sent filling_outcomes_;
  std::size_t filling_bytes_ = 0;
  std::deque<Sent> under_way_;
};

}  // namespace moot
