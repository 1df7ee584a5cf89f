// Reads a file that is one document, not rows: FHIR, iHub, Open311. A document has to be held to be read, so it has a
// limit. A file of several documents, one a line, is read as such.
// Memory: a multiple of kDocumentBytesMax. Errors: what is wrong with one record is its refusal; a document that cannot
// be read is a Status. Thread: one, the caller's. Owns the stream.
#pragma once

#include <functional>
#include <istream>
#include <memory>
#include <string>
#include <vector>

#include "adapters/reader.h"
#include "adapters/request_item.h"
#include "broker/core/limits.h"

namespace moot {

inline constexpr std::size_t kDocumentBytesMax = 8 * 1024 * 1024;

using DocumentParse =
    std::function<Result<std::vector<RequestItem>>(std::string_view document, std::vector<std::string>& warnings)>;

std::unique_ptr<Reader> open_document(std::unique_ptr<std::istream> stream, const std::string& file_name,
                                      std::string_view format, DocumentParse parse);

}  // namespace moot
