// How much an agency may publish in a day.
#include "broker/traffic.h"

#include <gtest/gtest.h>

namespace moot {
namespace {

class TrafficTest : public testing::Test {
 protected:
  static Instant at(const char* rfc3339) { return *parse_rfc3339(rfc3339); }
  Status may(std::uint64_t events, std::uint64_t bytes, const char* when, const AgencyTraffic& pending = {}) const {
    return traffic_.may_publish(member_, pending, events, bytes, at(when));
  }

  Member member_{*AgencyId::parse("soha"), "Soha", {}, {}, {}, 100, 0};
  Traffic traffic_;
};

TEST_F(TrafficTest, UpToTheLimitAndNotOneEventMore) {
  traffic_.stored("soha", 60, 6000, at("2021-03-10T12:00:00Z"));
  EXPECT_TRUE(may(40, 0, "2021-03-10T12:00:01Z").ok());
  const Status over = may(41, 0, "2021-03-10T12:00:01Z");
  EXPECT_EQ(over.code(), Code::kQuota);
  EXPECT_EQ(over.message(),
            "agency \"soha\" may publish 100 events a day and has published 60 today; these are 41 more, and it may "
            "again after midnight");
  EXPECT_NE(may(101, 0, "2021-03-11T12:00:01Z").message().find("would be too many on any day"), std::string::npos);
}

TEST_F(TrafficTest, WhatIsOnItsWayToTheLogCounts) {
  AgencyTraffic pending;
  pending.events = 60;
  EXPECT_TRUE(may(40, 0, "2021-03-10T12:00:00Z", pending).ok());
  EXPECT_EQ(may(41, 0, "2021-03-10T12:00:00Z", pending).code(), Code::kQuota);
}

TEST_F(TrafficTest, ADayIsOneOfTheClockOnTheWallInBritain) {
  traffic_.stored("soha", 100, 1, at("2021-06-10T22:59:59Z"));
  EXPECT_EQ(may(1, 0, "2021-06-10T22:59:59Z").code(), Code::kQuota);
  EXPECT_TRUE(may(100, 0, "2021-06-10T23:00:00Z").ok()) << "midnight in summer";
}

TEST_F(TrafficTest, BytesHaveALimitOfTheirOwnAndNoLimitIsNone) {
  member_.events_per_day = 0;
  EXPECT_TRUE(may(1'000'000, 1'000'000'000, "2021-03-10T12:00:00Z").ok());
  member_.bytes_per_day = 1000;
  EXPECT_TRUE(may(1, 1000, "2021-03-10T12:00:00Z").ok());
  const Status over = may(1, 1001, "2021-03-10T12:00:00Z");
  EXPECT_EQ(over.code(), Code::kQuota);
  EXPECT_NE(over.message().find("1000 bytes a day"), std::string::npos) << over.message();
}

TEST_F(TrafficTest, WhatWasRefusedAndIsKeptCountsOfTheDayAndIsNoEventStored) {
  traffic_.kept("soha", 70, 7000, at("2021-03-10T12:00:00Z"));
  EXPECT_EQ(may(31, 0, "2021-03-10T12:00:01Z").code(), Code::kQuota);
  EXPECT_TRUE(may(30, 0, "2021-03-10T12:00:01Z").ok());
  EXPECT_EQ(traffic_.of("soha").events, 0u);
  EXPECT_FALSE(traffic_.of("soha").last_recorded.has_value());
  EXPECT_TRUE(may(100, 0, "2021-03-11T12:00:01Z").ok());
}

TEST_F(TrafficTest, RemembersWhenAnAgencyWasLastHeardFrom) {
  EXPECT_FALSE(traffic_.of("soha").last_recorded.has_value());
  traffic_.heard("soha", at("2021-03-10T12:00:00Z"));
  traffic_.heard("soha", at("2021-03-09T12:00:00Z"));
  EXPECT_EQ(to_rfc3339(*traffic_.of("soha").last_recorded), "2021-03-10T12:00:00Z");
}

}  // namespace
}  // namespace moot
