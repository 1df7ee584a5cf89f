// The Governance events of the log, read as whom the command acts, and read on over the same connection for a process
// that stays. Errors: those of the bus. Thread: one, the caller's.
#pragma once

#include <functional>
#include <memory>

#include "broker/client/consumer.h"
#include "broker/core/status.h"
#include "deploy/options.h"
#include "deploy/reach.h"

namespace moot {

class GovernanceLog {
 public:
  using Take = std::function<void(const v1::Event&)>;
  static Result<std::unique_ptr<GovernanceLog>> open(const Options& options, const Reach& reach);

  // Everything that the log holds by now and `take` was not given before, in order. Where whoever reads may read
  // something else by now, all of it again: `take` has to bear that.
  Status catch_up(const Take& take);

 private:
  GovernanceLog(const KeyFile& key, ConsumerOptions reading) : key_(key), reading_(std::move(reading)) {}
  Status connect();
  const KeyFile key_;
  const ConsumerOptions reading_;
  std::unique_ptr<Consumer> consumer_;
  bool caught_up_before_ = false;
};

}  // namespace moot
