// A template of the program with a page's values: as HTML, with everything escaped; as Markdown, likewise, and with one
// blank line at most where parts are left out. Thread: pure functions.
#pragma once

#include <string>

#include "consumers/document/page_data.h"

namespace moot {

std::string rendered_html(const std::string& page_template, const PageData& page);
std::string rendered_markdown(const std::string& page_template, const PageData& page);

}  // namespace moot
