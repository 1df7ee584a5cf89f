// The events that every system gets, byte for byte the same: moot.v1.Event of 512 bytes, with envelope, facts and a
// personal part of about 200 bytes. They are serialised in advance; what differs between events of one template (the
// agency, the id, the person's reference) has a fixed width and is written over.
//
// Thread: one, its owner's.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "broker/core/status.h"

namespace moot::bench {

inline constexpr std::size_t kEventBytes = 512;
inline constexpr std::size_t kIdBytes = 16;

enum class IdOrder { kRandom, kByTime };

struct PayloadOptions {
  IdOrder ids = IdOrder::kRandom;
  // That the events are about. Every publisher knows all of them, by references of its own: each has so many keys.
  std::uint64_t people = 100'000;
};

// The id of an agency of the bench, "agency-07" for 7.
std::string agency_name(int publisher);

class Payload {
 public:
  explicit Payload(const PayloadOptions& options);

  using Id = std::array<char, kIdBytes>;
  // Different for every number.
  Id id(std::uint64_t number) const;
  // Writes event `number` of a publisher: kEventBytes from `to` on.
  void write(int publisher, std::uint64_t number, char* to) const;

  std::size_t personal_bytes() const { return personal_bytes_; }  // of one event, on average
  std::string describe() const;

 private:
  struct Template {
    std::string bytes;
    std::size_t agency_at = 0, id_at = 0, person_at = 0;
  };
  Template make(std::uint64_t number);

  const PayloadOptions options_;
  std::vector<Template> templates_;
  std::size_t personal_bytes_ = 0;
};

}  // namespace moot::bench
