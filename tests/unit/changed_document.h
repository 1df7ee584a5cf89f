// A document with one thing in it changed, and what became of a record of it. Thread: the test's.
#pragma once

#include <gtest/gtest.h>

#include <string>
#include <variant>

#include "adapters/request_item.h"

namespace moot::test {

// With the first `from` as `to`; a failed test when it is not there.
inline std::string changed(std::string text, const std::string& from, const std::string& to) {
  EXPECT_NE(text.find(from), std::string::npos) << from;
  return text.replace(text.find(from), from.size(), to);
}

// Why it is refused, else "taken".
inline std::string reason_of(const RequestItem& item) {
  const auto* refused = std::get_if<v1::RefusedInput>(&item);
  return refused == nullptr ? "taken" : refused->reason();
}

}  // namespace moot::test
