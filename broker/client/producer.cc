#include "broker/client/producer.h"

#include "broker/client/connection.h"
#include "broker/client/publishing.h"

namespace moot {

namespace {

using std::chrono::milliseconds;

constexpr milliseconds kPollEvery{500};

}  // namespace

class Producer::Impl {
 public:
  Impl(const KeyFile& key_file, const ProducerOptions& options)
      : timeout_(options.timeout_ms), connection_(key_file), publishing_(options) {}

  Status open() {
    const Status opened = connection_.open(timeout_);
    publishing_.began(connection_.end_at_hello());
    return opened;
  }
  // Sends what is full; waits while the window is.
  Status send_full() {
    MOOT_RETURN_IF_ERROR(send_or_reconnect());
    while (!publishing_.all_sent()) MOOT_RETURN_IF_ERROR(await());
    return {};
  }
  Status flush() {
    publishing_.close();
    MOOT_RETURN_IF_ERROR(send_or_reconnect());
    while (!publishing_.all_acknowledged()) MOOT_RETURN_IF_ERROR(await());
    return {};
  }
  Publishing& publishing() { return publishing_; }

 private:
  Status send();
  Status send_or_reconnect();
  Status await();
  Status reconnect();

  const milliseconds timeout_;
  Connection connection_;
  Publishing publishing_;
};

// All that the window allows.
Status Producer::Impl::send() {
  publishing_.allow(connection_.window_bytes());
  try {
    while (Publishing::Message* message = publishing_.next()) {
      v1::Request request;
      *request.mutable_publish() = message->publish;
      publishing_.sent(*message, connection_.send(request, message->events));
    }
  } catch (const zmq::error_t& error) {
    return Status(Code::kUnavailable, std::string("the bus cannot be written: ") + error.what());
  }
  return {};
}

Status Producer::Impl::send_or_reconnect() {
  const Status sent = send();
  return sent.code() == Code::kUnavailable ? reconnect() : sent;
}

Status Producer::Impl::reconnect() {
  MOOT_RETURN_IF_ERROR(connection_.open(timeout_));
  publishing_.lost();
  const Status sent = send();
  return sent.code() == Code::kUnavailable ? Status() : sent;  // the next await finds it out
}

Status Producer::Impl::await() {
  Result<std::optional<Connection::Received>> received = connection_.receive(kPollEvery);
  if (!received.ok()) return received.status().code() == Code::kUnavailable ? reconnect() : received.status();
  if (!received->has_value()) return {};
  MOOT_RETURN_IF_ERROR(publishing_.take((*received)->reply));
  return send_or_reconnect();
}

Producer::Producer(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Producer::~Producer() = default;

Result<std::unique_ptr<Producer>> Producer::connect(const KeyFile& key_file, const ProducerOptions& options) {
  auto impl = std::make_unique<Impl>(key_file, options);
  const Status opened = impl->open();
  if (!opened.ok()) return opened;
  return std::unique_ptr<Producer>(new Producer(std::move(impl)));
}

void Producer::on_outcome(std::function<void(const Outcome&)> callback) {
  impl_->publishing().on_outcome(std::move(callback));
}
Status Producer::publish(const v1::Event& event, const v1::Origin& origin) {
  impl_->publishing().add(event, origin);
  return impl_->send_full();
}

Status Producer::refuse(const v1::RefusedInput& refused) {
  impl_->publishing().refuse(refused);
  return impl_->send_full();
}

Status Producer::flush() { return impl_->flush(); }

}  // namespace moot
