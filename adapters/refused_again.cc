#include "adapters/refused_again.h"

#include <sstream>

#include "adapters/cloudevents_reader.h"
#include "adapters/csv_reader.h"
#include "adapters/encoding.h"

namespace moot {

namespace {

Result<InputRecord> only_record(Reader& reader) {
  Result<std::optional<InputRecord>> first = reader.next();
  if (!first.ok()) return first.status();
  if (!first->has_value()) return Status(Code::kMissing, "there is nothing in it");
  const Result<std::optional<InputRecord>> second = reader.next();
  if (second.ok() && second->has_value()) return Status(Code::kUnreadable, "it is more than one record now");
  return std::move(**first);
}

bool take_line_end(std::string_view& text) {
  for (const std::string_view end : {"\r\n", "\n", "\r"}) {
    if (!text.starts_with(end)) continue;
    text.remove_prefix(end.size());
    return true;
  }
  return false;
}

// What stands below the header; the whole text where it does not begin with that. Line ends are alike: an editor may
// have changed them all, those inside the header's own cells too.
std::string_view below(std::string_view header, std::string_view text) {
  std::string_view rest = text;
  while (!header.empty()) {
    if (take_line_end(header)) {
      if (!take_line_end(rest)) return text;
      continue;
    }
    if (rest.empty() || rest.front() != header.front()) return text;
    header.remove_prefix(1);
    rest.remove_prefix(1);
  }
  return rest.empty() || take_line_end(rest) ? rest : text;
}

}  // namespace

bool is_read_again(std::string_view format) {
  return format == "event" || format == "cloudevents" || format == "csv" || format == "xlsx";
}

Result<InputRecord> read_again(const v1::InboxItem& item, const Mapping* mapping, const Limits& limits) {
  if (item.format() == "event") {
    InputRecord record;
    v1::Event event;
    if (!event.ParseFromString(item.input())) return Status(Code::kNotAnEvent, "it is not a protobuf moot.v1.Event");
    record.content = std::move(event);
    return record;
  }
  if (item.format() == "cloudevents") {
    const std::unique_ptr<Reader> reader =
        open_cloudevents(std::make_unique<std::istringstream>(item.input() + "\n"), item.file(), limits);
    return only_record(*reader);
  }
  if (!is_read_again(item.format()))
    return Status(Code::kUsage, "it cannot be tried again by itself; mend the file and publish it again");
  if (mapping == nullptr) return Status(Code::kUsage, "a row needs its mapping: --mapping FILE");
  if (!mapping->key)
    return Status(Code::kUsage,
                  "a row without a number of its own gets its id from the whole file; mend the file and "
                  "publish it again");
  // It stands below its header alone: what was around them in the file is not there.
  Mapping of_one_row = *mapping;
  of_one_row.skip_lines = 0;
  of_one_row.footers.clear();
  // Marked as UTF-8 by the program that mended it: the mark stands before the header, so that it is read as in a file.
  const bool marked = item.input().starts_with(kUtf8Mark);
  const std::string row = marked ? item.input().substr(kUtf8Mark.size()) : item.input();
  const std::string file = (marked ? std::string(kUtf8Mark) : "") + item.header() + "\n" + row + "\n";
  const Result<std::unique_ptr<Reader>> reader =
      open_csv(std::make_unique<std::istringstream>(file), item.file(), of_one_row, limits,
               item.format() == "csv" ? CsvText::kFile : CsvText::kWorkbook);
  if (!reader.ok()) return reader.status();
  return only_record(**reader);
}

std::string mended_record(const v1::InboxItem& item, std::string_view text) {
  const std::string_view mark = text.substr(0, text.starts_with(kUtf8Mark) ? kUtf8Mark.size() : 0);
  text.remove_prefix(mark.size());
  while (take_line_end(text)) continue;
  if (!item.header().empty()) text = below(item.header(), text);
  while (take_line_end(text)) continue;
  while (text.ends_with('\n') || text.ends_with('\r')) text.remove_suffix(1);
  const bool is_table = item.format() == "csv" || item.format() == "xlsx";
  return text.empty() ? std::string() : (is_table ? std::string(mark) : "") + std::string(text);
}

}  // namespace moot
