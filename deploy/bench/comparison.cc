#include "deploy/bench/comparison.h"

#include <algorithm>
#include <cmath>

namespace moot::bench {

double median(Numbers numbers) {
  if (numbers.empty()) return NAN;
  std::sort(numbers.begin(), numbers.end());
  const std::size_t half = numbers.size() / 2;
  return numbers.size() % 2 == 1 ? numbers[half] : (numbers[half - 1] + numbers[half]) / 2;
}

Numbers Comparison::values(const std::string& system, const Value& value) const {
  Numbers numbers;
  for (const Measurement& m : measurements_)
    if (m.system == system && m.shape == shape_) numbers.push_back(value(m));
  return numbers;
}

double Comparison::ratio(const std::string& system, const std::string& other, const Value& value) const {
  Numbers ratios;
  for (const Measurement& a : measurements_) {
    if (a.system != system || a.shape != shape_) continue;
    for (const Measurement& b : measurements_)
      if (b.system == other && b.shape == shape_ && a.repetition == b.repetition && value(b) > 0)
        ratios.push_back(value(a) / value(b));
  }
  return median(ratios);
}

}  // namespace moot::bench
