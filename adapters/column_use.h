// What becomes of each column of a file, for whoever tries a mapping out. Thread: values, usable anywhere.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace moot {

struct ColumnUse {
  std::string column;                // as the header calls it
  std::vector<std::string> becomes;  // "time", "caller: reference", "fact channel", …; empty = ignored
  std::uint64_t filled = 0;          // in so many rows it has anything
  std::uint64_t refused = 0;         // so many rows were refused because of it
};

// Of a file that has a header.
struct FileColumns {
  std::vector<ColumnUse> columns;    // in the order of the header; empty where that is no header
  std::vector<std::string> missing;  // columns looked for that the header lacks
};

}  // namespace moot
