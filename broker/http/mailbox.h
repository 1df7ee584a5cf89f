// A value from any thread for a coroutine that waits for it. The first value counts; after close() none does.
//
// Thread: put() any, also after close() when `io` is gone; the rest the thread that runs `io`, which outlives the
// waiting coroutine. Whoever waits closes it.
#pragma once

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <memory>
#include <mutex>
#include <optional>

namespace moot {

template <typename T>
class Mailbox : public std::enable_shared_from_this<Mailbox<T>> {
 public:
  explicit Mailbox(boost::asio::io_context& io)
      : io_(io), timer_(std::in_place, io, boost::asio::steady_timer::time_point::max()) {}

  void put(T value) {
    const std::lock_guard<std::mutex> lock(mutex_);
    if (closed_ || value_) return;
    value_ = std::move(value);
    boost::asio::post(io_, [self = this->shared_from_this()] {
      if (self->timer_) self->timer_->cancel();
    });
  }
  void close() {
    const std::lock_guard<std::mutex> lock(mutex_);
    closed_ = true;
    timer_.reset();  // wakes whoever waits; a timer must not outlive its io_context, as we may
  }
  // Nothing when it was closed first.
  static boost::asio::awaitable<std::optional<T>> take(std::shared_ptr<Mailbox> self) {
    while (!self->settled()) {
      auto waiting = self->timer_->async_wait(boost::asio::as_tuple(boost::asio::use_awaitable));
      (void)co_await std::move(waiting);
    }
    co_return std::move(self->value_);
  }

 private:
  bool settled() {
    const std::lock_guard<std::mutex> lock(mutex_);
    return closed_ || value_.has_value();
  }

  boost::asio::io_context& io_;
  std::optional<boost::asio::steady_timer> timer_;  // touched by the thread of io_ alone
  std::mutex mutex_;                                // guards what follows
  bool closed_ = false;
  std::optional<T> value_;
};

}  // namespace moot
