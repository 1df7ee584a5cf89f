#include "consumers/runtime/view.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstring>

#include "broker/core/whole_file.h"

namespace moot {
namespace {

constexpr std::int64_t kBeginAgainMs = 30'000;  // without anything coming

std::int64_t steady_ms() {
  const auto now = std::chrono::steady_clock::now().time_since_epoch();
  return std::chrono::duration_cast<std::chrono::milliseconds>(now).count();
}

}  // namespace

Result<std::unique_ptr<View>> View::open(Projection& projection, const std::filesystem::path& folder,
                                         const std::filesystem::path& keys_folder, std::string log_id,
                                         std::string purpose) {
  MOOT_RETURN_IF_ERROR(make_folder(folder));
  MOOT_RETURN_IF_ERROR(make_folder(keys_folder));
  SnapshotPlace place{folder, keys_folder, std::string(projection.name()), std::move(log_id)};
  std::unique_ptr<View> view(new View(projection, std::move(place), std::move(purpose)));
  MOOT_RETURN_IF_ERROR(view->take_lock());
  MOOT_RETURN_IF_ERROR(view->load());
  return view;
}

View::~View() {
  if (lock_fd_ >= 0) ::close(lock_fd_);
}

Status View::take_lock() {
  const std::filesystem::path file = place_.folder / (place_.view + ".lock");
  const int fd = ::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (fd < 0) return Status(Code::kDisk, "cannot open " + file.string() + ": " + std::strerror(errno));
  if (::flock(fd, LOCK_EX | LOCK_NB) == 0) {
    lock_fd_ = fd;
    return Status();
  }
  const int why = errno;
  ::close(fd);
  if (why == EWOULDBLOCK) return Status();  // another process saves; this one only reads
  return Status(Code::kDisk, "cannot lock " + file.string() + ": " + std::strerror(why));
}

Status View::load() {
  projection_.clear();
  Result<Snapshot> snapshot = read_snapshot(place_);
  // The holder may replace snapshot and key between our two reads; what stands there a moment later is whole.
  for (int again = 0; again < 3 && !may_save() && !snapshot.ok() && snapshot.status().code() == Code::kCorrupt; ++again)
    snapshot = read_snapshot(place_);
  if (!snapshot.ok() && snapshot.status().code() == Code::kNotFound) return Status();
  Status status = snapshot.ok() ? projection_.load(snapshot->state) : snapshot.status();
  if (status.ok()) {
    cursor_ = saved_ = snapshot->cursor;
    coverage_ = snapshot->coverage;
    has_snapshot_ = true;
    return Status();
  }
  begin_again(status.message() + "; the view \"" + place_.view + "\" is made again from the beginning of the log");
  return may_save() ? set_snapshot_aside(place_) : Status();
}

void View::begin_again(std::string remark) {
  projection_.clear();
  consumer_.reset();
  cursor_ = saved_ = Offset{};
  coverage_.clear();
  has_snapshot_ = false;
  remark_ = std::move(remark);
}

Status View::connect(const KeyFile& key_file, std::int64_t timeout_ms) {
  if (consumer_) return Status();
  ConsumerOptions options;
  options.from = cursor_;
  options.purpose = purpose_;
  options.coverage = coverage_;
  options.timeout_ms = timeout_ms;
  Result<std::unique_ptr<Consumer>> consumer = Consumer::connect(key_file, options);
  if (!consumer.ok()) return consumer.status();
  consumer_ = std::move(*consumer);
  return Status();
}

Status View::give_up_or_begin_again(const Status& status) {
  consumer_.reset();
  if (status.code() == Code::kEntitlementChanged) {
    begin_again("what this view may read has changed with a sharing agreement; it is made again from the beginning");
    return Status();
  }
  if (status.code() != Code::kBadRequest || cursor_ == Offset{}) return status;
  // The broker has no such offset: the log was put back from an older copy and is shorter than what was folded.
  begin_again("the log ends before the view \"" + place_.view + "\" does; the view is made again from its beginning");
  return Status();
}

void View::fold(const v1::Event& event) {
  if (event.envelope().offset() < cursor_.value) return;
  projection_.apply(event);
  cursor_ = Offset{event.envelope().offset() + 1};
}

void View::take(const Delivery& delivery) {
  for (const v1::Event& event : delivery.events) fold(event);
  cursor_ = std::max(cursor_, delivery.through);
  if (!delivery.coverage.empty()) coverage_ = delivery.coverage;
}

Status View::catch_up(const KeyFile& key_file, std::int64_t timeout_ms) {
  std::int64_t deadline = steady_ms() + timeout_ms;
  Offset target = Delivery::kNotKnown;
  consumer_.reset();  // one connected earlier may tell an end that is no longer the log's
  while (cursor_ < target) {
    const std::int64_t left = deadline - steady_ms();
    if (left <= 0)
      return Status(Code::kUnavailable, "the view \"" + place_.view + "\" did not reach the end of the log in time");
    MOOT_RETURN_IF_ERROR(connect(key_file, left));
    const Result<Delivery> delivery = consumer_->next(std::min<std::int64_t>(left, 1000));
    if (!delivery.ok()) {
      MOOT_RETURN_IF_ERROR(give_up_or_begin_again(delivery.status()));
      continue;
    }
    if (delivery->end == Delivery::kNotKnown) continue;  // the broker has not answered yet
    if (target == Delivery::kNotKnown) target = delivery->end;
    const Offset before = cursor_;
    take(*delivery);
    if (cursor_ > before) deadline = steady_ms() + timeout_ms;  // a long log is no absent broker
  }
  return Status();
}

Result<bool> View::step(const KeyFile& key_file, std::int64_t wait_ms) {
  MOOT_RETURN_IF_ERROR(connect(key_file, wait_ms));
  const Result<Delivery> delivery = consumer_->next(wait_ms);
  if (!delivery.ok()) {
    MOOT_RETURN_IF_ERROR(give_up_or_begin_again(delivery.status()));
    // Half a view would look like a whole one to whoever makes documents of it.
    MOOT_RETURN_IF_ERROR(catch_up(key_file, kBeginAgainMs));
    return true;
  }
  const Offset before = cursor_;
  take(*delivery);
  return cursor_ > before;
}

Status View::save() {
  if (!may_save())
    return Status(Code::kNotAllowed, "another process keeps the view \"" + place_.view + "\" of this data directory");
  if (has_snapshot_ && saved_ == cursor_) return Status();
  std::string state;
  projection_.save(state);
  MOOT_RETURN_IF_ERROR(write_snapshot(place_, {cursor_, coverage_, std::move(state)}));
  saved_ = cursor_;
  has_snapshot_ = true;
  return Status();
}

}  // namespace moot
