#include "broker/access/registry.h"

#include <algorithm>

#include "broker/core/definition.h"
#include "broker/core/whole_file.h"

namespace moot {

namespace {

constexpr std::size_t kNameBytesMax = 200;

std::string quoted(const std::string& text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    if (static_cast<unsigned char>(c) >= 0x20 && c != 0x7f) out += c;
  }
  return out + "\"";
}

std::string row(const Member& member) {
  return "[[agency]]\nid = " + quoted(member.id.value()) + "\nname = " + quoted(member.name) + "\npublic_key = \"" +
         to_hex(member.public_key) + "\"\n\n";
}

constexpr std::string_view kEdited = "edited";

// The first line, so that no other line can swallow it; the digest is of all that follows.
std::string digest_line(std::string_view rest) {
  const Digest digest = keyed_digest(Key{}, rest);
  return "digest = \"" + to_hex({reinterpret_cast<const char*>(digest.data()), digest.size()}) + "\"\n";
}

}  // namespace

Result<Registry> Registry::open(const std::filesystem::path& file) {
  Registry registry(file);
  if (!std::filesystem::exists(file)) return registry;
  const Result<std::string> text = read_whole_file(file);
  if (!text.ok()) return text.status();
  Result<Definition> definition = Definition::parse(*text, file.string());
  if (!definition.ok()) return definition.status();
  const std::string digest = definition->text_or("digest", std::string(kEdited));
  registry.has_digest_ = digest != kEdited;
  const std::string_view rest = std::string_view(*text).substr(std::min(text->size(), text->find('\n') + 1));
  if (registry.has_digest_ && !text->starts_with(digest_line(rest)))
    return Status(Code::kCorrupt, file.string() + ": line 1: the file is not what was written. Whoever changed it on " +
                                      "purpose writes digest = \"edited\" there; nothing is touched");
  for (Definition& row : definition->tables("agency")) {
    Member member;
    const Result<AgencyId> id = AgencyId::parse(row.text("id"));
    const Result<Key> key = key_from_hex(row.text("public_key"));
    if (!id.ok()) row.mistake("id", id.status().message());
    if (!key.ok()) row.mistake("public_key", key.status().message());
    member.name = row.text_or("name", "");
    if (!id.ok() || !key.ok()) continue;
    member.id = *id;
    member.public_key = *key;
    registry.members_.push_back(std::move(member));
  }
  const Status read = definition->finish();
  if (!read.ok()) return read;
  return registry;
}

Status Registry::add(const Member& member) {
  if (member.name.size() > kNameBytesMax)
    return Status(Code::kTooLarge, "an agency's name has at most " + std::to_string(kNameBytesMax) + " bytes");
  if (by_id(member.id.value()) != nullptr)
    return Status(Code::kExists, "agency \"" + member.id.value() + "\" is there already");
  std::vector<Member> members = members_;
  members.push_back(member);
  return write(members);
}

Status Registry::settle() { return has_digest_ ? Status() : write(members_); }

Status Registry::write(const std::vector<Member>& members) {
  std::string text = "# The agencies of this data directory and their public keys. Changed with `moot agency`.\n\n";
  for (const Member& there : members) text += row(there);
  MOOT_RETURN_IF_ERROR(write_whole_file(file_, digest_line(text) + text));
  members_ = members;
  has_digest_ = true;
  return {};
}

const Member* Registry::by_id(std::string_view id) const {
  const auto found =
      std::find_if(members_.begin(), members_.end(), [&](const Member& m) { return m.id.value() == id; });
  return found == members_.end() ? nullptr : &*found;
}

const Member* Registry::by_key(const Key& public_key) const {
  const auto found =
      std::find_if(members_.begin(), members_.end(), [&](const Member& m) { return m.public_key == public_key; });
  return found == members_.end() ? nullptr : &*found;
}

}  // namespace moot
