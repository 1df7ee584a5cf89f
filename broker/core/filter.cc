#include "broker/core/filter.h"

#include <algorithm>

#include "broker/core/instant.h"

namespace moot {

namespace {

constexpr int kValuesMax = 100;
constexpr std::size_t kCharactersMax = 200;  // no event holds a longer one

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
  for (const auto* list : {&filter.types(), &filter.agencies(), &filter.areas(), &filter.subjects()})
    for (const std::string& value : *list)
      if (value.size() > kCharactersMax)
        return Status(Code::kBadRequest,
                      "a filter's value has at most " + std::to_string(kCharactersMax) + " characters");
  if (filter.time_to_us() != 0 && filter.time_to_us() < filter.time_from_us())
    return Status(Code::kBadRequest, "a filter's end is before its start");
  return {};
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
