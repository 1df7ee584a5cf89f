// A Reader gives the records of one file, one after the other, with bounded memory whatever the file is.
// Thread: one, the caller's.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "adapters/record.h"
#include "broker/core/status.h"

namespace moot {

class Reader {
 public:
  virtual ~Reader() = default;
  // A record, or nothing at the end. A Status when nothing more can be read from the file as a whole.
  virtual Result<std::optional<InputRecord>> next() = 0;
  virtual std::string_view format() const = 0;  // "csv", "cloudevents", "police-uk"
  // The file's header record as it stands, in formats that have one; records are read again with it.
  virtual std::string_view header() const { return {}; }
  // How far into the file it is, for progress.
  virtual std::uint64_t bytes_read() const = 0;
};

}  // namespace moot
