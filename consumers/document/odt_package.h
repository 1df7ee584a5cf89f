// The file of an OpenDocument text: a zip archive of XML, its kind first and unpacked so that it can be told by its
// first bytes. Thread: pure function, in memory.
#pragma once

#include <string>
#include <string_view>

namespace moot {

// `content`: the automatic styles and the body, as odt.cc makes them. `title` and `marking` as they are printed.
std::string odt_package(const std::string& content, std::string_view title, std::string_view marking);

}  // namespace moot
