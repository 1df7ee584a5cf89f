#include "broker/event_content.h"

#include <google/protobuf/io/coded_stream.h>
#include <google/protobuf/io/zero_copy_stream_impl_lite.h>

#include "broker/core/event_rules.h"
#include "broker/core/status.h"

namespace moot {

namespace {

void clear_the_brokers(v1::Envelope& envelope) {
  envelope.clear_agency();
  envelope.clear_offset();
  envelope.clear_recorded_time();
  envelope.clear_backfill();
  envelope.clear_traceparent();  // of the sending: sent again it is another
}

// Logs of format 1 hold digests of bytes in which every inner message has the length 0: of a fresh copy no sizes are
// known. Wrong, but it is what is in them.
std::string said_bytes_of_format_1(const v1::Event& event) {
  v1::Event said = event;
  clear_the_brokers(*said.mutable_envelope());
  std::string bytes;
  google::protobuf::io::StringOutputStream stream(&bytes);
  google::protobuf::io::CodedOutputStream coded(&stream);
  coded.SetSerializationDeterministic(true);
  said.SerializeWithCachedSizes(&coded);
  coded.Trim();
  return bytes;
}

// Takes one field off the front of bytes that were just serialised. False when it is not the length-delimited field
// `number`; nothing is taken then.
bool take_field(std::string_view& bytes, int number, std::string_view& value) {
  google::protobuf::io::CodedInputStream in(reinterpret_cast<const std::uint8_t*>(bytes.data()),
                                            static_cast<int>(bytes.size()));
  constexpr std::uint32_t kLengthDelimited = 2;
  std::uint32_t length = 0;
  if (in.ReadTag() != (static_cast<std::uint32_t>(number) << 3 | kLengthDelimited) || !in.ReadVarint32(&length))
    return false;
  const auto start = static_cast<std::size_t>(in.CurrentPosition());
  MOOT_CHECK(length <= bytes.size() - start);
  value = bytes.substr(start, length);
  bytes.remove_prefix(start + length);
  return true;
}

}  // namespace

bool SaidEvent::read(std::string_view frame, const Limits& limits) {
  whole_ = frame;
  return read_plain_event(frame, limits, parts_);
}

void SaidEvent::take(v1::Event& event) {
  clear_the_brokers(*event.mutable_envelope());
  MOOT_CHECK(event.SerializeToString(&bytes_));
  std::string_view bytes = whole_ = bytes_;
  parts_ = PlainEvent();
  take_field(bytes, v1::Event::kEnvelopeFieldNumber, parts_.envelope);
  take_field(bytes, v1::Event::kFactsFieldNumber, parts_.facts);
  take_field(bytes, v1::Event::kPersonalFieldNumber, parts_.rest);
  MOOT_CHECK(bytes.empty());  // event_rules let nothing else through
  // Fields are written in the order of their numbers, and people are the first of the personal part.
  for (std::string_view person; take_field(parts_.rest, v1::Personal::kPeopleFieldNumber, person);)
    parts_.people.push_back(person);
  for (const v1::Person& person : event.personal().people()) parts_.references.push_back(person.reference());
  const v1::Envelope& envelope = event.envelope();
  parts_.id = envelope.id();
  parts_.source = envelope.source();
  parts_.type = envelope.type();
  parts_.body = body_name(event.facts());
  parts_.subject = envelope.subject();
  parts_.record = envelope.record();
  parts_.area = envelope.area();
  parts_.time = from_proto(envelope.time());
  if (envelope.has_known_time()) parts_.known_time = from_proto(envelope.known_time());
}

ContentDigests::ContentDigests(const Key& secret) : key_(derive_key(secret, "what was said")), secret_(secret) {}

bool ContentDigests::is_of(const Digest& content, const v1::Event& event) const {
  if (content == kContentNotKnown) return true;
  v1::Event copy = event;
  SaidEvent said;
  said.take(copy);
  return content == of(said) || content == of_format_2(said) ||
         content == keyed_digest(secret_, said_bytes_of_format_1(event));
}

}  // namespace moot
