#include "adapters/police_uk_mapping.h"

#include "broker/core/definition.h"
#include "broker/core/event_rules.h"

namespace moot {

namespace {

Result<PoliceUkMapping> read_mapping(Definition& root) {
  PoliceUkMapping mapping;
  root.text_or("title", "");
  if (root.text("format") != "police-uk") root.mistake("format", "expected \"police-uk\"");
  mapping.source_suffix = root.text_or("source_suffix", "");
  if (mapping.source_suffix.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-") != std::string::npos ||
      mapping.source_suffix.size() > 40)
    root.mistake("source_suffix", "expected up to 40 of the characters a to z, 0 to 9 and -");
  const std::string outside = root.text_or("outside", "keep");
  mapping.refuse_outside = outside == "refuse";
  if (outside != "keep" && outside != "refuse") root.mistake("outside", "expected \"keep\" or \"refuse\"");
  if (std::optional<Definition> areas = root.table("area")) {
    for (const std::string& key : areas->keys()) {
      const std::string code = areas->text(key);
      if (key.empty()) areas->mistake(key, "expected an LSOA code or the start of an LSOA name before the =");
      if (const Status status = check_code("the area", code); !status.ok()) areas->mistake(key, status.message());
      mapping.areas.emplace(key, code);
    }
  }
  if (mapping.refuse_outside && mapping.areas.empty())
    root.mistake("outside", "expected a table [area] beside \"refuse\"; without one every row would be refused");
  MOOT_RETURN_IF_ERROR(root.finish());
  return mapping;
}

}  // namespace

std::string_view PoliceUkMapping::area_of(std::string_view lsoa_code, std::string_view lsoa_name) const {
  if (areas.empty()) return {};
  if (const auto found = areas.find(lsoa_code); found != areas.end()) return found->second;
  // "South Oxfordshire 011C", then "South Oxfordshire", then "South".
  while (!lsoa_name.empty()) {
    if (const auto found = areas.find(lsoa_name); found != areas.end()) return found->second;
    const std::size_t blank = lsoa_name.rfind(' ');
    lsoa_name = lsoa_name.substr(0, blank == std::string_view::npos ? 0 : blank);
  }
  return {};
}

Result<PoliceUkMapping> load_police_uk_mapping(const std::filesystem::path& file) {
  Result<Definition> root = Definition::load(file);
  if (!root.ok()) return root.status();
  return read_mapping(*root);
}

Result<PoliceUkMapping> parse_police_uk_mapping(std::string_view toml, std::string_view name) {
  Result<Definition> root = Definition::parse(toml, name);
  if (!root.ok()) return root.status();
  return read_mapping(*root);
}

}  // namespace moot
