// Spreadsheets of any bytes. Two ways in: a whole file, and a sheet as it stands in one, since hardly any change of a
// compressed file is still one.
#include <cstddef>
#include <cstdint>
#include <sstream>
#include <string>

#include "adapters/number_format.h"
#include "adapters/workbook.h"
#include "adapters/xml_stream.h"

namespace {

void drain(std::istream& stream) {
  char buffer[4096];
  while (stream.read(buffer, sizeof buffer) || stream.gcount() > 0) {
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string bytes(reinterpret_cast<const char*>(data), size);
  std::istringstream file(bytes);
  const auto book = moot::read_workbook(file, "");
  if (book.ok()) drain(*book->text);
  moot::XmlEvents events;
  std::size_t length = 0;
  events.text = [&](std::string_view piece) { length += piece.size(); };
  (void)moot::parse_xml(bytes, events);
  const std::size_t half = bytes.size() / 2;
  (void)moot::NumberFormat(bytes.substr(0, half)).show(bytes.substr(half), (size & 1) != 0);
  return 0;
}
