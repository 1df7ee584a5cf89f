// The first line of a small text file that vouches for every byte below it: checksum = "<32 hex>".
// Thread: pure functions, usable anywhere.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "broker/core/status.h"

namespace moot {

std::string checksum_line(std::string_view below);
// Does the text begin with the line that its rest asks for?
bool has_its_checksum_line(std::string_view text);
// The same of a file; one that is not there is as good. kCorrupt without the file's name.
Status check_checksum_line(const std::filesystem::path& file);

}  // namespace moot
