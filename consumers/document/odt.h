// A page as a text document that an officer can edit: OpenDocument 1.2, made from the page's own HTML, so that a
// document needs no second template and cannot say something else.
//
//   the page's <main>        headings, paragraphs, lists and tables as such; table headers are header rows
//   class "number"           a narrow column, set right
//   class "marking"          in the header and the footer of every sheet, with the page's number
//   <details>                left out, as on paper: the HTML and the JSON have the records behind each line
//
// Every page of ours is well-formed XML. The same page gives the same bytes: nothing in the file tells when it was
// made. Thread: pure function; nothing is written to any disk.
#pragma once

#include <string>
#include <string_view>

namespace moot {

std::string to_odt(std::string_view page);

}  // namespace moot
