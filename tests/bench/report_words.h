// Numbers and rows of tables as the report prints them.
//
// Thread: any; pure functions.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace moot::bench {

std::string fixed(double number, int decimals);  // a dash for what is no number
std::string grouped(double number);              // 1234567 as "1,234,567"
std::string megabytes(std::uint64_t bytes);
std::string row(const std::vector<std::string>& cells);   // of a Markdown table
std::string head(const std::vector<std::string>& cells);  // with the line below it

}  // namespace moot::bench
