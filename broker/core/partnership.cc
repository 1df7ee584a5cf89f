#include "broker/core/partnership.h"

#include <algorithm>

namespace moot {

const Agency* Partnership::find_agency(std::string_view id) const {
  const auto found =
      std::find_if(agencies.begin(), agencies.end(), [&](const Agency& a) { return a.id.value() == id; });
  return found == agencies.end() ? nullptr : &*found;
}

std::string Partnership::agency_name(std::string_view id) const {
  const Agency* agency = find_agency(id);
  return agency == nullptr || agency->name.empty() ? std::string(id) : agency->name;
}

}  // namespace moot
