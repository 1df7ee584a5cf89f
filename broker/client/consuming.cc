#include "broker/client/consuming.h"

#include "broker/client/dialogue.h"

namespace moot {

v1::Request Consuming::request() const {
  v1::Request request;
  v1::Consume& consume = *request.mutable_consume();
  *consume.mutable_filter() = options_.filter;
  consume.set_from_offset(through_.value);
  consume.set_credit_bytes(options_.credit_bytes);
  consume.set_reader(options_.reader);
  consume.set_purpose(options_.purpose);
  consume.set_coverage(coverage_);
  return request;
}

void Consuming::asked(std::uint64_t number) {
  number_ = number;
  used_ = 0;
}

// Messages keep their memory for the next event, which halves what reading costs. What they grew to is given up after
// so many bytes: one day's largest event should not be held in each of them.
constexpr std::size_t kMemoryUsedAgain = 64u << 20;

Result<Delivery> Consuming::take(const v1::Reply& reply, const std::vector<std::string>& events) {
  if (reply.number() != number_) return quiet();
  if (reply.has_refusal()) return status_of(reply.refusal());
  if (!reply.has_batch()) return quiet();
  if (read_bytes_ > kMemoryUsedAgain) events_.clear();
  if (events_.empty()) read_bytes_ = 0;
  if (events_.size() < events.size()) events_.resize(events.size());
  for (std::size_t i = 0; i < events.size(); ++i) {
    if (!events_[i].ParseFromString(events[i]))
      return Status(Code::kNotAnEvent, "the broker sent what is not an event");
    used_ += events[i].size();
    read_bytes_ += events[i].size();
  }
  Delivery delivery;
  delivery.events = std::span<const v1::Event>(events_).first(events.size());
  through_ = Offset{reply.batch().through_offset()};
  end_ = Offset{reply.batch().end_offset()};
  delivery.through = through_;
  delivery.end = end_;
  delivery.coverage = coverage_ = reply.batch().coverage();
  return delivery;
}

std::optional<v1::Request> Consuming::credit_due() {
  if (used_ == 0 || used_ < options_.credit_bytes / 2) return std::nullopt;
  v1::Request request;
  request.mutable_credit()->set_bytes(used_);
  used_ = 0;
  return request;
}

}  // namespace moot
