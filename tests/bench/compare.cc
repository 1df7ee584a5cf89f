// The interleaved comparisons: everybody with everybody, and Moot with and without encryption.
#include <cstdio>

#include "tests/bench/bench.h"
#include "tests/bench/systems.h"

namespace moot::bench {

namespace {

void say(const Measurement& m) {
  std::fprintf(stderr, "%d %-14s %-15s %10.0f events/s  p50 %8.3f  p99 %8.3f ms\n", m.repetition + 1, m.shape.c_str(),
               m.system.c_str(), m.rate, m.p50_ms, m.p99_ms);
}

}  // namespace

void Bench::measure_disk_in(const Shape& shape, int repetition) {
  for (const char* work : {"disk", "segment"}) {
    Result<Measurement> measured = measure_disk(*disk_, work, options_.disk_seconds);
    if (!measured.ok()) return note(work, measured.status());
    measured->shape = shape.name;
    measured->repetition = repetition;
    say(*measured);
    findings_.measurements.push_back(*measured);
  }
}

Status Bench::compare_in(const Shape& shape, int repetition, const std::vector<System*>& systems,
                         std::vector<Measurement>& into) {
  return for_each(systems, repetition, shape.name, [&](System& system) -> Status {
    if (!system.takes(shape)) return {};
    Result<Measurement> measured = measure(system, shape, conditions_);
    if (!measured.ok()) return measured.status();
    measured->repetition = repetition;
    say(*measured);
    into.push_back(*measured);
    return {};
  });
}

Status Bench::compare() {
  for (int repetition = 0; repetition < options_.repetitions; ++repetition) {
    for (const Shape& shape : all_shapes()) {
      if (!options_.wants_shape(shape.name)) continue;
      measure_disk_in(shape, repetition);
      MOOT_RETURN_IF_ERROR(compare_in(shape, repetition, systems_, findings_.measurements));
    }
  }
  return {};
}

Status Bench::compare_curve() {
  const auto encrypted = make_moot({folder_}), open = make_moot_open({folder_});
  for (int repetition = 0; repetition < options_.repetitions; ++repetition)
    for (const Shape& shape : all_shapes())
      if (shape.name == kSingles || shape.name == kFrames)
        MOOT_RETURN_IF_ERROR(compare_in(shape, repetition, {encrypted.get(), open.get()}, findings_.curve));
  return {};
}

}  // namespace moot::bench
