// Where the records of a file go: to the broker, or, in a dry run (adapters/dry_run_sink.h), only past the rules. Every
// record given comes back as one Outcome, in the order given, by the time flush() returns ok. Thread: one, the
// caller's.
#pragma once

#include <functional>
#include <memory>

#include "broker/client/producer.h"
#include "broker/core/status.h"
#include "proto/bus.pb.h"
#include "proto/event.pb.h"

namespace moot {

class RecordSink {
 public:
  virtual ~RecordSink() = default;
  virtual void on_outcome(std::function<void(const Outcome&)> callback) = 0;
  // A Status that is not ok ends the publishing: nobody answers any more.
  virtual Status publish(const v1::Event& event, const v1::Origin& origin) = 0;
  virtual Status refuse(const v1::RefusedInput& refused) = 0;
  virtual Status flush() = 0;
  // Whether what is accepted is kept, and so has an offset.
  virtual bool stores() const = 0;
};

// Borrows the producer.
std::unique_ptr<RecordSink> sink_to_broker(Producer& producer);

}  // namespace moot
