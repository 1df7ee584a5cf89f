#include "broker/log/summary.h"

#include <algorithm>

#include "broker/log/checksum.h"

namespace moot {

namespace {

// Lists are short: a partnership has tens of agencies, types and areas, and a span some thousand subjects at most.
template <typename List, typename Value>
bool has(const List& list, const Value& value) {
  return std::find(list.begin(), list.end(), value) != list.end();
}

void add_name(google::protobuf::RepeatedPtrField<std::string>& list, const std::string& name) {
  if (!name.empty() && !has(list, name)) *list.Add() = name;
}

void add_subject(v1::Summary& summary, std::uint32_t subject) {
  if (!has(summary.subjects(), subject)) summary.add_subjects(subject);
}

std::uint32_t subject_of(std::string_view subject) { return static_cast<std::uint32_t>(checksum(subject)); }

void widen(v1::Summary& summary, std::int64_t first, std::int64_t last) {
  const bool fresh = summary.agencies().empty();
  summary.set_time_first_us(fresh ? first : std::min(summary.time_first_us(), first));
  summary.set_time_last_us(fresh ? last : std::max(summary.time_last_us(), last));
}

}  // namespace

void note_last(google::protobuf::RepeatedPtrField<v1::AgencyLast>& list, std::string_view agency, Offset offset) {
  auto found =
      std::find_if(list.begin(), list.end(), [&](const v1::AgencyLast& one) { return one.agency() == agency; });
  if (found == list.end()) {
    list.Add()->set_agency(std::string(agency));
    found = list.end() - 1;
  }
  found->set_offset(std::max(found->offset(), offset.value));
}

void add(v1::Summary& summary, const Tags& tags, Offset offset) {
  widen(summary, tags.time_us, tags.time_us);
  add_name(*summary.mutable_types(), tags.type);
  add_name(*summary.mutable_types(), tags.body);
  add_name(*summary.mutable_areas(), tags.area);
  if (!tags.subject.empty()) add_subject(summary, subject_of(tags.subject));
  note_last(*summary.mutable_agencies(), tags.agency, offset);
}

void merge(v1::Summary& summary, const v1::Summary& other) {
  if (other.agencies().empty()) return;
  widen(summary, other.time_first_us(), other.time_last_us());
  for (const std::string& type : other.types()) add_name(*summary.mutable_types(), type);
  for (const std::string& area : other.areas()) add_name(*summary.mutable_areas(), area);
  for (const std::uint32_t subject : other.subjects()) add_subject(summary, subject);
  for (const v1::AgencyLast& agency : other.agencies())
    note_last(*summary.mutable_agencies(), agency.agency(), Offset{agency.offset()});
}

bool may_match(const v1::Filter& filter, const v1::Summary& summary, Offset first) {
  if (filter.offset_to() != 0 && first.value >= filter.offset_to()) return false;
  if (filter.time_from_us() != 0 && summary.time_last_us() < filter.time_from_us()) return false;
  if (filter.time_to_us() != 0 && summary.time_first_us() >= filter.time_to_us()) return false;
  const auto wanted = [](const auto& values, const auto& is_there) {
    return values.empty() || std::any_of(values.begin(), values.end(), is_there);
  };
  return wanted(filter.types(), [&](const std::string& type) { return has(summary.types(), type); }) &&
         wanted(filter.areas(), [&](const std::string& area) { return area.empty() || has(summary.areas(), area); }) &&
         wanted(filter.subjects(),
                [&](const std::string& subject) {
                  return subject.empty() || has(summary.subjects(), subject_of(subject));
                }) &&
         wanted(filter.agencies(), [&](const std::string& agency) {
           return std::any_of(summary.agencies().begin(), summary.agencies().end(),
                              [&](const v1::AgencyLast& one) { return one.agency() == agency; });
         });
}

}  // namespace moot
