#include "consumers/casebook/saved_bytes.h"

#include <google/protobuf/io/coded_stream.h>

namespace moot {

void append_number(std::string& out, std::uint64_t number) {
  for (; number >= 0x80; number >>= 7) out.push_back(static_cast<char>(number | 0x80));
  out.push_back(static_cast<char>(number));
}

void append_bytes(std::string& out, std::string_view bytes) {
  append_number(out, bytes.size());
  out.append(bytes);
}

bool take_number(std::string_view& in, std::uint64_t& number) {
  number = 0;
  for (int shift = 0; shift < 64 && !in.empty(); shift += 7) {
    const auto byte = static_cast<unsigned char>(in.front());
    in.remove_prefix(1);
    number |= std::uint64_t{byte & 0x7fU} << shift;
    if (byte < 0x80) return true;
  }
  return false;
}

bool take_bytes(std::string_view& in, std::string_view& bytes) {
  std::uint64_t size = 0;
  if (!take_number(in, size) || size > in.size()) return false;
  bytes = in.substr(0, size);
  in.remove_prefix(size);
  return true;
}

bool add_to_event(std::string_view bytes, v1::Event& event) {
  if (bytes.size() > static_cast<std::size_t>(INT32_MAX)) return false;
  google::protobuf::io::CodedInputStream coded(reinterpret_cast<const std::uint8_t*>(bytes.data()),
                                               static_cast<int>(bytes.size()));
  return event.MergeFromCodedStream(&coded) && coded.ConsumedEntireMessage();
}

bool read_event(std::string_view bytes, v1::Event& event) {
  event.Clear();
  return add_to_event(bytes, event);
}

}  // namespace moot
