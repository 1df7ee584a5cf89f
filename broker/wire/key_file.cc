#include "broker/wire/key_file.h"

#include "broker/core/definition.h"
#include "broker/core/whole_file.h"

namespace moot {

namespace {

Key key_at(Definition& definition, std::string_view name) {
  const Result<Key> key = key_from_hex(definition.text(name));
  if (key.ok()) return *key;
  definition.mistake(name, "expected a key of 64 hexadecimal digits");
  return {};
}

}  // namespace

Result<KeyFile> read_key_file(const std::filesystem::path& file) {
  Result<Definition> definition = Definition::load(file);
  if (!definition.ok()) return definition.status();
  KeyFile key_file;
  const Result<AgencyId> agency = AgencyId::parse(definition->text("agency"));
  if (agency.ok())
    key_file.agency = *agency;
  else
    definition->mistake("agency", agency.status().message());
  key_file.public_key = key_at(*definition, "public_key");
  key_file.secret_key = key_at(*definition, "secret_key");
  key_file.broker_public_key = key_at(*definition, "broker_public_key");
  key_file.address = definition->text("address");
  MOOT_RETURN_IF_ERROR(definition->finish());
  key_file.file = file;
  return key_file;
}

Status create_key_file(const std::filesystem::path& file, const KeyFile& key_file) {
  std::string text = "# The key of one agency. Keep it as you would a password: who holds it speaks as the agency.\n";
  text += "agency = \"" + key_file.agency.value() + "\"\n";
  text += "public_key = \"" + to_hex(key_file.public_key) + "\"\n";
  text += "secret_key = \"" + to_hex(key_file.secret_key) + "\"\n";
  text += "broker_public_key = \"" + to_hex(key_file.broker_public_key) + "\"\n";
  text += "address = \"" + key_file.address + "\"\n";
  return create_whole_file(file, text);
}

std::string current_address(const KeyFile& key_file) {
  if (key_file.run_file.empty()) return key_file.address;
  const Result<std::string> text = read_whole_file(key_file.run_file);
  return text.ok() ? bus_address_in(*text) : "";
}

std::string bus_address_in(std::string_view run_file) {
  constexpr std::string_view kBus = "\"bus\":\"";
  const std::size_t start = run_file.find(kBus);
  if (start == std::string_view::npos) return "";
  const std::size_t end = run_file.find('"', start + kBus.size());
  if (end == std::string_view::npos) return "";
  return std::string(run_file.substr(start + kBus.size(), end - start - kBus.size()));
}

}  // namespace moot
