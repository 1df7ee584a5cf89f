// Reads an agency's CSV export through its mapping. RFC 4180 as exports write it: CRLF or LF, line ends inside quoted
// cells, a byte order mark, another delimiter, windows-1252 where the mapping says so. Blank lines are skipped; rows
// are counted from 1, the header's. Memory: one record, at most limits.csv_record_bytes_max, whatever the file. Errors:
// what is wrong with one row is its refusal; what is wrong with the file (another layout, another encoding, no header)
// is a Status of open(). Neither ever has a cell's value. Thread: one, the caller's. Owns the stream; borrows the
// mapping, which must outlive it.
#pragma once

#include <istream>
#include <memory>
#include <string>

#include "adapters/mapping.h"
#include "adapters/reader.h"
#include "broker/core/limits.h"

namespace moot {

// `file_name` is what origins and sentences call the file.
Result<std::unique_ptr<Reader>> open_csv(std::unique_ptr<std::istream> stream, const std::string& file_name,
                                         const Mapping& mapping, const Limits& limits);

}  // namespace moot
