// The part of administration that deals with who may speak: agencies and their keys.
#include "broker/administration.h"

namespace moot {

namespace {

bool reserved(std::string_view agency) { return agency == kOperator || agency == kCasebook; }

std::string text_of(const std::optional<Instant>& at) { return at ? to_rfc3339(*at) : ""; }

}  // namespace

Result<AgencyKey> Administration::new_key(const AgencyId& agency, std::int64_t expires_us) const {
  AgencyKey key;
  key.made = parts_.clock->now();
  if (expires_us == 0) return key;
  if (reserved(agency.value()))
    return Status(Code::kNotAllowed, "without its operator and its casebook nobody could mend this data directory: " +
                                         std::string("their keys do not expire"));
  if (expires_us <= key.made->us) return Status(Code::kInvalid, "the day on which the key is to expire is past");
  key.expires = Instant{expires_us};
  return key;
}

Result<NewKey> Administration::add_member(const std::string& id, const std::string& name, const std::string& member_of,
                                          const std::vector<std::string>& roles, std::int64_t expires_us) {
  const Result<AgencyId> parsed = AgencyId::parse(id);
  if (!parsed.ok()) return parsed.status();
  Member member{*parsed, name, {}, {}, roles, 0, 0};
  if (!member_of.empty()) {
    const Result<AgencyId> agency = AgencyId::parse(member_of);
    if (!agency.ok()) return agency.status();
    member.member_of = *agency;
  }
  const Instant now = parts_.clock->now();
  MOOT_RETURN_IF_ERROR(parts_.registry->may_add(member, now));
  Result<AgencyKey> key = new_key(member.id, expires_us);
  if (!key.ok()) return key.status();
  const Member* there = parts_.registry->by_id(id);
  Result<NewKey> made = parts_.keys->make(member, there != nullptr ? there->keys : std::vector<AgencyKey>());
  if (!made.ok()) return made;
  key->public_key = made->public_key;
  MOOT_RETURN_IF_ERROR(parts_.registry->add(member, *key, now));
  MOOT_RETURN_IF_ERROR(parts_.keys->settle(member.id));
  return made;
}

Status Administration::rotate_key(const Caller& caller, const v1::AgencyRotate& request, v1::AgencyAdded& reply) {
  MOOT_RETURN_IF_ERROR(may(caller, Right::kAdminister, "rotate keys"));
  const Instant now = parts_.clock->now();
  MOOT_RETURN_IF_ERROR(parts_.registry->may_rotate(request.id(), now));
  const Member& member = *parts_.registry->by_id(request.id());
  const AgencyId id = member.id;
  Result<AgencyKey> key = new_key(id, request.expires_us());
  if (!key.ok()) return key.status();
  const Key old = member.current(now)->public_key;
  const Result<NewKey> made = parts_.keys->make(member, member.keys);
  if (!made.ok()) return made.status();
  key->public_key = made->public_key;
  MOOT_RETURN_IF_ERROR(parts_.registry->rotate(id.value(), *key, now));
  MOOT_RETURN_IF_ERROR(parts_.keys->settle(id));
  reply.set_key_file(made->key_file);
  reply.set_old_ends(text_of(parts_.registry->by_key(old).key->last()));
  return {};
}

Status Administration::revoke_keys(const Caller& caller, const v1::AgencyRevoke& request) {
  MOOT_RETURN_IF_ERROR(may(caller, Right::kAdminister, "revoke keys"));
  if (reserved(request.id()) && !request.old_keys_only())
    return Status(Code::kNotAllowed, "the " + request.id() + " of this data directory cannot be revoked; " +
                                         "`moot agency rotate " + request.id() + "` gives it another key");
  return parts_.registry->revoke(request.id(), request.old_keys_only(), parts_.clock->now());
}

Status Administration::limit_agency(const Caller& caller, const v1::AgencyLimit& limit) {
  MOOT_RETURN_IF_ERROR(may(caller, Right::kAdminister, "limit agencies"));
  return parts_.registry->limit(limit.id(), limit.events_per_day(), limit.bytes_per_day());
}

// The people of an agency are its own and the administrators' to see.
void Administration::list_agencies(const Caller& caller, v1::Agencies& agencies) const {
  const Instant now = parts_.clock->now();
  for (const Member& member : parts_.registry->members()) {
    if (member.member_of && member.member_of != caller.agency && !caller.has(Right::kAdminister)) continue;
    v1::Agencies::Row& row = *agencies.add_rows();
    row.set_id(member.id.value());
    row.set_name(member.name);
    if (member.member_of) row.set_member_of(member.member_of->value());
    for (const std::string& role : member.roles) row.add_roles(role);
    row.set_events_per_day(member.events_per_day);
    row.set_bytes_per_day(member.bytes_per_day);
    for (const AgencyKey& key : member.keys) {
      v1::AgencyKey& shown = *row.add_keys();
      shown.set_public_key(to_hex(key.public_key));
      shown.set_made(text_of(key.made));
      shown.set_expires(text_of(key.expires));
      shown.set_ends(text_of(key.ends));
      shown.set_valid(key.valid(now));
      row.set_public_key(shown.public_key());
    }
  }
}

}  // namespace moot
