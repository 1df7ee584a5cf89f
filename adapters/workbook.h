// A spreadsheet of Office Open XML (.xlsx; ECMA-376, ISO/IEC 29500), as the CSV text that "Save as" would make of one
// of its sheets: UTF-8, commas, one line a row, blank lines for rows that are not there, so that rows keep their
// numbers.
//
//   cell                         becomes
//   text, shared or in place     itself
//   a number                     its digits, 15 of them at most, as spreadsheet programs keep (number_format.h)
//   a number that is a date      the date as the sheet shows it: "14/03/2021", "14/03/2021 09:30"
//   a truth value                TRUE, FALSE
//   a formula                    what it had been worked out to when the file was saved; where it never was (a program
//                                made the file that works out nothing), kNotWorkedOut
//   an error, "#N/A"             itself
//
// The sheet is the one that is named, or the first that is not hidden. What else there is in the file (pictures,
// macros, comments, other sheets) is not looked at. A document type declaration, and so an entity, refuses the file.
//
// Memory: the compressed file, its shared texts, and one row; the sheet is read as it goes. Each has its limit below.
// Errors: kUnreadable, kTooLarge, with a sentence that ends one that begins with the file's name, and names no value.
// What goes wrong only in the middle of the sheet ends the stream with a BrokenStream (adapters/byte_source.h). Thread:
// one, the caller's.
#pragma once

#include <cstdint>
#include <istream>
#include <memory>
#include <string>
#include <string_view>

#include "broker/core/status.h"

namespace moot {

inline constexpr std::uint64_t kWorkbookBytesMax = 64 * 1024 * 1024;
inline constexpr std::uint64_t kWorkbookTextBytesMax = 64 * 1024 * 1024;
inline constexpr std::uint64_t kWorkbookSheetBytesMax = std::uint64_t{2} * 1024 * 1024 * 1024;

// May a file that begins so be one? Other office documents begin so too.
bool may_be_workbook(std::string_view start);

// No spreadsheet program shows it.
inline constexpr std::string_view kNotWorkedOut = "#FORMULA!";

struct WorkbookText {
  std::unique_ptr<std::istream> text;
  std::size_t sheets = 0;  // that are not hidden
};

// Reads all of `file`. `sheet` empty = the first that is not hidden.
Result<WorkbookText> read_workbook(std::istream& file, const std::string& sheet);

}  // namespace moot
