#include "deploy/linkage_stream_bench.h"

#include <time.h>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <numeric>

// jemalloc's, where it is there.
extern "C" [[gnu::weak]] int mallctl(const char* name, void* old, std::size_t* old_size, void* given,
                                     std::size_t given_size);

namespace moot {
namespace {

using Clock = std::chrono::steady_clock;

double microseconds_since(Clock::time_point start) {
  return std::chrono::duration<double, std::micro>(Clock::now() - start).count();
}

// Of this thread, so that what else the machine does is not counted.
double cpu_seconds() {
  timespec time{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) / 1e9;
}

// In use, of all that was allocated; 0 where another than jemalloc keeps memory, as a sanitizer does.
double allocated_bytes() {
  if (mallctl == nullptr) return 0;
  std::uint64_t epoch = 1;  // its figures are as of the last time that one was given
  mallctl("epoch", nullptr, nullptr, &epoch, sizeof epoch);
  std::size_t bytes = 0, size = sizeof bytes;
  mallctl("stats.allocated", &bytes, &size, nullptr, 0);
  return static_cast<double>(bytes);
}

// `share` of them are no longer; reorders.
double percentile(std::vector<double>& times, double share) {
  if (times.empty()) return 0;
  const auto place = static_cast<std::ptrdiff_t>(share * static_cast<double>(times.size() - 1));
  std::nth_element(times.begin(), times.begin() + place, times.end());
  return times[static_cast<std::size_t>(place)];
}

class Stream {
 public:
  Stream(const RecordTable& records, const LinkModel& model, const BlockingPlan& plan, const LinkageRule& rule)
      : records_(records), live_(records, model, plan, rule), values_(records.fields().size()) {}

  double insert(RecordId record) {
    for (std::size_t f = 0; f < values_.size(); ++f)
      values_[f] = records_.table(static_cast<int>(f)).text(records_.values(record)[f]);
    const Clock::time_point start = Clock::now();
    live_.insert(records_.key(record), values_);
    return microseconds_since(start);
  }
  double withdraw(RecordId record) {
    const Clock::time_point start = Clock::now();
    live_.withdraw(records_.key(record));
    return microseconds_since(start);
  }
  bool has_people_of(const BatchLinkage& batch) const {
    for (RecordId record = 0; record < records_.size(); ++record)
      if (live_.cluster_of(records_.key(record)) != records_.key(batch.cluster[record])) return false;
    return true;
  }

 private:
  const RecordTable& records_;
  LiveLinkage live_;
  std::vector<std::string> values_;
};

}  // namespace

StreamRun stream_records(const RecordTable& records, const LinkModel& model, const BlockingPlan& plan,
                         const LinkageRule& rule, const BatchLinkage& batch) {
  constexpr std::size_t kWithdrawn = 1000;
  StreamRun run;
  std::vector<RecordId> order(records.size());
  std::iota(order.begin(), order.end(), RecordId{0});
  std::sort(order.begin(), order.end(), [&](RecordId a, RecordId b) {
    return mixed(records.order(a)) != mixed(records.order(b)) ? mixed(records.order(a)) < mixed(records.order(b))
                                                              : a < b;
  });
  std::vector<double> times;
  times.reserve(order.size());
  const double allocated_before = allocated_bytes();
  Stream stream(records, model, plan, rule);
  const Clock::time_point start = Clock::now();
  const double cpu_start = cpu_seconds();
  for (const RecordId record : order) times.push_back(stream.insert(record));
  run.seconds = microseconds_since(start) / 1e6;
  run.cpu_seconds = cpu_seconds() - cpu_start;
  if (!order.empty()) run.bytes_of_record = (allocated_bytes() - allocated_before) / static_cast<double>(order.size());
  std::vector<double> late(times.end() - static_cast<std::ptrdiff_t>(times.size() / 10), times.end());
  run.late_insert_p99_us = percentile(late, .99);
  run.insert_most_us = times.empty() ? 0 : *std::max_element(times.begin(), times.end());
  run.insert_p50_us = percentile(times, .5);
  run.insert_p99_us = percentile(times, .99);
  std::vector<double> withdrawals;
  for (const RecordId record : order) {
    if (withdrawals.size() == kWithdrawn) break;
    if (batch.cluster[record] == record) continue;  // the first of its cluster, perhaps the only one
    withdrawals.push_back(stream.withdraw(record));
    stream.insert(record);
  }
  run.withdrawn = withdrawals.size();
  run.withdraw_p99_us = percentile(withdrawals, .99);
  run.same_people = stream.has_people_of(batch);
  return run;
}

}  // namespace moot
