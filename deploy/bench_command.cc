#include <algorithm>
#include <boost/json.hpp>
#include <cstdio>
#include <iostream>

#include "deploy/bench/comparison.h"
#include "deploy/bench/moot_system.h"
#include "deploy/bench/work_folder.h"
#include "deploy/command.h"
#include "deploy/progress.h"

namespace moot {

namespace {

using namespace bench;
namespace json = boost::json;

constexpr double kDiskSeconds = 0.5;
constexpr double kWarmUpSeconds = 0.5;
constexpr double kOthersMax = 0.10;  // of the processors: more, and the figures say little
constexpr const char* kMoot = "moot-full";
constexpr const char* kPaced = "1000-a-second";

// A folder on the disk of the data directory: in it where it is there, else where it would be.
std::filesystem::path place_of(const Options& options) {
  std::error_code gone;
  if (std::filesystem::is_directory(options.data, gone)) return options.data;
  return std::filesystem::absolute(options.data).lexically_normal().parent_path();
}

class MachineBench {
 public:
  MachineBench(const BenchOrder& order, const std::filesystem::path& folder)
      : order_(order), folder_(folder), payload_({}), conditions_{order.seconds, kWarmUpSeconds, payload_, stop_} {}

  Status run();
  void print_words() const;
  json::object in_json() const;

 private:
  Status measure_all(Disk& disk, MootSystem& moot);
  Status add(Result<Measurement> measured, const Shape& shape, int repetition);
  Status restart(MootSystem& moot);
  // Medians over all shapes, or of one.
  double disk(const char* work, const Comparison::Value& value) const;
  Comparison shape(const char* name) const { return Comparison(measurements_, name); }
  double moot_in(const char* name, const Comparison::Value& value) const { return shape(name).middle(kMoot, value); }
  bool quiet() const;

