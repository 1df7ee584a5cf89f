// The stories are told in tables of text, one line a row, "|" between the fields: easier to read and to change than
// nested braces.
#pragma once

#include <string_view>
#include <vector>

namespace south_and_vale {

// "a|b||d" as {"a", "b", "", "d"}. Ends the program when there are not so many.
std::vector<std::string_view> fields(std::string_view row, std::size_t count);
int whole_number(std::string_view digits);

}  // namespace south_and_vale
