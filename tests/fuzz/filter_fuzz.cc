// Filters as a reader may send them, against an event drawn from the same bytes: a summary that tells what may be left
// out must never leave out what the filter lets through, and a filter that is taken is a small one.
#include <cstdint>
#include <cstdlib>
#include <string>

#include "broker/audit_log.h"
#include "broker/core/filter.h"
#include "broker/core/instant.h"
#include "broker/log/summary.h"

namespace {

constexpr std::string_view kTypes = "uk.csp.";

// Values that the filter may ask for, and others.
std::string value_of(const google::protobuf::RepeatedPtrField<std::string>& asked, std::uint8_t which) {
  return asked.empty() || which % 4 == 0 ? "other-" + std::to_string(which % 3) : asked.Get(which % asked.size());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  constexpr std::size_t kDrawn = 8;
  if (size < kDrawn) return 0;
  moot::v1::Filter filter;
  if (!filter.ParseFromArray(data + kDrawn, static_cast<int>(size - kDrawn))) return 0;
  if (!moot::check_filter(filter).ok()) return 0;
  constexpr std::size_t kAuditWordsMax = 2'200;  // of a filter that is taken, however many values it has
  if (moot::in_audit_words(filter, moot::Offset{data[0]}).size() > kAuditWordsMax) std::abort();
  moot::v1::Envelope envelope;
  envelope.set_offset(data[0]);
  // A type always says its body, and nobody publishes without a name.
  const std::string type = value_of(filter.types(), data[1]);
  const bool whole = type.starts_with(kTypes) && type.size() > kTypes.size() && type[kTypes.size()] != '.';
  envelope.set_type(whole ? type : "uk.csp.contact.received.v1");
  const std::string agency = value_of(filter.agencies(), data[2]);
  envelope.set_agency(agency.empty() ? "council" : agency);
  envelope.set_area(value_of(filter.areas(), data[3]));
  envelope.set_subject(value_of(filter.subjects(), data[4]));
  const std::int64_t second = data[5] % 2 == 0 ? filter.time_from_us() / moot::kSecondUs : data[6];
  envelope.mutable_time()->set_seconds(second);
  moot::Tags tags;
  tags.agency = envelope.agency();
  tags.type = envelope.type();
  tags.body = tags.type.substr(kTypes.size(), tags.type.find('.', kTypes.size()) - kTypes.size());
  tags.area = envelope.area();
  tags.subject = envelope.subject();
  tags.time_us = moot::from_proto(envelope.time()).us;
  moot::v1::Summary summary;
  moot::add(summary, tags, moot::Offset{envelope.offset()});
  if (moot::matches(filter, envelope) && !moot::may_match(filter, summary, moot::Offset{envelope.offset()}))
    std::abort();
  return 0;
}
