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

Result<Delivery> Consuming::take(const v1::Reply& reply, const std::vector<std::string>& events) {
  if (reply.number() != number_) return quiet();
  if (reply.has_refusal()) return status_of(reply.refusal());
  if (!reply.has_batch()) return quiet();
  Delivery delivery;
  for (const std::string& bytes : events) {
    v1::Event event;
    if (!event.ParseFromString(bytes)) return Status(Code::kNotAnEvent, "the broker sent what is not an event");
    used_ += bytes.size();
    delivery.events.push_back(std::move(event));
  }
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
