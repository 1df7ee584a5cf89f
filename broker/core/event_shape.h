// What the fields of an event look like, message by message, for who reads one without parsing it (plain_event.h): made
// once from the descriptors of the language, so that a field or a body added to it is covered, or goes the long way.
//
// Thread: made at the first call; constant, usable anywhere.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "broker/core/limits.h"

namespace moot {

// kNever sends the whole event the long way: it is parsed and validated.
enum class FieldForm : std::uint8_t {
  kNever,
  kText,
  kCode,
  kKey,
  kSource,
  kDate,
  kPartialDate,
  kUprn,
  kLsoa,  // texts, none of them empty
  kNumber,
  kTrue,
  kStage,
  kEnum,  // whole numbers above 0
  kDegrees,
  kMessage
};

struct EventShape;

struct FieldShape {
  FieldForm form = FieldForm::kNever;
  std::uint8_t wire = 0;  // of protobuf's wire types
  bool repeated = false;
  std::uint64_t number_max = 0;
  double degrees_max = 0;
  std::size_t Limits::*count_max = nullptr;  // of a repeated field
  const EventShape* inner = nullptr;         // of kMessage
};

// Of one message.
struct EventShape {
  static constexpr int kFieldsMax = 64;
  std::array<FieldShape, kFieldsMax> fields;  // by number
  std::uint64_t required = 0;                 // a bit for the number of each field that must be there
  bool may_be_empty = true;
};

const EventShape& shape_of_envelope();
const EventShape& shape_of_personal();
const EventShape& shape_of_person();
// By the number of the body; nothing where it goes the long way.
const EventShape* shape_of_body(int body);

}  // namespace moot
