// What publishing costs while somebody reads everything back: the same events a second by the clock, without a reader
// and beside one that begins again whenever it has come to the end.
#include <atomic>
#include <cstdio>
#include <thread>

#include "tests/bench/bench.h"
#include "tests/bench/systems.h"

namespace moot::bench {

namespace {

// Reads everything again and again, from its own thread over its own connection, until it goes.
class EndlessReplay {
 public:
  EndlessReplay(MootSystem& moot, std::uint64_t events)
      : thread_([this, &moot, events] {
          const std::string way = moot.ways_to_read().front();
          while (!stop_ && status_.ok()) {
            status_ = moot.read(way, events);
            if (status_.ok()) ++rounds_;
          }
        }) {}
  ~EndlessReplay() { (void)end(); }
  // How often all of it was read.
  Result<std::uint64_t> end() {
    stop_ = true;
    if (thread_.joinable()) thread_.join();
    if (!status_.ok()) return status_;
    return rounds_;
  }

 private:
  std::atomic<bool> stop_ = false;
  Status status_;  // the thread's, until it was joined; so are the rounds
  std::uint64_t rounds_ = 0;
  std::thread thread_;
};

Shape by_the_clock() {
  for (const Shape& shape : all_shapes())
    if (shape.events_per_second > 0) return shape;
  return {};
}

}  // namespace

Result<Measurement> Bench::publish_for_a_while(MootSystem& moot, const Shape& shape) {
  const Result<std::uint64_t> first = moot.stored();
  if (!first.ok()) return first.status();
  const Result<std::unique_ptr<Publishers>> publishers = moot.connect(shape.publishers, payload_);
  if (!publishers.ok()) return publishers.status();
  Load load(**publishers, shape, *first, stop_);
  const Result<Load::Part> warm_up = load.run(seconds(options_.warm_up));
  if (!warm_up.ok()) return warm_up.status();
  const Result<Load::Part> part = load.run(seconds(options_.seconds));
  if (!part.ok()) return part.status();
  MOOT_RETURN_IF_ERROR(load.finish());
  Measurement measurement;
  measurement.shape = shape.name;
  measurement.events = part->events;
  measurement.rate = part->events_per_second();
  measurement.p50_ms = part->latencies.milliseconds(0.5);
  measurement.p99_ms = part->latencies.milliseconds(0.99);
  measurement.p999_ms = part->latencies.milliseconds(0.999);
  return measurement;
}

Status Bench::publish_beside_replay(MootSystem& moot) {
  const Shape shape = by_the_clock();
  MOOT_RETURN_IF_ERROR(fill_up(moot, options_.replay_events, {0, 0, payload_, stop_}));
  for (int repetition = 0; repetition < options_.repetitions; ++repetition) {
    for (const bool beside : {repetition % 2 != 0, repetition % 2 == 0}) {
      MOOT_RETURN_IF_ERROR(go_on());
      std::unique_ptr<EndlessReplay> replay;
      if (beside) replay = std::make_unique<EndlessReplay>(moot, options_.replay_events);
      Result<Measurement> measured = publish_for_a_while(moot, shape);
      const Result<std::uint64_t> rounds = replay ? replay->end() : std::uint64_t{0};
      if (!measured.ok()) return measured.status();
      if (!rounds.ok()) return rounds.status();
      measured->system = beside ? "beside a replay" : "alone";
      measured->repetition = repetition;
      std::fprintf(stderr, "%d publishing %s: p50 %.3f p99 %.3f ms; read %llu times\n", repetition + 1,
                   measured->system.c_str(), measured->p50_ms, measured->p99_ms,
                   static_cast<unsigned long long>(*rounds));
      findings_.beside_replay.push_back(*measured);
    }
  }
  return {};
}

Status Bench::publish_beside_replay() {
  const auto moot = make_moot({folder_});
  const Status measured = publish_beside_replay(*moot);
  end_system(*moot);
  if (!measured.ok()) note("publishing beside a replay", measured);
  return go_on();
}

}  // namespace moot::bench
