// The first line of a small text file that vouches for every byte below it: checksum = "<32 hex>"; and the second,
// which tells which log the file belongs to, so that another partnership's in its place is told from ours: log = "<32
// hex>". Thread: pure functions, usable anywhere.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "broker/core/status.h"

namespace moot {

std::string checksum_line(std::string_view below);
// Does the text begin with the line that its rest asks for?
bool has_its_checksum_line(std::string_view text);
std::string log_line(std::string_view log_id);
// kCorrupt without the file's name: its second line is of another log. Files of an earlier version have no such line.
Status check_log_line(std::string_view text, std::string_view log_id);
bool has_log_line(std::string_view text);
// Both of a file; one that is not there is as good. kCorrupt without the file's name.
Status check_first_lines(const std::filesystem::path& file, std::string_view log_id);

}  // namespace moot
