// C++ text with what the rules do not read blanked out. Line breaks stay, so that line numbers hold.
// Thread: pure functions.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace moot::tidy {

std::vector<std::string> lines_of(std::string_view text);  // without the line breaks; a last empty line is none
std::string without_comments(std::string_view text);
// Without comments, and what stands in texts and characters. Raw strings, digit separators and escapes are known.
std::string without_literals(std::string_view text);
// Without preprocessor lines, their continuations included; after without_literals, for counting braces.
std::string without_directives(std::string_view text);

}  // namespace moot::tidy
