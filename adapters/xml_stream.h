// XML as it comes, in constant memory, by expat. Names come without their namespace's prefix; a document type
// declaration is refused, and with it every entity but XML's own. Thread: one, the caller's.
#pragma once

#include <functional>
#include <memory>
#include <string_view>
#include <utility>
#include <vector>

#include "broker/core/status.h"

namespace moot {

// Attributes keep the prefix of their names.
using XmlAttributes = std::vector<std::pair<std::string_view, std::string_view>>;

// Each may be empty. Text may come in pieces.
struct XmlEvents {
  std::function<void(std::string_view name, const XmlAttributes& attributes)> begin;
  std::function<void(std::string_view name)> end;
  std::function<void(std::string_view text)> text;
};

class XmlStream {
 public:
  explicit XmlStream(XmlEvents events);
  ~XmlStream();
  XmlStream(const XmlStream&) = delete;

  // kUnreadable, with the line where it stops being XML. `last`: nothing follows.
  Status feed(std::string_view bytes, bool last);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

// A whole document.
Status parse_xml(std::string_view document, const XmlEvents& events);

}  // namespace moot
