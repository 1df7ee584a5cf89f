// A Reader gives the records of one file, one after the other, with bounded memory whatever the file is.
// Thread: one, the caller's.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "adapters/column_use.h"
#include "adapters/record.h"
#include "broker/core/status.h"

namespace moot {

class Reader {
 public:
  virtual ~Reader() = default;
  // A record, or nothing at the end. A Status when nothing more can be read from the file as a whole.
  virtual Result<std::optional<InputRecord>> next() = 0;
  virtual std::string_view format() const = 0;  // "csv", "cloudevents", "police-uk", "fhir", …
  // The file's header record as it stands, in formats that have one; records are read again with it.
  virtual std::string_view header() const { return {}; }
  // What becomes of each column, with counts of the rows so far; in formats that have columns.
  virtual FileColumns columns() const { return {}; }
  // Rows so far that the mapping calls a footer: they are no records.
  virtual std::uint64_t footer_rows() const { return 0; }
  // What was taken so far although it is not quite as its standard has it; never with a value.
  virtual const std::vector<std::string>& warnings() const {
    static const std::vector<std::string> kNone;
    return kNone;
  }
  // How far into the file it is, for progress.
  virtual std::uint64_t bytes_read() const = 0;
};

}  // namespace moot
