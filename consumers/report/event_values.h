// The values that an event has under a name, as predicates and breakdowns ask for them: all codes, numbers and dates.
// Thread: pure functions.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "broker/core/partnership.h"
#include "proto/event.pb.h"

namespace moot {

// An area's code by its code, its name or any of its aliases, whatever the capitals; blanks and hyphens are the same.
class AreaNames {
 public:
  explicit AreaNames(const std::vector<Area>& areas);
  // The code that is meant, or what was given where nothing of it is known.
  std::string code_of(const std::string& given) const;
  bool knows(const std::string& given) const;

 private:
  std::map<std::string, std::string> codes_;
};

// Names that every event has: "area", "agency", "source", "compartment", "role" and "sex" (of the people), "month"
// (2020-09) and "stage". Every other name is a field of a body.
bool is_common_name(std::string_view name);

// Empty where the event has none; several for lists, and for people.
std::vector<std::string> values_of(const v1::Event& event, const std::string& name, const AreaNames& areas);

// Of a field of the body alone.
std::vector<std::string> values_of_body(const v1::Facts& facts, const std::string& name);

// The number in a field of the body; absent where the event does not say it, which is not 0.
std::optional<double> number_of(const v1::Event& event, const std::string& field);

}  // namespace moot
