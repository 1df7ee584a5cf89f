#include "deploy/words.h"

#include "broker/core/calendar.h"
#include "broker/core/instant.h"

namespace moot {

std::string in_words(const std::string& rfc3339) {
  const Result<Instant> instant = parse_rfc3339(rfc3339);
  return instant.ok() ? to_local_words(*instant) : "nothing yet";
}

}  // namespace moot
