// libFuzzer: no bytes crash the reader of CSV; every row comes out as one record, its number above the last, and no
// refusal keeps more than its limit.
#include <cstdint>
#include <sstream>

#include "adapters/csv_reader.h"
#include "broker/core/event_rules.h"

namespace {

moot::Mapping mapping_with(std::string_view file) {
  return moot::parse_mapping(R"(format = "csv"
source = "/soha/cases"
type = { column = "T", codes = { "" = "uk.csp.risk.assessed.v1", C = "uk.csp.closure.resolved.v1" } }
record = { key = "K", revision = "R" }
time = { column = "D", format = "%d/%m/%Y %H:%M" }
known_time = { column = "B", format = "%Y-%m-%d" }
people = [{ role = "tenant", name = "N", born = { column = "B", format = "%Y-%m-%d" } }]
places = [{ role = "premises", latitude = "S", longitude = "S" }]
texts = [{ field = "note", column = "N" }]
[facts]
score = { column = "S" }
outcomes = { column = "O", separator = "/", codes = { a = "x", b = "y" }, unmapped = "omit" }
[file]
)" + std::string(file),
                             "fuzz.toml")
      .value();
}

void read_all(const moot::Mapping& mapping, const std::string& text) {
  moot::Limits limits;
  limits.csv_record_bytes_max = 256;
  const auto reader = moot::open_csv(std::make_unique<std::istringstream>(text), "fuzz.csv", mapping, limits);
  if (!reader.ok()) return;
  if (!(*reader)->columns().missing.empty()) {
    MOOT_CHECK(!(*reader)->next().ok());  // refused as a file
    return;
  }
  std::uint64_t row = 1;
  while (true) {
    const auto record = (*reader)->next();
    MOOT_CHECK(record.ok());
    if (!record->has_value()) break;
    MOOT_CHECK((*record)->origin.row() > row);  // blank lines have numbers too
    row = (*record)->origin.row();
    const auto* refused = std::get_if<moot::v1::RefusedInput>(&(*record)->content);
    MOOT_CHECK(refused == nullptr || (refused->input().size() <= 256 && !refused->reason().empty()));
    // What is an event is text that protobuf takes.
    if (const auto* event = std::get_if<moot::v1::Event>(&(*record)->content))
      MOOT_CHECK(moot::v1::Event().ParseFromString(event->SerializeAsString()));
  }
  MOOT_CHECK((*reader)->bytes_read() == text.size());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const moot::Mapping utf8 = mapping_with("");
  static const moot::Mapping windows = mapping_with("encoding = \"windows-1252\"\ndelimiter = \"\\t\"");
  const std::string rows(reinterpret_cast<const char*>(data), size);
  read_all(utf8, rows);
  read_all(utf8, "K,R,D,T,B,N,S,O\n" + rows);
  read_all(windows, "K\tR\tD\tT\tB\tN\tS\tO\r\n" + rows);
  return 0;
}
