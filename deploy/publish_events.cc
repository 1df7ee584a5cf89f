#include "deploy/publish_events.h"

#include "broker/client/producer.h"

namespace moot {

Status publish_events(const Options& options, const Reach& reach, const std::vector<v1::Event>& events, bool backfill,
                      const std::string& agency) {
  const Result<KeyFile> key = agency.empty() ? reach.acting() : reach.key_of(agency);
  if (!key.ok()) return key.status();
  ProducerOptions producing;
  producing.timeout_ms = options.timeout_ms();
  producing.backfill = backfill;
  const Result<std::unique_ptr<Producer>> producer = Producer::connect(*key, producing);
  if (!producer.ok()) return producer.status();
  Status refused;
  (*producer)->on_outcome([&](const Outcome& outcome) {
    if (outcome.fate == Fate::kRefused && refused.ok()) refused = outcome.status;
  });
  for (const v1::Event& event : events) MOOT_RETURN_IF_ERROR((*producer)->publish(event, {}));
  MOOT_RETURN_IF_ERROR((*producer)->flush());
  return refused;
}

}  // namespace moot
