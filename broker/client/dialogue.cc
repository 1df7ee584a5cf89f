#include "broker/client/dialogue.h"

#include <string>

#include "broker/wire/frames.h"

namespace moot {

Status status_of(const v1::Refusal& refusal) {
  const auto code = static_cast<Code>(refusal.code());
  return Status(code == Code::kOk ? Code::kBadRequest : code, refusal.reason());
}

void Dialogue::begin(Moment now) {
  hello_ = 0;
  spoken_ = 0;
  window_bytes_ = kNoWindow;
  last_ping_ = now;
  ping_unanswered_ = false;
}

std::uint64_t Dialogue::number(v1::Request& request) {
  request.set_number(++last_number_);
  return last_number_;
}

v1::Request Dialogue::hello() {
  v1::Request request;
  request.mutable_hello()->set_protocol(kProtocolVersion);
  hello_ = number(request);
  return request;
}

Result<bool> Dialogue::greeted(const v1::Reply& reply) {
  if (hello_ == 0 || reply.number() != hello_) return false;
  if (reply.has_refusal()) return status_of(reply.refusal());
  if (!reply.has_welcome()) return false;
  const std::uint32_t spoken = reply.welcome().protocol();
  if (spoken < kOldestProtocol || spoken > kProtocolVersion)
    return Status(Code::kBadRequest,
                  "the broker speaks protocol " + std::to_string(spoken) + ", this program " + protocols_spoken());
  end_at_hello_ = Offset{reply.welcome().end_offset()};
  spoken_ = spoken;
  if (reply.welcome().window_bytes() > 0) window_bytes_ = reply.welcome().window_bytes();
  return true;
}

bool Dialogue::takes_events_in_header() const { return spoken_ >= kFirstWithEventsInHeader; }

std::optional<v1::Request> Dialogue::goodbye() {
  if (spoken_ < kFirstWithGoodbye) return std::nullopt;
  v1::Request request;
  request.mutable_goodbye();
  number(request);
  return request;
}

Status Dialogue::heard(const v1::Reply& reply) {
  ping_unanswered_ = false;
  if (reply.has_publish_ack() && reply.publish_ack().window_bytes() > 0)
    window_bytes_ = reply.publish_ack().window_bytes();
  if (!reply.has_refusal()) return {};
  switch (static_cast<Code>(reply.refusal().code())) {
    case Code::kNoSession:
      return Status(Code::kUnavailable, "the broker has forgotten this connection");
    case Code::kKeyEnded:
      return status_of(reply.refusal());
    default:
      return {};
  }
}

std::optional<v1::Request> Dialogue::ping_due(Moment now) {
  if (ping_unanswered_ || now - last_ping_ <= kPingEvery) return std::nullopt;
  v1::Request ping;
  ping.mutable_ping();
  number(ping);
  last_ping_ = now;
  ping_unanswered_ = true;
  return ping;
}

Status Dialogue::silence(Moment now) const {
  if (!ping_unanswered_ || now - last_ping_ <= kSilenceMax) return {};
  return Status(Code::kUnavailable,
                "the broker has been silent for " + std::to_string(kSilenceMax.count() / 1000) + " seconds");
}

}  // namespace moot
