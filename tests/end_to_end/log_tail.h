// Reads on in the log of an installation whose broker may be killed at any moment, and holds it to its word: what has
// been read once stays at its offset (G1, G2), and no event comes twice (G3).
// Thread: one, the test's.
#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "tests/end_to_end/installation.h"

namespace moot {

class LogTail {
 public:
  using Name = std::pair<std::string, std::string>;  // source and id

  explicit LogTail(const Installation& installation) : installation_(installation) {}
  // Reads to the end of the log as it is now, as the operator. Fails the test when nobody answers.
  void read_on();
  bool holds(const Name& name) const { return offsets_.contains(name); }
  const std::vector<Name>& names() const { return names_; }  // by offset

 private:
  const Installation& installation_;
  std::vector<Name> names_;
  std::map<Name, std::size_t> offsets_;
};

}  // namespace moot
