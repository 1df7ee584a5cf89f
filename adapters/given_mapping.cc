#include "adapters/given_mapping.h"

#include "broker/core/definition.h"

namespace moot {

Result<GivenMapping> load_given_mapping(const std::filesystem::path& file, std::shared_ptr<const AreaTable> areas) {
  GivenMapping given;
  if (file.empty()) return given;
  Result<Definition> root = Definition::load(file);
  if (!root.ok()) return root.status();
  if (root->text_if("format") == "police-uk") {
    Result<PoliceUkMapping> mapping = load_police_uk_mapping(file);
    if (!mapping.ok()) return mapping.status();
    given.police_uk = std::move(*mapping);
  } else {
    Result<Mapping> mapping = load_mapping(file);
    if (!mapping.ok()) return mapping.status();
    if (mapping->needs_areas() && (!areas || areas->empty()))
      return Status(Code::kUsage,
                    file.string() + ": says areas = true, which needs a partnership that has areas: --config FILE");
    given.csv = std::move(*mapping);
    given.csv->areas = std::move(areas);
  }
  return given;
}

}  // namespace moot
