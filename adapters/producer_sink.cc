#include "adapters/record_sink.h"

namespace moot {

namespace {

class ProducerSink final : public RecordSink {
 public:
  explicit ProducerSink(Producer& producer) : producer_(producer) {}

  void on_outcome(std::function<void(const Outcome&)> callback) override { producer_.on_outcome(std::move(callback)); }
  Status publish(const v1::Event& event, const v1::Origin& origin) override { return producer_.publish(event, origin); }
  Status refuse(const v1::RefusedInput& refused) override { return producer_.refuse(refused); }
  Status flush() override { return producer_.flush(); }
  bool stores() const override { return true; }

 private:
  Producer& producer_;
};

}  // namespace

std::unique_ptr<RecordSink> sink_to_broker(Producer& producer) { return std::make_unique<ProducerSink>(producer); }

}  // namespace moot
