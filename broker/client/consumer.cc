#include "broker/client/consumer.h"

#include "broker/client/connection.h"
#include "broker/client/consuming.h"

namespace moot {

using std::chrono::milliseconds;

class Consumer::Impl {
 public:
  Impl(const KeyFile& key_file, const ConsumerOptions& options)
      : timeout_(options.timeout_ms), connection_(key_file), consuming_(options) {}

  Status open() {
    MOOT_RETURN_IF_ERROR(connection_.open(timeout_));
    v1::Request request = consuming_.request();
    consuming_.asked(connection_.send(request));
    return {};
  }

  Result<Delivery> next(std::int64_t wait_ms) {
    Result<std::optional<Connection::Received>> received = connection_.receive(milliseconds(wait_ms));
    if (!received.ok()) {
      if (received.status().code() != Code::kUnavailable) return received.status();
      MOOT_RETURN_IF_ERROR(open());
      return consuming_.quiet();
    }
    if (!received->has_value()) return consuming_.quiet();
    Result<Delivery> delivery = consuming_.take((*received)->reply, (*received)->events);
    if (!delivery.ok()) return delivery;
    std::optional<v1::Request> credit = consuming_.credit_due();
    if (credit) connection_.send(*credit);
    return delivery;
  }

 private:
  const milliseconds timeout_;
  Connection connection_;
  Consuming consuming_;
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
