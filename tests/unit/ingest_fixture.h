// Ingest over a log in memory, a real key store and a real inbox; the clock stands at 10 March 2021.
#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "broker/ingest.h"
#include "tests/contract/memory_event_log.h"
#include "tests/contract/temporary_folder.h"
#include "tests/unit/example_event.h"
#include "tests/unit/fixed_clock.h"

namespace moot {

class IngestTest : public testing::Test {
 protected:
  IngestTest()
      : keys_(folder_ / "keys", epoch_),
        inbox_(std::move(*Inbox::open(folder_ / "inbox", random_key()))),
        ingest_(make()) {}

  std::unique_ptr<Ingest> make(const Limits& limits = {}) {
    auto made =
        Ingest::create({&log_, &keys_, inbox_.get(), &clock_, &refusals_, &traffic_, &agreements_}, limits, secrets_);
    MOOT_CHECK_OK(made.status());
    return std::move(*made);
  }
  void offer(const std::vector<std::string>& events, const v1::Publish& publish = {},
             const std::string& agency = "north-police") {
    const std::vector<std::string_view> views(events.begin(), events.end());
    ingest_->offer(*AgencyId::parse(agency), publish, views);
  }
  v1::PublishAck publish(const std::vector<v1::Event>& events, v1::Publish publish = {},
                         const std::string& agency = "north-police") {
    std::vector<std::string> frames;
    for (const v1::Event& event : events) frames.push_back(event.SerializeAsString());
    offer(frames, publish, agency);
    auto acks = ingest_->commit();
    MOOT_CHECK_OK(acks.status());
    return acks->back();
  }
  v1::StoredEvent stored(std::uint64_t offset) {
    v1::StoredEvent event;
    MOOT_CHECK(event.ParseFromString(log_.read(Offset{offset}, 1, 1)->front().bytes));
    return event;
  }

  const Key epoch_ = random_key();
  const Ingest::Secrets secrets_{random_key(), random_key()};
  TemporaryFolder folder_;
  MemoryEventLog log_;
  FixedClock clock_{"2021-03-10T12:00:00Z"};
  RefusalCounts refusals_;
  Traffic traffic_;
  Agreements agreements_;
  KeyStore keys_;
  std::unique_ptr<Inbox> inbox_;
  std::unique_ptr<Ingest> ingest_;
};

}  // namespace moot
