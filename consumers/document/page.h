// The pages as mustache templates, and what both are framed with. {{name}} is escaped for HTML.
#pragma once

#include <string>

namespace moot {

std::string page_head();         // up to the opening of <main>: language, style, marking; needs title, marking, notice
std::string page_foot();         // from the closing of <main>
std::string late_feeds_part();   // who is silent beyond their rhythm, and who dated what ahead
std::string effects_part();      // a table of what was done for somebody, and the calls before and after
std::string caller_list_page();  // the whole page
std::string agenda_page();       // the whole page

}  // namespace moot
