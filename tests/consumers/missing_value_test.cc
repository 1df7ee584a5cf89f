// On the command line an option without its value is a mistake, not the next option swallowed.
#include "deploy/missing_value.h"

#include <gtest/gtest.h>

namespace moot {
namespace {

struct CommandLine {
  CommandLine() {
    app.add_option("--data", data);
    app.add_flag("--json", json);
    app.fallthrough();
    CLI::App* replay = app.add_subcommand("replay");
    replay->add_option("--type", types);
    replay->add_option("--rate", rate);
    refuse_options_as_values(app);
  }
  // How parsing ends: 0, or CLI11's code.
  int parse(std::vector<std::string> words) {
    std::reverse(words.begin(), words.end());
    try {
      app.parse(words);
      return 0;
    } catch (const CLI::ParseError& error) {
      return error.get_exit_code();
    }
  }

  CLI::App app;
  std::string data;
  std::vector<std::string> types;
  double rate = 0;
  bool json = false;
};

TEST(MissingValueTest, TheNextOptionIsNoValue) {
  for (const std::vector<std::string>& words : {std::vector<std::string>{"replay", "--type", "--data", "d"},
                                                {"replay", "--type", "contact", "--type", "--json"},
                                                {"replay", "--data", "-h"},
                                                {"replay", "--type"},
                                                {"--data", "--json", "replay"}})
    EXPECT_NE(CommandLine().parse(words), 0);
}

TEST(MissingValueTest, ValuesAreTakenAsTheyAre) {
  CommandLine line;
  EXPECT_EQ(line.parse({"replay", "--type", "contact", "incident", "--data", "d", "--rate", "-1.5", "--json"}), 0);
  EXPECT_EQ(line.types, (std::vector<std::string>{"contact", "incident"}));
  EXPECT_EQ(line.data, "d");
  EXPECT_EQ(line.rate, -1.5);
  EXPECT_TRUE(line.json);
  CommandLine dash;
  EXPECT_EQ(dash.parse({"replay", "--data", "-"}), 0);
}

}  // namespace
}  // namespace moot
