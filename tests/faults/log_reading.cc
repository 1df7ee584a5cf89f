#include "tests/faults/log_reading.h"

#include <google/protobuf/util/message_differencer.h>

#include <algorithm>
#include <map>

#include "broker/client/connection.h"
#include "broker/client/consumer.h"

namespace moot {

namespace {

std::string quoted_event(const Stream& stream, std::size_t number) {
  return "event " + std::to_string(number) + " of " + stream.agency();
}

bool same_event(v1::Event stored, const v1::Event& sent) {
  v1::Envelope& envelope = *stored.mutable_envelope();
  envelope.clear_offset();
  envelope.clear_recorded_time();
  envelope.clear_agency();
  envelope.clear_backfill();
  return google::protobuf::util::MessageDifferencer::Equals(stored, sent);
}

// The next event of each source, by order of offsets.
std::string broken_order(const std::vector<v1::Event>& events, const std::map<std::string, const Stream*>& by_source,
                         std::map<std::string, std::size_t>& counts) {
  for (std::size_t offset = 0; offset < events.size(); ++offset) {
    const v1::Envelope& envelope = events[offset].envelope();
    if (envelope.offset() != offset) return "a hole: offset " + std::to_string(offset) + " is missing";
    const auto stream = by_source.find(envelope.source());
    if (stream == by_source.end()) return "an event of a source that nobody has: " + envelope.source();
    std::size_t& next = counts[envelope.source()];
    if (envelope.id() != "S-" + std::to_string(next))
      return "where " + quoted_event(*stream->second, next) + " should stand is " + envelope.id();
    if (!same_event(events[offset], stream->second->event(next)))
      return quoted_event(*stream->second, next) + " is not what was sent";
    if (offset > 0) {
      const auto& before = events[offset - 1].envelope().recorded_time();
      const auto& now = envelope.recorded_time();
      if (std::pair(now.seconds(), now.nanos()) < std::pair(before.seconds(), before.nanos()))
        return "the recorded time goes back at offset " + std::to_string(offset);
    }
    ++next;
  }
  return "";
}

std::string broken_inbox(const std::vector<v1::InboxItem>& inbox, const Stream& stream, std::size_t journal_bytes) {
  std::map<std::uint64_t, int> rows;
  for (const v1::InboxItem& item : inbox)
    if (item.file() == stream.file()) ++rows[item.row()];
  for (const auto& [row, count] : rows)
    if (count != 1) return "row " + std::to_string(row) + " is in the inbox twice";
  for (const std::uint64_t row : stream.promised_refusals(journal_bytes))
    if (!rows.contains(row))
      return "the refusal of row " + std::to_string(row) + " of " + stream.file() + " was acknowledged and is lost";
  if (rows.size() > stream.sent_refusals()) return "the inbox holds what nobody sent";
  return "";
}

Status read_lists(const KeyFile& key_file, LogReading& reading) {
  Connection connection(key_file);
  MOOT_RETURN_IF_ERROR(connection.open(std::chrono::seconds(10)));
  v1::Request request;
  request.mutable_inbox_list()->set_pages(true);
  do {
    const Result<v1::Reply> reply = connection.call(request, std::chrono::seconds(10));
    if (!reply.ok()) return reply.status();
    const v1::InboxItems& page = reply->inbox_items();
    reading.inbox.insert(reading.inbox.end(), page.items().begin(), page.items().end());
    request.mutable_inbox_list()->set_after(page.next());
  } while (!request.inbox_list().after().empty());
  v1::Request who;
  who.mutable_agency_list();
  const Result<v1::Reply> agencies = connection.call(who, std::chrono::seconds(10));
  if (!agencies.ok()) return agencies.status();
  reading.agencies.assign(agencies->agencies().rows().begin(), agencies->agencies().rows().end());
  return {};
}

}  // namespace

LogReading read_log(const Installation& here, Process& broker) {
  LogReading reading;
  Result<KeyFile> key_file = read_key_file(here.key_file("operator"));
  if (!key_file.ok()) return {{}, {}, {}, "the operator's key file: " + key_file.status().message()};
  key_file->run_file = here.data() / "run.json";
  key_file->ended = [&broker] { return broker.running() ? Status() : Status(Code::kUnavailable, "it has stopped"); };
  ConsumerOptions options;
  options.reader = "replay";
  options.timeout_ms = 10'000;
  Result<std::unique_ptr<Consumer>> consumer = Consumer::connect(*key_file, options);
  Status status = consumer.ok() ? Status() : consumer.status();
  for (bool caught_up = false; status.ok() && !caught_up;) {
    Result<Delivery> delivery = (*consumer)->next(1000);
    status = delivery.ok() ? Status() : delivery.status();
    if (!status.ok()) break;
    for (v1::Event& event : delivery->events) reading.events.push_back(std::move(event));
    caught_up = delivery->caught_up();
  }
  if (status.ok()) status = read_lists(*key_file, reading);
  if (!status.ok()) reading.failed = status.message();
  return reading;
}

std::string broken_promise(const LogReading& reading, const std::vector<const Stream*>& streams,
                           std::size_t journal_bytes) {
  if (!reading.failed.empty()) return "it cannot be read: " + reading.failed;
  std::map<std::string, const Stream*> by_source;
  std::map<std::string, std::size_t> counts;
  for (const Stream* stream : streams) by_source[stream->source()] = stream;
  std::string broken = broken_order(reading.events, by_source, counts);
  for (const Stream* stream : streams) {
    if (!broken.empty()) return broken;
    const std::size_t stored = counts[stream->source()];
    if (stored < stream->promised(journal_bytes))
      return quoted_event(*stream, stored) + " was acknowledged and is lost, with " +
             std::to_string(stream->promised(journal_bytes) - stored - 1) + " after it";
    if (stored > stream->sent(journal_bytes)) return quoted_event(*stream, stored - 1) + " was not even sent";
    broken = broken_inbox(reading.inbox, *stream, journal_bytes);
  }
  return broken;
}

}  // namespace moot
