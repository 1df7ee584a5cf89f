#include "adapters/workbook.h"

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <iterator>
#include <map>
#include <vector>

#include "adapters/byte_source.h"
#include "adapters/number_format.h"
#include "adapters/xml_stream.h"
#include "adapters/zip_archive.h"

namespace moot {

namespace {

constexpr std::uint64_t kPartBytesMax = 16 * 1024 * 1024;  // of styles and the like
constexpr std::size_t kColumnsMax = 16'384;                // of the format itself, likewise the rows
constexpr std::uint64_t kRowsMax = 1'048'576;
constexpr std::size_t kFilledMax = 256;  // columns that empty cells are made for

struct Sheet {
  std::string name, part;  // "xl/worksheets/sheet1.xml"
  bool hidden = false;
};

// What is needed of a workbook beside the sheet.
struct Book {
  std::vector<Sheet> sheets;
  std::string texts_part = "xl/sharedStrings.xml", styles_part = "xl/styles.xml";  // where nothing says otherwise
  bool since_1904 = false;
  std::vector<std::string> texts;
  std::vector<NumberFormat> formats;  // by the number of a cell's style
};

std::string_view attribute(const XmlAttributes& attributes, std::string_view name) {
  for (const auto& [key, value] : attributes)
    if (key == name) return value;
  return {};
}

// Of a name in another namespace, whatever its prefix: "r:id".
std::string_view foreign_attribute(const XmlAttributes& attributes, std::string_view name) {
  for (const auto& [key, value] : attributes)
    if (key.size() > name.size() && key.ends_with(name) && key[key.size() - name.size() - 1] == ':') return value;
  return {};
}

std::size_t number_of(std::string_view text, std::size_t otherwise) {
  std::size_t number = 0;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), number);
  return read.ec == std::errc() && read.ptr == text.data() + text.size() && !text.empty() ? number : otherwise;
}

// "BC12" -> 54; nothing that makes sense -> npos.
std::size_t column_of(std::string_view reference) {
  std::size_t column = 0;
  for (const char c : reference) {
    if (c < 'A' || c > 'Z') break;
    column = column * 26 + static_cast<std::size_t>(c - 'A' + 1);
    if (column > kColumnsMax) return std::string::npos;
  }
  return column == 0 ? std::string::npos : column - 1;
}

// Where what a part names as "worksheets/sheet1.xml", "../xl/styles.xml" or "/xl/styles.xml" stands. `of` is that part.
std::string part_of(const std::string& of, const std::string& target) {
  const std::filesystem::path named = std::filesystem::path(of).parent_path() / target;
  return named.lexically_normal().relative_path().generic_string();
}

// What `of` (empty = the archive itself) is related to: by id, and by the last word of the kind of relation.
struct Relations {
  std::map<std::string, std::string> by_id, by_kind;
};

Status read_relations(const ZipArchive& zip, const std::string& of, Relations& relations) {
  const std::filesystem::path part(of);
  const Result<std::string> text =
      zip.read((part.parent_path() / "_rels" / (part.filename().string() + ".rels")).generic_string(), kPartBytesMax);
  if (!text.ok()) return text.status();
  XmlEvents events;
  events.begin = [&](std::string_view name, const XmlAttributes& attributes) {
    if (name != "Relationship") return;
    const std::string target = part_of(of, std::string(attribute(attributes, "Target")));
    const std::string_view kind = attribute(attributes, "Type");
    relations.by_id[std::string(attribute(attributes, "Id"))] = target;
    relations.by_kind.emplace(kind.substr(kind.rfind('/') + 1), target);
  };
  return parse_xml(*text, events);
}

// Most programs call it xl/workbook.xml, and all say what they call it.
std::string workbook_part(const ZipArchive& zip) {
  Relations relations;
  const Status read = read_relations(zip, "", relations);
  const auto said = relations.by_kind.find("officeDocument");
  return read.ok() && said != relations.by_kind.end() ? said->second : "xl/workbook.xml";
}

