#include "broker/client/producer.h"

#include <algorithm>
#include <deque>
#include <optional>

#include "broker/client/connection.h"

namespace moot {

namespace {

using std::chrono::milliseconds;

constexpr milliseconds kPollEvery{500};
// The most that protobuf adds around one field, and around the whole request.
constexpr std::size_t kFraming = 16;
constexpr std::size_t kHeaderRoom = 256;

// One Publish on its way: what is in it, so that it can be sent again, and what to tell of each part.
struct Message {
  v1::Publish publish;
  std::vector<std::string> events;
  std::vector<v1::Origin> origins;  // of the events
  // What comes of refused inputs is known at once, but told in the order given: `before[i]` events stand before it.
  std::vector<std::size_t> before;
  std::size_t bytes = 0;
  bool resent = false;
};

}  // namespace

class Producer::Impl {
 public:
  Impl(const KeyFile& key_file, const ProducerOptions& options) : options_(options), connection_(key_file) {}

  Status open() {
    const Status opened = connection_.open(milliseconds(options_.timeout_ms));
    untold_ = connection_.end_at_hello();
    return opened;
  }

  Status publish(const v1::Event& event, const v1::Origin& origin) {
    std::string bytes = event.SerializeAsString();
    if (bytes.size() > options_.limits.event_bytes_max) {
      v1::RefusedInput refused;
      *refused.mutable_origin() = origin;
      refused.set_code(static_cast<std::uint32_t>(Code::kTooLarge));
      refused.set_reason("the event is over " + std::to_string(options_.limits.event_bytes_max) + " bytes");
      refused.set_input(bytes.substr(0, options_.limits.event_bytes_max));
      return refuse(refused);
    }
    const std::size_t size = bytes.size() + origin.ByteSizeLong() + kFraming;
    MOOT_RETURN_IF_ERROR(make_room(size));
    filling_.bytes += size;
    filling_.events.push_back(std::move(bytes));
    filling_.origins.push_back(origin);
    return {};
  }

  Status refuse(const v1::RefusedInput& refused) {
    v1::RefusedInput kept = refused;
    // One refusal must fit a message; what cannot be mended from its beginning needs the file anyway.
    if (kept.input().size() > options_.limits.event_bytes_max)
      kept.mutable_input()->resize(options_.limits.event_bytes_max);
    const std::size_t bytes = kept.ByteSizeLong() + kFraming;
    MOOT_RETURN_IF_ERROR(make_room(bytes));
    filling_.bytes += bytes;
    filling_.before.push_back(filling_.events.size());
    *filling_.publish.add_refused() = std::move(kept);
    return {};
  }

  Status flush() {
    MOOT_RETURN_IF_ERROR(dispatch());
    while (!unacknowledged_.empty()) MOOT_RETURN_IF_ERROR(await(kPollEvery));
    return {};
  }

  std::function<void(const Outcome&)> on_outcome_ = [](const Outcome&) {};

 private:
  Status make_room(std::size_t bytes);
  Status dispatch();
  Status send(Message& message);
  Status await(milliseconds wait);
  Status reconnect();
  void settle(const Message& message, const v1::PublishAck& ack);
  void tell_refused(const Message& message, std::size_t events_told, std::size_t& next_refused);

