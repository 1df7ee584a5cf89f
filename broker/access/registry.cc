#include "broker/access/registry.h"
#include "broker/access/roles.h"

#include <algorithm>

#include "broker/core/calendar.h"
#include "broker/core/checksum_line.h"
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

std::string key_row(const AgencyId& agency, const AgencyKey& key) {
  std::string text =
      "[[key]]\nagency = " + quoted(agency.value()) + "\npublic_key = \"" + to_hex(key.public_key) + "\"\n";
  const auto add = [&](const char* name, const std::optional<Instant>& at) {
    if (at) text += std::string(name) + " = \"" + to_rfc3339(*at) + "\"\n";
  };
  add("made", key.made);
  add("expires", key.expires);
  add("ends", key.ends);
  return text + "\n";
}

std::string rows(const Member& member) {
  std::string text = "[[agency]]\nid = " + quoted(member.id.value()) + "\nname = " + quoted(member.name) + "\n";
  if (member.events_per_day > 0) text += "events_per_day = " + std::to_string(member.events_per_day) + "\n";
  if (member.bytes_per_day > 0) text += "bytes_per_day = " + std::to_string(member.bytes_per_day) + "\n";
  if (member.member_of) text += "member_of = " + quoted(member.member_of->value()) + "\n";
  if (!member.roles.empty()) {
    text += "roles = [";
    for (const std::string& role : member.roles) text += (text.ends_with('[') ? "" : ", ") + quoted(role);
    text += "]\n";
  }
  text += "\n";
  for (const AgencyKey& key : member.keys) text += key_row(member.id, key);
  return text;
}

AgencyKey read_key(Definition& row) {
  AgencyKey key;
  const Result<Key> public_key = key_from_hex(row.text("public_key"));
  if (public_key.ok()) key.public_key = *public_key;
  if (!public_key.ok()) row.mistake("public_key", public_key.status().message());
  const auto time = [&](const char* name) -> std::optional<Instant> {
    if (!row.has(name)) return std::nullopt;
    const Result<Instant> at = parse_rfc3339(row.text(name));
    if (!at.ok()) row.mistake(name, at.status().message());
    return at.ok() ? std::optional(*at) : std::nullopt;
  };
  key.made = time("made");
  key.expires = time("expires");
  key.ends = time("ends");
  return key;
}

void read_agency(Definition& row, std::vector<Member>& members) {
  Member member;
  const Result<AgencyId> id = AgencyId::parse(row.text("id"));
  if (!id.ok()) return row.mistake("id", id.status().message());
  member.id = *id;
  member.name = row.text_or("name", "");
  constexpr std::int64_t kMost = std::int64_t{1} << 53;
  member.events_per_day = static_cast<std::uint64_t>(row.integer_or("events_per_day", 0, 0, kMost));
  member.bytes_per_day = static_cast<std::uint64_t>(row.integer_or("bytes_per_day", 0, 0, kMost));
  if (row.has("member_of")) {
    const Result<AgencyId> agency = AgencyId::parse(row.text("member_of"));
    if (!agency.ok()) return row.mistake("member_of", agency.status().message());
    member.member_of = *agency;
    member.roles = row.texts("roles");
  }
  if (row.has("public_key")) member.keys.push_back(read_key(row));
  members.push_back(std::move(member));
}

template <typename Members>
auto find_member(Members& members, std::string_view id) {
  const auto found = std::find_if(members.begin(), members.end(), [&](const Member& m) { return m.id.value() == id; });
  return found == members.end() ? nullptr : &*found;
}

void end_people_of(const AgencyId& agency, std::vector<Member>& members, Instant now) {
  for (Member& member : members) {
    if (member.member_of != agency) continue;
    for (AgencyKey& key : member.keys)
      if (key.valid(now)) key.ends = now;
  }
}

// What cannot be an id is not said again.
Status no_such(std::string_view id) {
  const std::string which =
      AgencyId::parse(std::string(id)).ok() ? "agency \"" + std::string(id) + "\"" : "such agency";
  return Status(Code::kUnknownAgency, "there is no " + which + "; `moot agency list`");
}

constexpr std::string_view kEdited = "edited";

// The first line, so that no other line can swallow it; the digest is of all that follows.
std::string digest_line(std::string_view rest) {
  const Digest digest = keyed_digest(Key{}, rest);
  return "digest = \"" + to_hex({reinterpret_cast<const char*>(digest.data()), digest.size()}) + "\"\n";
}

}  // namespace

