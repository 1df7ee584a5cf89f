// Places as they are compared: two records are of one place when their keys are equal. An empty key is no place.
// Thread: pure functions.
#pragma once

#include <string>
#include <string_view>

#include "proto/event.pb.h"

namespace moot {

struct NormalPlace {
  std::string key;
  std::string written;  // as a document prints it, in the agency's own letters
};

// By lines and postcode; lines without a postcode count within `around` (an LSOA or an area); without lines the
// property reference number, else the postcode alone.
NormalPlace normal_place(const v1::Address& address, std::string_view around);
NormalPlace normal_postcode_place(const v1::Address& address);

}  // namespace moot
