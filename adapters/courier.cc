#include "adapters/courier.h"

#include <poll.h>
#include <pthread.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>

namespace moot {

namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

constexpr milliseconds kStep{200};      // between looks at deadlines
constexpr milliseconds kOpenFor{1000};  // one attempt to reach the broker
// Between attempts, while what comes is put into the spool: an attempt holds that up. Doubled up to the longest; longer
// with a broker that will not have us, which counts each.
constexpr milliseconds kRestFirst{1000}, kRestLongest{4000}, kRestTurnedAway{30'000};
// The most that protobuf adds around one field, and around the whole request.
constexpr std::size_t kFraming = 16;
constexpr std::size_t kHeaderRoom = 256;

std::size_t size_of(const Parcel& parcel) {
  std::size_t bytes = 0;
  for (const std::string& event : parcel.events) bytes += event.size() + kFraming;
  for (const v1::RefusedInput& refused : parcel.refused) bytes += refused.ByteSizeLong() + kFraming;
  return bytes;
}

}  // namespace

Courier::Courier(KeyFile key_file, const CourierOptions& options, std::unique_ptr<Spool> spool)
    : options_(options),
      wake_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)),
      connection_(std::move(key_file)),
      spool_(std::move(spool)) {
  MOOT_CHECK(wake_ >= 0);
  MOOT_CHECK(!spool_ || options_.clock != nullptr);
  thread_ = std::thread([this] {
    pthread_setname_np(pthread_self(), "courier");
    sigset_t all;  // signals are the main thread's business
    sigfillset(&all);
    pthread_sigmask(SIG_BLOCK, &all, nullptr);
    run();
  });
}

Courier::~Courier() {
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    stopping_ = true;
  }
  const std::uint64_t one = 1;
  MOOT_CHECK(::write(wake_, &one, sizeof one) == sizeof one);
  thread_.join();
  ::close(wake_);
}

bool Courier::submit(Parcel&& parcel) {
  MOOT_CHECK(parcel.events.size() == parcel.origins.size());
  MOOT_CHECK(!parcel.events.empty() || !parcel.refused.empty());
  auto carried = std::make_shared<Carried>();
  carried->bytes = size_of(parcel);
  carried->deadline = steady_clock::now() + options_.patience;
  carried->unanswered = parcel.events.size() + parcel.refused.size();
  carried->outcomes.resize(parcel.events.size());
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    if (stopping_ || bytes_ + carried->bytes > options_.queue_bytes_max) return false;
    carried->parcel = std::move(parcel);
    bytes_ += carried->bytes;
    arrived_.push_back(std::move(carried));
  }
  const std::uint64_t one = 1;
  MOOT_CHECK(::write(wake_, &one, sizeof one) == sizeof one);
  return true;
}

void Courier::run() {
  while (wait_for_work()) {
    if (!connection_.is_open()) reconnect();
    if (spool_) keep_what_cannot_go(false);
    if (connection_.is_open()) {
      if (spool_) read_spool();
      send_waiting();
      receive();
      if (spool_) forget_sent();
    } else if (steady_clock::now() < next_try_) {
      pollfd woken{wake_, POLLIN, 0};
      ::poll(&woken, 1, static_cast<int>(kStep.count()));
    }
    tell_late();
  }
  if (spool_) keep_what_cannot_go(true);
  fail_all(Status(Code::kUnavailable, "the gateway is being stopped; send it again"));
}

void Courier::drain_wake() const {
  std::uint64_t count = 0;
  while (::read(wake_, &count, sizeof count) == sizeof count) {
  }
}

// Takes over what has arrived; false once it is to stop.
bool Courier::wait_for_work() {
  drain_wake();
  const std::lock_guard<std::mutex> lock(mutex_);
  waiting_.insert(waiting_.end(), arrived_.begin(), arrived_.end());
  arrived_.clear();
  return !stopping_;
}

