// What a measure comes to in a period. Absent values are not supplied, which is never 0. Thread: plain values.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace moot {

struct FigurePart {
  std::string key;  // a code
  std::optional<double> value;
  bool small = false;                     // withheld: then it has no value here
  std::vector<std::size_t> records = {};  // that it counts, by number; kept where small numbers are withheld
};

struct Figure {
  std::optional<double> value;
  std::string label;  // of the largest: which one it is, or which ones, with ", " between them
  std::optional<double> numerator, denominator;
  bool is_change = false;  // from the denominator, the earlier of two periods, to the numerator
  std::vector<FigurePart> parts;
  std::string as_at;             // the day a stock is of, or that a supplied figure was counted on; YYYY-MM-DD
  std::string population;        // of whom; a code
  bool small = false;            // withheld: it, or one that it is made of, is small, or would give a small one back
  bool parts_small = false;      // it has parts, and none can be printed that would not give away a small one
  bool counts_withheld = false;  // of the largest: how many of how many would give a small part back
  bool divided_by_zero = false;
  std::size_t said = 0, unsaid = 0;       // of a sum: how many records say what is added up, and how many do not
  bool incomplete = false;                // of a sum that some records do not say, or of something worked out of one
  bool contradicted = false;              // supplied more than once, with different values
  int supplied_times = 0;                 // by so many records, of what agencies supply as a figure
  std::vector<std::size_t> records = {};  // of the whole, as of parts
};

// 100 * numerator / denominator and the like: to so many decimals, half up. `times` is 100 for per cent.
// The denominator is not 0.
double rounded_quotient(double numerator, double denominator, int times, int decimals);

}  // namespace moot
