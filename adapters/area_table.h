// The partnership's areas by every name that files have for them: code, name and aliases. Capitals, and blanks more
// than one, make no difference. Where a text is one area's code and another's name or alias, the code counts; then the
// name. Thread: values, read-only after they are made, usable anywhere.
#pragma once

#include <map>
#include <span>
#include <string>
#include <string_view>

#include "broker/core/partnership.h"

namespace moot {

class AreaTable {
 public:
  explicit AreaTable(std::span<const Area> areas);

  struct Found {
    std::string_view code;   // empty = no area is called that
    bool ambiguous = false;  // several are; then no code
  };
  Found find(std::string_view text) const;
  bool empty() const { return codes_.empty(); }

 private:
  void add(std::string_view text, const std::string& code, int rank);
  struct Named {
    std::string code;
    int rank = 0;  // the smaller counts
    bool ambiguous = false;
  };
  std::map<std::string, Named, std::less<>> codes_;  // by folded text
};

}  // namespace moot
