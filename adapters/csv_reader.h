// Reads an agency's CSV export through its mapping; what it takes as CSV is said in adapters/csv_rows.h. Errors: what
// is wrong with one row, with the event it would be among them (broker/core/event_rules.h), is its refusal; what is
// wrong with the file (another layout, another encoding, no header) is a Status of open_csv(), or of the first next()
// where the header lacks columns: columns() tells which. None ever has a cell's value. Thread: one, the caller's. Owns
// the stream; borrows the mapping, which must outlive it.
//
// Where rows have no number of their own (a mapping that is keyless), the id is a digest of the cells that the mapping
// names, keyed with the publisher's secret, and an ordinal among equal rows of the file: "<16 characters>-1". So the
// same row in a later file is a duplicate, and rows of one file that look alike stay as many events as they are.
#pragma once

#include <istream>
#include <memory>
#include <string>

#include "adapters/mapping.h"
#include "adapters/reader.h"
#include "broker/core/limits.h"
#include "broker/core/seal.h"

namespace moot {

// What the text is: a file, in the encoding and with the delimiter that the mapping says; or what a spreadsheet became
// (adapters/workbook.h), whatever the mapping says of files.
enum class CsvText { kFile, kWorkbook };

// `file_name` is what origins and sentences call the file.
Result<std::unique_ptr<Reader>> open_csv(std::unique_ptr<std::istream> stream, const std::string& file_name,
                                         const Mapping& mapping, const Limits& limits, CsvText text = CsvText::kFile,
                                         const Key& id_secret = {});
// A spreadsheet: the sheet that the mapping names, or the first that is not hidden.
Result<std::unique_ptr<Reader>> open_workbook(std::unique_ptr<std::istream> stream, const std::string& file_name,
                                              const Mapping& mapping, const Limits& limits, const Key& id_secret = {});

}  // namespace moot
