// A table as an agency's system exports it. Rows are sorted by a moment when the file is written; rows of the same
// moment stay in the order in which they came. A file that cannot be written ends the program.
#pragma once

#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "deploy/south-and-vale/generator/calendar.h"

namespace south_and_vale {

struct CsvForm {
  char delimiter = ',';
  const char* line_end = "\n";
  bool windows_1252 = false;  // else UTF-8
  bool byte_order_mark = false;
};

class CsvFile {
 public:
  using Cells = std::vector<std::string>;

  CsvFile(CsvForm form, Cells header) : form_(form), header_(std::move(header)) {}

  void add(Moment sorted_by, Cells cells);
  std::size_t size() const { return rows_.size(); }
  void write(const std::filesystem::path& file);

 private:
  std::string line(const Cells& cells) const;

  CsvForm form_;
  Cells header_;
  std::vector<std::pair<Moment, Cells>> rows_;
};

// Writes a file with its folders.
void write_file(const std::filesystem::path& file, const std::string& bytes);

}  // namespace south_and_vale
