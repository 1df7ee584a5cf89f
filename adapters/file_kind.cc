#include "adapters/file_kind.h"

#include <algorithm>
#include <array>
#include <string>

#include "adapters/encoding.h"

namespace moot {

namespace {

struct Kind {
  std::string_view start;
  std::string_view what;
};

constexpr std::string_view kSpreadsheet = "is a spreadsheet; open it and save it as CSV (comma delimited)";
constexpr std::string_view kOldSpreadsheet =
    "is a spreadsheet of before 2007, or one with a password; open it and save it as CSV (comma delimited)";
constexpr std::string_view kUtf16 =
    "is in UTF-16, which spreadsheet programs call \"Unicode text\"; save it again in UTF-8 (as \"CSV UTF-8\")";

constexpr std::array<Kind, 11> kKinds = {{
    {"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", kOldSpreadsheet},
    {"\x1f\x8b", "is compressed with gzip; unpack it first"},
    {"BZh", "is compressed with bzip2; unpack it first"},
    {"\xfd\x37zXZ", "is compressed with xz; unpack it first"},
    {"7z\xbc\xaf\x27\x1c", "is a 7-Zip file; unpack it first"},
    {"\x28\xb5\x2f\xfd", "is compressed with zstd; unpack it first"},
    {"%PDF-", "is a PDF document; export the records as CSV"},
    {"{\\rtf", "is a document of a word processor; export the records as CSV"},
    {"SQLite format 3", "is a database; export the records as CSV"},
    {"\xff\xfe", kUtf16},
    {"\xfe\xff", kUtf16},
}};

// The names of the first files inside are those of an office document.
bool is_office_document(std::string_view zip) {
  constexpr std::array<std::string_view, 5> kInside = {"[Content_Types].xml", "_rels/", "xl/", "docProps/",
                                                       "application/vnd.oasis.opendocument"};
  return std::any_of(kInside.begin(), kInside.end(),
                     [&](std::string_view name) { return zip.find(name) != std::string_view::npos; });
}

constexpr std::string_view kWebPage =
    "is a web page, which spreadsheet programs open as well; open it in one and save it as CSV (comma delimited)";
constexpr std::string_view kXmlSpreadsheet =
    "is a spreadsheet in the XML of before 2007; open it and save it as CSV (comma delimited)";

// What reports of older systems call an export "to Excel": tables of a web page, alone or with its parts in one file.
std::optional<std::string_view> what_markup(std::string_view start) {
  std::string text(start.substr(0, 512));
  for (char& c : text) c = static_cast<char>(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
  if (text.starts_with(kUtf8Mark)) text.erase(0, kUtf8Mark.size());
  text.erase(0, text.find_first_not_of(" \t\r\n"));
  for (const std::string_view page :
       {"<!doctype html", "<html", "<head", "<meta ", "<table", "<style", "mime-version:"})
    if (text.starts_with(page)) return kWebPage;
  if (text.starts_with("<?xml") && text.find("urn:schemas-microsoft-com:office:spreadsheet") != std::string::npos)
    return kXmlSpreadsheet;
  return std::nullopt;
}

// Text of the western alphabets in UTF-16 has a zero in every other byte, or nearly.
bool seems_utf16_without_mark(std::string_view start) {
  const std::string_view looked_at = start.substr(0, 64);
  if (looked_at.size() < 8) return false;
  std::array<std::size_t, 2> zeros{};
  for (std::size_t i = 0; i < looked_at.size(); ++i) zeros[i % 2] += looked_at[i] == '\0' ? 1 : 0;
  const std::size_t many = looked_at.size() / 2 * 3 / 4;
  return (zeros[0] >= many) != (zeros[1] >= many);
}

}  // namespace

std::optional<std::string_view> what_is_not_text(std::string_view start) {
  for (const Kind& kind : kKinds)
    if (start.starts_with(kind.start)) return kind.what;
  if (start.starts_with("PK\x03\x04") || start.starts_with("PK\x05\x06"))
    return is_office_document(start.substr(0, 512)) ? kSpreadsheet : std::string_view("is a zip file; unpack it first");
  if (seems_utf16_without_mark(start)) return kUtf16;
  return what_markup(start);
}

}  // namespace moot
