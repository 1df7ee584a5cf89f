// When what is in force ends, and whether it may last so long.
#include "tests/consumers/clock_events.h"
#include "tests/consumers/clock_findings.h"

namespace moot {
namespace {

TEST(ExpiryClock, OfAnOrderIsItsEndAndEndsWhenItIsRenewed) {
  const RulePack pack = pack_of(clock_of("expiry",
                                         "months = 36\nwarn_days = 183\nrel = \"caused-by\"\n"
                                         "[clock.version.where]\ntype = [\"order.issued\", \"order.extended\"]\n"
                                         "power = \"pspo\"\n[clock.version.renewed]\ntype = \"order.extended\"\n"));
  const v1::Event made = legal_order("p1", "issued", "2018-05-21", "pspo", "2018-05-22", "2021-05-22");
  const v1::Event extended =
      coming_of(legal_order("p2", "extended", "2021-03-11", "pspo", "2021-05-22", "2024-05-22"), made);
  EXPECT_EQ(lines_on("2020-11-19", {made}, pack), Lines{"in-force 2021-05-22"});
  EXPECT_EQ(lines_on("2020-11-20", {made}, pack), Lines{"expiring 2021-05-22"});
  EXPECT_EQ(lines_on("2021-05-22", {made}, pack), Lines{"expired 2021-05-22"}) << "in force until before that day";
  EXPECT_EQ(lines_on("2021-04-13", {made, extended}, pack), (Lines{"renewed 2021-05-22", "in-force 2024-05-22"}));
  const v1::Event no_end = legal_order("p3", "issued", "2018-05-21", "pspo", "2018-05-22");
  EXPECT_EQ(lines_on("2021-04-13", {no_end}, pack), Lines{"expiring 2021-05-22"}) << "the longest time the law allows";
}

TEST(ExpiryClock, AllowsSoLongOnceMoreToWhatIsExtended) {
  const RulePack pack = pack_of(clock_of("expiry",
                                         "months = 36\nwarn_days = 183\n[clock.version.where]\n"
                                         "type = [\"order.issued\", \"order.extended\"]\npower = \"pspo\"\n"));
  const v1::Event made = legal_order("p", "issued", "2018-01-01", "pspo", "2018-01-01", "2021-01-01");
  const auto text = [&](const std::string& ends) {
    const v1::Event extended = legal_order("p", "extended", "2020-12-01", "pspo", "2018-01-01", ends);
    const Findings found = findings_on("2020-12-07", {as_version(made, "p", 1), as_version(extended, "p", 2)}, pack);
    return found.all.size() == 1 ? found.all[0].text : "not one finding";
  };
  EXPECT_EQ(text("2024-01-01").find("longer than"), std::string::npos) << text("2024-01-01");
  EXPECT_NE(text("2024-01-02").find("longer than 36 months"), std::string::npos) << text("2024-01-02");
}

TEST(ExpiryClock, MeasuresAnExtensionFromTheEndThatItExtended) {
  const RulePack pack = pack_of(clock_of("expiry",
                                         "months = 36\nwarn_days = 183\n[clock.version.where]\n"
                                         "type = [\"order.issued\", \"order.extended\", \"order.varied\"]\n"));
  struct Step {
    const char *stage, *day, *ends;
  };
  const auto is_too_long = [&](const std::vector<Step>& steps) {
    std::vector<v1::Event> events;
    for (const Step& step : steps)
      events.push_back(
          as_version(legal_order("p", step.stage, step.day, "pspo", "2018-01-01", step.ends), "p", events.size() + 1));
    const Findings found = findings_on("2024-01-01", events, pack);
    return found.all.size() == 1 && found.all[0].text.find("longer than 36 months") != std::string::npos;
  };
  const Step made{"issued", "2018-01-01", "2021-01-01"}, extended{"extended", "2020-12-01", "2023-06-01"};
  EXPECT_TRUE(is_too_long({made, extended, {"varied", "2020-12-02", "2024-01-02"}})) << "37 months from 1 January 2021";
  EXPECT_FALSE(is_too_long({made, extended, {"varied", "2020-12-02", "2024-01-01"}}));
  EXPECT_TRUE(is_too_long({made, extended, {"extended", "2020-12-01", "2024-01-02"}}))
      << "the same extension, put right";
  EXPECT_FALSE(is_too_long({made, extended, {"extended", "2023-05-01", "2026-06-01"}})) << "extended twice";
  EXPECT_TRUE(is_too_long({made, extended, {"extended", "2023-05-01", "2026-06-02"}}));
  EXPECT_TRUE(
      is_too_long({made, extended, {"varied", "2020-12-02", "2024-01-02"}, {"extended", "2024-02-01", "2030-01-01"}}))
      << "what is done later changes nothing yet";
  EXPECT_TRUE(is_too_long({made, {"varied", "2018-02-01", "2020-01-01"}, {"extended", "2019-12-01", "2023-01-02"}}))
      << "it was to end on 1 January 2020 by then";
}

TEST(ExpiryClock, MayLastNoShorterExtendedThanNot) {
  const auto read = [](const std::string& keys) {
    return try_pack(clock_of("expiry", keys + "[clock.version.where]\ntype = \"order\"\n")).status();
  };
  EXPECT_TRUE(read("months = 3\nmonths_extended = 3\n").ok());
  EXPECT_NE(read("months = 3\nmonths_extended = 2\n").message().find("clock.version.months_extended"),
            std::string::npos);
  EXPECT_NE(read("hours = 48\nhours_extended = 24\n").message().find("clock.version.hours_extended"),
            std::string::npos);
}

TEST(ExpiryClock, TellsAnOrderThatIsLongerThanTheRuleAllows) {
  const RulePack pack = pack_of(clock_of("expiry",
                                         "months = 3\nmonths_extended = 6\nwarn_days = 28\n[clock.version.where]\n"
                                         "type = [\"order.issued\", \"order.extended\"]\npower = \"closure-order\"\n"));
  const auto text = [&](const std::vector<v1::Event>& events) {
    const Findings found = findings_on("2021-02-01", events, pack);
    return found.all.size() == 1 ? found.all[0].text : "not one finding";
  };
  const v1::Event extended = legal_order("o3", "extended", "2021-01-20", "closure-order", "2021-01-04", "2021-07-05");
  EXPECT_NE(text({extended}).find("longer than 6 months, the most"), std::string::npos) << text({extended});
  const v1::Event right = legal_order("o1", "issued", "2021-01-04", "closure-order", "2021-01-04", "2021-04-04");
  const v1::Event wrong = legal_order("o1", "issued", "2021-01-04", "closure-order", "2021-01-04", "2021-04-05");
  EXPECT_EQ(text({right}).find("longer than"), std::string::npos) << text({right});
  EXPECT_NE(text({wrong}).find("longer than 3 months"), std::string::npos) << text({wrong});
  const v1::Event last_day = legal_order("o2", "issued", "2021-01-31", "closure-order", "2021-01-31", "2021-05-01");
  EXPECT_EQ(text({last_day}).find("longer than"), std::string::npos) << "April has no 31st: " << text({last_day});
  const v1::Event longer = legal_order("o1", "extended", "2021-01-20", "closure-order", "2021-01-04", "2021-07-04");
  EXPECT_EQ(text({as_version(right, "o1", 1), as_version(longer, "o1", 2)}).find("longer than"), std::string::npos);
}

}  // namespace
}  // namespace moot
