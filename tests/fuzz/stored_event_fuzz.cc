// What a log may hold after damage that its checksums did not see: bytes that are taken apart where they stand must be
// a stored event to protobuf too, with the same parts.
#include <cstdlib>
#include <string_view>

#include "broker/sealed_event.h"
#include "proto/event.pb.h"

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  moot::StoredParts parts;
  if (!moot::take_apart({reinterpret_cast<const char*>(data), size}, parts)) return 0;
  moot::v1::StoredEvent stored;
  // Protobuf asks more: that what stands in the envelope and the facts is one.
  if (!stored.ParseFromArray(data, static_cast<int>(size))) return 0;
  if (static_cast<int>(parts.people.size()) != stored.people_size()) std::abort();
  for (int i = 0; i < stored.people_size(); ++i) {
    const moot::StoredParts::Sealed& part = parts.people[static_cast<std::size_t>(i)];
    if (part.key_number != stored.people(i).key_number() || part.bytes != stored.people(i).sealed()) std::abort();
  }
  return 0;
}
