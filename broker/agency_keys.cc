#include "broker/agency_keys.h"

#include <algorithm>

#include "broker/access/curve_key.h"
#include "broker/core/whole_file.h"
#include "broker/wire/key_file.h"

namespace moot {

namespace {

bool is_among(const std::vector<AgencyKey>& known, const Key& public_key) {
  return std::any_of(known.begin(), known.end(), [&](const AgencyKey& key) { return key.public_key == public_key; });
}

}  // namespace

Result<NewKey> AgencyKeys::make(const Member& member, const std::vector<AgencyKey>& known) const {
  const AgencyId& agency = member.id;
  const std::filesystem::path current = file(agency, ""), next = file(agency, ".next");
  std::error_code error;
  if (std::filesystem::exists(next, error)) {  // of a broker that died between making it and settling it
    const Result<KeyFile> left = read_key_file(next);
    if (!left.ok()) return left.status();
    if (is_among(known, left->public_key))
      MOOT_RETURN_IF_ERROR(settle(agency));
    else if (!std::filesystem::remove(next, error))
      return Status(Code::kDisk, next.string() + ": cannot be removed");
  }
  const CurveKey pair = make_curve_key();
  KeyFile key_file;
  key_file.agency = member.member_of.value_or(agency);
  key_file.public_key = pair.public_key;
  key_file.secret_key = pair.secret_key;
  key_file.broker_public_key = broker_public_key_;
  key_file.address = address_;
  const Status created = create_key_file(current, key_file);
  if (created.ok()) return NewKey{pair.public_key, current.string()};
  if (created.code() != Code::kExists) return created;
  const Result<KeyFile> there = read_key_file(current);
  if (!there.ok()) return there.status();
  if (!is_among(known, there->public_key)) return NewKey{there->public_key, current.string()};
  MOOT_RETURN_IF_ERROR(create_key_file(next, key_file));
  return NewKey{pair.public_key, current.string()};
}

Status AgencyKeys::settle(const AgencyId& agency) const {
  const std::filesystem::path current = file(agency, ""), next = file(agency, ".next");
  std::error_code error;
  if (!std::filesystem::exists(next, error)) return {};
  const Result<KeyFile> old = read_key_file(current);
  if (!old.ok()) return old.status();
  constexpr std::size_t kDigits = 16;
  std::filesystem::create_hard_link(current, file(agency, "." + to_hex(old->public_key).substr(0, kDigits)), error);
  if (error && error != std::errc::file_exists) return Status(Code::kDisk, current.string() + ": " + error.message());
  std::filesystem::rename(next, current, error);
  if (error) return Status(Code::kDisk, next.string() + ": " + error.message());
  return sync_folder(folder_);
}

}  // namespace moot
