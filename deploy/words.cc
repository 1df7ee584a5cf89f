#include "deploy/words.h"

#include "broker/core/calendar.h"
#include "broker/core/instant.h"

namespace moot {

std::string in_words(const std::string& rfc3339) {
  const Result<Instant> instant = parse_rfc3339(rfc3339);
  return instant.ok() ? to_local_words(*instant) : "nothing yet";
}

std::string in_words(const FileTotals& totals) {
  return std::to_string(totals.read) + " read, " + std::to_string(totals.accepted) + " accepted, " +
         std::to_string(totals.duplicate) + " there already, " + std::to_string(totals.superseding) + " superseding, " +
         std::to_string(totals.refused) + " refused";
}

}  // namespace moot
