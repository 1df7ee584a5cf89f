// Finds the texts of the events in a file of JSON: one a line, the elements of one list, or objects that are written
// over several lines, of which the first has a line with nothing but its brace. A text over its limit is never held
// whole, and a broken one takes none of its neighbours with it where they have lines of their own. Thread:
// one, the caller's. Borrows the source.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include "adapters/byte_source.h"

namespace moot {

struct RawJson {
  std::string bytes;      // the first bytes only, up to the limit, when it is too large
  std::uint64_t row = 0;  // the line where it begins, or its place in the list, from 1
  bool too_large = false;
  bool unfinished = false;  // the file ends inside a list, after or in this element, or inside this object
};

class JsonRecordScanner {
 public:
  JsonRecordScanner(ByteSource& source, std::size_t record_bytes_max)
      : source_(source), record_bytes_max_(record_bytes_max) {}

  // The next text that is not blank; nothing at the end.
  std::optional<RawJson> next();

 private:
  enum class Form { kUnknown, kLines, kList, kObjects, kEnded };
  void find_form();
  std::optional<RawJson> next_line();
  std::optional<RawJson> next_element();
  std::optional<RawJson> next_object();
  void add(char c, RawJson& record) const;
  void add_line(RawJson& record);

  ByteSource& source_;
  const std::size_t record_bytes_max_;
  Form form_ = Form::kUnknown;
  std::uint64_t row_ = 0;
};

}  // namespace moot
