// How commands print what people read.
#pragma once

#include <string>

namespace moot {

std::string in_words(const std::string& rfc3339);  // "2 March 2021 at 9:05am", London; "nothing yet" for none

}  // namespace moot
