#include "consumers/report/record_book.h"

#include <google/protobuf/io/coded_stream.h>
#include <google/protobuf/io/zero_copy_stream_impl_lite.h>

#include <algorithm>

#include "broker/core/event_rules.h"
#include "consumers/linkage/normal_name.h"
#include "consumers/runtime/counts_from.h"

namespace moot {
namespace {

constexpr std::uint32_t kFormat = 2;

// The part of a postcode that some thousand addresses share: "OX14" of "OX14 3HX". Empty where it is none.
std::string outward_part(const std::string& postcode) {
  const std::string whole = normal_postcode(postcode);
  return whole.substr(0, whole.size() - std::min<std::size_t>(whole.size(), 3));
}

// What figures may rest on: no name, no address, no free text.
v1::Event without_people(const v1::Event& event) {
  v1::Event kept;
  *kept.mutable_envelope() = event.envelope();
  *kept.mutable_facts() = event.facts();
  for (const v1::Person& person : event.personal().people()) {
    v1::Person& left = *kept.mutable_personal()->add_people();
    left.set_role(person.role());
    std::string sex = person.sex();
    std::transform(sex.begin(), sex.end(), sex.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
    if (sex.size() <= 16 && check_code("sex", sex).ok()) left.set_sex(sex);
  }
  for (const v1::Place& place : event.personal().places())
    if (const std::string outward = outward_part(place.address().postcode()); !outward.empty())
      kept.mutable_personal()->add_places()->mutable_address()->set_postcode(outward);
  return kept;
}

v1::Event parsed(const std::string& bytes) {
  v1::Event event;
  MOOT_CHECK(event.ParseFromString(bytes));  // serialised by ourselves
  return event;
}

}  // namespace

void RecordBook::apply(const v1::Event& event) {
  const v1::Envelope& envelope = event.envelope();
  if (event.facts().has_governance()) return;  // about the data itself, no record of anything that happened
  std::vector<Version>& versions = records_[envelope.source() + "\n" + record_of(envelope)];
  const auto is_same = [&](const Version& version) { return version.id == envelope.id(); };
  if (std::any_of(versions.begin(), versions.end(), is_same)) return;
  Version version;
  version.known_from = known_from(envelope);
  version.counts_from = counts_from(envelope);
  version.revision = envelope.revision();
  version.time = from_proto(envelope.time());
  version.id = envelope.id();
  version.bytes = without_people(event).SerializeAsString();
  version.body = static_cast<std::uint8_t>(event.facts().body_case());
  version.backfill = envelope.backfill();
  version.withdrawn = stage_name(event.facts()) == "withdrawn";
  last_instant_ = std::max(last_instant_, from_proto(envelope.recorded_time()));
  versions.push_back(std::move(version));
}

// kFormat, then each version with its length before it.
void RecordBook::save(std::string& out) const {
  google::protobuf::io::StringOutputStream stream(&out);
  google::protobuf::io::CodedOutputStream coded(&stream);
  coded.WriteVarint32(kFormat);
  for (const auto& [key, versions] : records_) {
    for (const Version& version : versions) {
      coded.WriteVarint32(static_cast<std::uint32_t>(version.bytes.size()));
      coded.WriteString(version.bytes);
    }
  }
}

Status RecordBook::load(std::string_view saved) {
  clear();
  const Status broken(Code::kCorrupt, "the saved record book is not one this version wrote");
  google::protobuf::io::CodedInputStream coded(reinterpret_cast<const std::uint8_t*>(saved.data()),
                                               static_cast<int>(saved.size()));
  coded.SetTotalBytesLimit(static_cast<int>(saved.size()));
  std::uint32_t format = 0;
  if (!coded.ReadVarint32(&format) || format != kFormat) return broken;
  std::uint32_t size = 0;
  std::string bytes;
  while (coded.ReadVarint32(&size)) {
    v1::Event event;
    if (!coded.ReadString(&bytes, static_cast<int>(size)) || !event.ParseFromString(bytes)) {
      clear();
      return broken;
    }
    apply(event);
  }
  return {};
}

void RecordBook::clear() {
  records_.clear();
  last_instant_ = Instant{};
}

RecordSet RecordBook::as_at(Instant instant) const {
  std::vector<KeptVersion> kept;
  std::vector<RecordSet::Counted> records;
  kept.reserve(records_.size());
  records.reserve(records_.size());
  int loaded_later = 0;
  DatedAheadBy dated_ahead;
  std::vector<const Version*> known;
  for (const auto& [key, versions] : records_) {
    known.clear();
    for (const Version& version : versions)
      if (version.counts_from <= instant) known.push_back(&version);
    std::sort(known.begin(), known.end(), [](const Version* a, const Version* b) { return a->supersedes(*b); });
    for (const Version& version : versions) {
      if (version.known_from > instant || version.counts_from <= instant) continue;
      if (!known.empty() && known.front()->supersedes(version)) continue;
      const v1::Event event = parsed(version.bytes);
      if (event.envelope().compartment().empty()) dated_ahead[event.envelope().agency()].add(version.time);
    }
    if (known.empty()) continue;
    for (const Version* version : known) loaded_later += version->backfill ? 1 : 0;
    if (known.front()->withdrawn) continue;
    for (const Version* version : known)
      kept.push_back({version->bytes, version->id, version->time, version->body, version->withdrawn});
    records.push_back({key, known.size()});
  }
  return RecordSet(instant, std::move(kept), records, loaded_later, std::move(dated_ahead));
}

std::vector<ChangedRecord> RecordBook::recorded_between(Instant from, Instant through) const {
  std::vector<ChangedRecord> changed;
  for (const auto& [key, versions] : records_) {
    std::vector<const Version*> known;
    for (const Version& version : versions)
      if (version.counts_from <= through) known.push_back(&version);
    if (std::none_of(known.begin(), known.end(), [&](const Version* version) { return version->counts_from > from; }))
      continue;
    std::sort(known.begin(), known.end(), [](const Version* a, const Version* b) { return a->supersedes(*b); });
    ChangedRecord& record = changed.emplace_back();
    for (const Version* version : known) {
      record.versions.push_back(parsed(version->bytes));
      record.is_new.push_back(version->counts_from > from);
    }
  }
  return changed;
}

bool RecordBook::anything_by(Instant instant) const {
  for (const auto& [key, versions] : records_)
    for (const Version& version : versions)
      if (version.counts_from <= instant) return true;
  return false;
}

}  // namespace moot
