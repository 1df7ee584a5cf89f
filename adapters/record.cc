#include "adapters/record.h"

namespace moot {

InputRecord refused_record(const v1::Origin& origin, Refusal refusal, std::string_view input, const Limits& limits) {
  const std::size_t kept = limits.event_bytes_max;
  v1::RefusedInput refused;
  *refused.mutable_origin() = origin;
  refused.set_column(refusal.column);
  refused.set_code(static_cast<std::uint32_t>(refusal.code));
  if (input.size() > kept) refusal.reason += "; only its first " + std::to_string(kept) + " bytes are kept";
  refused.set_reason(std::move(refusal.reason));
  refused.set_key(std::move(refusal.key));
  refused.set_input(std::string(input.substr(0, kept)));
  return InputRecord{origin, std::move(refused)};
}

}  // namespace moot
