#include "adapters/refused_again.h"

#include <sstream>

#include "adapters/cloudevents_reader.h"
#include "adapters/csv_reader.h"

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
  const Result<std::unique_ptr<Reader>> reader =
      open_csv(std::make_unique<std::istringstream>(item.header() + "\n" + item.input() + "\n"), item.file(),
               of_one_row, limits, item.format() == "csv" ? CsvText::kFile : CsvText::kWorkbook);
  if (!reader.ok()) return reader.status();
  return only_record(**reader);
}

}  // namespace moot
