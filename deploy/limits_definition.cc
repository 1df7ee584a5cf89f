#include "deploy/limits_definition.h"

#include "adapters/gateway.h"

namespace moot {

namespace {

// Never more than Moot's own: buffers, shares of memory and clients go by those. Never so little that what the broker
// itself has to say, or one event of the largest size, would not fit.
void read(Definition& table, const char* key, std::size_t& limit, std::size_t at_least) {
  limit = static_cast<std::size_t>(table.integer_or(
      key, static_cast<std::int64_t>(limit), static_cast<std::int64_t>(at_least), static_cast<std::int64_t>(limit)));
}

}  // namespace

GivenLimits read_limits(Definition& root) {
  GivenLimits given;
  given.body_bytes_max = GatewayOptions().body_bytes_max;
  std::optional<Definition> table = root.table("limits");
  if (!table) return given;
  Limits& limits = given.limits;
  constexpr std::size_t kKibibyte = 1024;
  read(*table, "event_bytes", limits.event_bytes_max, 8 * kKibibyte);
  read(*table, "field_characters", limits.field_characters_max, 200);
  read(*table, "people", limits.people_max, 1);
  read(*table, "csv_record_bytes", limits.csv_record_bytes_max, kKibibyte);
  read(*table, "body_bytes", given.body_bytes_max, kKibibyte);
  read(*table, "upload_bytes", limits.upload_bytes_max, kKibibyte);
  return given;
}

}  // namespace moot
