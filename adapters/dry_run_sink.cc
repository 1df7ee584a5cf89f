#include "adapters/record_sink.h"
#include "broker/core/event_rules.h"

namespace moot {

namespace {

class DryRunSink final : public RecordSink {
 public:
  explicit DryRunSink(const Limits& limits) : limits_(limits) {}

  void on_outcome(std::function<void(const Outcome&)> callback) override { callback_ = std::move(callback); }

  Status publish(const v1::Event& event, const v1::Origin& origin) override {
    Status status = validate(event, limits_);
    if (status.ok() && event.ByteSizeLong() > limits_.event_bytes_max)
      status = Status(Code::kTooLarge, "the event is over " + std::to_string(limits_.event_bytes_max) + " bytes");
    tell(origin, std::move(status));
    return {};
  }
  Status refuse(const v1::RefusedInput& refused) override {
    tell(refused.origin(), Status(static_cast<Code>(refused.code()), refused.reason()));
    return {};
  }
  Status flush() override { return {}; }
  bool stores() const override { return false; }

 private:
  void tell(const v1::Origin& origin, Status status) {
    Outcome outcome;
    outcome.origin = origin;
    outcome.fate = status.ok() ? Fate::kAccepted : Fate::kRefused;
    outcome.status = std::move(status);
    if (callback_) callback_(outcome);
  }

  const Limits limits_;
  std::function<void(const Outcome&)> callback_;
};

}  // namespace

std::unique_ptr<RecordSink> sink_of_dry_run(const Limits& limits) { return std::make_unique<DryRunSink>(limits); }

}  // namespace moot
