#include "broker/core/filter.h"

#include <algorithm>

#include "broker/core/event_rules.h"
#include "broker/core/instant.h"

namespace moot {

namespace {

constexpr int kValuesMax = 100;

template <typename List>
bool empty_or_has(const List& list, const std::string& value) {
  return list.empty() || std::find(list.begin(), list.end(), value) != list.end();
}

// "contact" of "uk.csp.contact.received.v1": the type is there also where the facts are not given to the reader.
std::string_view body_of_type(std::string_view type) {
  constexpr std::string_view kStart = "uk.csp.";
  if (!type.starts_with(kStart)) return {};
  type.remove_prefix(kStart.size());
  return type.substr(0, type.find('.'));
}

}  // namespace

Status check_filter(const v1::Filter& filter) {
  const int most = std::max({filter.types_size(), filter.agencies_size(), filter.areas_size(), filter.subjects_size()});
  if (most > kValuesMax)
    return Status(Code::kBadRequest, "a filter has at most " + std::to_string(kValuesMax) + " values of a kind");
  // What stands in a filter stands in the audit log: no name can, since none of these can be one.
  for (const auto* list : {&filter.types(), &filter.agencies(), &filter.areas()})
    for (const std::string& value : *list)
      if (!is_code(value))
        return Status(Code::kBadRequest,
                      "types, agencies and areas in a filter are codes: 1 to 64 of a to z, 0 to 9 and - _ . / :");
  for (const std::string& value : filter.subjects())
    if (!is_key(value))
      return Status(Code::kBadRequest,
                    "a subject in a filter is 1 to 200 visible ASCII characters without spaces or semicolons");
  if (filter.time_from_us() != 0 && filter.time_to_us() != 0 && filter.time_to_us() < filter.time_from_us())
    return Status(Code::kBadRequest, "a filter's end is before its start");
  return {};
}

bool wants_everything(const v1::Filter& filter) {
  return filter.types().empty() && filter.agencies().empty() && filter.areas().empty() && filter.subjects().empty() &&
         filter.time_from_us() == 0 && filter.time_to_us() == 0;
}

bool matches(const v1::Filter& filter, const v1::Envelope& envelope) {
  const std::int64_t time = from_proto(envelope.time()).us;
  if (filter.time_from_us() != 0 && time < filter.time_from_us()) return false;
  if (filter.time_to_us() != 0 && time >= filter.time_to_us()) return false;
  if (filter.offset_to() != 0 && envelope.offset() >= filter.offset_to()) return false;
  if (!filter.types().empty() && !empty_or_has(filter.types(), envelope.type()) &&
      !empty_or_has(filter.types(), std::string(body_of_type(envelope.type()))))
    return false;
  return empty_or_has(filter.agencies(), envelope.agency()) && empty_or_has(filter.areas(), envelope.area()) &&
         empty_or_has(filter.subjects(), envelope.subject());
}

}  // namespace moot
