#include "broker/core/partnership.h"

#include <algorithm>

namespace moot {

const Agency* Partnership::find_agency(std::string_view id) const {
  const auto found =
      std::find_if(agencies.begin(), agencies.end(), [&](const Agency& a) { return a.id.value() == id; });
  return found == agencies.end() ? nullptr : &*found;
}

std::string Partnership::words() const {
  std::string words;
  const auto add = [&words](const std::string& text) { words += std::to_string(text.size()) + ":" + text; };
  for (const Agency& agency : agencies) {
    add(agency.id.value());
    add(agency.name);
  }
  for (const Area& area : areas) {
    words += "\x1e";
    add(area.code);
    add(area.name);
    for (const std::string& alias : area.aliases) add(alias);
  }
  return words;
}

std::string Partnership::agency_name(std::string_view id) const {
  const Agency* agency = find_agency(id);
  return agency == nullptr || agency->name.empty() ? std::string(id) : agency->name;
}

}  // namespace moot