Status read_sheets(const ZipArchive& zip, const std::string& part, Book& book) {
  Relations relations;
  MOOT_RETURN_IF_ERROR(read_relations(zip, part, relations));
  if (const auto texts = relations.by_kind.find("sharedStrings"); texts != relations.by_kind.end())
    book.texts_part = texts->second;
  if (const auto styles = relations.by_kind.find("styles"); styles != relations.by_kind.end())
    book.styles_part = styles->second;
  const Result<std::string> workbook = zip.read(part, kPartBytesMax);
  if (!workbook.ok()) return workbook.status();
  XmlEvents events;
  events.begin = [&](std::string_view name, const XmlAttributes& attributes) {
    if (name == "workbookPr") {
      const std::string_view since = attribute(attributes, "date1904");
      book.since_1904 = since == "1" || since == "true";
    }
    if (name != "sheet") return;
    const std::string_view state = attribute(attributes, "state");
    book.sheets.push_back({std::string(attribute(attributes, "name")),
                           relations.by_id[std::string(foreign_attribute(attributes, "id"))],
                           !state.empty() && state != "visible"});
  };
  return parse_xml(*workbook, events);
}

// Texts that cells share. A text may be in pieces of different looks; what says how it is spoken (rPh) is no part of
// it.
Status read_texts(const ZipArchive& zip, Book& book) {
  if (!zip.has(book.texts_part)) return {};
  const Result<std::string> shared = zip.read(book.texts_part, kWorkbookTextBytesMax);
  if (!shared.ok()) return shared.status();
  bool in_text = false;
  int spoken = 0;
  XmlEvents events;
  events.begin = [&](std::string_view name, const XmlAttributes&) {
    if (name == "si") book.texts.emplace_back();
    spoken += name == "rPh" ? 1 : 0;
    in_text = name == "t" && spoken == 0 && !book.texts.empty();
  };
  events.end = [&](std::string_view name) {
    spoken -= name == "rPh" ? 1 : 0;
    in_text = false;
  };
  events.text = [&](std::string_view text) {
    if (in_text) book.texts.back() += text;
  };
  return parse_xml(*shared, events);
}

Status read_formats(const ZipArchive& zip, Book& book) {
  if (!zip.has(book.styles_part)) return {};
  const Result<std::string> styles = zip.read(book.styles_part, kPartBytesMax);
  if (!styles.ok()) return styles.status();
  std::map<std::size_t, NumberFormat> own;
  bool in_cells = false;
  XmlEvents events;
  events.begin = [&](std::string_view name, const XmlAttributes& attributes) {
    if (name == "numFmt")
      own[number_of(attribute(attributes, "numFmtId"), 0)] = NumberFormat(attribute(attributes, "formatCode"));
    in_cells = in_cells || name == "cellXfs";
    if (name != "xf" || !in_cells) return;
    const std::size_t id = number_of(attribute(attributes, "numFmtId"), 0);
    const auto found = own.find(id);
    book.formats.push_back(found != own.end() ? found->second : NumberFormat::builtin(static_cast<int>(id)));
  };
  events.end = [&](std::string_view name) { in_cells = in_cells && name != "cellXfs"; };
  return parse_xml(*styles, events);
}

// Makes CSV of a sheet, row by row, as it is read.
class SheetText final : public std::streambuf {
 public:
  SheetText(std::unique_ptr<ZipArchive> zip, std::unique_ptr<ZipPart> part, Book book)
      : zip_(std::move(zip)), part_(std::move(part)), book_(std::move(book)), xml_(events()) {}

 protected:
  int_type underflow() override {
    text_.clear();
    while (text_.empty()) {
      const Result<std::string_view> bytes = part_->next();
      if (!bytes.ok()) throw BrokenStream(bytes.status().message());
      if ((read_ += bytes->size()) > kWorkbookSheetBytesMax)
        throw BrokenStream("its sheet has more than " + std::to_string(kWorkbookSheetBytesMax >> 20) + " MiB");
      const Status fed = xml_.feed(*bytes, bytes->empty());
      if (!fed.ok()) throw BrokenStream("of its sheet, " + fed.message());
      if (!wrong_.empty()) throw BrokenStream(wrong_);
      if (bytes->empty()) break;
    }
    setg(text_.data(), text_.data(), text_.data() + text_.size());
    return text_.empty() ? traits_type::eof() : traits_type::to_int_type(text_[0]);
  }

