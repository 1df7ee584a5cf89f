#include "consumers/casebook/version_store.h"

#include <google/protobuf/io/coded_stream.h>
#include <google/protobuf/unknown_field_set.h>

#include <algorithm>
#include <cstring>

#include "broker/core/event_rules.h"
#include "consumers/casebook/saved_bytes.h"

namespace moot {
namespace {

constexpr std::size_t kBlockBytes = 1 << 20;
constexpr std::uint64_t kPrime = (std::uint64_t{1} << 31) - 1;

// What is said once for all versions that say it alike: few values, and long ones.
struct HeadField {
  const std::string& (v1::Envelope::*get)() const;
  std::string* (v1::Envelope::*change)();
};

constexpr HeadField kHeadFields[] = {{&v1::Envelope::source, &v1::Envelope::mutable_source},
                                     {&v1::Envelope::type, &v1::Envelope::mutable_type},
                                     {&v1::Envelope::agency, &v1::Envelope::mutable_agency},
                                     {&v1::Envelope::area, &v1::Envelope::mutable_area},
                                     {&v1::Envelope::marking, &v1::Envelope::mutable_marking},
                                     {&v1::Envelope::compartment, &v1::Envelope::mutable_compartment},
                                     {&v1::Envelope::regime, &v1::Envelope::mutable_regime},
                                     {&v1::Envelope::basis, &v1::Envelope::mutable_basis},
                                     {&v1::Envelope::consent, &v1::Envelope::mutable_consent},
                                     {&v1::Envelope::retention, &v1::Envelope::mutable_retention}};

// Fields are written in the order of their numbers: the envelope first, and in it the id.
std::size_t place_of_id(const char* bytes, std::size_t size, std::size_t id_size) {
  if (id_size == 0) return 0;
  google::protobuf::io::CodedInputStream coded(reinterpret_cast<const std::uint8_t*>(bytes), static_cast<int>(size));
  std::uint32_t envelope_size = 0, found = 0;
  coded.ReadTag();
  MOOT_CHECK(coded.ReadVarint32(&envelope_size));
  coded.ReadTag();
  MOOT_CHECK(coded.ReadVarint32(&found) && found == id_size);
  return static_cast<std::size_t>(coded.CurrentPosition());
}

std::uint64_t random_point() {
  std::uint32_t number = 0;
  const Key key = random_key();
  std::memcpy(&number, key.data(), sizeof number);
  return number % (kPrime - 2) + 2;
}

// A part of an event as its bytes stand in the whole.
template <typename Part>
std::size_t size_in_event(const Part& part) {
  const std::size_t size = part.ByteSizeLong();
  return 1 + google::protobuf::io::CodedOutputStream::VarintSize32(static_cast<std::uint32_t>(size)) + size;
}

template <typename Part>
std::uint8_t* put_in_event(int field, const Part& part, std::uint8_t* out) {
  *out++ = static_cast<std::uint8_t>(field << 3 | 2);  // length-delimited; the numbers of the three are below 16
  out = google::protobuf::io::CodedOutputStream::WriteVarint32ToArray(static_cast<std::uint32_t>(part.GetCachedSize()),
                                                                      out);
  return part.SerializeWithCachedSizesToArray(out);
}

}  // namespace

VersionStore::VersionStore() : point_(random_point()), index_(0, SlotHash(), SlotEqual{this}) {}

char* VersionStore::room(std::size_t bytes) {
  if (bytes > kBlockBytes / 8) {  // one of its own, before the last, which may have room yet
    const auto place = blocks_.empty() ? blocks_.end() : std::prev(blocks_.end());
    return blocks_.insert(place, std::unique_ptr<char[]>(new char[bytes]))->get();
  }
  if (bytes > left_ || blocks_.empty()) {
    blocks_.emplace_back(new char[kBlockBytes]);
    left_ = kBlockBytes;
  }
  left_ -= bytes;
  return blocks_.back().get() + (kBlockBytes - left_ - bytes);
}

VersionStore::Number VersionStore::source_number(const std::string& source) {
  const auto [place, is_new] = sources_.try_emplace(source, static_cast<Number>(sources_.size()));
  if (is_new) source_names_.push_back(source);
  return place->second;
}

VersionStore::Number VersionStore::head_number(const v1::Envelope& envelope) {
  said_.clear();
  for (const HeadField& field : kHeadFields) said_.append((envelope.*field.get)()).push_back('\0');
  const auto [place, is_new] = head_numbers_.try_emplace(said_, static_cast<Number>(heads_.size()));
  if (is_new) {
    v1::Event event;
    for (const HeadField& field : kHeadFields) *(event.mutable_envelope()->*field.change)() = (envelope.*field.get)();
    heads_.push_back({event.envelope(), event.SerializeAsString()});
  }
  return place->second;
}

bool VersionStore::is(Number record, const Asked& asked) const {
  const Record& known = records_[record];
  return known.source == asked.source && std::string_view(known.key, known.key_size) == asked.key;
}

VersionStore::Asked VersionStore::asked(Number source, std::string_view key) const {
  // The key's bytes, three at a time, as a polynomial at a point that nobody outside knows.
  std::uint64_t hash = source + 1;
  for (std::size_t at = 0; at < key.size(); at += 3) {
    std::uint64_t word = 1;
    for (std::size_t i = at; i < std::min(at + 3, key.size()); ++i)
      word = word << 8 | static_cast<unsigned char>(key[i]);
    hash = (hash * point_ + word) % kPrime;
  }
  return {static_cast<std::uint32_t>(hash), source, key};
}

std::optional<VersionStore::Number> VersionStore::find(std::string_view source, std::string_view record) const {
  const auto number = sources_.find(std::string(source));
  if (number == sources_.end()) return std::nullopt;
  const auto found = index_.find(asked(number->second, record));
  return found == index_.end() ? std::nullopt : std::optional(found->record);
}

VersionStore::Number VersionStore::record_number(const v1::Envelope& envelope) {
  const Asked wanted = asked(source_number(envelope.source()), record_of(envelope));
  const auto found = index_.find(wanted);
  if (found != index_.end()) return found->record;
  const auto number = static_cast<Number>(records_.size());
  char* key = room(wanted.key.size());
  std::memcpy(key, wanted.key.data(), wanted.key.size());
  records_.push_back({key, static_cast<std::uint32_t>(wanted.key.size()), wanted.source, kNone});
  index_.insert(Slot{wanted.hash, number});
  return number;
}

void VersionStore::pack(const v1::Event& event, Version& version) {
  rest_ = event.envelope();
  for (const HeadField& field : kHeadFields) (rest_.*field.change)()->clear();
  unknown_.clear();
  const google::protobuf::UnknownFieldSet& unknown = event.GetReflection()->GetUnknownFields(event);
  if (!unknown.empty()) MOOT_CHECK(unknown.SerializeToString(&unknown_));
  const std::size_t envelope_size = size_in_event(rest_);
  const std::size_t size =
      envelope_size + size_in_event(event.facts()) + size_in_event(event.personal()) + unknown_.size();
  version.size = static_cast<std::uint32_t>(size);
  char* bytes = room(version.size);
  auto* out = reinterpret_cast<std::uint8_t*>(bytes);
  out = put_in_event(v1::Event::kEnvelopeFieldNumber, rest_, out);
  out = put_in_event(v1::Event::kFactsFieldNumber, event.facts(), out);
  out = put_in_event(v1::Event::kPersonalFieldNumber, event.personal(), out);
  std::copy(unknown_.begin(), unknown_.end(), out);
  version.facts_at = static_cast<std::uint32_t>(envelope_size + 1);
  version.bytes = bytes;
  version.id_size = static_cast<std::uint16_t>(event.envelope().id().size());
  version.id_at = static_cast<std::uint8_t>(place_of_id(bytes, version.size, version.id_size) & 0xf);
  MOOT_CHECK(version.id() == event.envelope().id());
}

bool VersionStore::add(const v1::Event& event, Instant counts_from) {
  const v1::Envelope& envelope = event.envelope();
  const Number number = record_number(envelope);
  Record& record = records_[number];
  for (Number at = record.first; at != kNone; at = versions_[at].next)
    if (versions_[at].id() == envelope.id()) return false;
  Version version;
  version.counts_from = counts_from;
  version.time = from_proto(envelope.time());
  version.revision = envelope.revision();
  version.body = static_cast<std::uint8_t>(event.facts().body_case());
  version.backfill = envelope.backfill();
  version.withdrawn = stage_name(event.facts()) == "withdrawn";
  version.has_people = event.personal().people_size() > 0;
  version.has_links = envelope.links_size() > 0;
  version.head = head_number(envelope);
  version.record = number;
  version.next = record.first;
  pack(event, version);
  MOOT_CHECK(versions_.size() < kNone);
  record.first = static_cast<Number>(versions_.size());
  versions_.push_back(version);
  return true;
}

void VersionStore::read_facts(const Version& version, v1::Facts& facts) const {
  std::string_view bytes(version.bytes + version.facts_at, version.size - version.facts_at);
  std::string_view body;
  MOOT_CHECK(take_bytes(bytes, body));
  MOOT_CHECK(facts.ParseFromArray(body.data(), static_cast<int>(body.size())));
}

void VersionStore::read(const Version& version, v1::Event& event) const {
  MOOT_CHECK(read_event(heads_[version.head].bytes, event));  // both serialised by ourselves
  MOOT_CHECK(add_to_event({version.bytes, version.size}, event));
}

std::shared_ptr<VersionStore::Notes> VersionStore::notes(const std::string& of) const {
  constexpr std::size_t kMost = 64;
  const auto before = [](const auto& a, const auto& b) { return a.second.asked < b.second.asked; };
  if (notes_.size() >= kMost && !notes_.contains(of))
    notes_.erase(std::min_element(notes_.begin(), notes_.end(), before));
  Noted& noted = notes_[of];
  noted.asked = ++asked_;
  if (noted.notes == nullptr) noted.notes = std::make_shared<Notes>();
  noted.notes->resize(versions_.size());
  return noted.notes;
}

void VersionStore::save(std::string& out) const {
  append_number(out, heads_.size());
  for (const Head& head : heads_) append_bytes(out, head.bytes);
  append_number(out, versions_.size());
  for (std::size_t i = 0; i < versions_.size(); ++i) {
    append_number(out, versions_[i].head);
    append_bytes(out, {versions_[i].bytes, versions_[i].size});
  }
}

VersionStore::Saved::Saved(std::string_view bytes) : bytes_(bytes) {
  std::uint64_t heads = 0;
  whole_ = take_number(bytes_, heads);
  for (std::uint64_t i = 0; whole_ && i < heads; ++i) whole_ = take_bytes(bytes_, heads_.emplace_back());
  whole_ = whole_ && take_number(bytes_, count_);
}

bool VersionStore::Saved::next(v1::Event& event) {
  if (!whole_ || read_ == count_) return false;
  std::uint64_t head = 0;
  std::string_view rest;
  whole_ = take_number(bytes_, head) && head < heads_.size() && take_bytes(bytes_, rest) &&
           read_event(heads_[head], event) && add_to_event(rest, event);
  ++read_;
  return whole_;
}

}  // namespace moot