void Courier::reconnect() {
  const auto now = steady_clock::now();
  // Whoever waits is to be told at once that we are not wanted; for what is in the spool nobody waits.
  if (now < next_try_ && !(turned_away_ && !waiting_.empty())) return;
  const Status opened = connection_.open(kOpenFor);
  if (!opened.ok()) {
    connection_.close();
    // It will not have us, which whoever waits is told at once: there is nothing to keep it for.
    if (opened.code() != Code::kUnavailable) {
      away_since_.reset();
      fail_all(opened);
      if (spool_ && !spool_->empty() && !turned_away_ && options_.log)
        options_.log("what was kept while the broker was away cannot be handed over yet: " + opened.message());
      turned_away_ = true;
      rest_ = std::clamp(2 * rest_, kRestFirst, kRestTurnedAway);
      next_try_ = steady_clock::now() + rest_;
      std::this_thread::sleep_for(kStep);
      return;
    }
    turned_away_ = false;
    if (!away_since_) away_since_ = now;
    if (spool_ && now - *away_since_ >= options_.keep_after) {
      rest_ = std::clamp(2 * rest_, kRestFirst, kRestLongest);
      next_try_ = steady_clock::now() + rest_;
    }
    return;
  }
  away_since_.reset();
  turned_away_ = false;
  rest_ = {};
  if (on_the_way_.empty()) untold_ = connection_.end_at_hello();
  std::erase_if(on_the_way_, [](const Message& message) {
    const bool wanted =
        std::any_of(message.slots.begin(), message.slots.end(), [](auto& s) { return !s.first->told; }) ||
        std::any_of(message.refused.begin(), message.refused.end(), [](auto& c) { return !c->told; });
    return !wanted;
  });
  for (Message& message : on_the_way_) {
    message.resent = true;
    if (!send(message)) return;
  }
}

bool Courier::send(Message& message) {
  v1::Request request;
  *request.mutable_publish() = message.publish;
  try {
    message.number = connection_.send(request, message.events);
    return true;
  } catch (const zmq::error_t&) {  // the next receive, or the next open, finds out what it is
    connection_.close();
    return false;
  }
}

// Puts as much of the parcel into the message as there is room for; true when all of it is in.
bool Courier::fill(Message& message, const std::shared_ptr<Carried>& carried, std::size_t bytes_max) {
  const Parcel& parcel = carried->parcel;
  const auto takes = [&](std::size_t bytes) {
    const std::size_t parts = message.events.size() + message.refused.size();
    if (parts >= options_.limits.message_events_max) return false;
    if (parts > 0 && message.bytes + bytes + kHeaderRoom > bytes_max) return false;
    message.bytes += bytes;
    return true;
  };
  for (; carried->sent_events < parcel.events.size(); ++carried->sent_events) {
    const std::size_t i = carried->sent_events;
    if (!takes(parcel.events[i].size() + parcel.origins[i].ByteSizeLong() + kFraming)) return false;
    message.events.push_back(parcel.events[i]);
    *message.publish.add_origins() = parcel.origins[i];
    message.slots.emplace_back(carried, i);
  }
  for (; carried->sent_refused < parcel.refused.size(); ++carried->sent_refused) {
    const v1::RefusedInput& refused = parcel.refused[carried->sent_refused];
    if (!takes(refused.ByteSizeLong() + kFraming)) return false;
    *message.publish.add_refused() = refused;
    message.refused.push_back(carried);
  }
  return true;
}

// Whether so much more may be on its way, by our window and the broker's.
bool Courier::takes_more(std::size_t bytes) const {
  if (on_the_way_.empty()) return true;
  for (const Message& message : on_the_way_) bytes += message.bytes;
  return on_the_way_.size() < options_.window_messages && bytes <= connection_.window_bytes();
}

void Courier::send_waiting() {
  // Half the window at most, so that the next message is on its way while one is stored.
  const std::size_t most = std::min(options_.limits.message_bytes_max, connection_.window_bytes() / 2);
  while (!waiting_.empty() && takes_more(most) && connection_.is_open()) {
    Message message;
    message.publish.set_backfill(waiting_.front()->parcel.backfill);
    while (!waiting_.empty()) {
      const std::shared_ptr<Carried> carried = waiting_.front();
      if (carried->told) {
        waiting_.pop_front();
        continue;
      }
      if (carried->parcel.backfill != message.publish.backfill() || !fill(message, carried, most)) break;
      waiting_.pop_front();
    }
    if (message.events.empty() && message.refused.empty()) continue;
    on_the_way_.push_back(std::move(message));
    send(on_the_way_.back());
  }
}

