// The line of progress that a terminal shows.
#include "deploy/progress.h"

#include <gtest/gtest.h>

namespace moot {
namespace {

TEST(ProgressTest, TellsShareTimeLeftCountAndRate) {
  EXPECT_EQ(progress_line("calls.csv", 250, 1000, 500, 10, 120),
            "calls.csv  [######                  ] 25%  30 s left  500 (50 a second)");
  EXPECT_EQ(progress_line("calls.csv", 10, 1000, 20, 10, 120),
            "calls.csv  [                        ] 1%  16 min 30 s left  20 (2 a second)");
  EXPECT_EQ(progress_line("calls.csv", 1, 1000, 2, 10, 120),
            "calls.csv  [                        ] 0%  2 h 46 min left  2 (0 a second)");
  EXPECT_EQ(progress_line("calls.csv", 2000, 1000, 2, 10, 120),
            "calls.csv  [########################] 100%  0 s left  2 (0 a second)");
}

TEST(ProgressTest, ForecastsNothingAtTheVeryStartAndNothingOfAnUnknownWhole) {
  EXPECT_EQ(progress_line("a", 1, 2, 3, 0.3, 120), "a  [############            ] 50%  3 (10 a second)");
  EXPECT_EQ(progress_line("replay", 0, 0, 30, 10, 120), "replay  30 (3 a second)");
}

TEST(ProgressTest, KeepsToTheWidthInCharacters) {
  EXPECT_EQ(progress_line("Zoë.csv", 0, 0, 3, 1, 5), "Zoë.c");
  EXPECT_EQ(progress_line(std::string(200, 'x'), 0, 0, 3, 1, 60), std::string(40, 'x') + "  3 (3 a second)");
}

}  // namespace
}  // namespace moot
