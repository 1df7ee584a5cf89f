// A document as a page a chair would print: self-contained HTML without scripts, marking on each printed page, dates
// written out, agencies by name, "not supplied" for what is missing. Everything from events is escaped.
// The same message and partnership give the same bytes. Thread: pure functions.
#pragma once

#include <string>

#include "broker/core/partnership.h"
#include "proto/document.pb.h"

namespace moot {

std::string to_html(const v1::CallerList& list, const Partnership& partnership);
std::string to_html(const v1::Agenda& agenda, const Partnership& partnership);
std::string to_html(const v1::Minutes& minutes, const Partnership& partnership);

}  // namespace moot
