#include "adapters/courier_sink.h"

#include <future>

namespace moot {

namespace {

using std::chrono::steady_clock;

constexpr std::size_t kParcelBytes = 256 * 1024;
constexpr std::size_t kParcelsUnderWay = 4;
constexpr std::chrono::milliseconds kFullQueueStep{20};

}  // namespace

// Set once, on the courier's thread.
struct CourierSink::Answer {
  std::promise<Result<std::vector<Outcome>>> promise;
};

Status CourierSink::make_room(std::size_t bytes) {
  const std::size_t records = filling_outcomes_.outcomes.size();
  const bool full = records > 0 && (records >= limits_.message_events_max || filling_bytes_ + bytes > kParcelBytes);
  filling_bytes_ += bytes;
  if (!full) return {};
  const Status sent = send();
  filling_bytes_ = bytes;
  return sent;
}

Status CourierSink::publish(const v1::Event& event, const v1::Origin& origin) {
  std::string bytes = event.SerializeAsString();
  if (bytes.size() > limits_.event_bytes_max) {
    v1::RefusedInput refused;
    *refused.mutable_origin() = origin;
    refused.set_code(static_cast<std::uint32_t>(Code::kTooLarge));
    refused.set_reason("the event is over " + std::to_string(limits_.event_bytes_max) + " bytes");
    refused.set_input(bytes.substr(0, limits_.event_bytes_max));
    return refuse(refused);
  }
  MOOT_RETURN_IF_ERROR(make_room(bytes.size()));
  filling_.events.push_back(std::move(bytes));
  filling_.origins.push_back(origin);
  filling_outcomes_.events.push_back(filling_outcomes_.outcomes.size());
  filling_outcomes_.outcomes.emplace_back();
  return {};
}

Status CourierSink::refuse(const v1::RefusedInput& refused) {
  MOOT_RETURN_IF_ERROR(make_room(refused.ByteSizeLong()));
  filling_.refused.push_back(refused);
  Outcome& outcome = filling_outcomes_.outcomes.emplace_back();
  outcome.origin = refused.origin();
  outcome.fate = Fate::kRefused;
  outcome.status = Status(static_cast<Code>(refused.code()), refused.reason());
  return {};
}

// The parcel that has been filled. A full queue is waited for: others share the courier.
Status CourierSink::send() {
  Parcel parcel = std::move(filling_);
  Sent sent = std::move(filling_outcomes_);
  filling_ = {};
  filling_outcomes_ = {};
  filling_bytes_ = 0;
  parcel.backfill = backfill_;
  sent.answer = std::make_shared<Answer>();
  parcel.done = [answer = sent.answer](Result<std::vector<Outcome>> outcomes) {
    answer->promise.set_value(std::move(outcomes));
  };
  const auto deadline = steady_clock::now() + patience_;
  while (!courier_.submit(std::move(parcel))) {
    if (steady_clock::now() >= deadline)
      return Status(Code::kUnavailable, "more is waiting for the broker than is held here; try again shortly");
    std::this_thread::sleep_for(kFullQueueStep);
  }
  under_way_.push_back(std::move(sent));
  return under_way_.size() < kParcelsUnderWay ? Status() : settle_first();
}

// Waits for the outcomes of the first parcel and tells them.
Status CourierSink::settle_first() {
  Sent sent = std::move(under_way_.front());
  under_way_.pop_front();
  Result<std::vector<Outcome>> told = sent.answer->promise.get_future().get();
  if (!told.ok()) return told.status();
  for (std::size_t i = 0; i < told->size(); ++i) sent.outcomes[sent.events[i]] = std::move((*told)[i]);
  for (const Outcome& outcome : sent.outcomes) callback_(outcome);
  return {};
}

Status CourierSink::flush() {
  if (!filling_outcomes_.outcomes.empty()) MOOT_RETURN_IF_ERROR(send());
  while (!under_way_.empty()) MOOT_RETURN_IF_ERROR(settle_first());
  return {};
}

}  // namespace moot
