#include "broker/event_content.h"

#include <google/protobuf/io/coded_stream.h>
#include <google/protobuf/io/zero_copy_stream_impl_lite.h>

#include "broker/core/status.h"

namespace moot {

namespace {

v1::Event without_the_brokers(const v1::Event& event) {
  v1::Event said = event;
  said.mutable_envelope()->clear_agency();
  said.mutable_envelope()->clear_offset();
  said.mutable_envelope()->clear_recorded_time();
  said.mutable_envelope()->clear_backfill();
  return said;
}

// Logs of format 1 hold digests of bytes in which every inner message has the length 0: of a fresh copy no sizes are
// known. Wrong, but it is what is in them.
std::string said_bytes_of_format_1(const v1::Event& event) {
  const v1::Event said = without_the_brokers(event);
  std::string bytes;
  google::protobuf::io::StringOutputStream stream(&bytes);
  google::protobuf::io::CodedOutputStream coded(&stream);
  coded.SetSerializationDeterministic(true);
  said.SerializeWithCachedSizes(&coded);
  coded.Trim();
  return bytes;
}

}  // namespace

void said_bytes(const v1::Event& event, std::string& bytes) {
  const v1::Envelope& envelope = event.envelope();
  const bool as_sent =
      envelope.agency().empty() && envelope.offset() == 0 && !envelope.has_recorded_time() && !envelope.backfill();
  MOOT_CHECK(as_sent ? event.SerializeToString(&bytes) : without_the_brokers(event).SerializeToString(&bytes));
}

bool is_content(const Digest& content, const v1::Event& event, const Key& secret) {
  std::string bytes;
  said_bytes(event, bytes);
  return content == keyed_digest(secret, bytes) || content == keyed_digest(secret, said_bytes_of_format_1(event));
}

}  // namespace moot
