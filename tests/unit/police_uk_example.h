// Files of data.police.uk for the tests of their reader: those of tests/data/police-uk, in which everything is made up,
// and texts of the same shape.
#pragma once

#include <gtest/gtest.h>

#include <fstream>
#include <memory>
#include <set>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

#include "adapters/police_uk.h"

namespace moot::police_example {

inline const std::string kStreetHeader =
    "Crime ID,Month,Reported by,Falls within,Longitude,Latitude,Location,LSOA code,LSOA name,Crime type,"
    "Last outcome category,Context\n";
inline const std::string kOutcomesHeader =
    "Crime ID,Month,Reported by,Falls within,Longitude,Latitude,Location,LSOA code,LSOA name,Outcome type\n";
inline const std::string kCrime = std::string(64, 'a');

struct StreetRow {
  std::string crime_id = "";
  std::string month = "2021-06";
  std::string longitude = "-1.200000";
  std::string latitude = "51.600000";
  std::string location = "On or near Mill Lane";
  std::string lsoa_code = "E01000001";
  std::string lsoa_name = "Riverside District 001A";
  std::string crime_type = "Anti-social behaviour";
  std::string last_outcome = "";
  std::string context = "";
  std::string text() const {
    return crime_id + "," + month + ",North Police,North Police," + longitude + "," + latitude + "," + location + "," +
           lsoa_code + "," + lsoa_name + "," + crime_type + "," + last_outcome + "," + context + "\n";
  }
};

inline std::string outcome_row(const std::string& crime_id, const std::string& outcome,
                               const std::string& lsoa = "E01000001") {
  return crime_id + ",2021-07,North Police,North Police,-1.200000,51.600000,On or near Mill Lane," + lsoa +
         ",Riverside District 001A," + outcome + "\n";
}

inline Publisher publisher(std::uint8_t secret = 1) {
  Publisher publisher{AgencyId::parse("north-police").value(), Key{}};
  publisher.id_secret.fill(secret);
  return publisher;
}

struct ReadFile {
  std::vector<InputRecord> records;
  Status status;

  const v1::Event& event(std::size_t i) const { return std::get<v1::Event>(records.at(i).content); }
  const v1::RefusedInput& refused(std::size_t i) const { return std::get<v1::RefusedInput>(records.at(i).content); }
  bool is_event(std::size_t i) const { return std::holds_alternative<v1::Event>(records.at(i).content); }
  const std::string& id(std::size_t i) const { return event(i).envelope().id(); }
  std::set<std::string> ids() const {
    std::set<std::string> ids;
    for (std::size_t i = 0; i < records.size(); ++i)
      if (is_event(i)) ids.insert(id(i));
    return ids;
  }
};

inline ReadFile read(std::unique_ptr<std::istream> stream, const PoliceUkMapping& mapping,
                     const Publisher& by = publisher()) {
  ReadFile file;
  Result<std::unique_ptr<Reader>> reader = open_police_uk(std::move(stream), "street.csv", by, mapping, Limits());
  if (!reader.ok()) {
    file.status = reader.status();
    return file;
  }
  while (true) {
    Result<std::optional<InputRecord>> record = (*reader)->next();
    if (!record.ok()) file.status = record.status();
    if (!record.ok() || !record->has_value()) return file;
    file.records.push_back(std::move(**record));
  }
}

inline ReadFile read(const std::string& text, const PoliceUkMapping& mapping = {}, const Publisher& by = publisher()) {
  return read(std::make_unique<std::istringstream>(text), mapping, by);
}

inline std::string fixture(const std::string& name) {
  std::ostringstream text;
  text << std::ifstream(MOOT_SOURCE_DIR "/tests/data/police-uk/" + name, std::ios::binary).rdbuf();
  EXPECT_FALSE(text.str().empty()) << name;
  return text.str();
}

}  // namespace moot::police_example
