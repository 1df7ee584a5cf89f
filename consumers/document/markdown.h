// A document as Markdown (CommonMark): what the HTML says, in lists that read well as they stand in a terminal or a
// mail. What comes from events cannot mark anything up: it is escaped, and kept on one line.
// The same message and partnership give the same bytes. Thread: pure functions.
#pragma once

#include <string>
#include <string_view>

#include "broker/core/partnership.h"
#include "proto/document.pb.h"

namespace moot {

std::string to_markdown(const v1::CallerList& list, const Partnership& partnership);
std::string to_markdown(const v1::Agenda& agenda, const Partnership& partnership);
std::string to_markdown(const v1::Minutes& minutes, const Partnership& partnership);

// A text with what Markdown would take as markup escaped, and line breaks as spaces.
std::string escaped_for_markdown(std::string_view text);

}  // namespace moot
