// The distinct values of one dictionary, each with what comparing it needs worked out once. Number 0 is no value.
// Numbers follow the order of adding: nothing that is decided may depend on them, only on the values.
// Thread: a value; one at a time while it grows, any number when it is only read.
#pragma once

#include <boost/unordered/unordered_flat_map.hpp>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "consumers/linkage/person_field.h"

namespace moot {

using ValueId = std::uint32_t;  // 0 = nothing

struct ValueForm {
  std::uint64_t pairs = 0;      // letter_pairs()
  std::uint64_t nicknames = 0;  // nickname_groups()
  std::uint32_t begin = 0;      // of its letters
  std::uint32_t sound = 0;      // sound_of(); of an own reference its system
  std::uint32_t digits = 0;     // a date's, four bits each; 0xf = not supplied
  std::uint16_t length = 0;
  std::uint8_t pair_count = 0;
};

class ValueTable {
 public:
  explicit ValueTable(FieldKind kind);

  // `text` normalised (person_values.h); "" is 0.
  ValueId intern(const std::string& text);
  ValueId find(const std::string& text) const;        // 0 when it is not there
  std::size_t size() const { return forms_.size(); }  // one more than the last number
  FieldKind kind() const { return kind_; }
  const ValueForm& form(ValueId id) const { return forms_[id]; }
  const std::string& text(ValueId id) const { return texts_[id]; }
  std::u16string_view letters(ValueId id) const {
    return std::u16string_view(letters_).substr(forms_[id].begin, forms_[id].length);
  }

 private:
  ValueId look_up(std::string_view text, std::uint64_t& hash) const;

  FieldKind kind_;
  std::u16string letters_;
  std::vector<ValueForm> forms_;
  std::vector<std::string> texts_;
  // By a hash of their text; of two with one hash the later by the next that is free.
  boost::unordered_flat_map<std::uint64_t, ValueId> numbers_;
};

}  // namespace moot
