#include <algorithm>
#include <boost/json.hpp>
#include <charconv>
#include <iostream>
#include <map>
#include <thread>

#include "adapters/cloudevents.h"
#include "broker/client/consumer.h"
#include "broker/core/calendar.h"
#include "broker/core/event_rules.h"
#include "broker/wire/frames.h"
#include "deploy/command.h"
#include "deploy/pace.h"
#include "deploy/progress.h"
#include "deploy/reach.h"
#include "deploy/replay_output.h"

namespace moot {

namespace {

namespace json = boost::json;

// "N..M", either side may be left out.
Status read_offsets(const std::string& text, Offset& from, v1::Filter& filter) {
  if (text.empty()) return {};
  const Status wrong(Code::kUsage, "--offset takes N..M, offsets from N and before M");
  const std::size_t dots = text.find("..");
  if (dots == std::string::npos) return wrong;
  const auto number = [&](std::size_t start, std::size_t end, std::uint64_t& value) {
    if (start == end) return true;
    const auto read = std::from_chars(text.data() + start, text.data() + end, value);
    return read.ec == std::errc() && read.ptr == text.data() + end;
  };
  std::uint64_t to = 0;
  if (!number(0, dots, from.value) || !number(dots + 2, text.size(), to)) return wrong;
  if (dots + 2 < text.size() && to <= from.value)
    return Status(Code::kUsage, "--offset N..M: M must be greater than N");
  filter.set_offset_to(to);
  return {};
}

Status read_time(const std::string& word, const std::string& text, std::int64_t& us) {
  if (text.empty()) return {};
  const Result<Instant> instant = parse_date_or_instant(text);
  if (!instant.ok()) return Status(Code::kUsage, word + ": " + instant.status().message());
  us = instant->us;
  return {};
}

Result<ConsumerOptions> consumer_options(const Options& options, const ReplayOrder& order) {
  ConsumerOptions consumer;
  consumer.reader = kReplayReader;
  consumer.purpose = options.purpose.empty() ? "operations" : options.purpose;
  consumer.timeout_ms = options.timeout_ms();
  // What is not to be printed for long is not fetched: the broker is asked for about a second's events, so that a key
  // that is revoked or an agreement that is ended meanwhile ends this too.
  constexpr double kEventBytes = 1024;
  if (order.rate > 0)
    consumer.credit_bytes = static_cast<std::size_t>(
        std::clamp(order.rate * kEventBytes, kEventBytes, static_cast<double>(consumer.credit_bytes)));
  std::int64_t from_us = 0, to_us = 0;
  MOOT_RETURN_IF_ERROR(read_time("--from", order.from, from_us));
  MOOT_RETURN_IF_ERROR(read_time("--to", order.to, to_us));
  // A filter's 0 is no bound; what it bounds at the instant 0 it does a microsecond beside it.
  consumer.filter.set_time_from_us(from_us == 0 && !order.from.empty() ? 1 : from_us);
  consumer.filter.set_time_to_us(to_us == 0 && !order.to.empty() ? -1 : to_us);
  MOOT_RETURN_IF_ERROR(read_offsets(order.offsets, consumer.from, consumer.filter));
  for (const std::string& type : order.types) {
    v1::Facts facts;
    const bool body = v1::Facts::descriptor()->FindFieldByName(type) != nullptr;
    if (!body && !set_body_and_stage(type, facts).ok())
      return Status(Code::kUsage,
                    "--type: expected a body such as contact, or a full type such as "
                    "uk.csp.contact.received.v1; there is none of that name");
    consumer.filter.add_types(type);
  }
  for (const std::string& agency : order.agencies) consumer.filter.add_agencies(agency);
  for (const std::string& area : order.areas) consumer.filter.add_areas(area);
  for (const std::string& subject : order.subjects) consumer.filter.add_subjects(subject);
  return consumer;
}

struct Counts {
  std::uint64_t events = 0;
  std::map<std::string, std::uint64_t> types, agencies;
};

void print_counts(const Counts& counts, bool as_json) {
  if (as_json) {
    json::object types, agencies;
    for (const auto& [type, count] : counts.types) types[type] = count;
    for (const auto& [agency, count] : counts.agencies) agencies[agency] = count;
    std::cout << json::serialize(json::object{
                     {"events", counts.events}, {"types", std::move(types)}, {"agencies", std::move(agencies)}})
              << "\n";
    return;
  }
  std::cout << counts.events << " events\n";
  for (const auto& [type, count] : counts.types) std::cout << "  " << type << ": " << count << "\n";
  for (const auto& [agency, count] : counts.agencies) std::cout << "  " << agency << ": " << count << "\n";
}

// `output`: none = standard output.
Status replay(Consumer& consumer, const ReplayOrder& order, ReplayOutput* output, Counts& counts,
              std::uint64_t offset_to) {
  std::ostream& out = output != nullptr ? output->lines() : std::cout;
  Progress progress("replay");
  Pace pace(order.rate);
  std::optional<Offset> target;  // the end of the log when the replay began: later events are not waited for
  for (;;) {
    const Result<Delivery> delivery = consumer.next(1000);
    if (!delivery.ok()) return delivery.status();
    if (delivery->end == Delivery::kNotKnown) continue;
    if (!target && output != nullptr) MOOT_RETURN_IF_ERROR(output->remember(delivery->coverage));
    if (!target) target = Offset{offset_to == 0 ? delivery->end.value : std::min(delivery->end.value, offset_to)};
    for (const v1::Event& event : delivery->events) {
      if (Offset{event.envelope().offset()} >= *target) break;
      ++counts.events;
      ++counts.types[event.envelope().type()];
      ++counts.agencies[event.envelope().agency()];
      if (order.dry_run) continue;
      if (const auto left = pace.left(); left.count() > 0) {
        out.flush();
        std::this_thread::sleep_for(left);
      }
      out << cloudevent_from_event(event) << "\n";
      if (!out) return Status(Code::kDisk, "the output cannot be written");
    }
    progress.show(delivery->through.value, target->value, counts.events);
    if (delivery->through >= *target)
      return out.flush() ? Status() : Status(Code::kDisk, "the output cannot be written");
  }
}

// What decides which lines there are, for an output that may go on where it was interrupted.
std::string order_of(const ConsumerOptions& consumer, const KeyFile& key) {
  return consumer.filter.SerializeAsString() + "\n" + std::to_string(consumer.from.value) + "\n" + consumer.purpose +
         "\n" + key.agency.value() + "\n" + to_hex(key.broker_public_key);
}

Status replay_to_file(const KeyFile& key, ConsumerOptions consumer_order, const ReplayOrder& order, Counts& counts) {
  const Offset first = consumer_order.from;
  Result<ReplayOutput> output = ReplayOutput::open(order.output, order_of(consumer_order, key));
  if (!output.ok()) return output.status();
  if (output->resumes()) {
    consumer_order.from = std::max(first, output->next());
    consumer_order.coverage = output->coverage();
    std::cerr << "moot: goes on after offset " << output->next().value - 1 << ", where it was interrupted\n";
  }
  for (;;) {
    const Result<std::unique_ptr<Consumer>> consumer = Consumer::connect(key, consumer_order);
    if (!consumer.ok()) return consumer.status();
    const Status replayed = replay(**consumer, order, &*output, counts, consumer_order.filter.offset_to());
    if (replayed.ok()) return output->finish();
    if (replayed.code() != Code::kEntitlementChanged || !output->resumes()) return replayed;
    // What was written before the interruption is not what this reader may read now.
    MOOT_RETURN_IF_ERROR(output->begin_again());
    consumer_order.from = first;
    consumer_order.coverage.clear();
  }
}

}  // namespace

int replay_command(const Options& options, const ReplayOrder& order) {
  Result<ConsumerOptions> consumer_order = consumer_options(options, order);
  if (!consumer_order.ok()) return tell(consumer_order.status());
  const Result<PartnershipFolder> folder = partnership_of(options);
  if (!folder.ok()) return tell(folder.status());
  const Result<Reach> reach = Reach::open(options, *folder);
  if (!reach.ok()) return tell(reach.status());
  const Result<KeyFile> key = reach->acting();
  if (!key.ok()) return tell(key.status());
  Counts counts;
  if (!order.output.empty() && !order.dry_run) {
    const Status written = replay_to_file(*key, *consumer_order, order, counts);
    return written.ok() ? kDone : tell(written);
  }
  const Result<std::unique_ptr<Consumer>> consumer = Consumer::connect(*key, *consumer_order);
  if (!consumer.ok()) return tell(consumer.status());
  const Status replayed = replay(**consumer, order, nullptr, counts, consumer_order->filter.offset_to());
  if (!replayed.ok()) return tell(replayed);
  if (order.dry_run) print_counts(counts, options.json);
  return kDone;
}

}  // namespace moot
