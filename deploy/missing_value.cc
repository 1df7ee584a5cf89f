#include "deploy/missing_value.h"

namespace moot {

namespace {

// "--data" and "-h", but not "-1.5" or "-".
bool looks_like_option(const std::string& word) {
  const auto is_letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); };
  const bool is_long = word.size() > 2 && word.starts_with("--") && is_letter(word[2]);
  return is_long || (word.size() == 2 && word[0] == '-' && is_letter(word[1]));
}

}  // namespace

void refuse_options_as_values(CLI::App& app) {
  for (CLI::Option* option : app.get_options()) {
    if (option->get_items_expected_max() == 0) continue;  // a flag takes no value
    option->check([](const std::string& value) {
      return looks_like_option(value) ? std::string("expected a value, and the next word is an option") : std::string();
    });
  }
  for (CLI::App* command : app.get_subcommands([](CLI::App*) { return true; })) refuse_options_as_values(*command);
}

}  // namespace moot
