// Reads a file of CloudEvents in JSON: one a line (blank lines are skipped, rows are line numbers), one list of them
// (rows are places in the list, from 1), or indented over many lines, one after the other (rows are the lines where
// they begin).
// Memory: one event's text, at most limits.message_bytes_max, whatever the file.
// Errors: what is wrong with one event is its refusal. Thread: one, the caller's. Owns the stream.
#pragma once

#include <istream>
#include <memory>
#include <string>

#include "adapters/reader.h"
#include "broker/core/limits.h"

namespace moot {

std::unique_ptr<Reader> open_cloudevents(std::unique_ptr<std::istream> stream, const std::string& file_name,
                                         const Limits& limits);

}  // namespace moot