 private:
  XmlEvents events() {
    XmlEvents events;
    events.begin = [this](std::string_view name, const XmlAttributes& attributes) { begin(name, attributes); };
    events.end = [this](std::string_view name) { end(name); };
    events.text = [this](std::string_view text) {
      if (in_value_) value_ += text;
      if (value_.size() > kPartBytesMax) wrong("a cell of its sheet is too large");
    };
    return events;
  }

  // The first thing that is wrong stays.
  void wrong(const char* what) {
    if (wrong_.empty()) wrong_ = what;
  }

  void begin(std::string_view name, const XmlAttributes& attributes) {
    if (name == "row") {
      const std::size_t row = number_of(attribute(attributes, "r"), row_ + 1);
      if (row <= row_ || row > kRowsMax) wrong("the rows of its sheet are not in order");  // of wrong numbers then
      if (!wrong_.empty()) return;
      text_.append(row - row_ - 1, '\n');
      row_ = row;
      cells_.clear();
    } else if (name == "c") {
      const std::string_view reference = attribute(attributes, "r");
      column_ = reference.empty() ? cells_.size() : column_of(reference);
      type_ = attribute(attributes, "t");
      style_ = number_of(attribute(attributes, "s"), 0);
      value_.clear();
      is_formula_ = false;
    } else {
      is_formula_ = is_formula_ || name == "f";
      spoken_ += name == "rPh" ? 1 : 0;
      in_value_ = name == "v" || (name == "t" && spoken_ == 0);
    }
  }

  void end(std::string_view name) {
    in_value_ = false;
    spoken_ -= name == "rPh" ? 1 : 0;
    if (name == "c") return take_cell();
    if (name != "row") return;
    // As wide as any before: who reads them drops what is empty beyond the header. Within bounds, so that one stray
    // cell far to the right does not make a million rows long.
    width_ = std::max(width_, std::min(cells_.size(), kFilledMax));
    cells_.resize(std::max(cells_.size(), width_));
    for (std::size_t i = 0; i < cells_.size(); ++i) {
      if (i > 0) text_ += ',';
      add_cell(cells_[i]);
    }
    text_ += '\n';
  }

  void add_cell(const std::string& cell) {
    if (cell.find_first_of(",\"\r\n") == std::string::npos) {
      text_ += cell;
      return;
    }
    text_ += '"';
    for (const char c : cell) text_ += c == '"' ? std::string("\"\"") : std::string(1, c);
    text_ += '"';
  }

  void take_cell() {
    if (column_ >= kColumnsMax) {
      wrong("a cell of its sheet is beyond the last column");
      return;
    }
    if (cells_.size() <= column_) cells_.resize(column_ + 1);
    cells_[column_] = shown();
  }

  std::string shown() {
    // A text may be empty and says so ("str").
    if (is_formula_ && value_.empty() && (type_.empty() || type_ == "n")) return std::string(kNotWorkedOut);
    if (type_ == "s") {
      const std::size_t index = number_of(value_, std::string::npos);
      if (index < book_.texts.size()) return book_.texts[index];
      wrong("a cell of its sheet names a text that is not there");
      return "";
    }
    if (type_ == "b") return value_ == "1" ? "TRUE" : "FALSE";
    if (!type_.empty() && type_ != "n") return value_;  // text, a formula's text, an error, a date as ISO 8601
    return style_ < book_.formats.size() ? book_.formats[style_].show(value_, book_.since_1904)
                                         : NumberFormat().show(value_, book_.since_1904);
  }

