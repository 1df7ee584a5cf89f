// One row of a file of data.police.uk as an event; what it says and how it is identified stands in
// adapters/police_uk.h. Thread: one, the reader's.
#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "adapters/police_uk_mapping.h"
#include "adapters/publisher.h"
#include "adapters/record.h"
#include "adapters/row_ordinals.h"

namespace moot {

// The columns that are read.
enum class PoliceUkColumn : std::size_t {
  kCrimeId,
  kMonth,
  kLongitude,
  kLatitude,
  kEasting,
  kNorthing,
  kLocation,
  kLsoaCode,
  kLsoaName,
  kCrimeType,
  kOutcomeType,
  kContext,
};
inline constexpr std::array<std::string_view, 12> kPoliceUkColumns = {
    "Crime ID", "Month",     "Longitude", "Latitude",   "Easting",      "Northing",
    "Location", "LSOA code", "LSOA name", "Crime type", "Outcome type", "Context",
};
constexpr std::string_view name_of(PoliceUkColumn column) { return kPoliceUkColumns[static_cast<std::size_t>(column)]; }

// The cells of a row by column, without blanks around them; empty where the file has no such column.
using PoliceUkCells = std::array<std::string_view, kPoliceUkColumns.size()>;

// What the rows of one file share.
struct PoliceUkFile {
  std::string street_source;
  std::string outcomes_source;
  Key id_secret{};
  const PoliceUkMapping& mapping;
  RowOrdinals ordinals;
};

std::variant<v1::Event, Refusal> street_event(const PoliceUkCells& cells, PoliceUkFile& file);
std::variant<v1::Event, Refusal> outcome_event(const PoliceUkCells& cells, PoliceUkFile& file);

}  // namespace moot
