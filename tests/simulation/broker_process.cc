#include "tests/simulation/broker_process.h"

#include "broker/governance.h"

namespace moot::simulation {

BrokerProcess::BrokerProcess(Timeline& timeline, people::Draw& draw, Faults& faults, Network& network,
                             const Stores& stores, Registry& registry, Planted planted)
    : timeline_(timeline),
      draw_(draw),
      faults_(faults),
      network_(network),
      stores_(stores),
      registry_(registry),
      planted_(planted) {
  log_.syncs_late = planted == Planted::kAckBeforeCommit;
  network_.before_send = [this] {
    if (!replies_left_ || (*replies_left_)-- > 0) return;
    replies_left_.reset();
    throw Crash();
  };
}

void BrokerProcess::start() {
  MOOT_CHECK(!live_);
  ++lives_;
  live_ = std::make_unique<Live>(log_);
  Live& live = *live_;
  WatchedLog audit;
  audit.log = std::make_unique<BorrowedLog>(audit_log_);
  live.audit = std::move(*AuditLog::open(std::move(audit), timeline_, log_.end_offset()));
  MOOT_CHECK_OK(read_agreements(live.log, live.agreements));
  Result<std::unique_ptr<Ingest>> ingest = Ingest::create(
      {&live.log, stores_.keys, stores_.inbox, &timeline_, &live.refusals, &live.traffic, &live.agreements}, Limits(),
      stores_.secrets);
  if (!ingest.ok()) {
    broken_ = "it does not start: " + ingest.status().to_string();
    return live_.reset();
  }
  live.ingest = std::move(*ingest);
  if (planted_ == Planted::kDedupeForgotten) log_.forget_keys();
  const bool ignored = planted_ == Planted::kAgreementIgnoredOnReplay && log_.end_offset() > Offset{0};
  live.reading = std::make_unique<Reading>(
      Reading::Parts{&live.log, stores_.keys, ignored ? &live.none : &live.agreements, &timeline_});
  live.readers = std::make_unique<ReaderPositions>(live.reading.get(), &timeline_, std::filesystem::path(), Key{});
  live.agency_keys = std::make_unique<AgencyKeys>(stores_.folder, Key{}, address_);
  live.administration = std::make_unique<Administration>(Administration::Parts{&registry_,
                                                                               &live.log,
                                                                               stores_.inbox,
                                                                               &live.refusals,
                                                                               live.agency_keys.get(),
                                                                               &timeline_,
                                                                               live.audit.get(),
                                                                               &live.traffic,
                                                                               &live.metrics,
                                                                               {}});
  live.sessions = std::make_unique<Sessions>(
      Sessions::Parts{&registry_, live.ingest.get(), live.reading.get(), live.readers.get(), live.administration.get(),
                      &live.log, live.audit.get(), &live.traffic, &live.metrics, &live.refusals, &timeline_, &network_},
      Limits());
  network_.at_broker = [this](const Sessions::Arrival& arrival) { arrive(arrival); };
  turn_due_.reset();
  turn_after(Span(0));
}

void BrokerProcess::arrive(const Sessions::Arrival& arrival) {
  on_arrival(arrival);
  arrived_.push_back({arrival, std::string(arrival.header), std::string(arrival.events)});
  turn_after(Span(draw_.between(0, 300)));
}

void BrokerProcess::turn_after(Span delay) {
  const Span due = timeline_.passed() + delay;
  if (turn_due_ && *turn_due_ <= due) return;
  turn_due_ = due;
  timeline_.after(delay, [this, due, life = lives_] {
    if (life != lives_ || !live_ || turn_due_ != due) return;
    turn_due_.reset();
    turn();
  });
}

void BrokerProcess::take_arrivals() {
  for (int count = 0; count < 100 && !arrived_.empty() && !live_->sessions->turn_is_due(); ++count) {
    Arrived arrived = std::move(arrived_.front());
    arrived_.pop_front();
    if (planted_ == Planted::kCreditIgnored) {
      v1::Request request;
      if (request.ParseFromString(arrived.header) && request.has_consume()) {
        request.mutable_consume()->set_credit_bytes(1 << 30);
        arrived.header = request.SerializeAsString();
      }
    }
    arrived.arrival.header = arrived.header;
    arrived.arrival.events = arrived.events;
    live_->sessions->take(arrived.arrival, timeline_.moment());
  }
}

void BrokerProcess::turn() {
  try {
    take_arrivals();
    const Status turned = live_->sessions->turn(timeline_.moment());
    if (!turned.ok()) broken_ = turned.to_string();
  } catch (const Crash&) {
    on_crash();
    return die();
  }
  if (!broken_.empty()) return;
  // What the disk takes over a sync; the next turn cannot come before.
  const Span busy(draw_.between(50, draw_.chance(0.05) ? 50'000 : 2'000));
  if (!arrived_.empty() || live_->sessions->work_left() == Sessions::Work::kReading) return turn_after(busy);
  const bool waits = live_->sessions->work_left() == Sessions::Work::kOutbox;
  turn_after(waits ? busy + Span(100'000) : Span(1'000'000));
}

void BrokerProcess::die() {
  network_.at_broker = nullptr;
  arrived_.clear();
  live_.reset();
  replies_left_.reset();
  log_.come_back();
  audit_log_.come_back();
  network_.broker_went();
}

void BrokerProcess::cut_power() {
  if (!live_) return;
  on_crash();
  die();
}

void BrokerProcess::stop() {
  if (!live_) return;
  const Status ended = live_->sessions->end_all(timeline_.moment());
  if (!ended.ok()) broken_ = ended.to_string();
  die();
}

}  // namespace moot::simulation
