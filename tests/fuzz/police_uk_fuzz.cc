// libFuzzer: no bytes crash the reader of data.police.uk's files (street, outcomes, and the variant with eastings and
// northings); what it makes keeps the rules of the language, and every refusal has a sentence.
#include <cstdint>
#include <cstdlib>
#include <sstream>
#include <string>

#include "adapters/police_uk.h"
#include "broker/core/event_rules.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const std::string heads[] = {
      "Crime ID,Month,Reported by,Falls within,Longitude,Latitude,Location,LSOA code,LSOA name,Crime type,"
      "Last outcome category,Context\n",
      "Crime ID,Month,Reported by,Falls within,Longitude,Latitude,Location,LSOA code,LSOA name,Outcome type\n",
      "Month,Reported by,Falls within,Easting,Northing,Location,Crime type,Context\n", ""};
  if (size == 0) return 0;
  const std::string text = heads[data[0] % 4] + std::string(reinterpret_cast<const char*>(data) + 1, size - 1);
  const moot::Publisher publisher{moot::AgencyId::parse("fuzz").value(), moot::Key{}};
  const moot::PoliceUkMapping mapping;
  const auto reader =
      moot::open_police_uk(std::make_unique<std::istringstream>(text), "fuzz.csv", publisher, mapping, moot::Limits());
  if (!reader.ok()) {
    if (reader.status().message().empty()) std::abort();
    return 0;
  }
  for (;;) {
    const auto record = (*reader)->next();
    if (!record.ok() || !record->has_value()) return 0;
    if (const auto* event = std::get_if<moot::v1::Event>(&(*record)->content)) {
      if (!moot::validate(*event, moot::Limits()).ok()) std::abort();
    } else if (std::get<moot::v1::RefusedInput>((*record)->content).reason().empty()) {
      std::abort();
    }
  }
}
