// The forms of each name, worked out once: folding a name takes longer than reading the record it stands in, and the
// same few thousand names stand in all records of a partnership. Thread: a value; one at a time.
#pragma once

#include <string>
#include <unordered_map>

#include "consumers/linkage/person_values.h"
#include "proto/event.pb.h"

namespace moot {

struct NameForms {
  std::string printed;  // printed_name()
  std::string normal;   // normal_name()
  bool nobody = true;   // names_nobody()
  NameParts parts;      // name_parts()
};

class KnownNames {
 public:
  // Valid as long as this object.
  const NameForms& forms_of(const v1::Name& name);

 private:
  std::unordered_map<std::string, NameForms> by_written_;
};

}  // namespace moot
