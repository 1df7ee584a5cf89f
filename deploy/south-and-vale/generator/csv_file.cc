#include "deploy/south-and-vale/generator/csv_file.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <fstream>

namespace south_and_vale {
namespace {

[[noreturn]] void stop(const std::string& why) {
  std::fprintf(stderr, "generate: %s\n", why.c_str());
  std::exit(1);
}

// The letters of Windows-1252 that UTF-8 writes as two bytes: U+00A0 to U+00FF, the same numbers in both.
std::string to_windows_1252(const std::string& text) {
  std::string bytes;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    if (byte < 0x80) {
      bytes.push_back(text[i]);
    } else if ((byte == 0xc2 || byte == 0xc3) && i + 1 < text.size()) {
      const auto next = static_cast<unsigned char>(text[++i]);
      bytes.push_back(static_cast<char>(byte == 0xc2 ? next : next + 0x40));
    } else {
      stop("Windows-1252 has no letter for what stands in \"" + text + "\"");
    }
  }
  return bytes;
}

}  // namespace

void CsvFile::add(Moment sorted_by, Cells cells) {
  if (cells.size() != header_.size()) stop("a row has not as many cells as its header, which begins " + header_[0]);
  rows_.emplace_back(sorted_by, std::move(cells));
}

std::string CsvFile::line(const Cells& cells) const {
  std::string text;
  for (std::size_t i = 0; i < cells.size(); ++i) {
    if (i > 0) text.push_back(form_.delimiter);
    if (cells[i].find_first_of(std::string("\"\r\n") + form_.delimiter) == std::string::npos) {
      text += cells[i];
      continue;
    }
    text.push_back('"');
    for (const char c : cells[i]) {
      if (c == '"') text.push_back('"');
      text.push_back(c);
    }
    text.push_back('"');
  }
  return text + form_.line_end;
}

void CsvFile::write(const std::filesystem::path& file) {
  std::stable_sort(rows_.begin(), rows_.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
  std::string text = line(header_);
  for (const auto& [moment, cells] : rows_) text += line(cells);
  if (form_.windows_1252) text = to_windows_1252(text);
  write_file(file, (form_.byte_order_mark ? "\xef\xbb\xbf" : "") + text);
}

void write_file(const std::filesystem::path& file, const std::string& bytes) {
  std::error_code error;
  std::filesystem::create_directories(file.parent_path(), error);
  std::ofstream out(file, std::ios::binary | std::ios::trunc);
  out.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  out.close();
  if (!out) stop("cannot write " + file.string());
}

}  // namespace south_and_vale
