// The file of an OpenDocument text: a zip archive of XML, its kind first and unpacked so that it can be told by its
// first bytes. Thread: pure function, in memory.
#pragma once

#include <string>

namespace moot {

// What stands on every sheet, as it is printed.
struct OdtSheet {
  std::string title;
  std::string marking;
  std::string notice;  // how the document is to be handled; may be empty
};

// `content`: the automatic styles and the body, as odt.cc makes them.
std::string odt_package(const std::string& content, const OdtSheet& sheet);

}  // namespace moot