  const std::unique_ptr<ZipArchive> zip_;  // before its part
  const std::unique_ptr<ZipPart> part_;
  const Book book_;
  XmlStream xml_;
  std::uint64_t read_ = 0;
  std::string text_;
  std::uint64_t row_ = 0;
  std::size_t width_ = 0;
  std::vector<std::string> cells_;
  std::size_t column_ = 0, style_ = 0;
  std::string type_, value_;
  int spoken_ = 0;
  bool in_value_ = false;
  bool is_formula_ = false;
  std::string wrong_;  // ends a sentence that begins with the file's name and "cannot be read: "
};

// A stream that owns its buffer.
class SheetStream final : public std::istream {
 public:
  explicit SheetStream(std::unique_ptr<SheetText> text) : std::istream(nullptr), text_(std::move(text)) {
    rdbuf(text_.get());
  }

 private:
  const std::unique_ptr<SheetText> text_;
};

Result<const Sheet*> choose(const Book& book, const std::string& name) {
  std::string names;
  for (const Sheet& sheet : book.sheets) {
    if (name.empty() ? !sheet.hidden : sheet.name == name) return &sheet;
    if (!sheet.hidden) names += (names.empty() ? "\"" : ", \"") + sheet.name + "\"";
  }
  if (name.empty()) return Status(Code::kUnreadable, "is a spreadsheet without a sheet that is not hidden");
  return Status(Code::kMissing, "is a spreadsheet without a sheet \"" + name + "\", which the mapping names; it has " +
                                    (names.empty() ? "none that is not hidden" : names));
}

// What a file is that is no workbook of the kind read here; empty = it is one.
std::string_view what_else_is(const ZipArchive& zip, const std::string& workbook) {
  if (zip.has("content.xml")) return "is an OpenDocument file; save it as CSV (comma delimited) or as .xlsx";
  if (zip.has("word/document.xml")) return "is a document of a word processor; export the records as CSV";
  if (workbook.ends_with(".bin")) return "is a binary workbook (.xlsb); save it as CSV (comma delimited) or as .xlsx";
  if (!zip.has(workbook) || workbook.starts_with("ppt/")) return "is a zip file and no spreadsheet; unpack it first";
  return "";
}

}  // namespace

bool may_be_workbook(std::string_view start) { return start.starts_with("PK\x03\x04"); }

Result<WorkbookText> read_workbook(std::istream& file, const std::string& sheet) {
  std::string bytes(std::istreambuf_iterator<char>(file), {});
  if (bytes.size() > kWorkbookBytesMax)
    return Status(Code::kTooLarge, "is a spreadsheet of more than " + std::to_string(kWorkbookBytesMax >> 20) +
                                       " MiB; save it as CSV (comma delimited)");
  Result<std::unique_ptr<ZipArchive>> zip = ZipArchive::open(std::move(bytes));
  if (!zip.ok()) return zip.status();
  const std::string workbook = workbook_part(**zip);
  if (const std::string_view other = what_else_is(**zip, workbook); !other.empty())
    return Status(Code::kUnreadable, std::string(other));
  Book book;
  Status done = read_sheets(**zip, workbook, book);
  if (done.ok()) done = read_texts(**zip, book);
  if (done.ok()) done = read_formats(**zip, book);
  if (!done.ok()) return Status(done.code(), "is a spreadsheet that cannot be read: " + done.message());
  const Result<const Sheet*> chosen = choose(book, sheet);
  if (!chosen.ok()) return chosen.status();
  Result<std::unique_ptr<ZipPart>> part = (*zip)->stream((*chosen)->part);
  if (!part.ok())
    return Status(part.status().code(), "is a spreadsheet that cannot be read: " + part.status().message());
  const auto shown = std::count_if(book.sheets.begin(), book.sheets.end(), [](auto& sheet) { return !sheet.hidden; });
  auto text = std::make_unique<SheetText>(std::move(*zip), std::move(*part), std::move(book));
  return WorkbookText{std::make_unique<SheetStream>(std::move(text)), static_cast<std::size_t>(shown)};
}

}  // namespace moot
