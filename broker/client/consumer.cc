#include "broker/client/consumer.h"

#include <algorithm>

#include "broker/client/connection.h"

namespace moot {

using std::chrono::milliseconds;

class Consumer::Impl {
 public:
  Impl(const KeyFile& key_file, const ConsumerOptions& options)
      : options_(options), connection_(key_file), through_(options.from), coverage_(options.coverage) {}

  Status open() {
    MOOT_RETURN_IF_ERROR(connection_.open(milliseconds(options_.timeout_ms)));
    v1::Request request;
    v1::Consume& consume = *request.mutable_consume();
    *consume.mutable_filter() = options_.filter;
    consume.set_from_offset(through_.value);
    consume.set_credit_bytes(options_.credit_bytes);
    consume.set_reader(options_.reader);
    consume.set_purpose(options_.purpose);
    consume.set_coverage(coverage_);
    number_ = connection_.send(request);
    used_ = 0;
    return {};
  }

  Result<Delivery> next(std::int64_t wait_ms) {
    Result<std::optional<Connection::Received>> received = connection_.receive(milliseconds(wait_ms));
    if (!received.ok()) {
      if (received.status().code() != Code::kUnavailable) return received.status();
      MOOT_RETURN_IF_ERROR(open());
      return quiet();
    }
    if (!received->has_value() || (*received)->reply.number() != number_) return quiet();
    const v1::Reply& reply = (*received)->reply;
    if (reply.has_refusal()) return status_of(reply.refusal());
    if (!reply.has_batch()) return quiet();
    return take(reply.batch(), (*received)->events);
  }

 private:
  Delivery quiet() const { return {{}, through_, end_, coverage_}; }

  Result<Delivery> take(const v1::Batch& batch, const std::vector<std::string>& events) {
    Delivery delivery;
    for (const std::string& bytes : events) {
      v1::Event event;
      if (!event.ParseFromString(bytes)) return Status(Code::kNotAnEvent, "the broker sent what is not an event");
      used_ += bytes.size();
      delivery.events.push_back(std::move(event));
    }
    through_ = Offset{batch.through_offset()};
    end_ = Offset{batch.end_offset()};
    delivery.through = through_;
    delivery.end = end_;
    delivery.coverage = coverage_ = batch.coverage();
    if (used_ >= options_.credit_bytes / 2) {
      v1::Request request;
      request.mutable_credit()->set_bytes(used_);
      connection_.send(request);
      used_ = 0;
    }
    return delivery;
  }

  const ConsumerOptions options_;
  Connection connection_;
  std::uint64_t number_ = 0;
  std::size_t used_ = 0;  // credit spent and not yet granted again
  Offset through_;
  std::string coverage_;
  Offset end_ = Delivery::kNotKnown;
};

Consumer::Consumer(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Consumer::~Consumer() = default;

Result<std::unique_ptr<Consumer>> Consumer::connect(const KeyFile& key_file, const ConsumerOptions& options) {
  auto impl = std::make_unique<Impl>(key_file, options);
  const Status opened = impl->open();
  if (!opened.ok()) return opened;
  return std::unique_ptr<Consumer>(new Consumer(std::move(impl)));
}

Result<Delivery> Consumer::next(std::int64_t wait_ms) { return impl_->next(wait_ms); }

}  // namespace moot
