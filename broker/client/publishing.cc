#include "broker/client/publishing.h"

#include <algorithm>

#include "broker/client/dialogue.h"

namespace moot {

namespace {

// The most that protobuf adds around one field, and around the whole request.
constexpr std::size_t kFraming = 16;
constexpr std::size_t kHeaderRoom = 256;

}  // namespace

void Publishing::add(const v1::Event& event, const v1::Origin& origin) {
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
  make_room(size);
  filling_.bytes += size;
  filling_.events.push_back(std::move(bytes));
  filling_.origins.push_back(origin);
}

void Publishing::refuse(const v1::RefusedInput& refused) {
  v1::RefusedInput kept = refused;
  // One refusal must fit a message; what cannot be mended from its beginning needs the file anyway.
  if (kept.input().size() > options_.limits.event_bytes_max)
    kept.mutable_input()->resize(options_.limits.event_bytes_max);
  const std::size_t bytes = kept.ByteSizeLong() + kFraming;
  make_room(bytes);
  filling_.bytes += bytes;
  filling_.before.push_back(filling_.events.size());
  *filling_.publish.add_refused() = std::move(kept);
}

void Publishing::make_room(std::size_t bytes) {
  const std::size_t parts = filling_.events.size() + static_cast<std::size_t>(filling_.publish.refused_size());
  const std::size_t most = std::min(options_.limits.message_bytes_max, window_bytes_ / 2);
  if (parts >= options_.limits.message_events_max || (parts > 0 && filling_.bytes + bytes + kHeaderRoom > most))
    close();
}

void Publishing::close() {
  if (filling_.events.empty() && filling_.publish.refused_size() == 0) return;
  filling_.publish.set_backfill(options_.backfill);
  filling_.publish.set_of_item(options_.of_item);
  for (const v1::Origin& origin : filling_.origins) *filling_.publish.add_origins() = origin;
  messages_.push_back(std::move(filling_));
  filling_ = Message();
}

Publishing::Message* Publishing::next() {
  const std::size_t window = std::min(options_.window_messages, messages_.size());
  std::size_t under_way = 0;
  for (std::size_t i = 0; i < window; ++i) {
    Message& message = messages_[i];
    const bool fits = under_way == 0 || under_way + message.bytes <= window_bytes_;
    if (message.number == 0) return fits ? &message : nullptr;
    under_way += message.bytes;
  }
  return nullptr;
}

void Publishing::lost() {
  for (Message& message : messages_) {
    message.resent = message.resent || message.number != 0;
    message.number = 0;
  }
}

bool Publishing::all_sent() const { return messages_.empty() || messages_.back().number != 0; }

Status Publishing::take(const v1::Reply& reply) {
  // A message that the broker cannot read it cannot name either: it would be waited for without end.
  if (reply.number() == 0) return reply.has_refusal() ? status_of(reply.refusal()) : Status();
  const auto found = std::find_if(messages_.begin(), messages_.end(),
                                  [&](const Message& message) { return message.number == reply.number(); });
  if (found == messages_.end()) return {};  // of a connection that is gone
  if (reply.has_refusal()) return status_of(reply.refusal());
  if (!reply.has_publish_ack()) return Status(Code::kBadRequest, "the broker answered a publish with something else");
  const Message message = std::move(*found);
  messages_.erase(found);
  settle(message, reply.publish_ack());
  return {};
}

void Publishing::tell_refused(const Message& message, std::size_t events_told, std::size_t& next_refused) {
  for (; next_refused < message.before.size() && message.before[next_refused] <= events_told; ++next_refused) {
    const v1::RefusedInput& refused = message.publish.refused(static_cast<int>(next_refused));
    on_outcome_(
        {refused.origin(), Fate::kRefused, Offset{}, Status(static_cast<Code>(refused.code()), refused.reason())});
  }
}

void Publishing::settle(const Message& message, const v1::PublishAck& ack) {
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

}  // namespace moot
