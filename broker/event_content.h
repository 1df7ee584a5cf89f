// What a publisher said in an event: without what the broker adds and without how it was sent, so that the same event
// published again is the same content. Thread: pure functions and a value; one owner.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "broker/core/seal.h"
#include "proto/event.pb.h"

namespace moot {

// An event serialised once, and where its parts stand in those bytes: each is sealed or stored as it is.
class SaidEvent {
 public:
  // Clears what is the broker's to say. What was taken before is forgotten, its memory used again.
  void take(v1::Event& event);

  std::string_view whole() const { return whole_; }  // events hold no maps: the bytes follow from what they say
  std::string_view envelope() const { return envelope_; }
  std::string_view facts() const { return facts_; }
  const std::vector<std::string_view>& people() const { return people_; }
  std::string_view rest() const { return rest_; }  // of the personal part: places, texts and whatever else it holds

 private:
  std::string whole_;
  std::string_view envelope_, facts_, rest_;
  std::vector<std::string_view> people_;
};

Digest content_of(const SaidEvent& said, const Key& secret);
// Is `content` that of this event? Also as logs of format 1 made it.
bool is_content(const Digest& content, const v1::Event& event, const Key& secret);

}  // namespace moot
