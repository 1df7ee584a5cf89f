// How a saved casebook is written: numbers as protobuf writes them, and bytes with their length before them. protobuf's
// own streams end at two gibibytes, which a casebook of ten million events passes.
// Thread: pure functions.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "proto/event.pb.h"

namespace moot {

void append_number(std::string& out, std::uint64_t number);
void append_bytes(std::string& out, std::string_view bytes);
// Take what they read off `in`; false where it is not there.
bool take_number(std::string_view& in, std::uint64_t& number);
bool take_bytes(std::string_view& in, std::string_view& bytes);
// An event of these bytes; or what is there already, and that.
bool read_event(std::string_view bytes, v1::Event& event);
bool add_to_event(std::string_view bytes, v1::Event& event);

}  // namespace moot
