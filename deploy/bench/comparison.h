// The measurements of one shape side by side: medians, and ratios within a repetition.
//
// Thread: any; it only reads what its owner keeps.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "deploy/bench/measure.h"

namespace moot::bench {

using Numbers = std::vector<double>;

double median(Numbers numbers);  // NaN of none

class Comparison {
 public:
  Comparison(const std::vector<Measurement>& measurements, std::string shape)
      : measurements_(measurements), shape_(std::move(shape)) {}

  using Value = std::function<double(const Measurement&)>;
  Numbers values(const std::string& system, const Value& value) const;
  double middle(const std::string& system, const Value& value) const { return median(values(system, value)); }
  // The median of the ratios between measurements of the same repetition.
  double ratio(const std::string& system, const std::string& other, const Value& value) const;

 private:
  const std::vector<Measurement>& measurements_;
  const std::string shape_;
};

inline double rate_of(const Measurement& m) { return m.rate; }
inline double p50_of(const Measurement& m) { return m.p50_ms; }
inline double p99_of(const Measurement& m) { return m.p99_ms; }

}  // namespace moot::bench