void Courier::receive() {
  if (!connection_.is_open()) return;
  milliseconds wait = kStep;
  while (true) {
    Result<std::optional<Connection::Received>> received = connection_.receive(wait, wake_);
    if (!received.ok()) {
      connection_.close();
      if (received.status().code() != Code::kUnavailable) fail_all(received.status());
      return;
    }
    if (!received->has_value()) return;
    const v1::Reply& reply = (*received)->reply;
    const auto found = std::find_if(on_the_way_.begin(), on_the_way_.end(),
                                    [&](const Message& message) { return message.number == reply.number(); });
    if (found != on_the_way_.end()) {
      const Message message = std::move(*found);
      on_the_way_.erase(found);
      settle(message, reply);
    }
    wait = milliseconds(0);  // what else is there already
  }
}

void Courier::settle(const Message& message, const v1::Reply& reply) {
  if (!reply.has_publish_ack()) {
    const Status why = reply.has_refusal() ? status_of(reply.refusal())
                                           : Status(Code::kBadRequest, "the broker answered with something else");
    for (const auto& [carried, index] : message.slots) tell(*carried, why);
    for (const auto& carried : message.refused) tell(*carried, why);
    return;
  }
  const std::optional<Offset> ours_from = message.resent ? std::optional(untold_) : std::nullopt;
  std::vector<Outcome> outcomes = outcomes_of(reply.publish_ack(), message.events.size(), ours_from);
  for (std::size_t i = 0; i < outcomes.size(); ++i) {
    const auto& [carried, index] = message.slots[i];
    const bool stored = outcomes[i].fate == Fate::kAccepted || outcomes[i].fate == Fate::kSuperseding;
    if (stored) untold_ = std::max(untold_, Offset{outcomes[i].offset.value + 1});
    outcomes[i].origin = carried->parcel.origins[index];
    carried->outcomes[index] = std::move(outcomes[i]);
    if (--carried->unanswered == 0) tell(*carried, std::move(carried->outcomes));
  }
  for (const auto& carried : message.refused)
    if (--carried->unanswered == 0) tell(*carried, std::move(carried->outcomes));
}

void Courier::tell(Carried& carried, Result<std::vector<Outcome>> outcomes) {
  if (carried.told) return;
  if (carried.number != 0 && !outcomes.ok()) return leave_in_spool(outcomes.status());
  carried.told = true;
  if (carried.number != 0) return;  // nobody waits: forget_sent() takes it out
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    bytes_ -= carried.bytes;
  }
  carried.parcel.done(std::move(outcomes));
  carried.parcel.done = {};
}

void Courier::tell_late() {
  const auto now = steady_clock::now();
  const Status late(Code::kUnavailable, "the broker did not answer in time; sending it again is safe");
  std::vector<std::shared_ptr<Carried>> overdue;
  const auto look_at = [&](const std::shared_ptr<Carried>& carried) {
    if (!carried->told && carried->number == 0 && carried->deadline <= now &&
        (overdue.empty() || overdue.back() != carried))
      overdue.push_back(carried);
  };
  for (const Message& message : on_the_way_) {
    for (const auto& [carried, index] : message.slots) look_at(carried);
    for (const auto& carried : message.refused) look_at(carried);
  }
  for (const auto& carried : waiting_) look_at(carried);
  if (spool_ && !overdue.empty()) keep(overdue);
  for (const auto& carried : overdue) tell(*carried, late);
  std::erase_if(waiting_, [](const auto& carried) { return carried->told; });
}

void Courier::fail_all(const Status& why) {
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    waiting_.insert(waiting_.end(), arrived_.begin(), arrived_.end());
    arrived_.clear();
  }
  for (const auto& carried : take_all_waiting()) tell(*carried, why);
}

}  // namespace moot
