#include "consumers/report/figure_parts.h"

#include <algorithm>
#include <optional>
#include <tuple>
#include <utility>

namespace moot {

void put_in_order(const Measure& measure, std::vector<FigurePart>& parts) {
  if (measure.by == "month" && measure.top == 0) {
    std::sort(parts.begin(), parts.end(), [](const FigurePart& a, const FigurePart& b) { return a.key < b.key; });
    if (measure.order.empty()) return;
  }
  if (measure.order.empty()) {
    std::sort(parts.begin(), parts.end(), [](const FigurePart& a, const FigurePart& b) {
      return std::tuple(-a.value.value_or(0), a.key) < std::tuple(-b.value.value_or(0), b.key);
    });
    return;
  }
  std::vector<FigurePart> ordered;
  for (const std::string& key : measure.order) {
    const auto is_it = [&](const FigurePart& part) { return part.key == key; };
    const auto found = std::find_if(parts.begin(), parts.end(), is_it);
    ordered.push_back(found == parts.end() ? FigurePart{key, 0, false} : *found);
    if (found != parts.end()) parts.erase(found);
  }
  ordered.insert(ordered.end(), parts.begin(), parts.end());
  parts = std::move(ordered);
}

void keep_top(const Measure& measure, std::vector<FigurePart>& parts) {
  if (measure.top == 0 || parts.size() <= static_cast<std::size_t>(measure.top)) return;
  FigurePart rest{"other", std::nullopt, false};
  for (auto part = parts.begin() + measure.top; part != parts.end(); ++part) {
    if (part->value) rest.value = rest.value.value_or(0) + *part->value;
    rest.records.insert(rest.records.end(), part->records.begin(), part->records.end());
  }
  parts.resize(static_cast<std::size_t>(measure.top));
  parts.push_back(std::move(rest));
}

}  // namespace moot