  const ProducerOptions options_;
  Connection connection_;
  Message filling_;
  std::deque<Message> unacknowledged_;  // in the order sent
  Offset untold_;                       // events stored for us from here on have not been told of yet
  std::deque<std::uint64_t> numbers_;   // of the same
};

Status Producer::Impl::make_room(std::size_t bytes) {
  const std::size_t parts = filling_.events.size() + static_cast<std::size_t>(filling_.publish.refused_size());
  const bool full = parts >= options_.limits.message_events_max ||
                    (parts > 0 && filling_.bytes + bytes + kHeaderRoom > options_.limits.message_bytes_max);
  return full ? dispatch() : Status();
}

Status Producer::Impl::dispatch() {
  if (filling_.events.empty() && filling_.publish.refused_size() == 0) return {};
  while (unacknowledged_.size() >= options_.window_messages) MOOT_RETURN_IF_ERROR(await(kPollEvery));
  filling_.publish.set_backfill(options_.backfill);
  for (const v1::Origin& origin : filling_.origins) *filling_.publish.add_origins() = origin;
  unacknowledged_.push_back(std::move(filling_));
  filling_ = Message();
  numbers_.push_back(0);
  const Status sent = send(unacknowledged_.back());
  return sent.code() == Code::kUnavailable ? reconnect() : sent;
}

Status Producer::Impl::send(Message& message) {
  v1::Request request;
  *request.mutable_publish() = message.publish;
  try {
    const std::uint64_t number = connection_.send(request, message.events);
    const auto index = static_cast<std::size_t>(
        std::find_if(unacknowledged_.begin(), unacknowledged_.end(), [&](const Message& m) { return &m == &message; }) -
        unacknowledged_.begin());
    numbers_[index] = number;
  } catch (const zmq::error_t& error) {
    return Status(Code::kUnavailable, std::string("the bus cannot be written: ") + error.what());
  }
  return {};
}

Status Producer::Impl::reconnect() {
  MOOT_RETURN_IF_ERROR(connection_.open(milliseconds(options_.timeout_ms)));
  for (Message& message : unacknowledged_) {
    message.resent = true;
    const Status sent = send(message);
    if (!sent.ok()) return sent.code() == Code::kUnavailable ? Status() : sent;  // the next await finds it out
  }
  return {};
}

Status Producer::Impl::await(milliseconds wait) {
  Result<std::optional<Connection::Received>> received = connection_.receive(wait);
  if (!received.ok()) return received.status().code() == Code::kUnavailable ? reconnect() : received.status();
  if (!received->has_value()) return {};
  const v1::Reply& reply = (*received)->reply;
  const auto number = std::find(numbers_.begin(), numbers_.end(), reply.number());
  // A message that the broker cannot read it cannot name either: it would be waited for without end.
  if (reply.number() == 0 && reply.has_refusal()) return status_of(reply.refusal());
  if (number == numbers_.end()) return {};  // of a connection that is gone
  if (reply.has_refusal()) return status_of(reply.refusal());
  if (!reply.has_publish_ack()) return Status(Code::kBadRequest, "the broker answered a publish with something else");
  const auto place = number - numbers_.begin();
  const Message message = std::move(unacknowledged_[static_cast<std::size_t>(place)]);
  unacknowledged_.erase(unacknowledged_.begin() + place);
  numbers_.erase(number);
  settle(message, reply.publish_ack());
  return {};
}

void Producer::Impl::tell_refused(const Message& message, std::size_t events_told, std::size_t& next_refused) {
  for (; next_refused < message.before.size() && message.before[next_refused] <= events_told; ++next_refused) {
    const v1::RefusedInput& refused = message.publish.refused(static_cast<int>(next_refused));
    on_outcome_(
        {refused.origin(), Fate::kRefused, Offset{}, Status(static_cast<Code>(refused.code()), refused.reason())});
  }
}

void Producer::Impl::settle(const Message& message, const v1::PublishAck& ack) {
  // A message that was sent again may have been stored the first time, its ack lost with the broker. Then the broker
  // calls its events duplicates, but they are these very ones: stored after all that was told so far.
  const std::optional<Offset> ours_from = message.resent ? std::optional(untold_) : std::nullopt;
  std::vector<Outcome> outcomes = outcomes_of(ack, message.events.size(), ours_from);
  std::size_t next_refused = 0;
  for (std::size_t i = 0; i < outcomes.size(); ++i) {
    tell_refused(message, i, next_refused);
    Outcome& outcome = outcomes[i];
    outcome.origin = message.origins[i];
    const bool stored = outcome.fate == Fate::kAccepted || outcome.fate == Fate::kSuperseding;
    if (stored) untold_ = std::max(untold_, Offset{outcome.offset.value + 1});
    on_outcome_(outcome);
  }
  tell_refused(message, message.events.size(), next_refused);
}

Producer::Producer(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Producer::~Producer() = default;

Result<std::unique_ptr<Producer>> Producer::connect(const KeyFile& key_file, const ProducerOptions& options) {
  auto impl = std::make_unique<Impl>(key_file, options);
  const Status opened = impl->open();
  if (!opened.ok()) return opened;
  return std::unique_ptr<Producer>(new Producer(std::move(impl)));
}

void Producer::on_outcome(std::function<void(const Outcome&)> callback) { impl_->on_outcome_ = std::move(callback); }
Status Producer::publish(const v1::Event& event, const v1::Origin& origin) { return impl_->publish(event, origin); }
Status Producer::refuse(const v1::RefusedInput& refused) { return impl_->refuse(refused); }
Status Producer::flush() { return impl_->flush(); }

}  // namespace moot