  const BenchOrder order_;
  const std::filesystem::path folder_;
  const StopSignal stop_;
  const Payload payload_;
  const Conditions conditions_;
  Progress progress_{"bench"};
  std::uint64_t done_ = 0, measured_events_ = 0;
  std::vector<Measurement> measurements_;
  Recovery recovery_;
};

Status MachineBench::add(Result<Measurement> measured, const Shape& shape, int repetition) {
  if (stop_.asked()) return Status(Code::kUnavailable, "stopped when asked to");
  if (!measured.ok()) return measured.status().with("in " + shape.name);
  measured->shape = shape.name;
  measured->repetition = repetition;
  measured_events_ += measured->events;
  measurements_.push_back(std::move(*measured));
  progress_.show(++done_, static_cast<std::uint64_t>(order_.repetitions) * all_shapes().size() * 4, measured_events_);
  return {};
}

// Disk, ceiling and Moot one after the other, so that each ratio is of the same minute.
Status MachineBench::measure_all(Disk& disk, MootSystem& moot) {
  for (int repetition = 0; repetition < order_.repetitions; ++repetition) {
    for (const Shape& shape : all_shapes()) {
      for (const char* work : {"disk", "disk-64k", "segment"})
        MOOT_RETURN_IF_ERROR(add(measure_disk(disk, work, std::min(kDiskSeconds, order_.seconds)), shape, repetition));
      const Status added = add(measure(moot, shape, conditions_), shape, repetition);
      MOOT_RETURN_IF_ERROR(end(moot));
      MOOT_RETURN_IF_ERROR(added);
    }
  }
  return {};
}

Status MachineBench::restart(MootSystem& moot) {
  for (const Shape& shape : all_shapes()) {
    if (shape.name != kFrames) continue;
    const Conditions from_the_first_event{0, 0, payload_, stop_};
    const Result<UnderLoad> running = UnderLoad::start(moot, shape, from_the_first_event);
    if (!running.ok()) return running.status();
    const Result<Load::Part> filled = running->load->run(order_.events);
    if (!filled.ok()) return filled.status();
    const Result<Recovery> recovery = kill_and_recover(moot, *running->load, conditions_);
    if (!recovery.ok()) return recovery.status();
    recovery_ = *recovery;
  }
  return end(moot);
}

Status MachineBench::run() {
  Result<Disk> disk = Disk::open(folder_);
  if (!disk.ok()) return disk.status();
  std::error_code fault;
  MootProgram program;
  program.name = kMoot;
  program.file = std::filesystem::read_symlink("/proc/self/exe", fault);
  MootSystem moot(program, folder_);
  const Status measured = measure_all(*disk, moot);
  const Status restarted = measured.ok() ? restart(moot) : measured;
  (void)moot.stop();
  progress_.make_room();
  return restarted;
}

double MachineBench::disk(const char* work, const Comparison::Value& value) const {
  Numbers numbers;
  for (const Measurement& m : measurements_)
    if (m.system == work) numbers.push_back(value(m));
  return median(numbers);
}

bool MachineBench::quiet() const {
  Numbers shares;
  for (const Measurement& m : measurements_) shares.push_back(m.others_share);
  return median(shares) <= kOthersMax;
}

void MachineBench::print_words() const {
  const auto thousands = [](double rate) { return static_cast<unsigned long long>(rate / 100) * 100; };
  std::printf(
      "This machine keeps %llu events a second when they come one by one, and %llu when they come by the\n"
      "hundred, each of them on the disk before it is acknowledged.\n",
      thousands(moot_in(kSingles, rate_of)), thousands(moot_in(kFrames, rate_of)));
  std::printf("The disk answers in %.2f milliseconds; one time in a hundred it takes more than %.2f.\n",
              disk("disk", p50_of), disk("disk", p99_of));
  std::printf(
      "At 1,000 events a second an agency waits %.2f milliseconds for its acknowledgement; one time in a\n"
      "hundred more than %.2f.\n",
      moot_in(kPaced, p50_of), moot_in(kPaced, p99_of));
  std::printf(
      "Killed with %llu events stored, the broker acknowledged again after %.2f seconds; nothing that it had\n"
      "acknowledged was lost.\n\n",
      static_cast<unsigned long long>(recovery_.acknowledged), recovery_.until_it_acknowledges_s);
  std::printf("%-16s %12s %14s %18s %22s %10s\n", "", "events/s", "of the ceiling", "ack ms p50 / p99",
              "in disk writes", "memory MB");
  for (const Shape& one : all_shapes()) {
    const Comparison here = shape(one.name.c_str());
    std::printf("%-16s %12.0f %13.1f%% %9.2f / %6.2f %13.1f / %6.1f %10.0f\n", one.name.c_str(),
                here.middle(kMoot, rate_of), 100 * here.ratio(kMoot, "segment", rate_of), here.middle(kMoot, p50_of),
                here.middle(kMoot, p99_of), here.ratio(kMoot, "disk", p50_of), here.ratio(kMoot, "disk", p99_of),
                here.middle(kMoot, [](const Measurement& m) { return static_cast<double>(m.memory_bytes) / 1e6; }));
  }
  std::printf(
      "\n16x100: 16 publishers with 100 events in flight each. The ceiling: groups of %d events written to one\n"
      "file, and nothing else done: %.0f events a second.\n",
      kSegmentGroup, disk("segment", rate_of));
  if (!quiet())
    std::printf(
        "\nOther programs used the processors meanwhile: these figures mean little. Measure again when the\n"
        "machine has nothing else to do.\n");
}

json::object MachineBench::in_json() const {
  const auto times = [](double p50, double p99) { return json::object{{"p50_ms", p50}, {"p99_ms", p99}}; };
  json::array shapes;
  for (const Shape& one : all_shapes()) {
    const Comparison here = shape(one.name.c_str());
    Numbers rates = here.values(kMoot, rate_of);
    std::sort(rates.begin(), rates.end());
    shapes.push_back(
        json::object{{"shape", one.name},
                     {"events_per_second", {{"min", rates.front()}, {"median", median(rates)}, {"max", rates.back()}}},
                     {"of_segment", here.ratio(kMoot, "segment", rate_of)},
                     {"ack", times(here.middle(kMoot, p50_of), here.middle(kMoot, p99_of))},
                     {"ack_in_disk_writes",
                      {{"p50", here.ratio(kMoot, "disk", p50_of)}, {"p99", here.ratio(kMoot, "disk", p99_of)}}},
                     {"server_cpu_s_per_million",
                      here.middle(kMoot, [](const Measurement& m) { return m.cpu_per_million(m.server_cpu_s); })}});
  }
  return {{"repetitions", order_.repetitions},
          {"quiet", quiet()},
          {"disk",
           {{"512", times(disk("disk", p50_of), disk("disk", p99_of))},
            {"65536", times(disk("disk-64k", p50_of), disk("disk-64k", p99_of))}}},
          {"segment", {{"events_per_second", disk("segment", rate_of)}}},
          {"moot", std::move(shapes)},
          {"restart",
           {{"events", recovery_.acknowledged},
            {"seconds", recovery_.until_it_acknowledges_s},
            {"memory_bytes", recovery_.memory_bytes}}}};
}

}  // namespace

int bench_command(const Options& options, const BenchOrder& order) {
  const std::filesystem::path place = place_of(options);
  const WorkFolder folder(place);
  if (folder.path().empty()) return tell(Status(Code::kDisk, place.string() + ": no folder can be made there"));
  MachineBench bench(order, folder.path());
  const Status status = bench.run();
  if (!status.ok()) return tell(status);
  if (options.json)
    std::cout << json::serialize(bench.in_json()) << "\n";
  else
    bench.print_words();
  return kDone;
}

}  // namespace moot
