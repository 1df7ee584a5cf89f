#include "consumers/document/odt.h"

#include <algorithm>
#include <cstring>
#include <pugixml.hpp>
#include <set>
#include <sstream>
#include <vector>

#include "broker/core/status.h"
#include "consumers/document/odt_package.h"

namespace moot {

namespace {

constexpr int kWidth = 170;       // of the text on a sheet, in millimetres
constexpr int kNumberWidth = 24;  // of a column of numbers

bool is(const pugi::xml_node& node, const char* name) { return std::strcmp(node.name(), name) == 0; }

bool is_of(const pugi::xml_node& node, std::initializer_list<const char*> names) {
  return std::any_of(names.begin(), names.end(), [&](const char* name) { return is(node, name); });
}

bool has_class(const pugi::xml_node& node, std::string_view name) {
  std::istringstream classes(node.attribute("class").value());
  for (std::string one; classes >> one;)
    if (one == name) return true;
  return false;
}

bool is_inline(const pugi::xml_node& node) {
  return node.type() == pugi::node_pcdata || is_of(node, {"span", "strong", "em", "a", "br", "code"});
}

bool is_blank(const pugi::xml_node& node) {
  const std::string_view text = node.value();
  return node.type() == pugi::node_pcdata && text.find_first_not_of(" \t\r\n") == std::string_view::npos;
}

// Without the characters that XML has not; a run of blanks is one, there as here.
std::string text_of(std::string_view text) {
  std::string clean(text);
  for (char& c : clean)
    if (static_cast<unsigned char>(c) < 0x20) c = ' ';
  for (const std::string_view none : {"\xef\xbf\xbe", "\xef\xbf\xbf"})  // U+FFFE and U+FFFF
    for (std::size_t at = 0; (at = clean.find(none, at)) != std::string::npos;) clean.replace(at, none.size(), " ");
  return clean;
}

class Body {
 public:
  explicit Body(pugi::xml_node text) : text_(text) {}

  void blocks(const pugi::xml_node& from) { blocks(from, text_, "Standard"); }
  const std::set<int>& widths() const { return widths_; }  // of columns, in tenths of a millimetre

 private:
  // What stands in a block: paragraphs and the like one after the other, runs of inline text as paragraphs.
  void blocks(const pugi::xml_node& from, pugi::xml_node to, const char* style) {
    pugi::xml_node run;  // the paragraph being filled
    for (const pugi::xml_node& child : from) {
      if (is_inline(child)) {
        if (!run && is_blank(child)) continue;
        if (!run) run = paragraph(to, style);
        inlines(child, run);
      } else {
        run = pugi::xml_node();
        block(child, to, style);
      }
    }
  }

  void block(const pugi::xml_node& node, pugi::xml_node to, const char* style) {
    if (is(node, "details") || is(node, "svg")) return;  // of a drawing the table beside it is taken
    if (is_of(node, {"h1", "h2", "h3"})) return heading(node, to);
    if (is(node, "table")) return table(node, to);
    if (is(node, "ul") || is(node, "ol")) return list(node, to, style);
    if (is(node, "dl")) return terms(node, to);
    if (!is(node, "p")) return blocks(node, to, has_class(node, "notice") ? "Notice" : style);
    const char* const own = has_class(node, "notice") ? "Notice" : has_class(node, "quiet") ? "Quiet" : style;
    fill(node, paragraph(to, own));
  }

  static pugi::xml_node paragraph(pugi::xml_node to, const char* style) {
    pugi::xml_node made = to.append_child("text:p");
    made.append_attribute("text:style-name") = style;
    return made;
  }

  void fill(const pugi::xml_node& from, pugi::xml_node to) {
    for (const pugi::xml_node& child : from) inlines(child, to);
  }

  void inlines(const pugi::xml_node& node, pugi::xml_node to) {
    if (node.type() == pugi::node_pcdata) {
      to.append_child(pugi::node_pcdata).set_value(text_of(node.value()).c_str());
      return;
    }
    if (is(node, "details")) return;
    if (is(node, "br")) {
      to.append_child("text:line-break");
      return;
    }
    const char* const style = is(node, "strong") || has_class(node, "tag") || has_class(node, "score") ? "Strong"
                              : is(node, "em")                                                         ? "Emphasis"
                              : has_class(node, "quiet")                                               ? "Small"
                                                                                                       : nullptr;
    if (style != nullptr) {
      to = to.append_child("text:span");
      to.append_attribute("text:style-name") = style;
    }
    fill(node, to);
  }