Result<Registry> Registry::open(const std::filesystem::path& file, std::string log_id) {
  Registry registry(file, std::move(log_id));
  if (!std::filesystem::exists(file)) return registry;
  const Result<std::string> text = read_whole_file(file);
  if (!text.ok()) return text.status();
  Result<Definition> definition = Definition::parse(*text, file.string());
  if (!definition.ok()) return definition.status();
  // Without a digest it is cut off, perhaps to nothing: who was revoked would be let in again.
  registry.has_digest_ = definition->text_or("digest", "") != kEdited;
  const std::string_view rest = std::string_view(*text).substr(std::min(text->size(), text->find('\n') + 1));
  if (registry.has_digest_ && !text->starts_with(digest_line(rest)))
    return Status(Code::kCorrupt, file.string() + ": line 1: the file is not what was written. Whoever changed it on " +
                                      "purpose writes digest = \"edited\" there; nothing is touched");
  const Status ours = check_log_line(*text, registry.log_id_);
  if (!ours.ok())
    return Status(ours.code(), file.string() + ": " + ours.message() +
                                   "; put back the file of this one. Whoever means this one takes out line 2 and " +
                                   "writes digest = \"edited\" in line 1; nothing is touched");
  (void)definition->text_or("log", "");
  registry.has_log_ = registry.log_id_.empty() || has_log_line(*text);
  for (Definition& row : definition->tables("agency")) read_agency(row, registry.members_);
  for (Definition& row : definition->tables("key")) {
    Member* member = find_member(registry.members_, row.text("agency"));
    if (member == nullptr) row.mistake("agency", "there is no such agency above");
    AgencyKey key = read_key(row);
    if (member != nullptr) member->keys.push_back(std::move(key));
  }
  const Status read = definition->finish();
  if (!read.ok()) return read;
  registry.name_connections();
  return registry;
}

const AgencyKey* Member::current(Instant now) const {
  for (auto key = keys.rbegin(); key != keys.rend(); ++key)
    if (key->valid(now)) return &*key;
  return nullptr;
}

std::string connection_name(const Member& member, const AgencyKey& key) {
  constexpr std::size_t kBytes = 8;
  return member.id.value() + "/" +
         to_hex(std::string_view(reinterpret_cast<const char*>(key.public_key.data()), kBytes));
}

Status key_ended(const Member& member, const AgencyKey& key, Instant now) {
  const std::string whose = "agency \"" + member.id.value() + "\"";
  if (member.current(now) != nullptr)
    return Status(Code::kKeyEnded, "this key of " + whose + " has ended; another one of it is valid");
  if (key.expires && *key.expires <= now)
    return Status(Code::kKeyEnded, "the key of " + whose + " has expired on " + to_local_words(*key.expires));
  return Status(Code::kKeyEnded, "the key of " + whose + " was revoked");
}

Status Registry::may_add(const Member& member, Instant now) const {
  if (member.name.size() > kNameBytesMax)
    return Status(Code::kTooLarge, "a name has at most " + std::to_string(kNameBytesMax) + " bytes");
  const bool printable = std::all_of(member.name.begin(), member.name.end(),
                                     [](char c) { return static_cast<unsigned char>(c) >= 0x20 && c != 0x7f; });
  if (!printable || member.name.find_first_not_of(' ') == std::string::npos)
    return Status(Code::kInvalid, "a name is one line of text, and not empty");
  const Member* there = by_id(member.id.value());
  if (there != nullptr && there->current(now) != nullptr)
    return Status(Code::kExists, "agency \"" + member.id.value() + "\" is there already");
  if (there != nullptr && there->member_of != member.member_of)
    return Status(Code::kExists, "\"" + member.id.value() + "\" was " +
                                     (there->member_of ? "a person of agency \"" + there->member_of->value() + "\""
                                                       : std::string("an agency")) +
                                     ", which stays on record; take another id");
  if (!member.member_of)
    return member.roles.empty() ? Status() : Status(Code::kInvalid, "roles are for people of an agency");
  const Member* agency = by_id(member.member_of->value());
  if (agency == nullptr) return no_such(member.member_of->value());
  if (agency->member_of) return Status(Code::kInvalid, "a person cannot belong to a person");
  return check_roles(member.member_of->value(), member.roles);
}

Status Registry::add(const Member& member, const AgencyKey& key, Instant now) {
  MOOT_RETURN_IF_ERROR(may_add(member, now));
  std::vector<Member> members = members_;
  Member* there = find_member(members, member.id.value());
  // It had no key, so that its people had none either; those are not let in with it.
  if (there != nullptr) end_people_of(member.id, members, now);
  if (there == nullptr) there = &members.emplace_back(member);
  there->name = member.name;
  there->roles = member.roles;
  there->keys.push_back(key);
  return write(members);
}

