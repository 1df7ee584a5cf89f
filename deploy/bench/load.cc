#include "deploy/bench/load.h"

#include <sys/prctl.h>

namespace moot::bench {

namespace {

constexpr std::chrono::seconds kSilenceMax{30};

}  // namespace

Load::Load(Publishers& publishers, const Shape& shape, std::uint64_t first, const StopSignal& stop)
    : publishers_(publishers),
      shape_(shape),
      stop_(stop),
      first_(first),
      next_(first),
      in_flight_(static_cast<std::size_t>(shape.publishers)),
      started_(Clock::now()) {
  (void)::prctl(PR_SET_TIMERSLACK, 1);  // waits end when they should; refused: they end up to 50 microseconds later
}

Status Load::send(int publisher, Clock::time_point counts_from) {
  in_flight_[static_cast<std::size_t>(publisher)].push_back(counts_from);
  const std::uint64_t first = next_;
  next_ += static_cast<std::uint64_t>(shape_.events_per_message);
  return publishers_.send(publisher, first, shape_.events_per_message);
}

Status Load::send_what_is_due() {
  if (!sending_) return {};
  if (shape_.events_per_second <= 0) {
    for (int publisher = 0; publisher < shape_.publishers; ++publisher)
      while (in_flight_[static_cast<std::size_t>(publisher)].size() < static_cast<std::size_t>(shape_.in_flight))
        MOOT_RETURN_IF_ERROR(send(publisher, Clock::now()));
    return publishers_.flush();
  }
  const double interval = shape_.events_per_message / shape_.events_per_second;
  for (;;) {
    const auto at = started_ + std::chrono::duration_cast<Clock::duration>(
                                   std::chrono::duration<double>(interval * static_cast<double>(due_)));
    if (at > Clock::now()) break;
    MOOT_RETURN_IF_ERROR(send(static_cast<int>(due_ % static_cast<std::uint64_t>(shape_.publishers)), at));
    ++due_;
  }
  return publishers_.flush();
}

Status Load::receive(Clock::time_point until, Part& part) {
  if (sending_ && shape_.events_per_second > 0)
    until = std::min(until,
                     started_ + std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(
                                    shape_.events_per_message / shape_.events_per_second * static_cast<double>(due_))));
  acks_.clear();
  MOOT_RETURN_IF_ERROR(publishers_.receive(std::max(Clock::duration(0), until - Clock::now()), acks_));
  const Clock::time_point now = Clock::now();
  for (const Ack& ack : acks_) {
    std::deque<Clock::time_point>& in_flight = in_flight_[static_cast<std::size_t>(ack.publisher)];
    for (int i = 0; i < ack.messages; ++i) {
      if (in_flight.empty()) return Status(Code::kBadRequest, "more acknowledged than sent");
      part.latencies.add((now - in_flight.front()).count());
      in_flight.pop_front();
      part.events += static_cast<std::uint64_t>(shape_.events_per_message);
    }
  }
  return {};
}

Result<Load::Part> Load::run_until(Clock::time_point end, std::uint64_t events) {
  Part part;
  const Clock::time_point begin = Clock::now();
  Clock::time_point last_ack = begin;
  if (due_ == 0) started_ = begin;
  // One in which nothing was acknowledged is no measurement: it goes on until something is.
  while (part.events < events && (Clock::now() < end || part.events == 0)) {
    if (stop_.asked()) return Status(Code::kUnavailable, "stopped when asked to");
    MOOT_RETURN_IF_ERROR(send_what_is_due());
    const std::uint64_t before = part.events;
    const Clock::time_point soon = Clock::now() + std::chrono::milliseconds(100);
    MOOT_RETURN_IF_ERROR(receive(before == 0 ? soon : std::min(end, soon), part));
    if (part.events > before) last_ack = Clock::now();
    if (Clock::now() - last_ack > kSilenceMax) return Status(Code::kUnavailable, "nothing is acknowledged any more");
  }
  part.seconds = std::chrono::duration<double>(Clock::now() - begin).count();
  acknowledged_ += part.events;
  return part;
}

Result<Load::Part> Load::run(std::chrono::nanoseconds time) {
  return run_until(Clock::now() + time, ~std::uint64_t{0});
}

Result<Load::Part> Load::run(std::uint64_t events) { return run_until(Clock::time_point::max(), events); }

Status Load::finish() {
  sending_ = false;
  Part part;
  const Clock::time_point deadline = Clock::now() + kSilenceMax;
  const std::uint64_t wanted = sent() - acknowledged_;
  while (part.events < wanted) {
    if (Clock::now() > deadline) return Status(Code::kUnavailable, "the last events are not acknowledged");
    MOOT_RETURN_IF_ERROR(receive(Clock::now() + std::chrono::milliseconds(100), part));
  }
  acknowledged_ += part.events;
  return {};
}

}  // namespace moot::bench
