// The ingest of "moot-plain": linked into the `moot` executable in place of broker/ingest.cc, everything else the same.
//
// It does what a broker must do at the least so that nothing is stored twice and nothing acknowledged is lost: finds an
// event's source and id by its outermost tags, looks them up in the log's own index, appends the event as it came and
// lets the log checksum, chain and sync it. What the full ingest takes more is the price of parsing, validating and
// sealing. Should the full one gain a part that others call, this does not link until it is given here too.
#include "broker/ingest.h"

#include <google/protobuf/io/coded_stream.h>
#include <google/protobuf/wire_format_lite.h>

namespace moot {

namespace {

// The bytes of the first field of that number, which must be one with a length; empty when there is none.
std::string_view field_of(std::string_view message, int number) {
  using google::protobuf::internal::WireFormatLite;
  google::protobuf::io::CodedInputStream in(reinterpret_cast<const std::uint8_t*>(message.data()),
                                            static_cast<int>(message.size()));
  const std::uint32_t wanted = WireFormatLite::MakeTag(number, WireFormatLite::WIRETYPE_LENGTH_DELIMITED);
  for (std::uint32_t tag = in.ReadTag(); tag != 0; tag = in.ReadTag()) {
    if (tag != wanted) {
      if (!WireFormatLite::SkipField(&in, tag)) return {};
      continue;
    }
    std::uint32_t length = 0;
    if (!in.ReadVarint32(&length)) return {};
    const auto at = static_cast<std::size_t>(in.CurrentPosition());
    return length > message.size() - at ? std::string_view() : message.substr(at, length);
  }
  return {};
}

}  // namespace

Ingest::Ingest(const Parts& parts, const Limits& limits, const Secrets& secrets, Instant last_recorded,
               std::uint64_t next_key)
    : parts_(parts),
      limits_(limits),
      secrets_(secrets),
      contents_(secrets.content),
      last_recorded_(last_recorded),
      next_key_(next_key),
      staged_keys_(make_key_table(limits.message_events_max)) {}

// Nothing that is stored is sealed: there is no key to ask for.
Status Ingest::check_history(const EventLog&, const KeyStore&, const Secrets&) { return {}; }

Result<std::unique_ptr<Ingest>> Ingest::create(const Parts& parts, const Limits& limits, const Secrets& secrets) {
  return std::unique_ptr<Ingest>(new Ingest(parts, limits, secrets, Instant{0}, 0));
}

// What others of its parts call; nothing is refused here.
Instant Ingest::now() { return parts_.clock->now(); }
Result<std::optional<Known>> Ingest::find(const EventKey& key) const { return parts_.log->find(key); }

void Ingest::offer(const AgencyId& publisher, const v1::Publish&, std::span<const std::string_view> events) {
  v1::PublishAck ack;
  ack.set_first_offset(parts_.log->end_offset().value + staged_.size());
  for (std::size_t i = 0; i < events.size() && failure_.ok(); ++i) {
    const std::string_view envelope = field_of(events[i], v1::Event::kEnvelopeFieldNumber);
    const std::string_view id = field_of(envelope, v1::Envelope::kIdFieldNumber);
    const std::string_view source = field_of(envelope, v1::Envelope::kSourceFieldNumber);
    SealedRecord record;
    record.key = event_key(source, id);
    const auto staged = staged_keys_.find(record.key);
    const Result<std::optional<Known>> known =
        staged != staged_keys_.end() ? std::optional<Known>(staged->second) : parts_.log->find(record.key);
    if (!known.ok()) {
      failure_ = known.status();
      break;
    }
    if (known->has_value() || id.empty() || source.empty()) {
      v1::Exception& told = *ack.add_exceptions();
      told.set_frame(static_cast<std::uint32_t>(i));
      told.set_kind(known->has_value() ? v1::Exception::DUPLICATE : v1::Exception::REFUSED);
      if (known->has_value()) told.set_offset((*known)->value);
      continue;
    }
    staged_keys_[record.key] = Known{parts_.log->end_offset().value + staged_.size(), {}};
    record.tags.agency = publisher.value();
    record.bytes.assign(events[i]);
    staged_.push_back(std::move(record));
    ack.set_stored(ack.stored() + 1);
  }
  acks_.push_back(std::move(ack));
}

Result<std::vector<v1::PublishAck>> Ingest::commit() {
  if (!failure_.ok()) return failure_;
  if (!staged_.empty()) {
    const Result<Offset> first = parts_.log->append(staged_);
    if (!first.ok()) return failure_ = first.status();
    staged_.clear();
    staged_keys_.clear();
  }
  std::vector<v1::PublishAck> acks;
  acks.swap(acks_);
  return acks;
}

// It keeps events as they came and seals nobody: there is nothing to erase, and nothing to say of it.
Result<Offset> Ingest::append_own(std::vector<v1::Event> /*events*/) {
  return Status(Code::kNotAllowed, "moot-plain says nothing of its own");
}

}  // namespace moot