Status Registry::standing(const KeyHolder& holder, Instant now) const {
  const std::optional<AgencyId>& of = holder.member->member_of;
  const Member* agency = of ? by_id(of->value()) : nullptr;
  if (of && (agency == nullptr || agency->current(now) == nullptr))
    return Status(Code::kKeyEnded,
                  "the agency \"" + of->value() + "\" that this person belongs to has no valid key any more");
  return holder.key->valid(now) ? Status() : key_ended(*holder.member, *holder.key, now);
}

Status Registry::may_rotate(std::string_view id, Instant now) const {
  const Member* member = by_id(id);
  if (member == nullptr) return no_such(id);
  const auto valid =
      std::count_if(member->keys.begin(), member->keys.end(), [&](const AgencyKey& key) { return key.valid(now); });
  if (valid == 0)
    return Status(Code::kNotAllowed, "agency \"" + member->id.value() +
                                         "\" has no valid key; `moot agency add` with the same id lets it in again");
  if (valid > 1)
    return Status(Code::kNotAllowed, "a key of agency \"" + member->id.value() +
                                         "\" is being replaced already; `moot agency revoke " + member->id.value() +
                                         " --old` ends the old one now");
  return {};
}

Status Registry::rotate(std::string_view id, const AgencyKey& key, Instant now) {
  MOOT_RETURN_IF_ERROR(may_rotate(id, now));
  std::vector<Member> members = members_;
  Member& member = *find_member(members, id);
  const Instant end{now.us + kKeyOverlapUs};
  for (AgencyKey& old : member.keys)
    if (old.valid(now)) old.ends = std::min(old.ends.value_or(end), end);
  member.keys.push_back(key);
  return write(members);
}

Status Registry::revoke(std::string_view id, bool old_keys_only, Instant now) {
  std::vector<Member> members = members_;
  Member* member = find_member(members, id);
  if (member == nullptr) return no_such(id);
  const AgencyKey* kept = old_keys_only ? member->current(now) : nullptr;
  bool any = false;
  for (AgencyKey& key : member->keys) {
    if (&key == kept || !key.valid(now)) continue;
    key.ends = now;
    any = true;
  }
  if (!old_keys_only) end_people_of(member->id, members, now);
  if (!any)
    return Status(Code::kNotAllowed, "agency \"" + member->id.value() + "\" has no " +
                                         (old_keys_only ? "old key that is still valid" : "valid key: it is revoked"));
  return write(members);
}

Status Registry::limit(std::string_view id, std::uint64_t events_per_day, std::uint64_t bytes_per_day) {
  std::vector<Member> members = members_;
  Member* member = find_member(members, id);
  if (member == nullptr) return no_such(id);
  if (id == kOperator || id == kCasebook)
    return Status(Code::kNotAllowed, "the " + std::string(id) + " of this data directory has no daily limit");
  if (member->member_of)
    return Status(Code::kNotAllowed, "\"" + std::string(id) + "\" is a person of agency \"" +
                                         member->member_of->value() + "\"; a daily limit is the agency's");
  member->events_per_day = events_per_day;
  member->bytes_per_day = bytes_per_day;
  return write(members);
}

Status Registry::settle() { return has_digest_ && has_log_ ? Status() : write(members_); }

Status Registry::write(const std::vector<Member>& members) {
  std::string text = log_id_.empty() ? std::string() : log_line(log_id_);
  text += "# The agencies of this data directory and their public keys. Changed with `moot agency`.\n\n";
  for (const Member& there : members) text += rows(there);
  MOOT_RETURN_IF_ERROR(write_whole_file(file_, digest_line(text) + text));
  members_ = members;
  name_connections();
  has_digest_ = has_log_ = true;
  ++changes_;
  return {};
}

const Member* Registry::by_id(std::string_view id) const { return find_member(members_, id); }

KeyHolder Registry::by_key(const Key& public_key) const {
  for (const Member& member : members_)
    for (const AgencyKey& key : member.keys)
      if (key.public_key == public_key) return {&member, &key};
  return {};
}

void Registry::name_connections() {
  connections_.clear();
  for (std::size_t member = 0; member < members_.size(); ++member)
    for (std::size_t key = 0; key < members_[member].keys.size(); ++key)
      connections_.try_emplace(connection_name(members_[member], members_[member].keys[key]), Place{member, key});
}

KeyHolder Registry::by_connection(std::string_view name) const {
  const auto found = connections_.find(name);
  if (found == connections_.end()) return {};
  const Member& member = members_[found->second.member];
  return {&member, &member.keys[found->second.key]};
}

}  // namespace moot
