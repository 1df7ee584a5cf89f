#include "broker/wire/frames.h"

#include <google/protobuf/io/coded_stream.h>
#include <google/protobuf/wire_format_lite.h>

namespace moot {

namespace {

using google::protobuf::io::CodedInputStream;
using google::protobuf::io::CodedOutputStream;

// Tag and length of one event, written and read by hand: protobuf would copy each event on its way.
constexpr std::uint32_t kEventTag = v1::Events::kEventFieldNumber << 3 | 2;
constexpr std::size_t kFramingMax = 1 + 5;
constexpr std::uint32_t kEventsInHeaderTag = 22 << 3 | 2;  // reserved in the Request
constexpr std::size_t kHeaderFramingMax = 2 + 5;

}  // namespace

std::string protocols_spoken() {
  const std::string newest = std::to_string(kProtocolVersion);
  return kOldestProtocol == kProtocolVersion ? newest : std::to_string(kOldestProtocol) + " to " + newest;
}

std::vector<v1::Reply> separate(v1::Reply&& reply) {
  std::vector<v1::Reply> replies;
  if (!reply.has_publish_acks()) {
    replies.push_back(std::move(reply));
    return replies;
  }
  replies.reserve(static_cast<std::size_t>(reply.publish_acks().acks_size()));
  for (v1::PublishAcks::Numbered& numbered : *reply.mutable_publish_acks()->mutable_acks()) {
    v1::Reply& ack = replies.emplace_back();
    ack.set_number(numbered.number());
    ack.mutable_publish_ack()->Swap(numbered.mutable_ack());
  }
  return replies;
}

void append_packed(std::string& frame, std::string_view event) {
  std::uint8_t framing[kFramingMax] = {kEventTag};
  const std::uint8_t* end =
      CodedOutputStream::WriteVarint32ToArray(static_cast<std::uint32_t>(event.size()), framing + 1);
  frame.append(reinterpret_cast<const char*>(framing), static_cast<std::size_t>(end - framing)).append(event);
}

std::string packed_events(const std::vector<std::string>& events) {
  std::size_t bytes = 0;
  for (const std::string& event : events) bytes += kFramingMax + event.size();
  std::string frame;
  frame.reserve(bytes);
  for (const std::string& event : events) append_packed(frame, event);
  return frame;
}

void append_header_framing(std::string& header, std::size_t events_bytes) {
  std::uint8_t framing[kHeaderFramingMax];
  std::uint8_t* end = CodedOutputStream::WriteVarint32ToArray(kEventsInHeaderTag, framing);
  end = CodedOutputStream::WriteVarint32ToArray(static_cast<std::uint32_t>(events_bytes), end);
  header.append(reinterpret_cast<const char*>(framing), static_cast<std::size_t>(end - framing));
}

void append_to_header(std::string& header, std::string_view events_frame) {
  append_header_framing(header, events_frame.size());
  header.append(events_frame);
}

bool take_off_header(std::string_view& header, std::string_view& events_frame) {
  CodedInputStream in(reinterpret_cast<const std::uint8_t*>(header.data()), static_cast<int>(header.size()));
  for (;;) {
    const auto at = static_cast<std::size_t>(in.CurrentPosition());
    const std::uint32_t tag = in.ReadTag();
    if (tag == 0) return true;  // whether this is its end, or no request at all, is found out when it is parsed
    if (tag != kEventsInHeaderTag) {
      if (!google::protobuf::internal::WireFormatLite::SkipField(&in, tag)) return true;
      continue;
    }
    std::uint32_t length = 0;
    const bool begun = in.ReadVarint32(&length);
    const auto start = static_cast<std::size_t>(in.CurrentPosition());
    const std::string_view after = header.substr(start);
    header = header.substr(0, at);
    if (!begun || length != after.size() || !events_frame.empty()) return false;
    events_frame = after;
    return true;
  }
}

Result<std::vector<std::string_view>> unpacked_events(std::string_view frame, std::size_t header_bytes,
                                                      const Limits& limits) {
  if (header_bytes + frame.size() > limits.message_bytes_max)
    return Status(Code::kTooLarge, "the message is over " + std::to_string(limits.message_bytes_max) + " bytes");
  CodedInputStream in(reinterpret_cast<const std::uint8_t*>(frame.data()), static_cast<int>(frame.size()));
  std::vector<std::string_view> events;
  for (std::size_t at = 0; at < frame.size(); at = static_cast<std::size_t>(in.CurrentPosition())) {
    std::uint32_t length = 0;
    const bool begun = in.ReadTag() == kEventTag && in.ReadVarint32(&length);
    const auto start = static_cast<std::size_t>(in.CurrentPosition());
    if (!begun || length > frame.size() - start || !in.Skip(static_cast<int>(length)))
      return Status(Code::kBadRequest, "the events are no protobuf moot.v1.Events");
    if (events.size() == limits.message_events_max)
      return Status(Code::kTooLarge,
                    "the message has more than " + std::to_string(limits.message_events_max) + " events");
    events.push_back(frame.substr(start, length));
  }
  return events;
}

}  // namespace moot
