#include "deploy/serving_key.h"

#include "broker/data_folder.h"

namespace moot {

Result<KeyFile> serving_key(const Options& options, const std::string& agency) {
  const std::filesystem::path file = options.keys_folder() / "agencies" / (agency + ".key");
  if (!AgencyId::parse(agency).ok() || !std::filesystem::exists(file))
    return Status(Code::kUnknownAgency, "there is no key file here of agency \"" + agency + "\"");
  Result<KeyFile> key = read_key_file(file);
  if (!key.ok()) return key;
  if (!options.bus.empty())
    key->address = options.bus;
  else
    key->run_file = DataFolder::run_file(options.data);
  return key;
}

}  // namespace moot
