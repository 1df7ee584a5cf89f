// Whose files are read, for formats that do not name their agency or lack ids of their own. Thread: values, usable
// anywhere.
#pragma once

#include "broker/core/ids.h"
#include "broker/core/seal.h"
#include "broker/wire/key_file.h"

namespace moot {

struct Publisher {
  AgencyId agency;
  // Keys the digests that stand for records without ids. It must stay the same for as long as an agency publishes:
  // with another, records already published would come again under other ids.
  Key id_secret{};
};

inline Publisher publisher_of(const KeyFile& key_file) {
  return {key_file.agency, derive_key(key_file.secret_key, "ids of records that have none")};
}

}  // namespace moot
