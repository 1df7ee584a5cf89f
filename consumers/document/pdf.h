// A page as PDF, made by WeasyPrint, a program of its own that may not be installed: tagged (PDF/UA-1), so that a
// screen reader finds headings and table headers. What is printed is what the page's print style says.
//
// The page goes to the program and the file comes back in memory: nothing personal is written to any disk. The same
// page, fonts and WeasyPrint give the same bytes. Thread: any; runs another process, for a minute at most.
#pragma once

#include <string>
#include <string_view>

#include "broker/core/status.h"

namespace moot {

// kMissing when WeasyPrint is not installed; kUnavailable when it fails.
Result<std::string> to_pdf(std::string_view page);

}  // namespace moot
