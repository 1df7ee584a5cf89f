// What a courier does with its spool.
#include <algorithm>
#include <set>

#include "adapters/courier.h"

namespace moot {

namespace {

using std::chrono::steady_clock;

constexpr std::size_t kReadBytes = 2 * 1024 * 1024;       // of the spool at once
constexpr std::size_t kReadAheadBytes = 1 * 1024 * 1024;  // less than this waits or is on its way: more is read
constexpr std::chrono::seconds kRestAfterRefusal{30};
constexpr std::chrono::minutes kBetweenLines{1};  // of a spool that is full: each request finds it so

v1::SpooledParcel to_keep(const Parcel& parcel) {
  v1::SpooledParcel kept;
  v1::Publish& publish = *kept.mutable_publish();
  publish.set_backfill(parcel.backfill);
  for (std::size_t i = 0; i < parcel.events.size(); ++i) {
    kept.add_events(parcel.events[i]);
    v1::Origin& origin = *publish.add_origins();
    origin = parcel.origins[i];
    // Without the name of a batch or a file the broker would tell its sender alone what it refuses, who has gone.
    if (origin.file().empty()) {
      origin.set_file("kept while the broker was away");
      origin.set_row(i + 1);
    }
  }
  for (const v1::RefusedInput& refused : parcel.refused) *publish.add_refused() = refused;
  return kept;
}

std::vector<Outcome> all_kept(const Parcel& parcel) {
  std::vector<Outcome> outcomes(parcel.events.size());
  for (std::size_t i = 0; i < outcomes.size(); ++i) {
    outcomes[i].fate = Fate::kKept;
    outcomes[i].origin = parcel.origins[i];
  }
  return outcomes;
}

}  // namespace

// Everything that is not told, in the order in which it came; nothing of it is on its way any more. What came from the
// spool is still there, and is left out.
std::vector<std::shared_ptr<Courier::Carried>> Courier::take_all_waiting() {
  std::vector<std::shared_ptr<Carried>> all;
  std::set<const Carried*> seen;
  const auto take = [&](const std::shared_ptr<Carried>& carried) {
    if (!carried->told && carried->number == 0 && seen.insert(carried.get()).second) all.push_back(carried);
  };
  for (const Message& message : on_the_way_) {
    for (const auto& [carried, index] : message.slots) take(carried);
    for (const auto& carried : message.refused) take(carried);
  }
  for (const auto& carried : waiting_) take(carried);
  on_the_way_.clear();
  waiting_.clear();
  from_spool_.clear();
  read_through_ = 0;
  return all;
}

// The broker has been away for too long; or something is in the spool that came before.
void Courier::keep_what_cannot_go(bool stopping) {
  const bool away = away_since_ && steady_clock::now() - *away_since_ >= options_.keep_after;
  if (!away && !stopping && spool_->empty()) return;
  std::vector<std::shared_ptr<Carried>> kept;
  if (away || stopping) {
    kept = take_all_waiting();
  } else {
    // One that is in part on its way ends as it began.
    const auto untouched = [](const std::shared_ptr<Carried>& carried) {
      return carried->number == 0 && !carried->told && carried->sent_events + carried->sent_refused == 0;
    };
    std::copy_if(waiting_.begin(), waiting_.end(), std::back_inserter(kept), untouched);
    std::erase_if(waiting_, untouched);
  }
  if (!kept.empty()) keep(kept);
}

// Puts them into the spool, and tells each so, or why not.
void Courier::keep(const std::vector<std::shared_ptr<Carried>>& parcels) {
  std::vector<v1::SpooledParcel> kept;
  for (const auto& carried : parcels) kept.push_back(to_keep(carried->parcel));
  const Status done = spool_->keep(kept, options_.clock->now());
  if (!done.ok() && options_.log && (!full_told_ || steady_clock::now() - *full_told_ >= kBetweenLines)) {
    options_.log(done.message());
    full_told_ = steady_clock::now();
  }
  for (const auto& carried : parcels) {
    if (done.ok())
      tell(*carried, all_kept(carried->parcel));
    else
      tell(*carried, Status(Code::kUnavailable, "the broker is away, and nothing more can be kept for it here"));
  }
}

void Courier::read_spool() {
  if (spool_->empty() || steady_clock::now() < spool_rests_until_) return;
  std::size_t ahead = 0;
  for (const auto& carried : from_spool_) ahead += carried->told ? 0 : carried->bytes;
  if (ahead >= kReadAheadBytes) return;
  Result<std::vector<Spool::Kept>> read = spool_->read(read_through_ + 1, kReadBytes);
  if (!read.ok()) return leave_in_spool(read.status());
  for (Spool::Kept& kept : *read) {
    auto carried = std::make_shared<Carried>();
    carried->number = read_through_ = kept.number;
    v1::Publish& publish = *kept.parcel.mutable_publish();
    carried->parcel.backfill = publish.backfill();
    for (std::string& event : *kept.parcel.mutable_events()) {
      carried->bytes += event.size();
      carried->parcel.events.push_back(std::move(event));
    }
    carried->parcel.origins.assign(publish.origins().begin(), publish.origins().end());
    carried->parcel.refused.assign(publish.refused().begin(), publish.refused().end());
    carried->unanswered = carried->parcel.events.size() + carried->parcel.refused.size();
    carried->outcomes.resize(carried->parcel.events.size());
    from_spool_.push_back(carried);
    waiting_.push_back(std::move(carried));
  }
}

// What the broker has answered for, together: forgetting takes syncs.
void Courier::forget_sent() {
  std::uint64_t through = 0;
  for (; !from_spool_.empty() && from_spool_.front()->told; from_spool_.pop_front())
    through = from_spool_.front()->number;
  if (through == 0) return;
  const Status forgotten = spool_->forget_through(through);
  if (!forgotten.ok() && options_.log) options_.log(forgotten.message());
}

// Nothing of it is lost: it is read again after a while.
void Courier::leave_in_spool(const Status& why) {
  if (from_spool_.empty() && steady_clock::now() < spool_rests_until_) return;  // of the same message, and told
  if (options_.log) options_.log("what was kept while the broker was away cannot be handed over yet: " + why.message());
  spool_rests_until_ = steady_clock::now() + kRestAfterRefusal;
  const auto from_spool = [](const std::shared_ptr<Carried>& carried) { return carried->number != 0; };
  std::erase_if(waiting_, from_spool);
  std::erase_if(on_the_way_, [&](const Message& message) {
    return (!message.slots.empty() && from_spool(message.slots.front().first)) ||
           (!message.refused.empty() && from_spool(message.refused.front()));
  });
  from_spool_.clear();
  read_through_ = 0;
}

}  // namespace moot
