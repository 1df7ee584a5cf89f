#include "tests/end_to_end/log_tail.h"

#include <gtest/gtest.h>

#include "broker/client/consumer.h"

namespace moot {

void LogTail::read_on() {
  Result<KeyFile> key = read_key_file(installation_.key_file(std::string(kOperator)));
  ASSERT_TRUE(key.ok()) << key.status().message();
  key->run_file = installation_.data() / "run.json";
  ConsumerOptions options;
  options.reader = "tail";
  options.from = Offset{names_.size()};
  const Result<std::unique_ptr<Consumer>> consumer = Consumer::connect(*key, options);
  ASSERT_TRUE(consumer.ok()) << consumer.status().message();
  for (int quiet = 0; quiet < 100;) {
    const Result<Delivery> delivery = (*consumer)->next(100);
    ASSERT_TRUE(delivery.ok()) << "the log has lost what was read: " << delivery.status().message();
    for (const v1::Event& event : delivery->events) {
      ASSERT_EQ(event.envelope().offset(), names_.size()) << "the offsets have a hole";
      names_.emplace_back(event.envelope().source(), event.envelope().id());
      EXPECT_TRUE(offsets_.emplace(names_.back(), names_.size() - 1).second) << names_.back().second << " comes twice";
    }
    if (delivery->end != Delivery::kNotKnown && delivery->caught_up()) return;
    quiet = delivery->events.empty() ? quiet + 1 : 0;
  }
  ADD_FAILURE() << "the end of the log was not reached";
}

}  // namespace moot
