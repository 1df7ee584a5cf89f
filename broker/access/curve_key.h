// CURVE25519 key pairs, as ZeroMQ's CURVE mechanism uses them.
#pragma once

#include "broker/core/seal.h"

namespace moot {

struct CurveKey {
  Key public_key{};
  Key secret_key{};
};

CurveKey make_curve_key();
Key curve_public_key(const Key& secret_key);

}  // namespace moot