  void heading(const pugi::xml_node& node, pugi::xml_node to) {
    const std::string level(1, node.name()[1]);
    pugi::xml_node made = to.append_child("text:h");
    made.append_attribute("text:style-name") = ("Heading_20_" + level).c_str();
    made.append_attribute("text:outline-level") = level.c_str();
    fill(node, made);
  }

  void list(const pugi::xml_node& node, pugi::xml_node to, const char* style) {
    pugi::xml_node made = to.append_child("text:list");
    for (const pugi::xml_node& item : node.children("li")) blocks(item, made.append_child("text:list-item"), style);
  }

  // "Rule: …", a paragraph each.
  void terms(const pugi::xml_node& node, pugi::xml_node to) {
    pugi::xml_node made;
    for (const pugi::xml_node& child : node) {
      if (is(child, "dt")) {
        made = paragraph(to, "Standard");
        pugi::xml_node term = made.append_child("text:span");
        term.append_attribute("text:style-name") = "Strong";
        fill(child, term);
        term.append_child(pugi::node_pcdata).set_value(": ");
      } else if (is(child, "dd") && made) {
        fill(child, made);
      }
    }
  }

  static std::vector<pugi::xml_node> rows_of(const pugi::xml_node& part) {
    std::vector<pugi::xml_node> rows;
    for (const pugi::xml_node& row : part.children("tr")) rows.push_back(row);
    return rows;
  }

  static int span_of(const pugi::xml_node& cell) { return std::max(1, cell.attribute("colspan").as_int(1)); }

  // The widths of a table's columns in tenths of a millimetre: numbers have theirs, the others share what is left by
  // how much stands in them. Empty when there is no cell.
  static std::vector<int> widths_of(const pugi::xml_node& table) {
    constexpr std::size_t kFewest = 14, kMost = 60;  // characters of a column that count
    struct Column {
      bool number = false;
      std::size_t rows = 0, characters = 0;
    };
    std::vector<Column> columns;
    for (const pugi::xml_node& part : table)
      for (const pugi::xml_node& row : rows_of(part)) {
        std::size_t at = 0;
        for (const pugi::xml_node& cell : row) {
          if (!is_of(cell, {"td", "th"})) continue;
          const auto span = static_cast<std::size_t>(span_of(cell));
          columns.resize(std::max(columns.size(), at + span));
          Column& column = columns[at];
          if (span == 1)
            column = {column.number || has_class(cell, "number"), column.rows + 1,
                      column.characters + std::min(characters_in(cell), kMost)};
          at += span;
        }
      }
    std::vector<std::size_t> shares;
    std::size_t all = 0, numbers = 0;
    for (const Column& column : columns) {
      const std::size_t average = column.characters / std::max<std::size_t>(1, column.rows);
      shares.push_back(column.number ? 0 : std::max(kFewest, average));
      all += shares.back();
      numbers += column.number ? 1 : 0;
    }
    const int left = std::max(0, kWidth - static_cast<int>(numbers) * kNumberWidth) * 10;
    std::vector<int> widths;
    for (const std::size_t share : shares)
      widths.push_back(share == 0 ? kNumberWidth * 10 : left * static_cast<int>(share) / static_cast<int>(all));
    return widths;
  }

  static std::size_t characters_in(const pugi::xml_node& node) {
    if (is(node, "details")) return 0;
    std::size_t characters = node.type() == pugi::node_pcdata ? std::strlen(node.value()) : 0;
    for (const pugi::xml_node& child : node) characters += characters_in(child);
    return characters;
  }

  void table(const pugi::xml_node& node, pugi::xml_node to) {
    const std::vector<int> columns = widths_of(node);
    if (columns.empty()) return;
    if (const pugi::xml_node caption = node.child("caption")) fill(caption, paragraph(to, "Caption"));
    pugi::xml_node made = to.append_child("table:table");
    made.append_attribute("table:style-name") = "Table";
    for (const int width : columns) {
      widths_.insert(width);
      made.append_child("table:table-column").append_attribute("table:style-name") =
          ("w" + std::to_string(width)).c_str();
    }
    if (const pugi::xml_node head = node.child("thead")) {
      pugi::xml_node header_rows = made.append_child("table:table-header-rows");
      for (const pugi::xml_node& row : rows_of(head)) add_row(row, header_rows, columns.size());
    }
    for (const pugi::xml_node& part : node)
      if (is_of(part, {"tbody", "tfoot"}))
        for (const pugi::xml_node& row : rows_of(part)) add_row(row, made, columns.size());
  }

