#include "broker/access/curve_key.h"

#include <sodium.h>

namespace moot {

CurveKey make_curve_key() {
  CurveKey key;
  key.secret_key = random_key();
  key.public_key = curve_public_key(key.secret_key);
  return key;
}

Key curve_public_key(const Key& secret_key) {
  Key public_key;
  MOOT_CHECK(crypto_scalarmult_base(public_key.data(), secret_key.data()) == 0);
  return public_key;
}

}  // namespace moot
