// How commands print what people read.
#pragma once

#include <string>

#include "adapters/file_publisher.h"

namespace moot {

std::string in_words(const std::string& rfc3339);  // "2 March 2021 at 9:05am", London; "nothing yet" for none
std::string in_words(const FileTotals& totals);    // "7 read, 5 accepted, 1 there already, 0 superseding, 1 refused"

}  // namespace moot
