// Makes a log of format 1 out of one of today's, for what goes wrong while it is upgraded. Written from the description
// of the format in broker/log/log_format_1.h, with nothing of its code. Thread: the test's.
#pragma once

#include <filesystem>

namespace moot {

// The log in `folder` is replaced. Nobody may have it open.
void make_format_1(const std::filesystem::path& folder);

}  // namespace moot