  void add_row(const pugi::xml_node& row, pugi::xml_node to, std::size_t columns) {
    pugi::xml_node made = to.append_child("table:table-row");
    made.append_attribute("table:style-name") = "Row";
    std::size_t used = 0;
    for (const pugi::xml_node& cell : row) {
      if (!is_of(cell, {"td", "th"})) continue;
      const bool head = is(cell, "th"), number = has_class(cell, "number");
      pugi::xml_node add = made.append_child("table:table-cell");
      add.append_attribute("table:style-name") = "Cell";
      const int span = span_of(cell);
      if (span > 1) add.append_attribute("table:number-columns-spanned") = span;
      blocks(cell, add,
             head ? (number ? "Number_20_Heading" : "Table_20_Heading") : (number ? "Number" : "Table_20_Contents"));
      if (!add.first_child()) paragraph(add, "Table_20_Contents");
      for (int covered = 1; covered < span; ++covered) made.append_child("table:covered-table-cell");
      used += static_cast<std::size_t>(span);
    }
    for (; used < columns; ++used) paragraph(made.append_child("table:table-cell"), "Table_20_Contents");
  }

  pugi::xml_node text_;
  std::set<int> widths_;
};

void add_styles(pugi::xml_node to, const std::set<int>& widths) {
  const auto style = [&](const std::string& name, const char* family) {
    pugi::xml_node made = to.append_child("style:style");
    made.append_attribute("style:name") = name.c_str();
    made.append_attribute("style:family") = family;
    return made;
  };
  pugi::xml_node table = style("Table", "table").append_child("style:table-properties");
  table.append_attribute("style:width") = (std::to_string(kWidth) + "mm").c_str();
  table.append_attribute("table:align") = "left";
  style("Row", "table-row").append_child("style:table-row-properties").append_attribute("fo:keep-together") = "always";
  pugi::xml_node cell = style("Cell", "table-cell").append_child("style:table-cell-properties");
  cell.append_attribute("fo:padding") = "1mm";
  cell.append_attribute("fo:border-bottom") = "0.5pt solid #b1b4b6";
  for (const int width : widths)
    style("w" + std::to_string(width), "table-column")
        .append_child("style:table-column-properties")
        .append_attribute("style:column-width") =
        (std::to_string(width / 10) + "." + std::to_string(width % 10) + "mm").c_str();
}

}  // namespace

std::string to_odt(std::string_view page) {
  // A name may hold any character; of these XML has none, and one of them would end the text.
  std::string clean(page);
  for (char& c : clean)
    if (static_cast<unsigned char>(c) < 0x20 && c != '\t' && c != '\n' && c != '\r') c = ' ';
  pugi::xml_document html, odt;
  const pugi::xml_parse_result parsed =
      html.load_buffer(clean.data(), clean.size(), pugi::parse_default | pugi::parse_ws_pcdata, pugi::encoding_utf8);
  MOOT_CHECK(parsed);  // pages are the program's own, and well-formed
  pugi::xml_node declaration = odt.append_child(pugi::node_declaration);
  declaration.append_attribute("version") = "1.0";
  declaration.append_attribute("encoding") = "UTF-8";
  pugi::xml_node root = odt.append_child("office:document-content");
  for (const auto& [prefix, name] :
       {std::pair("office", "office"), std::pair("style", "style"), std::pair("text", "text"),
        std::pair("table", "table"), std::pair("fo", "xsl-fo-compatible")})
    root.append_attribute((std::string("xmlns:") + prefix).c_str()) =
        (std::string("urn:oasis:names:tc:opendocument:xmlns:") + name + ":1.0").c_str();
  root.append_attribute("office:version") = "1.2";
  pugi::xml_node styles = root.append_child("office:automatic-styles");
  Body body(root.append_child("office:body").append_child("office:text"));
  body.blocks(html.select_node("//main").node());
  add_styles(styles, body.widths());
  std::ostringstream content;
  odt.save(content, "", pugi::format_raw, pugi::encoding_utf8);
  const auto text_at = [&](const char* path) { return text_of(html.select_node(path).node().text().get()); };
  return odt_package(content.str(), OdtSheet{.title = text_at("//title"),
                                             .marking = text_at("//*[@class='marking']"),
                                             .notice = text_at("//tfoot//*[@class='running']")});
}

}  // namespace moot
