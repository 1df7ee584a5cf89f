#include "broker/client/outcome.h"

#include <map>

namespace moot {

std::vector<Outcome> outcomes_of(const v1::PublishAck& ack, std::size_t events, std::optional<Offset> ours_from) {
  std::map<std::size_t, const v1::Exception*> exceptions;
  for (const v1::Exception& exception : ack.exceptions()) exceptions[exception.frame()] = &exception;
  std::vector<Outcome> outcomes(events);
  std::uint64_t next = ack.first_offset();
  for (std::size_t i = 0; i < events; ++i) {
    Outcome& outcome = outcomes[i];
    const auto found = exceptions.find(i);
    const v1::Exception* exception = found == exceptions.end() ? nullptr : found->second;
    if (exception != nullptr && exception->kind() == v1::Exception::DUPLICATE) {
      outcome.offset = Offset{exception->offset()};
      outcome.recovered = ours_from && outcome.offset >= *ours_from;
      outcome.fate = outcome.recovered ? Fate::kAccepted : Fate::kDuplicate;
    } else if (exception != nullptr && exception->kind() == v1::Exception::REFUSED) {
      outcome.fate = Fate::kRefused;
      outcome.status = Status(static_cast<Code>(exception->code()), exception->reason());
    } else {
      outcome.fate = exception == nullptr ? Fate::kAccepted : Fate::kSuperseding;
      outcome.offset = Offset{next++};
    }
    // Events are stored in the order given: what comes back to an offset already told of is a repeat of that one.
    const bool stored = outcome.fate == Fate::kAccepted || outcome.fate == Fate::kSuperseding;
    if (stored && ours_from) ours_from = Offset{outcome.offset.value + 1};
  }
  return outcomes;
}

}  // namespace moot
